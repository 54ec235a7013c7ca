"""Texts to reply with: what they leave open, and how it is filled in."""

import pytest

from feedback.domain.reply_templates import Placeholder, fill, unknown_placeholders

VALUES = {
    Placeholder.CODE: "MĐT-2K7",
    Placeholder.CATEGORY: "Rác",
    Placeholder.PLACE: "12 Lê Lợi",
    Placeholder.UNIT: "HEPCO",
    Placeholder.DATE: "09/03/2026",
}


@pytest.mark.parametrize(
    ("text", "filled"),
    [
        ("Phản ánh {mã} tại {địa điểm}", "Phản ánh MĐT-2K7 tại 12 Lê Lợi"),
        ("{code}, {category}, {unit}, {date}", "MĐT-2K7, Rác, HEPCO, 09/03/2026"),
        ("{ Lĩnh  vực }", "Rác"),
        ("{ai đó} {} {{mã}}", "{ai đó} {} {MĐT-2K7}"),
        ("không có gì", "không có gì"),
    ],
)
def test_placeholders_are_filled_and_the_rest_stays(text: str, filled: str) -> None:
    assert fill(text, VALUES) == filled


def test_what_is_no_placeholder_is_named_once() -> None:
    assert unknown_placeholders("{mã} {tên} {code} {tên} {}") == ["tên", ""]


def test_what_is_filled_in_is_not_read_again() -> None:
    assert fill("{place}", {**VALUES, Placeholder.PLACE: "{code}"}) == "{code}"
