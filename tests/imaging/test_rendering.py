"""The two clean pictures made from an upload."""

import io
from typing import Any

import pytest
from PIL import Image, ImageCms

from feedback.domain.states import PhotoProblem
from feedback.imaging import PhotoRejected, inspect_header, render
from tests.imaging.pictures import (
    HUE,
    create_scene,
    display_p3_profile,
    encoded,
    exif_with,
    heic_collection,
    looks_upright,
    mpo,
    near,
    opened,
    stored_as,
)

KINDS = ["JPEG", "PNG", "WEBP", "HEIC"]


@pytest.mark.parametrize("kind", KINDS)
def test_large_pictures_shrink_to_both_sizes(kind: str) -> None:
    rendered = render(encoded(create_scene(2400, 1600), kind))
    assert (rendered.width, rendered.height) == (1600, 1067)
    assert opened(rendered.large).size == (1600, 1067)
    assert opened(rendered.small).size in ((320, 213), (320, 214))
    assert looks_upright(rendered.large)
    assert looks_upright(rendered.small)


@pytest.mark.parametrize("kind", KINDS)
def test_small_pictures_are_never_enlarged(kind: str) -> None:
    rendered = render(encoded(create_scene(120, 80), kind))
    assert opened(rendered.large).size == opened(rendered.small).size == (120, 80)


@pytest.mark.parametrize(("width", "height"), [(20_000, 2), (2, 20_000), (1, 1), (1600, 1)])
def test_odd_shapes_keep_at_least_one_pixel(width: int, height: int) -> None:
    rendered = render(encoded(Image.new("RGB", (width, height), "red"), "JPEG"))
    assert max(rendered.width, rendered.height) == min(1600, max(width, height))
    assert min(opened(rendered.small).size) >= 1


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("orientation", range(1, 9))
def test_every_orientation_comes_out_upright(kind: str, orientation: int) -> None:
    exif = exif_with(orientation=orientation).tobytes()
    rendered = render(encoded(stored_as(orientation), kind, exif=exif))
    assert (rendered.width, rendered.height) == (480, 320)
    assert looks_upright(rendered.large)
    assert looks_upright(rendered.small)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_large_turned_jpeg_is_measured_after_turning(orientation: int) -> None:
    stored = stored_as(orientation)
    stored = stored.resize((stored.width * 8, stored.height * 8))
    rendered = render(encoded(stored, "JPEG", exif=exif_with(orientation=orientation)))
    assert (rendered.width, rendered.height) == (1600, 1067)
    assert looks_upright(rendered.large)


def test_a_heic_file_is_turned_once_when_its_exif_repeats_the_turn() -> None:
    content = encoded(stored_as(6), "HEIC", exif=exif_with(orientation=6).tobytes())
    assert b"irot" in content
    assert inspect_header(io.BytesIO(content), len(content)).orientation == 6
    assert looks_upright(render(content).large)


def test_a_phone_jpeg_with_more_pictures_gives_its_first() -> None:
    assert looks_upright(render(mpo()).large)


def test_a_heic_file_with_more_pictures_gives_its_primary_one() -> None:
    assert looks_upright(render(heic_collection()).large)


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P"])
@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_transparent_parts_turn_white(kind: str, mode: str) -> None:
    picture = Image.new("RGBA", (64, 64), (0, 0, 0, 0))
    picture.paste((0, 0, 0, 255), (0, 0, 32, 64))
    image = opened(render(encoded(picture.convert(mode), kind)).large)
    assert near(image.getpixel((8, 32)), (0, 0, 0))
    assert near(image.getpixel((56, 32)), (255, 255, 255))


def test_a_transparent_heic_turns_white() -> None:
    image = opened(render(encoded(Image.new("RGBA", (64, 64), (0, 0, 0, 0)), "HEIC")).large)
    assert near(image.getpixel((32, 32)), (255, 255, 255))


def test_a_single_transparent_colour_turns_white() -> None:
    content = encoded(Image.new("RGB", (64, 64), (9, 9, 9)), "PNG", transparency=(9, 9, 9))
    assert near(opened(render(content).large).getpixel((32, 32)), (255, 255, 255))


@pytest.mark.parametrize(
    ("kind", "mode"),
    [("JPEG", "L"), ("JPEG", "CMYK"), ("PNG", "L"), ("PNG", "1"), ("PNG", "P"), ("WEBP", "P")],
)
def test_every_colour_mode_becomes_rgb_with_the_same_shades(kind: str, mode: str) -> None:
    source = create_scene(mode=mode)
    image = opened(render(encoded(source, kind)).large)
    assert image.mode == "RGB"
    spot = (80, 80)
    assert near(image.getpixel(spot), source.convert("RGB").getpixel(spot), within=24)


@pytest.mark.parametrize("value", [0, 12_800, 32_896, 65_535])
def test_sixteen_bit_greys_are_scaled_and_not_clipped(value: int) -> None:
    image = opened(render(encoded(Image.new("I;16", (64, 64), value), "PNG")).large)
    assert near(image.getpixel((32, 32)), (value // 257,) * 3, within=2)


@pytest.mark.parametrize("kind", KINDS)
def test_display_p3_colours_are_converted(kind: str) -> None:
    content = encoded(
        Image.new("RGB", (64, 64), (200, 80, 80)), kind, icc_profile=display_p3_profile()
    )
    # Display P3 (200, 80, 80) is sRGB (215, 70, 74): its red is a stronger one.
    assert near(opened(render(content).large).getpixel((32, 32)), (215, 70, 74), within=4)


def test_an_srgb_profile_changes_nothing() -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    content = encoded(Image.new("RGB", (64, 64), (200, 80, 80)), "PNG", icc_profile=profile)
    assert near(opened(render(content).large).getpixel((32, 32)), (200, 80, 80), within=2)


@pytest.mark.parametrize("profile", [b"nonsense", bytes(200), display_p3_profile()[:300]])
@pytest.mark.parametrize("kind", KINDS)
def test_a_broken_profile_does_not_cost_the_photo(kind: str, profile: bytes) -> None:
    assert looks_upright(render(encoded(create_scene(), kind, icc_profile=profile)).large)


XMP = b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><secret-xmp/></x:xmpmeta>'


@pytest.mark.parametrize(
    ("kind", "options"),
    [
        ("JPEG", {"comment": b"secret-comment", "xmp": XMP, "dpi": (301, 301)}),
        ("PNG", {"dpi": (301, 301)}),
        ("WEBP", {"xmp": XMP}),
        ("HEIC", {"xmp": XMP}),
    ],
)
def test_nothing_but_pixels_comes_through(kind: str, options: dict[str, Any]) -> None:
    exif = exif_with(orientation=1, gps=HUE, maker="secret-maker", description="secret-words")
    content = encoded(
        create_scene(), kind, exif=exif.tobytes(), icc_profile=display_p3_profile(), **options
    )
    assert b"secret" in content
    rendered = render(content)
    for output in (rendered.large, rendered.small):
        image = opened(output)
        assert not image.getexif()
        assert set(image.info) <= {
            *("jfif", "jfif_version", "jfif_unit", "jfif_density"),
            *("progressive", "progression"),
        }
        assert [name for name, _ in image.applist] == ["APP0"]  # type: ignore[attr-defined]
        assert b"secret" not in output


def test_the_same_file_gives_the_same_bytes() -> None:
    content = encoded(create_scene(), "JPEG")
    assert render(content) == render(content)


def test_the_output_is_progressive_jpeg() -> None:
    rendered = render(encoded(create_scene(), "PNG"))
    for output in (rendered.large, rendered.small):
        image = Image.open(io.BytesIO(output))
        assert image.format == "JPEG"
        assert image.info["progressive"]


def test_a_refused_header_is_refused_here_too() -> None:
    with pytest.raises(PhotoRejected) as caught:
        render(encoded(create_scene(), "GIF"))
    assert caught.value.problem is PhotoProblem.UNSUPPORTED_FORMAT
    assert caught.value.code == "unsupported_format"
