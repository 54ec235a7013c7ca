"""A report kept long enough loses what is personal; what it counts for stays."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from feedback.domain.actors import CITIZEN
from feedback.domain.contacts import Contact
from feedback.domain.events import Event
from feedback.domain.histories import HistoryKind
from feedback.domain.privacy import PrivacyDeed, without_traces
from feedback.domain.states import Outcome, PhotoPurpose, RatingLevel, RejectionReason
from feedback.operations.apply_retention import apply_retention
from feedback.operations.open_identity import open_identity
from feedback.operations.rate_report import rate_report
from feedback.operations.refresh_statistics import refresh_statistics
from feedback.operations.reject_report import reject_report
from feedback.operations.remove_unused_files import remove_unused_files
from feedback.operations.reopen_report import reopen_report
from feedback.operations.transaction import reading, transaction
from feedback.operations.verify_statistics import verify_statistics
from feedback.storage.models import (
    Category,
    OutboxRow,
    Photo,
    PrivacyEntry,
    Rating,
    Reporter,
    StatisticsReady,
)
from tests.factories import (
    INSIDE,
    MONDAY,
    Case,
    create_category,
    create_closed_report,
    create_report,
    create_upload,
    the_city,
)
from tests.operations.lives import Town, create_town, entry_of, history_of, load, photos_of

pytestmark = pytest.mark.usefixtures("app_context")

CONTACT = {
    "contact_name": "Nguyễn Văn Kín",
    "contact_email": "kin@example.com",
    "contact_phone": "0905 123 456",
    "consent_version": "1",
}
PRIVATE = ("Kín", "kin@", "123 456", "123.456", "ba ngày", "hẻm", "Chua Bà", "rất buồn", "mở lại")
LATER = MONDAY + timedelta(days=400)


@pytest.fixture
def town() -> Town:
    return create_town(evidence_needed=False)


def finished(town: Town, **more: Any) -> Case:
    """A closed, rated report with everything personal that one can hold."""
    case = create_closed_report(
        town.unit,
        handler=town.handler,
        **{
            "category": town.category,
            "text": "Đã gọi anh Nguyễn Văn Kín, 0905.123.456.",  # of the answer
            "place": INSIDE,
            "address_text": "12 hẻm Chua Bà",
            "photo_ids": (create_upload(processed=True),),
            **CONTACT,
            **more,
        },
    )
    rate_report(
        case.report_id,
        level=RatingLevel.DISSATISFIED,
        comment="Tôi rất buồn",
        photo_ids=(create_upload(PhotoPurpose.RATING, colour="red", processed=True),),
        city=the_city(),
        now=MONDAY + timedelta(hours=3),
    )
    return case


def keep(category: Category, days: int | None) -> None:
    """Have reports of a category kept for so many days."""
    with transaction(the_city()) as session:
        session.get_one(Category, category.id).retention_days = days


def stored(report_id: int) -> str:
    """All that is stored of a report, as text."""
    with reading() as session:
        ratings = session.scalars(select(Rating).where(Rating.report_id == report_id)).all()
        words = [rating.comment for rating in ratings]
    report = load(report_id)
    words += [report.text, report.folded_text, report.address_text, report.rejection_text]
    words += [assignment.answer_text for assignment in report.assignments]
    return " ".join([*words, *(entry.note for entry in history_of(report_id))])


def test_what_was_kept_long_enough_loses_all_that_is_personal(town: Town) -> None:
    case = finished(town)
    keep(town.category, 90)
    pictures = photos_of(case.report_id)
    keys = [key for photo in pictures for key in (photo.large_key, photo.small_key) if key]
    assert keys
    assert apply_retention(city=the_city(), now=LATER) == 1

    report = load(case.report_id)
    assert [part for part in PRIVATE if part in stored(case.report_id)] == []
    assert report.assignments[0].answer_text == "Đã gọi anh [đã xóa], [đã xóa]."
    assert (report.text, report.address_text, report.folded_text) == ("[đã xóa]", "[đã xóa]", "")
    assert report.reporter_id is None
    assert (report.latitude, report.longitude) != INSIDE
    assert report.latitude == pytest.approx(INSIDE[0], abs=0.01)
    assert report.accuracy_m is None
    assert (report.anonymised_at, report.submission_digest) == (LATER, "")
    with reading() as session:
        assert session.query(Reporter).count() == session.query(Photo).count() == 0
        row = session.scalars(select(OutboxRow).where(OutboxRow.event == Event.FILES_LEFT)).one()
    remove_unused_files(row.payload["keys"], city=the_city(), now=LATER)
    assert [key for key in keys if the_city().files.exists(key)] == []
    entry = entry_of(case.report_id, HistoryKind.ERASED)
    assert (entry.public, entry.data) == (False, {"why": "retention", "what": "all"})


def test_the_figures_stay_as_they_were(town: Town) -> None:
    finished(town)
    keep(town.category, 90)
    refresh_statistics(city=the_city(), now=LATER)

    def figures() -> list[Any]:
        with reading() as session:
            order = (StatisticsReady.scope, StatisticsReady.period)
            rows = session.scalars(select(StatisticsReady).order_by(*order))
            return [(row.scope, row.period, row.figures["figures"]) for row in rows]

    before = figures()
    assert apply_retention(city=the_city(), now=LATER) == 1
    refresh_statistics(city=the_city(), now=LATER)
    assert before
    assert figures() == before
    assert verify_statistics(city=the_city()) == []


def test_nothing_goes_before_its_time(town: Town) -> None:
    case = finished(town)
    closed_at = load(case.report_id).closed_at
    assert closed_at
    for days, after in ((None, 4000), (90, 89), (1, 29)):  # never before the reopening has ended
        keep(town.category, days)
        apply_retention(city=the_city(), now=closed_at + timedelta(days=after))
        assert load(case.report_id).anonymised_at is None
    keep(town.category, 90)
    assert apply_retention(city=the_city(), now=closed_at + timedelta(days=90, minutes=1)) == 1


def test_a_promised_date_and_an_open_report_keep_it(town: Town) -> None:
    promised = create_closed_report(
        town.unit, category=town.category, outcome=Outcome.PLANNED, **CONTACT
    )
    reopened = finished(town)
    reopen_report(
        reopened.report_id,
        reason="Vẫn còn, xin mở lại",
        version=None,
        actor=CITIZEN,
        city=the_city(),
        now=MONDAY + timedelta(days=3),
    )
    keep(town.category, 30)
    apply_retention(city=the_city(), now=MONDAY + timedelta(days=45))
    assert load(promised.report_id).anonymised_at is None
    assert load(reopened.report_id).anonymised_at is None
    apply_retention(city=the_city(), now=MONDAY + timedelta(days=62))
    assert load(promised.report_id).anonymised_at is not None


def test_a_refused_report_without_category_goes_by_the_citys_usual_days(town: Town) -> None:
    report_id = create_report(text="Tố cáo ông Kín", **CONTACT).report_id
    reject_report(
        report_id,
        reason=RejectionReason.DENUNCIATION,
        text="Ông Nguyễn Văn  KÍN hãy gọi 0905123456.",
        version=None,
        actor=town.as_dispatcher,
        city=the_city(),
        now=MONDAY,
    )
    assert apply_retention(city=the_city(), now=LATER) == 0
    assert apply_retention(city=replace(the_city(), retention_days=365), now=LATER) == 1
    assert load(report_id).rejection_text == "Ông [đã xóa] hãy gọi [đã xóa]."


def test_what_was_done_stands_in_one_line_a_day_by_category(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("feedback.operations.apply_retention.BATCH", 1)
    monkeypatch.setattr("feedback.operations.apply_retention.REPORTS_A_RUN", 2)
    other = create_category("Cây xanh", evidence_needed=False)
    for category in (town.category, town.category, other):
        finished(town, category=category, photo_ids=())
        keep(category, 30)
    assert apply_retention(city=the_city(), now=LATER) == 2
    with reading() as session:
        query = select(OutboxRow).where(OutboxRow.event == Event.RETENTION_ENDED)
        assert len(session.scalars(query).all()) == 1  # there is more to do
    assert apply_retention(city=the_city(), now=LATER) == 1
    assert apply_retention(city=the_city(), now=LATER) == 0
    with reading() as session:
        [line] = session.scalars(
            select(PrivacyEntry).where(PrivacyEntry.deed == PrivacyDeed.ANONYMISED)
        )
        assert line.data == {"categories": {str(town.category.id): 2, str(other.id): 1}}


def test_a_file_that_another_photo_consists_of_stays(town: Town) -> None:
    one, two = finished(town), finished(town, category=create_category("Khác"))
    assert {p.large_key for p in photos_of(one.report_id)} == {
        p.large_key for p in photos_of(two.report_id)
    }
    keep(town.category, 30)
    apply_retention(city=the_city(), now=LATER)
    with reading() as session:
        row = session.scalars(select(OutboxRow).where(OutboxRow.event == Event.FILES_LEFT)).one()
    remove_unused_files(row.payload["keys"], city=the_city(), now=LATER)
    kept = [key for p in photos_of(two.report_id) for key in (p.large_key, p.small_key) if key]
    assert all(the_city().files.exists(key) for key in kept)


def test_looks_of_before_stay_in_the_record(town: Town) -> None:
    case = finished(town)
    open_identity(
        case.report_id, reason="Gọi lại", actor=town.as_dispatcher, city=the_city(), now=MONDAY
    )
    keep(town.category, 30)
    apply_retention(city=the_city(), now=LATER)
    with reading() as session:
        [look] = session.scalars(
            select(PrivacyEntry).where(PrivacyEntry.deed == PrivacyDeed.IDENTITY_OPENED)
        )
        assert (look.report_id, look.reason) == (case.report_id, "Gọi lại")


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Đã gọi chị Lan Anh, 0905 123 456.", "Đã gọi chị X, X."),
        ("LAN  ANH gửi lan.anh@example.com", "X gửi X"),
        ("Đường Lan Anhh vẫn vậy", "Đường Lan Anhh vẫn vậy"),
        ("Chi 1.500.000 đồng ngày 2026-03-02", "Chi 1.500.000 đồng ngày 2026-03-02"),
        ("", ""),
    ],
)
def test_what_gives_the_reporter_away_is_taken_out_of_staffs_words(text: str, left: str) -> None:
    assert without_traces(text, Contact("Lan Anh", "", ""), "X") == left
