"""One person's data: found by any spelling of their contact, given to them, erased for good."""

import io
import json
import zipfile
from collections.abc import Sequence
from datetime import timedelta

import pytest
from sqlalchemy import select

from feedback.domain.actors import CITIZEN, SYSTEM, Actor
from feedback.domain.errors import Invalid, NotAllowed, NotFound
from feedback.domain.histories import HistoryKind
from feedback.domain.privacy import PrivacyDeed
from feedback.domain.states import ActorKind, Role
from feedback.operations.apply_retention import apply_retention
from feedback.operations.export_person import export_person
from feedback.operations.open_identity import open_identity
from feedback.operations.persons import OpenReports, erase_person, find_person
from feedback.operations.transaction import reading
from feedback.operations.verify_statistics import verify_statistics
from feedback.operations.withdraw_report import withdraw_report
from feedback.storage.models import PrivacyEntry, Reporter
from tests.factories import MONDAY, create_closed_report, create_report, create_upload, the_city
from tests.operations.lives import Town, create_town, entry_of, load, photos_of

pytestmark = pytest.mark.usefixtures("app_context")

KIN = {
    "contact_name": "Nguyễn Văn Kín",
    "contact_email": "kin@example.com",
    "contact_phone": "0905 123 456",
    "consent_version": "1",
}
ADMINISTRATOR = Actor(ActorKind.STAFF, None, Role.ADMINISTRATOR)
LATER = MONDAY + timedelta(days=1)


@pytest.fixture
def town() -> Town:
    return create_town(evidence_needed=False)


@pytest.fixture
def reports(town: Town) -> Sequence[int]:
    """Kín's closed report with a photo, Kín's open one, and somebody else's."""
    closed = create_closed_report(
        town.unit,
        category=town.category,
        address_text="12 hẻm của Kín",
        photo_ids=(create_upload(processed=True),),
        **KIN,
    )
    by_phone = {"contact_phone": "+84 905123456", "consent_version": "1"}
    waiting = create_report(text="Đèn của Kín", **by_phone)
    other = create_report(text="Cây của Lan", contact_email="lan@example.com", consent_version="1")
    return closed.report_id, waiting.report_id, other.report_id


def erase(typed: str, open_reports: OpenReports = OpenReports.LATER) -> tuple[int, int, int]:
    done = erase_person(
        typed,
        reason="Đơn ngày 12/3",
        open_reports=open_reports,
        actor=ADMINISTRATOR,
        city=the_city(),
        now=LATER,
    )
    return done.reports, done.later, done.photos


def record_of(deed: PrivacyDeed) -> list[tuple[str, dict[str, object]]]:
    with reading() as session:
        rows = session.scalars(select(PrivacyEntry).where(PrivacyEntry.deed == deed))
        return [(row.reason, row.data) for row in rows]


def test_a_person_is_found_by_any_spelling_and_the_search_is_recorded(
    reports: Sequence[int],
) -> None:
    codes = [load(report_id).code for report_id in reports]
    for typed, expected in (
        ("0905.123.456", codes[:2]),
        ("KIN@example.com", codes[:1]),
        ("nobody@example.com", []),
    ):
        found = find_person(typed, actor=ADMINISTRATOR, city=the_city(), now=LATER)
        assert [report.code for report in found.reports] == expected
        assert found.followed == []
    assert record_of(PrivacyDeed.PERSON_SOUGHT) == [
        ("", {"reports": 2, "followed": 0}),
        ("", {"reports": 1, "followed": 0}),
        ("", {"reports": 0, "followed": 0}),
    ]


def test_erasing_takes_the_contact_at_once_and_open_reports_when_they_are_finished(
    reports: Sequence[int],
) -> None:
    closed, waiting, other = reports
    assert erase("0905123456") == (1, 1, 2)  # the evidence as well
    assert (load(closed).text, load(closed).anonymised_at) == ("[đã xóa]", LATER)
    assert photos_of(closed) == []
    assert load(waiting).text == "Đèn của Kín"
    assert load(waiting).reporter_id is None
    assert entry_of(waiting, HistoryKind.ERASED).data == {"why": "request", "what": "contact"}
    assert load(other).text == "Cây của Lan"
    with reading() as session:
        assert session.query(Reporter).count() == 1
    codes = [load(closed).code, load(waiting).code]
    assert record_of(PrivacyDeed.ERASED) == [
        ("Đơn ngày 12/3", {"reports": 1, "later": 1, "photos": 2, "followed": 0, "codes": codes})
    ]
    assert verify_statistics(city=the_city()) == []

    assert apply_retention(city=the_city(), now=LATER) == 0
    withdraw_report(waiting, actor=CITIZEN, city=the_city(), now=LATER)
    assert apply_retention(city=the_city(), now=LATER) == 1
    assert load(waiting).text == "[đã xóa]"
    assert entry_of(waiting, HistoryKind.ERASED).data == {"why": "request", "what": "all"}


def test_open_reports_can_be_erased_at_once(reports: Sequence[int]) -> None:
    assert erase("0905123456", OpenReports.NOW) == (2, 0, 2)
    assert load(reports[1]).text == "[đã xóa]"
    with pytest.raises(NotFound):
        erase("0905123456")


def test_an_export_holds_what_is_theirs_and_their_photos(
    town: Town, reports: Sequence[int]
) -> None:
    open_identity(
        reports[0], reason="Gọi lại", actor=town.as_dispatcher, city=the_city(), now=LATER
    )
    file = io.BytesIO()
    done = export_person(
        "+84905123456", file, reason="Đơn xin", actor=SYSTEM, city=the_city(), now=LATER
    )
    assert (done.reports, done.photos) == (2, 1)
    with zipfile.ZipFile(file) as archive:
        said = json.loads(archive.read("data.json"))
        [photo] = said["reports"][0]["photos"]
        assert archive.read(photo)[:3] == b"\xff\xd8\xff"
        assert len(archive.namelist()) == 2
        whole = archive.read("data.json").decode()
    first = said["reports"][0]
    assert first["contact"]["name"] == "Nguyễn Văn Kín"
    assert first["consent"]["version"] == "1"
    assert first["address"] == "12 hẻm của Kín"
    assert first["answers"][0]["text"] == "Đã thu gom xong."
    assert first["identity_opened"] == [{"at": LATER.isoformat(), "reason": "Gọi lại"}]
    assert said["reports"][1]["text"] == "Đèn của Kín"
    for foreign in ("Lan", town.handler.name, town.dispatcher.name, load(reports[0]).token):
        assert foreign not in whole
    assert record_of(PrivacyDeed.EXPORTED) == [("Đơn xin", {"reports": 2, "photos": 1})]


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMINISTRATOR])
def test_nobody_but_the_administrator_finds_exports_or_erases(
    reports: Sequence[int], role: Role
) -> None:
    whoever = {"actor": Actor(ActorKind.STAFF, None, role), "city": the_city(), "now": LATER}
    with pytest.raises(NotAllowed):
        find_person("0905123456", **whoever)
    with pytest.raises(NotAllowed):
        export_person("0905123456", io.BytesIO(), reason="Đơn xin", **whoever)
    with pytest.raises(NotAllowed):
        erase_person("0905123456", reason="Đơn xin", open_reports=OpenReports.NOW, **whoever)


@pytest.mark.parametrize(
    ("typed", "reason", "field"),
    [("", "Đơn xin", "contact"), ("Kín", "Đơn xin", "contact"), ("0905123456", " ", "reason")],
)
def test_a_contact_and_a_reason_are_asked_for(
    reports: Sequence[int], typed: str, reason: str, field: str
) -> None:
    by = {"actor": ADMINISTRATOR, "city": the_city(), "now": LATER}
    with pytest.raises(Invalid) as refused:
        erase_person(typed, reason=reason, open_reports=OpenReports.NOW, **by)
    assert list(refused.value.fields) == [field]
    with pytest.raises(Invalid):
        export_person(typed, io.BytesIO(), reason=reason, **by)
