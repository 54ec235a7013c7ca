"""A backup's archive and its seal: whole, or found out."""

import io
import random

import pytest
from pyrage import x25519

from feedback.storage.backups.archive import ArchiveWriter, DamagedArchive, Findings, read_archive
from feedback.storage.backups.sealing import CannotOpen, Keys, opening, sealing

PARTS = {f"files/photos/{number:08}.jpg": bytes([number]) * 700 for number in range(7)}
LARGEST = 10_000
UNSEALED = Keys()


def written(keys: Keys = UNSEALED) -> bytes:
    target = io.BytesIO()
    with sealing(target, keys) as inside:
        archive = ArchiveWriter(inside, group=3)
        for name, content in PARTS.items():
            archive.add(name, content)
        archive.end()
    return target.getvalue()


def read(content: bytes, keys: Keys = UNSEALED) -> tuple[dict[str, bytes], list[str]]:
    """The parts, and what is wrong with them."""
    findings = Findings()
    with opening(io.BytesIO(content), keys) as inside:
        parts = {part.name: part.content for part in read_archive(inside, LARGEST, findings)}
    return parts, findings.problems


def is_found_damaged(content: bytes, keys: Keys = UNSEALED) -> bool:
    try:
        return bool(read(content, keys)[1])
    except DamagedArchive:
        return True


def test_what_was_written_is_read() -> None:
    assert read(written()) == (PARTS, [])


def test_an_archive_cut_off_anywhere_is_found() -> None:
    content = written()
    end = content.rindex(b"checksums/end")
    for length in range(0, end + 600, 211):
        assert is_found_damaged(content[:length]), length


def test_a_flipped_bit_is_found_wherever_it_matters() -> None:
    content = bytearray(written())
    chance = random.Random(3)  # noqa: S311 - the same places every time
    for place in chance.sample(range(len(content)), 400):
        content[place] ^= 1 << chance.randrange(8)
        if not is_found_damaged(bytes(content)):  # padding, or a date nobody reads
            assert read(bytes(content)) == (PARTS, [])
        content = bytearray(written())


def test_a_part_that_was_taken_out_is_named() -> None:
    content = written()
    name = b"files/photos/00000004.jpg"
    start = content.index(name)
    without = content[:start] + content[start + 1536 :]
    assert read(without)[1] == [f"{name.decode()} is missing"]


def test_a_part_that_was_added_is_named() -> None:
    content = written()
    start = content.index(b"files/photos/00000002.jpg")
    other = io.BytesIO()
    ArchiveWriter(other).add("files/photos/added.jpg", b"x" * 700)
    more = content[:start] + other.getvalue()[:1536] + content[start:]
    assert read(more)[1] == ["files/photos/added.jpg does not belong to it"]


KEY, OTHER_KEY = x25519.Identity.generate(), x25519.Identity.generate()
FOR_KEY = Keys(recipients=[str(KEY.to_public())])
WITH_KEY = Keys(identities=[str(OTHER_KEY), str(KEY)])


def test_a_backup_for_a_recipient_is_opened_with_its_key_only() -> None:
    content = written(FOR_KEY)
    assert b"photos" not in content
    assert read(content, WITH_KEY) == (PARTS, [])
    for keys, why in (
        (UNSEALED, "identity_needed"),
        (Keys(identities=[str(OTHER_KEY)]), "wrong_key"),
        (Keys(identities=["AGE-SECRET-KEY-1"]), "not_an_identity"),
    ):
        with pytest.raises(CannotOpen) as refusal:
            read(content, keys)
        assert refusal.value.code == why


def test_damage_under_the_seal_is_damage_and_no_wrong_key() -> None:
    content = bytearray(written(FOR_KEY))
    content[len(content) // 2] ^= 1
    assert is_found_damaged(bytes(content), WITH_KEY)
    assert is_found_damaged(written(FOR_KEY)[:-40], WITH_KEY)


def test_a_passphrase_opens_what_it_sealed_and_a_wrong_one_is_told() -> None:
    content = written(Keys(passphrase="một câu dài mà không ai đoán"))
    assert b"photos" not in content
    assert read(content, Keys(passphrase="một câu dài mà không ai đoán")) == (PARTS, [])
    for keys, why in (
        (UNSEALED, "passphrase_needed"),
        (Keys(passphrase="một câu khác"), "wrong_passphrase"),
    ):
        with pytest.raises(CannotOpen) as refusal:
            read(content, keys)
        assert refusal.value.code == why


def test_a_recipient_that_is_none_is_refused_before_anything_is_written() -> None:
    target = io.BytesIO()
    with pytest.raises(CannotOpen), sealing(target, Keys(recipients=["age1nobody"])):
        pass
    assert target.getvalue() == b""


def test_what_breaks_while_writing_is_heard() -> None:
    class Full(io.RawIOBase):
        def writable(self) -> bool:
            return True

        def write(self, _content: object) -> int:
            raise OSError("no room")

    with pytest.raises(OSError, match="no room"), sealing(Full(), FOR_KEY) as inside:
        for _ in range(100):
            inside.write(b"x" * 100_000)
