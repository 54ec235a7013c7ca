"""Notes beside a case's steps, and the documents that come with them or prove an answer."""

import io
from datetime import timedelta
from typing import Any

import pytest

from feedback.domain.actors import Actor
from feedback.domain.errors import Conflict, Invalid, NotAllowed
from feedback.domain.histories import HistoryKind
from feedback.domain.states import Outcome, PhotoPurpose, ReportState, Role
from feedback.operations.add_note import Note, add_note
from feedback.operations.answer_case import Answer, answer_case
from feedback.operations.documents import keep_document
from feedback.operations.remove_left_uploads import remove_left_uploads
from feedback.operations.transaction import reading
from feedback.storage.models import Document
from feedback.storage.queries import documents
from tests.factories import MONDAY, Case, actor_of, create_account, create_unit, the_city
from tests.operations.by_hand import HOUR, A, step, working
from tests.operations.lives import Town, count, entry_of, load, photos_of, uploads_of

PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\nendobj\n%%EOF\n"


def keep(actor: Actor, content: bytes = PDF, name: str = "Biên bản.pdf") -> str:
    return keep_document(
        io.BytesIO(content), len(content), name, actor=actor, city=the_city(), now=MONDAY
    )


def add(case: Case, actor: Actor, assignment: bool = True, **note: Any) -> None:
    said = Note(**{"text": "Đã liên hệ đội thi công."} | note)
    assignment_id = case.assignment_id if assignment else None
    add_note(case.report_id, assignment_id, said, actor=actor, city=the_city(), now=MONDAY + HOUR)


def documents_of(case: Case) -> list[Document]:
    with reading() as session:
        found = list(documents.of_report(session, case.report_id))
        session.expunge_all()
    return found


def test_a_note_is_internal_unless_it_is_news(town: Town) -> None:
    case = working(town)
    for public in (False, True):
        add(case, town.as_handler, public=public)
        entry = entry_of(case.report_id, HistoryKind.NOTE)
        assert (entry.public, entry.note) == (public, "Đã liên hệ đội thi công.")
        assert (entry.unit_id, entry.account_id) == (town.unit.id, town.handler.id)


def test_news_is_checked_for_private_data_and_an_internal_note_is_not(town: Town) -> None:
    case, text = working(town), "Liên hệ anh Ba, 0905 123 456"
    add(case, town.as_handler, text=text)
    with pytest.raises(Invalid) as refused:
        add(case, town.as_handler, text=text, public=True)
    assert refused.value.fields == {"checked_text": "required"}
    add(case, town.as_handler, text=text, public=True, text_checked=True)


def test_the_unit_and_the_dispatcher_write_notes_and_nobody_else(town: Town) -> None:
    case = working(town)
    add(case, town.as_dispatcher, assignment=False)
    stranger = actor_of(create_account(Role.HEAD, create_unit("Đơn vị khác")))
    with pytest.raises(NotAllowed):
        add(case, stranger)
    with pytest.raises(NotAllowed):
        add(case, town.as_handler, assignment=False)
    for text, why in ((" ", "required"), ("a" * 5_001, "too_long")):
        with pytest.raises(Invalid) as refused:
            add(case, town.as_handler, text=text)
        assert refused.value.fields == {"text": why}


def test_a_unit_that_has_left_publishes_no_news(town: Town) -> None:
    case = working(town)
    step(case, A.RETURNED, town.as_handler, MONDAY)
    with pytest.raises(Conflict):
        add(case, town.as_handler, public=True)
    add(case, town.as_handler)


def test_photos_and_documents_come_with_a_note(town: Town) -> None:
    case = working(town)
    photo_ids = uploads_of("red", purpose=PhotoPurpose.NOTE)
    add(case, town.as_handler, photo_ids=photo_ids, document_ids=(keep(town.as_handler),))
    message_id = entry_of(case.report_id, HistoryKind.NOTE).data["message_id"]
    (photo,), (document,) = photos_of(case.report_id), documents_of(case)
    assert photo.message_id == document.message_id == message_id
    assert (document.name, document.size) == ("Biên bản.pdf", len(PDF))
    with the_city().files.open(document.key) as file:
        assert file.read() == PDF


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "empty_document"),
        (b"\x89PNG\r\n\x1a\n", "not_a_pdf"),
        (b"<html>%PDF-1.7", "not_a_pdf"),
        (b"%PDF-" + b"0" * (15 * 1024 * 1024), "too_large_document"),
    ],
)
def test_only_a_pdf_of_15_megabytes_is_kept(town: Town, content: bytes, why: str) -> None:
    with pytest.raises(Invalid) as refused:
        keep(town.as_handler, content)
    assert refused.value.fields == {"documents": why}
    assert count(Document) == 0


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../etc/passwd", "passwd.pdf"),
        ("C:\\Hồ sơ\\ảnh.pdf", "ảnh.pdf"),
        ("", "document.pdf"),
        ("a" * 300 + ".pdf", "a" * 196 + ".pdf"),
        ("x\r\nSet-Cookie: y.pdf", "x Set-Cookie: y.pdf"),
    ],
)
def test_a_documents_name_is_only_a_name(town: Town, name: str, kept: str) -> None:
    case = working(town)
    add(case, town.as_handler, document_ids=(keep(town.as_handler, name=name),))
    assert documents_of(case)[0].name == kept


def test_a_document_is_its_uploaders_until_it_is_attached_and_used_once(town: Town) -> None:
    case = working(town)
    mine = keep(town.as_handler)
    with pytest.raises(Invalid) as refused:
        add(case, town.as_head, document_ids=(mine,))
    assert refused.value.fields == {"documents": "document_missing"}
    add(case, town.as_handler, document_ids=(mine,))
    with pytest.raises(Invalid):
        add(case, town.as_handler, document_ids=(mine,))
    assert len(documents_of(case)) == 1


def test_a_document_proves_that_the_matter_is_fixed(town: Town) -> None:
    case = working(town)
    said = Answer(outcome=Outcome.FIXED, text="Xong.", document_ids=(keep(town.as_handler),))
    how: dict[str, Any] = {"version": None, "actor": town.as_handler, "city": the_city()}
    answer_case(case.report_id, case.assignment_id, said, **how, now=MONDAY + HOUR)
    assert load(case.report_id).state is ReportState.CLOSED
    (document,) = documents_of(case)
    assert (document.assignment_id, document.message_id) == (case.assignment_id, None)


def test_a_notes_document_proves_nothing(town: Town) -> None:
    case = working(town)
    add(case, town.as_handler, document_ids=(keep(town.as_handler),))
    with pytest.raises(Invalid) as refused:
        answer_case(
            *(case.report_id, case.assignment_id),
            Answer(outcome=Outcome.FIXED, text="Xong."),
            version=None,
            actor=town.as_handler,
            city=the_city(),
            now=MONDAY + HOUR,
        )
    assert refused.value.fields == {"evidence": "required"}


def test_documents_left_behind_are_removed(town: Town) -> None:
    case = working(town)
    keep(town.as_handler, PDF + b"left")
    add(case, town.as_handler, document_ids=(keep(town.as_handler),))
    (kept,) = documents_of(case)
    remove_left_uploads(city=the_city(), now=MONDAY + timedelta(days=2))
    assert count(Document) == 1
    assert the_city().files.exists(kept.key)
