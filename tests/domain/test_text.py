"""What people write, in Vietnamese."""

import unicodedata
from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback.domain.text import TraceKind, fold, normalise, private_traces, summary

PHONE, EMAIL = TraceKind.PHONE, TraceKind.EMAIL
IDENTITY, BANK = TraceKind.IDENTITY_NUMBER, TraceKind.BANK_NUMBER


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Đường Nguyễn Huệ", "duong nguyen hue"),
        ("RÁC THẢI Ở PHƯỜNG THUẬN HÓA", "rac thai o phuong thuan hoa"),
        ("Hoá", "hoa"),
        ("Hóa", "hoa"),
        (unicodedata.normalize("NFD", "ổ gà ở kiệt"), "o ga o kiet"),
        ("ĐÈN đỏ", "den do"),
        ("Straße", "strasse"),
    ],
)
def test_folding_takes_the_marks_off(text: str, folded: str) -> None:
    assert fold(text) == folded


@given(st.text())
def test_folding_twice_changes_nothing_more(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text())
def test_folding_does_not_depend_on_how_the_marks_are_encoded(text: str) -> None:
    assert fold(unicodedata.normalize("NFC", text)) == fold(unicodedata.normalize("NFD", text))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("  rác\r\nthải\rở đây \n", "rác\nthải\nở đây"),
        (unicodedata.normalize("NFD", "ngập nước"), "ngập nước"),
        ("đèn\x00 hỏng\x1b[31m\t!", "đèn hỏng[31m\t!"),
        ("\ufeffcây đổ\u202e", "cây đổ"),
        ("nửa\ud83d chữ", "nửa chữ"),
        (" \n\t ", ""),
        ("👨‍👩‍👧 ổn", "👨‍👩‍👧 ổn"),
    ],
)
def test_stored_text_is_composed_and_clean(text: str, expected: str) -> None:
    assert normalise(text) == expected


@given(st.text())
def test_normalising_twice_changes_nothing_more(text: str) -> None:
    once = normalise(text)
    assert normalise(once) == once
    once.encode()


@pytest.mark.parametrize(
    ("text", "limit", "title"),
    [
        ("Đèn đường hỏng", 80, "Đèn đường hỏng"),
        ("Đèn đường hỏng. Tối lắm, rất nguy hiểm.", 80, "Đèn đường hỏng"),
        ("Đèn đường hỏng\nTối lắm", 80, "Đèn đường hỏng"),
        ("\n\n  Rác   tồn đọng \n", 80, "Rác tồn đọng"),
        ("Sao rác để mãi vậy? Hôi quá", 80, "Sao rác để mãi vậy?"),
        (
            "Ngập ở P. Phú Xuân, Tp. Huế từ sáng. Xin xử lý",
            80,
            "Ngập ở P. Phú Xuân, Tp. Huế từ sáng",
        ),
        ("Ổ gà sâu 0.5 m trên đường Lê Lợi", 80, "Ổ gà sâu 0.5 m trên đường Lê Lợi"),
        ("Rác thải xây dựng đổ trộm", 25, "Rác thải xây dựng đổ trộm"),
        ("Rác thải xây dựng đổ trộm", 24, "Rác thải xây dựng đổ…"),
        ("Rác thải, xây dựng", 10, "Rác thải…"),
        ("Rác thải xây", 9, "Rác thải…"),
        ("Rác thải xây", 8, "Rác…"),
        ("Rácthảixâydựng", 8, "Rácthải…"),
        ("  ", 80, ""),
    ],
)
def test_a_title_is_the_first_sentence_cut_after_a_word(text: str, limit: int, title: str) -> None:
    assert summary(text, limit) == title


@given(st.text(), st.integers(2, 100))
def test_a_title_is_one_line_no_longer_than_its_limit(text: str, limit: int) -> None:
    title = summary(normalise(text), limit)
    assert len(title) <= limit
    assert len(title.splitlines()) <= 1


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Gọi tôi 0905123456 nhé", [(PHONE, "0905123456")]),
        ("Gọi 0905 123 456", [(PHONE, "0905 123 456")]),
        ("Gọi 0905.123.456.", [(PHONE, "0905.123.456")]),
        ("Gọi 090-512-3456, cảm ơn", [(PHONE, "090-512-3456")]),
        ("số 09 05 12 34 56", [(PHONE, "09 05 12 34 56")]),
        ("+84905123456", [(PHONE, "+84905123456")]),
        ("(+84) 905 123 456", [(PHONE, "(+84) 905 123 456")]),
        ("84905123456", [(PHONE, "84905123456")]),
        ("01234567890 là số cũ", [(PHONE, "01234567890")]),
        ("(0234) 3822 123", [(PHONE, "(0234) 3822 123")]),
        ("02343.822.123", [(PHONE, "02343.822.123")]),
        ("+84 234 3822123", [(PHONE, "+84 234 3822123")]),
        ("0905123456 0914123456", [(PHONE, "0905123456"), (PHONE, "0914123456")]),
        ("0905123456/0914123456", [(PHONE, "0905123456"), (PHONE, "0914123456")]),
        ("thư tới an.nguyen+hue@gmail.com nhé", [(EMAIL, "an.nguyen+hue@gmail.com")]),
        ("an@ubnd.hue.gov.vn, 0905123456", [(EMAIL, "an@ubnd.hue.gov.vn"), (PHONE, "0905123456")]),
        ("0905123456@zalo.vn", [(EMAIL, "0905123456@zalo.vn")]),
        ("sđt0905123456gọi tôi", [(PHONE, "0905123456")]),
        ("CMND.191234567", [(IDENTITY, "191234567")]),
        ("+14155550123", [(BANK, "14155550123")]),  # a foreign number is at least stopped
        ("CMND 191234567", [(IDENTITY, "191234567")]),
        ("CCCD: 046085012345", [(IDENTITY, "046085012345")]),
        ("căn cước 046 085 012 345", [(IDENTITY, "046 085 012 345")]),
        ("căn cước 079085012345", [(IDENTITY, "079085012345")]),
        ("STK 1903 4567 8901 23 Techcombank", [(BANK, "1903 4567 8901 23")]),
        ("STK 55110000123456 BIDV", [(BANK, "55110000123456")]),
        ("4111 1111 1111 1111", [(BANK, "4111 1111 1111 1111")]),
    ],
)
def test_private_data_is_found(text: str, found: list[tuple[TraceKind, str]]) -> None:
    traces = private_traces(text)
    assert [(trace.kind, text[trace.start : trace.end]) for trace in traces] == found


@pytest.mark.parametrize(
    "text",
    [
        "Rác ở số 12/4 kiệt 256 đường Bùi Thị Xuân",
        "nhà số 12 14 16 18 20 22",
        "Phạt 1.500.000.000 đồng",
        "phạt 250.000.000 đ",
        "tọa độ 16.463713, 107.590866",
        "ngày 13/06/2025, 13.06.2025 và 2025-06-13 lúc 07:30",
        "năm 2024-2025",
        "từ 01-07-2025",
        "đường dây nóng 1900 1075 hoặc 1800 599 920, 19001075",
        "phản ánh 208079 mã K7M-2QX",
        "biển số 75F1-123.45",
        "QĐ 1234/2025/QĐ-UBND",
        "liên hệ @hue_s",
    ],
)
def test_ordinary_numbers_are_left_alone(text: str) -> None:
    assert private_traces(text) == ()


@given(st.text(alphabet="0123456789 .-+()@ađ", max_size=60))
def test_traces_come_in_order_and_never_overlap(text: str) -> None:
    ends = [0]
    for trace in private_traces(text):
        assert ends[-1] <= trace.start < trace.end <= len(text)
        ends.append(trace.end)


@pytest.mark.parametrize("piece", ["0", "0 ", "(", "a.", "1.000", "0.", "a@", "090 "])
def test_hostile_texts_are_checked_in_good_time(piece: str) -> None:
    begun = perf_counter()
    private_traces(piece * 5000)
    assert perf_counter() - begun < 2
