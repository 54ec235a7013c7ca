"""Reports of another system: a file is sent, looked at, then taken over or let be."""

import io
from collections.abc import Iterator
from http import HTTPStatus
from typing import Any

from flask import Response, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import FileStorage
from werkzeug.exceptions import NotFound

from config import MEGABYTE, Settings
from feedback.domain.errors import Conflict, Invalid
from feedback.domain.events import CHECK_IMPORT, RUN_IMPORT
from feedback.domain.report_imports import ImportStage
from feedback.extensions import db
from feedback.operations.imported_files import rows_of
from feedback.operations.run_import import discard_import, start_import
from feedback.operations.send_import import LONGEST_MAPPING, send_import
from feedback.storage.models import ReportImport
from feedback.storage.queries import imports, outbox
from feedback.storage.types import can_be_key
from feedback.web import context
from feedback.web.admin.blueprint import pages
from feedback.web.admin.editing import Entered, by
from feedback.web.csv_files import csv_response
from feedback.web.forms import key_in, sent_files, size_of
from feedback.web.messages import explain, sentence
from feedback.wording import _
from feedback.wording.imports import failure_words, mapping_words, refusal_words

LISTED = 100
SECONDS_BETWEEN_LOOKS = 3
_WORK = (CHECK_IMPORT.name, RUN_IMPORT.name)


@pages.get("/import")
def imports_page() -> str:
    """The imports there were, and the form that sends a file."""
    entered = Entered()
    if (former := _former()) is not None:
        entered.values = {"mapping": former.mapping}
    return _page(entered)


@pages.post("/import")
def send_reports() -> ResponseReturnValue:
    """Keep a file and its mapping to be checked."""
    file, mapping = _sent("file"), _mapping_text()
    entered = Entered(values={"mapping": mapping})
    try:
        import_id = send_import(
            file.stream if file else None,  # type: ignore[arg-type]
            size_of(file) if file else 0,
            (file.filename or "") if file else "",
            mapping=mapping,
            most=_settings().import_max_bytes,
            **by(),
        )
    except Invalid as refused:
        entered.errors, entered.preview = _refusal(refused)
        return _page(entered), HTTPStatus.UNPROCESSABLE_ENTITY
    except Conflict as refused:
        entered.errors = {"form": explain(refused)}
        return _page(entered), HTTPStatus.CONFLICT
    return redirect(_address(import_id), HTTPStatus.SEE_OTHER)


@pages.get("/import/<int:import_id>")
def show_import(import_id: int) -> ResponseReturnValue:
    """How far an import is, what it would do, or what it has done."""
    found = _found(import_id)
    stuck = found.stage.at_work and outbox.given_up(db.session(), _WORK, "import_id", import_id)
    page = render_template(
        "admin/import.html",
        one=found,
        stuck=stuck,
        failure=failure_words(found.problem, found.problem_detail) if found.problem else "",
        refused=[_group(group) for group in found.problems if not group["left_out"]],
        left_out=[_group(group) for group in found.problems if group["left_out"]],
        stage_word=stage_word(found),
    )
    response = Response(page)
    if found.stage.at_work and not stuck:
        # The header does what the element of that name does, and no script is needed.
        response.headers["Refresh"] = str(SECONDS_BETWEEN_LOOKS)
    return response


@pages.post("/import/<int:import_id>/start")
def take_over_reports(import_id: int) -> ResponseReturnValue:
    """Have the checked file taken over."""
    _found(import_id)
    try:
        start_import(import_id, **by())
    except Conflict as refused:
        flash(explain(refused), "bad")
    return redirect(_address(import_id), HTTPStatus.SEE_OTHER)


@pages.post("/import/<int:import_id>/discard")
def discard_reports(import_id: int) -> ResponseReturnValue:
    """Give an import up."""
    _found(import_id)
    try:
        discard_import(import_id, **by())
        flash(_("The import is given up; its file is removed."), "ok")
    except Conflict as refused:
        flash(explain(refused), "bad")
    return redirect(_address(import_id), HTTPStatus.SEE_OTHER)


@pages.get("/import/<int:import_id>/refused.csv")
def refused_rows(import_id: int) -> ResponseReturnValue:
    """Every refused row and why, in the reader's language."""
    found = _found(import_id)
    if not found.refused_key:
        raise NotFound
    try:
        with context.city().files.open(found.refused_key) as stream:
            content = stream.read()
    except FileNotFoundError as error:
        raise NotFound from error
    return csv_response(f"refused-{import_id}.csv", _in_words(content))


def _in_words(content: bytes) -> Iterator[list[object]]:
    yield [_("Line"), _("ID in the file"), _("Column"), _("What is wrong"), _("Value")]
    with rows_of(io.BytesIO(content), packed=False) as rows:
        for row in rows:
            why = refusal_words(row["reason"] or "")
            yield [row["line"], row["id"], row["column"], why, row["value"]]


def _sent(name: str) -> FileStorage | None:
    return next(iter(sent_files(name)), None)


def _mapping_text() -> str:
    """The mapping from its file if one was chosen, else as it was typed."""
    chosen = _sent("mapping_file")
    if chosen is None:
        return request.form.get("mapping", "")
    content = chosen.stream.read(LONGEST_MAPPING * 4)
    return content.decode("utf-8-sig", errors="replace")


def _refusal(refused: Invalid) -> tuple[dict[str, str], list[str]]:
    """A sentence for each field, and what is wrong with the mapping key by key."""
    params = refused.params
    errors = {name: sentence(code, name) for name, code in refused.fields.items()}
    if refused.fields.get("file") == "import_file_too_large":
        errors["file"] = _(
            "The file is larger than %(megabytes)s MB. Pack it with gzip or split it.",
            megabytes=params["megabytes"],
        )
    if params.get("place"):
        line, column = params["place"]
        errors["mapping"] = _(
            "The mapping is not TOML: look at line %(line)s, column %(column)s.",
            line=line,
            column=column,
        )
    if params.get("missing"):
        errors["mapping"] = _(
            "The file lacks columns that the mapping names: %(columns)s",
            columns=", ".join(params["missing"]),
        )
    return errors, mapping_words(params.get("wrong", {}))


def _page(entered: Entered) -> str:
    session = db.session()
    return render_template(
        "admin/imports.html",
        imports=[(one, stage_word(one)) for one in imports.listed(session, LISTED)],
        unfinished=imports.unfinished(session),
        mapping=entered.values.get("mapping", ""),
        errors=entered.errors,
        wrong=entered.preview or [],
        megabytes=_settings().import_max_bytes // MEGABYTE,
        levels=imports.level_codes(session),
    )


def stage_word(one: ReportImport) -> str:
    """How far an import is, in words."""
    if one.stage is ImportStage.DISCARDED:
        return _("stopped") if one.started_at else _("discarded")
    return {
        ImportStage.CHECKING: _("being checked"),
        ImportStage.CHECKED: _("checked, waits for your decision"),
        ImportStage.RUNNING: _("being taken over"),
        ImportStage.DONE: _("taken over"),
        ImportStage.FAILED: _("failed"),
    }[one.stage]


def _group(group: dict[str, Any]) -> dict[str, Any]:
    """Refused rows that have their column and reason in common."""
    return {**group, "why": refusal_words(group["reason"])}


def _former() -> ReportImport | None:
    """The import whose mapping is to be used again."""
    key = key_in(request.args, "again")
    return imports.one(db.session(), key) if key else None


def _found(import_id: int) -> ReportImport:
    found = imports.one(db.session(), import_id) if can_be_key(import_id) else None
    if found is None:
        raise NotFound
    return found


def _address(import_id: int) -> str:
    return url_for("admin.show_import", import_id=import_id)


def _settings() -> Settings:
    settings: Settings = current_app.extensions["settings"]
    return settings
