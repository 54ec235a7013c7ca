"""The files of a periodic report say its figures: on paper, and as numbers in a workbook."""

import unicodedata
from datetime import UTC, datetime
from io import BytesIO

import pytest
from pypdf import PdfReader

from feedback.domain.measures import Figure
from feedback.operations.make_period_report import Frozen, frozen_of, make_period_report
from feedback.operations.order_period_report import order_period_report
from feedback.operations.transaction import reading
from feedback.storage.queries import period_reports
from feedback.wording.period_files import write_files
from tests.factories import the_city
from tests.operations.test_statistics import create_busy_weeks
from tests.printing.papers import pages_of, squeezed
from tests.printing.test_sheets import XML, parts_of, texts_of

pytestmark = [
    pytest.mark.usefixtures("app_context"),
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]
APRIL = datetime(2026, 4, 1, 3, tzinfo=UTC)


def create_frozen() -> Frozen:
    """A report of a month in which a little of everything has happened."""
    create_busy_weeks()
    city = the_city()
    report_id = order_period_report(period="2026-03", city=city, now=APRIL)
    make_period_report(report_id, write=lambda *_: {}, city=city, now=APRIL)
    with reading() as session:
        report = period_reports.one(session, report_id)
        assert report is not None
        return frozen_of(report)


def test_the_files_say_the_figures_in_both_languages_and_are_the_same_bytes_again() -> None:
    frozen = create_frozen()
    files = write_files(frozen, the_city())
    assert files == write_files(frozen, the_city())

    values = frozen.document["whole"]["values"]
    said = squeezed(unicodedata.normalize("NFC", "".join(pages_of(files["vi", "pdf"]))))
    on_time = values["on_time_original"]
    share = f"{100 * on_time['numerator'] / on_time['denominator']:.1f}".replace(".", ",")
    for words in (
        "Báo cáo xử lý phản ánh", "Tháng 3/2026", "Toàn thành phố", "01/04/2026 10:00",
        "Phiên bản lịch làm việc", f"{share} %", "Trả lời đúng hạn ban đầu",
        f"{on_time['numerator']} / {on_time['denominator']}", "Ý nghĩa của các số liệu",
        "quá ít để nhận định", "Kaplan–Meier", "Đường", "Điện",
    ):  # fmt: skip
        assert squeezed(words) in said, words
    english = squeezed("".join(pages_of(files["en", "pdf"])))
    assert squeezed("Report on citizens' reports") in english
    about = PdfReader(BytesIO(files["vi", "pdf"])).metadata
    assert about is not None
    assert about.creation_date == APRIL

    book = files["vi", "xlsx"]
    assert {"Báo cáo xử lý phản ánh, Tháng 3/2026", "Phản ánh đã nhận"} & set(texts_of(book))
    numbers = numbers_of(book)
    assert numbers["Phản ánh đã nhận"][0] == values["received"]["count"]
    first, part, whole = numbers["Trả lời đúng hạn ban đầu"][:3]
    assert (part, whole) == (on_time["numerator"], on_time["denominator"])
    assert first == pytest.approx(part / whole, abs=1e-4)
    for one in frozen.document["parts"]["unit"]:
        received = one["values"].get(Figure.RECEIVED.value, {"count": 0})["count"]
        assert received in numbers[one["name_vi"]]


def numbers_of(book: bytes) -> dict[str, list[float]]:
    """The numbers of each line of a workbook, by the words it begins with, the first such line."""
    texts = texts_of(book)
    found: dict[str, list[float]] = {}
    for name, part in sorted(parts_of(book).items(), key=lambda one: (len(one[0]), one[0])):
        if not name.startswith("xl/worksheets/sheet"):
            continue
        for row in part.iter(f"{XML}row"):
            cells = [(cell.get("t"), cell.findtext(f"{XML}v")) for cell in row]
            words = [texts[int(value)] for kind, value in cells if kind == "s" and value]
            if words:
                numbers = [float(value) for kind, value in cells if kind != "s" and value]
                if numbers:
                    found.setdefault(words[0], numbers)
    return found
