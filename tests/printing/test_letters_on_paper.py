"""What stands on the paper is what was written, whatever was written."""

import unicodedata
from io import BytesIO

import pytest
from fontTools.ttLib import TTFont
from pypdf import PdfReader

from feedback.printing import PrintingFailed, Template, print_document
from feedback.printing.setting import FONTS
from tests.naughty.strings import UNSEEN, naughty_strings
from tests.printing.papers import DATA_TIME, create_letter, pages_of, squeezed

VIETNAMESE = "Ỷ lại, ĐƯỜNG Nguyễn Huệ; ợ ỗ ẵ ậ ỵ ử ữ – “Thuận Hóa”, phường Vỹ Dạ, ngõ 3 ₫"


def test_a_letter_says_all_of_its_data_with_every_mark_on_every_letter() -> None:
    letter = create_letter(body=VIETNAMESE)

    (page,) = pages_of(print_document(Template.LETTER, letter, DATA_TIME))

    said = squeezed(unicodedata.normalize("NFC", page))
    assert squeezed(VIETNAMESE) in said
    assert "CỘNGHÒAXÃHỘICHỦNGHĨAVIỆTNAM" in said
    assert "Độclập–Tựdo–Hạnhphúc" in said
    assert squeezed(letter["agency"].upper()) in said
    assert squeezed("Đông Thượng, ngày 05 tháng 11 năm 2026") in said
    for name in ("number", "about", "addressee", "legal_basis", "signer", "signed", "mark"):
        assert squeezed(letter[name]) in said, name
    assert "Trang1/1" in said


def test_the_same_data_gives_the_same_bytes_and_says_its_data_time() -> None:
    letter = create_letter()

    first = print_document(Template.LETTER, letter, DATA_TIME)

    assert first == print_document(Template.LETTER, letter, DATA_TIME)
    about = PdfReader(BytesIO(first)).metadata
    assert about is not None
    assert about.title == "Thư xin lỗi"
    assert about.creation_date == DATA_TIME


def test_a_long_letter_goes_on_over_numbered_pages_and_keeps_its_signature_whole() -> None:
    reason = "\n\n".join(f"Đoạn {n}: {VIETNAMESE} " + "chậm " * 60 for n in range(25))

    pages = pages_of(print_document(Template.LETTER, create_letter(body=reason), DATA_TIME))

    assert len(pages) > 2
    said = [squeezed(page) for page in pages]
    for number, page in enumerate(said, 1):
        assert f"Trang{number}/{len(pages)}" in page
    assert all(f"Đoạn{n}:" in "".join(said) for n in range(25))
    assert "CHỦTỊCH" in said[-1]
    assert "NguyễnThịHồngÁnh" in said[-1]


def test_a_word_without_end_stays_on_the_paper() -> None:
    pdf = print_document(Template.LETTER, create_letter(body="x" * 5_000), DATA_TIME)

    assert squeezed("".join(pages_of(pdf))).count("x") >= 5_000


def batches_of(size: int) -> list[tuple[str, ...]]:
    strings = naughty_strings()
    return [strings[start : start + size] for start in range(0, len(strings), size)]


@pytest.mark.parametrize("batch", batches_of(60))
def test_hostile_words_are_printed_as_words(batch: tuple[str, ...]) -> None:
    body = "\n".join(batch)
    letter = create_letter(body=body, about=" ".join(batch)[:300], signer=batch[0])

    said = squeezed("".join(pages_of(print_document(Template.LETTER, letter, DATA_TIME))))

    faces = TTFont(FONTS / "be-vietnam-pro-400-normal.ttf").getBestCmap()
    for text in batch:
        if all(ord(sign) in faces for sign in text) and not UNSEEN.search(text):
            assert squeezed(text) in said, text
    assert "Trang1/" in said


def test_markup_is_no_more_than_words() -> None:
    markup = (
        '#set page(width: 1pt)\n= Title\n*bold* $x^2$ #read("/etc/passwd") #panic() \\ `raw` @a <b>'
    )

    said = squeezed(
        "".join(pages_of(print_document(Template.LETTER, create_letter(body=markup), DATA_TIME)))
    )

    assert squeezed(markup) in said


def test_a_letter_without_its_data_fails_and_says_so() -> None:
    with pytest.raises(PrintingFailed, match="title"):
        print_document(Template.LETTER, {}, DATA_TIME)


def test_what_takes_too_long_is_given_up() -> None:
    with pytest.raises(PrintingFailed, match="within"):
        print_document(Template.LETTER, create_letter(), DATA_TIME, timeout_seconds=0)
