"""A report comes in: what is accepted, what is refused, and what a repeated send gets."""

import math
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID, uuid4

import pytest

from feedback.domain.actors import CITIZEN, SYSTEM
from feedback.domain.codes import parse_code
from feedback.domain.contacts import Contact
from feedback.domain.errors import Conflict, Invalid, NotAllowed
from feedback.domain.histories import HistoryKind
from feedback.domain.states import (
    ActorKind,
    Channel,
    PhotoPurpose,
    PlaceSource,
    ReportState,
    Visibility,
)
from feedback.operations.reporters import contact_of
from feedback.operations.submit_report import Receipt, ReportDraft, submit_report
from feedback.storage.models import Report, Reporter
from tests.factories import INSIDE, MONDAY, create_area, create_category, create_upload, the_city
from tests.operations.lives import (
    Town,
    at_once,
    count,
    entry_of,
    footprint,
    history_of,
    kinds_of,
    load,
    photos_of,
    uploads_of,
)

JUST_OFF = (16.5005, 107.55)  # some 56 metres north of the ward
FAR_OFF = (17.5, 107.55)


def draft_of(**fields: Any) -> ReportDraft:
    """A draft that is accepted as it stands."""
    given: dict[str, Any] = {"text": "Đèn đường hỏng", "address_text": "12 Lê Lợi", **fields}
    return ReportDraft(**{"submission_id": uuid4(), **given})


def submit(draft: ReportDraft, **how: Any) -> Receipt:
    """Send a draft on a Monday morning."""
    return submit_report(draft, **{"city": the_city(), "now": MONDAY, **how})


def refused(draft: ReportDraft) -> dict[str, str]:
    """The fields a draft is refused for; nothing of it may be stored."""
    before = footprint()
    with pytest.raises(Invalid) as invalid:
        submit(draft)
    assert footprint() == before
    return invalid.value.fields


def test_a_report_is_stored_routed_and_promised_in_one_go(town: Town) -> None:
    claimed = MONDAY - timedelta(minutes=3)
    receipt = submit(
        draft_of(
            category_id=town.category.id,
            latitude=INSIDE[0],
            longitude=INSIDE[1],
            accuracy_m=12.5,
            place_source=PlaceSource.GPS,
            photo_ids=uploads_of("red", "blue"),
            claimed_at=claimed,
            language="en",
        )
    )
    report = load(receipt.report_id)
    assert parse_code(receipt.code) == report.code
    assert len(receipt.token) >= 32
    assert not receipt.repeated
    assert report.state is ReportState.DISPATCHED
    assert report.unit_id == town.unit.id
    assert report.area_id == town.area.id
    assert report.received_at == MONDAY
    assert report.claimed_at == claimed
    assert report.version == 1
    assert report.due == datetime(2026, 3, 11, 10, 0, tzinfo=UTC)  # 17:00, the 7th working day
    assert report.lead_assignment_id == report.assignments[0].id
    assert [photo.position for photo in photos_of(report.id)] == [0, 1]
    assert kinds_of(report.id) == [
        HistoryKind.RECEIVED,
        HistoryKind.ROUTED,
        HistoryKind.ROUND_STARTED,
        HistoryKind.DISPATCHED,
        HistoryKind.LEAD_NAMED,
        HistoryKind.VISIBILITY_CHANGED,
    ]
    received = history_of(report.id)[0]
    assert (received.at, received.claimed_at) == (MONDAY, claimed)
    assert (received.actor_kind, received.public) == (ActorKind.CITIZEN, True)
    assert received.data == {"category_id": town.category.id, "area_id": town.area.id}


def test_the_same_draft_again_gets_the_same_receipt(town: Town) -> None:
    draft = draft_of(category_id=town.category.id, photo_ids=uploads_of("red", "blue"))
    first = submit(draft)
    before = footprint()

    again = submit(draft, now=MONDAY + timedelta(days=2))
    # A browser that lost its answer uploads the same pictures anew.
    anew = submit(replace(draft, photo_ids=uploads_of("red", "blue"), accuracy_m=30.0))

    assert (again.repeated, anew.repeated) == (True, True)
    assert {again.code, anew.code} == {first.code}
    assert {again.token, anew.token} == {first.token}
    uploads = 2  # rows of the uploads themselves
    assert footprint() == {**before, "outbox_rows": before["outbox_rows"] + uploads}
    assert len(photos_of(first.report_id)) == 2


def test_a_repeat_is_known_whatever_way_its_text_is_spelt(town: Town) -> None:
    draft = draft_of(text="Rác ở chợ", contact_email="an@example.com", consent_version="1")
    first = submit(draft)
    spelt = replace(draft, text=" Ra\u0301c ơ\u0309 chơ\u0323\r\n", contact_email=" an@example.com")
    assert submit(spelt).code == first.code


OTHER_BODIES: list[dict[str, Any]] = [
    {"text": "Nước tràn"},
    {"address_text": "13 Lê Lợi"},
    {"category_id": None},
    {"latitude": 16.45, "longitude": 107.55},
    {"contact_name": "An", "consent_version": "1"},
    {"photos": ("red",)},
    {"photos": ("blue", "red")},
    {"photos": ()},
]


def test_the_same_id_with_another_body_is_a_conflict(town: Town) -> None:
    draft = draft_of(category_id=town.category.id, photo_ids=uploads_of("red", "blue"))
    first = submit(draft)
    for change in OTHER_BODIES:
        photos = {"photo_ids": uploads_of(*change["photos"])} if "photos" in change else change
        with pytest.raises(Conflict) as conflict:
            submit(replace(draft, **photos))
        assert conflict.value.code == "submission_differs"
        assert conflict.value.params == {"report_code": first.code}
    assert count(Report) == 1


def test_a_photo_named_twice_counts_once(town: Town) -> None:
    (red,) = uploads_of("red")
    draft = draft_of(photo_ids=(red, red))
    first = submit(draft)
    assert len(photos_of(first.report_id)) == 1
    assert submit(replace(draft, photo_ids=(red,))).repeated


@pytest.mark.parametrize("colours", [(), ("red", "blue")])
def test_the_same_draft_twice_at_the_same_moment_makes_one_report(
    town: Town, colours: tuple[str, ...]
) -> None:
    for _ in range(5):
        draft = draft_of(category_id=town.category.id, photo_ids=uploads_of(*colours))
        before = count(Report)
        one, other = at_once(partial(submit, draft), partial(submit, draft))
        assert isinstance(one, Receipt) and isinstance(other, Receipt), (one, other)
        assert one.code == other.code
        assert sorted([one.repeated, other.repeated]) == [False, True]
        assert count(Report) == before + 1
        assert len(photos_of(one.report_id)) == len(colours)


def test_two_drafts_that_want_the_same_photo_do_not_share_it(town: Town) -> None:
    (photo,) = uploads_of("red")
    drafts = [draft_of(photo_ids=(photo,)) for _ in range(2)]
    results = at_once(lambda: submit(drafts[0]), lambda: submit(drafts[1]))
    taken = [result for result in results if isinstance(result, Receipt)]
    late = [result for result in results if isinstance(result, Invalid)]
    assert (len(taken), len(late)) == (1, 1)
    assert late[0].params["missing"] == [photo]
    assert count(Report) == 1


REFUSED: list[tuple[dict[str, Any], dict[str, str]]] = [
    ({"text": "", "photo_ids": ()}, {"content": "required"}),
    ({"text": " \r\n\t\x00\u200e"}, {"content": "required"}),
    ({"address_text": " "}, {"place": "required"}),
    ({"latitude": 16.47}, {"place": "half_a_point"}),
    ({"longitude": 107.58}, {"place": "half_a_point"}),
    ({"latitude": math.nan, "longitude": 107.5}, {"latitude": "out_of_range"}),
    ({"latitude": 16.4, "longitude": math.inf}, {"longitude": "out_of_range"}),
    ({"latitude": 91.0, "longitude": 107.5}, {"latitude": "out_of_range"}),
    ({"latitude": FAR_OFF[0], "longitude": FAR_OFF[1]}, {"place": "outside_the_city"}),
    ({"text": "a" * 5_001}, {"text": "too_long"}),
    ({"address_text": "a" * 301}, {"address_text": "too_long"}),
    ({"category_id": 999_999}, {"category_id": "unknown_category"}),
    ({"category_id": 2**31}, {"category_id": "unknown_category"}),
    ({"category_id": 10**30}, {"category_id": "unknown_category"}),
    ({"area_id": 999_999}, {"area_id": "unknown_area"}),
    ({"area_id": -(10**30)}, {"area_id": "unknown_area"}),
    ({"photo_ids": ("nobody-knows-it",)}, {"photos": "photo_missing"}),
    ({"photo_ids": tuple("abcdef")}, {"photos": "too_many_photos"}),
    ({"contact_name": "An"}, {"consent": "required"}),
    ({"contact_phone": "0905 123 456"}, {"consent": "required"}),
    ({"contact_email": "an@", "consent_version": "1"}, {"contact_email": "not_an_email"}),
    (
        {"contact_email": "a" * 300 + "@b.vn", "consent_version": "1"},
        {"contact_email": "not_an_email"},
    ),
    ({"contact_phone": "12 34", "consent_version": "1"}, {"contact_phone": "not_a_phone"}),
    ({"contact_phone": "0905" * 11, "consent_version": "1"}, {"contact_phone": "too_long"}),
    ({"contact_name": "a" * 121, "consent_version": "1"}, {"contact_name": "too_long"}),
]


def test_what_cannot_be_accepted_is_named(town: Town) -> None:
    for fields, problems in REFUSED:
        assert refused(draft_of(**fields)) == problems


def test_an_accuracy_that_is_none_is_left_out(town: Town) -> None:
    for accuracy in (math.nan, math.inf, -1.0):
        receipt = submit(draft_of(accuracy_m=accuracy))
        assert load(receipt.report_id).accuracy_m is None


def test_everything_that_cannot_be_accepted_is_named_at_once(town: Town) -> None:
    everything_wrong = draft_of(
        text="a" * 5_001,
        address_text="",
        category_id=999_999,
        photo_ids=("nobody-knows-it",),
        contact_email="an@",
    )
    with pytest.raises(Invalid) as invalid:
        submit(everything_wrong)
    assert invalid.value.fields == {
        "text": "too_long",
        "place": "required",
        "category_id": "unknown_category",
        "photos": "photo_missing",
        "contact_email": "not_an_email",
        "consent": "required",
    }
    assert invalid.value.params["missing"] == ["nobody-knows-it"]


def test_a_photo_of_something_else_or_of_another_report_is_missing(town: Town) -> None:
    evidence = create_upload(PhotoPurpose.EVIDENCE)
    (used,) = uploads_of("red")
    submit(draft_of(photo_ids=(used,)))
    for upload_id in (evidence, used):
        assert refused(draft_of(photo_ids=(upload_id,))) == {"photos": "photo_missing"}


def test_a_photo_alone_is_enough_and_five_are_taken(town: Town) -> None:
    colours = ("red", "blue", "green", "white", "black")
    receipt = submit(draft_of(text="", photo_ids=uploads_of(*colours)))
    assert len(photos_of(receipt.report_id)) == 5


def test_a_point_just_off_the_ward_takes_the_nearest(town: Town) -> None:
    receipt = submit(draft_of(address_text="", latitude=JUST_OFF[0], longitude=JUST_OFF[1]))
    assert load(receipt.report_id).area_id == town.area.id


def test_the_point_says_more_than_the_ward_that_was_named(town: Town) -> None:
    other = create_area("Thuận Hóa", corners=(107.7, 16.4, 107.8, 16.5))
    point = {"latitude": INSIDE[0], "longitude": INSIDE[1]}
    assert load(submit(draft_of(area_id=other.id, **point)).report_id).area_id == town.area.id
    far = {"latitude": FAR_OFF[0], "longitude": FAR_OFF[1]}
    assert load(submit(draft_of(area_id=other.id, **far)).report_id).area_id == other.id


def test_a_ward_alone_is_a_place_and_routes(town: Town) -> None:
    receipt = submit(
        draft_of(
            address_text="",
            area_id=town.area.id,
            category_id=town.category.id,
            place_source=PlaceSource.WARD,
        )
    )
    report = load(receipt.report_id)
    assert (report.area_id, report.state) == (town.area.id, ReportState.DISPATCHED)
    assert report.latitude is None


def test_without_a_category_a_report_waits_for_the_dispatcher(town: Town) -> None:
    receipt = submit(draft_of(area_id=town.area.id))
    report = load(receipt.report_id)
    assert report.state is ReportState.RECEIVED
    assert (report.unit_id, report.due, report.lead_assignment_id) == (None, None, None)
    assert report.visibility is Visibility.PENDING
    assert (report.rounds, report.assignments) == ([], [])
    assert kinds_of(report.id) == [HistoryKind.RECEIVED]


def test_a_category_no_rule_speaks_of_waits_as_well(town: Town) -> None:
    receipt = submit(draft_of(category_id=create_category("Cây xanh").id))
    assert load(receipt.report_id).state is ReportState.RECEIVED


def test_contact_is_kept_apart_and_only_with_consent(town: Town) -> None:
    receipt = submit(
        draft_of(
            contact_name=" Nguye\u0302\u0303n An\x00 ",
            contact_email=" An@Example.com ",
            contact_phone="\u200e0905\x00 123 456 ",
            consent_version="2026-11",
        )
    )
    reporter = load(receipt.report_id).reporter
    assert reporter is not None
    contact = contact_of(reporter, city=the_city())
    assert contact.name == "Nguyễn An"
    assert contact.email == "An@example.com"  # a domain has no capitals, what precedes it may
    assert contact.phone == "0905 123 456"
    assert (reporter.consent_version, reporter.consented_at) == ("2026-11", MONDAY)


def test_blank_contact_is_none(town: Town) -> None:
    for blank in (" ", "\u3000", "\x00", "\r\n"):
        receipt = submit(draft_of(contact_name=blank, contact_email=blank, contact_phone=blank))
        assert load(receipt.report_id).reporter is None
    assert count(Reporter) == 0


def test_a_contact_padded_beyond_its_column_still_fits(town: Town) -> None:
    receipt = submit(
        draft_of(
            contact_phone="0905123456" + "\x07" * 60,
            contact_email=" " * 300 + "an@example.com",
            consent_version="1",
        )
    )
    reporter = load(receipt.report_id).reporter
    assert reporter is not None
    assert contact_of(reporter, city=the_city()) == Contact("", "an@example.com", "0905123456")


def test_text_is_stored_clean_and_can_be_searched_without_marks(town: Town) -> None:
    receipt = submit(
        draft_of(
            text="\ufeffRa\u0301c\r\ntha\u0309i\x00\x1b[31m \u202ebẩn\ud800 ",
            address_text="Đường\x00 Nguyễn Huệ",
        )
    )
    report = load(receipt.report_id)
    assert report.text == "Rác\nthải[31m bẩn"
    assert report.address_text == "Đường Nguyễn Huệ"
    assert report.folded_text == "rac\nthai[31m ban duong nguyen hue"


def test_the_longest_text_is_measured_as_people_see_it(town: Town) -> None:
    decomposed = "e\u0302\u0301" * 5_000  # 15 000 code points, 5 000 letters
    assert len(load(submit(draft_of(text=decomposed)).report_id).text) == 5_000
    address = "ế" * 300
    assert load(submit(draft_of(address_text=address)).report_id).address_text == address


def test_a_dispatcher_reports_on_behalf_of_a_caller_and_nobody_else(town: Town) -> None:
    receipt = submit(draft_of(channel=Channel.PHONE), actor=town.as_dispatcher)
    entry = entry_of(receipt.report_id, HistoryKind.RECEIVED)
    assert (entry.actor_kind, entry.account_id) == (ActorKind.STAFF, town.dispatcher.id)
    assert load(receipt.report_id).channel is Channel.PHONE
    for actor in (town.as_handler, town.as_head, SYSTEM):
        with pytest.raises(NotAllowed):
            submit(draft_of(), actor=actor)
    assert submit(draft_of(), actor=CITIZEN)


def test_the_day_is_the_citys_not_that_of_utc(town: Town) -> None:
    # 00:30 on Tuesday in the city is still Monday in UTC: Tuesday is day 0.
    late = datetime(2026, 3, 2, 17, 30, tzinfo=UTC)
    receipt = submit(draft_of(category_id=town.category.id, area_id=town.area.id), now=late)
    assert load(receipt.report_id).due == datetime(2026, 3, 12, 10, 0, tzinfo=UTC)


def test_a_submission_id_is_one_id_however_it_is_written(town: Town) -> None:
    written = "6F9619FF-8B86-D011-B42D-00CF4FC964FF"
    first = submit(draft_of(submission_id=UUID(written)))
    assert submit(draft_of(submission_id=UUID(written.lower()))).code == first.code
