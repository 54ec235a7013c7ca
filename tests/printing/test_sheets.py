"""Workbooks: cells are what their column says, and no text of anybody's is a formula or a link."""

import io
import zipfile
from datetime import UTC, date, datetime
from xml.etree import ElementTree
from zoneinfo import ZoneInfo

import pytest

from feedback.printing.sheets import Column, Kind, Sheet, workbook
from tests.naughty.strings import UNSEEN, naughty_strings

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
AT = datetime(2026, 11, 5, 8, 32, tzinfo=UTC)
XML = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def parts_of(content: bytes) -> dict[str, ElementTree.Element]:
    """The XML parts of a workbook by name."""
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        return {
            name: ElementTree.fromstring(file.read(name))  # noqa: S314 (our own file)
            for name in file.namelist()
            if name.endswith(".xml")
        }


def texts_of(content: bytes) -> list[str]:
    """Every text of a workbook's cells."""
    shared = parts_of(content)["xl/sharedStrings.xml"]
    return ["".join(part.text or "" for part in one.iter(f"{XML}t")) for one in shared]


def test_numbers_days_and_moments_are_what_they_are() -> None:
    columns = [
        Column("Đơn vị"),
        Column("Số", Kind.WHOLE),
        Column("Tỷ lệ", Kind.SHARE),
        Column("Ngày", Kind.DAY),
        Column("Lúc", Kind.MOMENT),
    ]
    rows = [["Thuận Hóa", 1250, 0.875, date(2026, 11, 5), AT], ["=1+1", 0, None, None, None]]

    made = workbook([Sheet("Thư", columns, rows, ["Kỳ này"])], title="Thư", at=AT, zone=ZONE)

    sheet = parts_of(made)["xl/worksheets/sheet1.xml"]
    cells = {c.get("r"): c for c in sheet.iter(f"{XML}c")}
    values = {place: (cell.get("t"), cell.findtext(f"{XML}v")) for place, cell in cells.items()}
    assert values["B4"] == (None, "1250")
    assert values["C4"] == (None, "0.875")
    assert values["D4"] == (None, "46331")
    assert values["E4"][0] is None
    assert float(values["E4"][1] or 0) == pytest.approx(46331 + (15 * 60 + 32) / 1440)
    assert values["A4"][0] == values["A5"][0] == "s"
    assert not [*sheet.iter(f"{XML}f")]
    assert {"Đơn vị", "Thuận Hóa", "=1+1", "Kỳ này"} <= set(texts_of(made))
    assert made == workbook(
        [Sheet("Thư", columns, rows, ["Kỳ này"])], title="Thư", at=AT, zone=ZONE
    )


def test_hostile_texts_stay_texts() -> None:
    strings = [text for text in naughty_strings() if not UNSEEN.search(text)]

    made = workbook(
        [Sheet("=cmd", [Column("=A1")], [[text] for text in strings], ["@SUM(A1)"])],
        title="=1",
        at=AT,
        zone=ZONE,
    )

    parts = parts_of(made)
    sheet = parts["xl/worksheets/sheet1.xml"]
    assert not [*sheet.iter(f"{XML}f")]
    assert not [*sheet.iter(f"{XML}hyperlink")]
    plain = {text.replace("\r\n", "\n").replace("\r", "\n") for text in texts_of(made)}
    missing = [t for t in strings if t and t.replace("\r\n", "\n").replace("\r", "\n") not in plain]
    assert not missing


def test_a_cell_of_the_wrong_kind_is_refused_and_names_are_made_fit() -> None:
    with pytest.raises(ValueError, match="whole"):
        workbook([Sheet("a", [Column("n", Kind.WHOLE)], [["12"]])], title="", at=AT, zone=ZONE)
    same = Sheet("Đơn vị: [phường]/xã " + "x" * 40, [Column("a")], [])
    book = parts_of(workbook([same, same, Sheet("", [], [])], title="", at=AT, zone=ZONE))
    names = [one.get("name") or "" for one in book["xl/workbook.xml"].iter(f"{XML}sheet")]
    assert len(set(names)) == 3
    assert all(0 < len(name) <= 31 for name in names)
