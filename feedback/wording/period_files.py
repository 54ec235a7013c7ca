"""The files of a period report: a PDF to be read and a workbook to be counted with."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from flask_babel import force_locale

from feedback.domain.measures import CITY, Figure
from feedback.domain.share_measures import ShareMeasure
from feedback.domain.states import Clock
from feedback.operations.city import City
from feedback.operations.make_period_report import Files, Frozen
from feedback.printing import Template, print_document
from feedback.printing.sheets import Column, Kind, Sheet, workbook
from feedback.wording import _, in_english, ngettext
from feedback.wording.definitions import definitions
from feedback.wording.figures import period_word, words_of
from feedback.wording.measures import share_word
from feedback.wording.numbers import number
from feedback.wording.period_cells import (
    Piece,
    Said,
    Table,
    bounds_in_words,
    count_of,
    counted,
    name_of,
    share_in_words,
    time_in_words,
)
from feedback.wording.period_charts import charts_of
from feedback.wording.period_tables import tables_of

LANGUAGES = ("vi", "en")
PDF, XLSX = "pdf", "xlsx"
FORMS = (PDF, XLSX)


def write_files(frozen: Frozen, city: City) -> Files:
    """Every file of a report, by language and form; the same report gives the same bytes.

    Needs an application context. Raises PrintingFailed.
    """
    files = {}
    for language, city_name in zip(LANGUAGES, city.names or ("", ""), strict=True):
        with force_locale(language):
            tables = tables_of(frozen.document)
            paper = paper_of(frozen, tables, city_name, city)
            files[language, PDF] = print_document(Template.PERIOD, paper, frozen.data_time)
            files[language, XLSX] = workbook_of(frozen, tables, city_name, city)
    return files


def title_of(frozen: Frozen) -> str:
    """What a report is called: "Báo cáo phản ánh hiện trường, Tháng 10/2026"."""
    return _("Report on citizens' reports, %(period)s", period=period_word(frozen.period))


def file_name(frozen: Frozen, language: str, form: str) -> str:
    """What a file is called where it is saved: report-2026-10-unit-5-vi.pdf."""
    scope = "" if frozen.scope == CITY else "-" + frozen.scope.replace(":", "-")
    edition = f"-{frozen.edition}" if frozen.edition > 1 else ""
    return f"report-{frozen.period.name}{scope}{edition}-{language}.{form}"


def scope_of(frozen: Frozen) -> str:
    """Whose figures it has."""
    return _("Whole city") if frozen.scope == CITY else name_of(frozen.document["whole"])


def facts_of(frozen: Frozen, city: City) -> list[tuple[str, str]]:
    """What a reader has to know before the figures."""
    told = frozen.document
    compared = told["whole"]["before"] is not None
    before = _days(told["before_first"], told["before_last"])
    facts = [
        (_("Scope"), scope_of(frozen)),
        (_("Days covered"), _days(told["first"], told["last"])),
        (_("Compared with"), before if compared else _("nothing: not counted whole")),
        (_("Data of"), _moment(frozen.data_time, city)),
        (_("Version of the calendar"), str(frozen.calendar_version)),
        (_("Version of the definitions"), str(frozen.definitions)),
        (_("Edition"), str(frozen.edition)),
        (_("Corrected because"), frozen.reason),
    ]
    return [(name, value) for name, value in facts if value]


def headlines_of(frozen: Frozen) -> list[tuple[str, str, str]]:
    """The figures people ask for first: a word, the figure, and what it is of."""
    told, day = frozen.document["whole"], int(frozen.document["working_day_minutes"])
    values, before = told["values"], told["before"]
    on_time = values.get(ShareMeasure.ON_TIME_ORIGINAL.value)
    satisfied = values.get(ShareMeasure.SATISFIED.value)
    answer = values.get("time_to_answer", {}).get(Clock.WORKING.value)
    received = count_of(before, Figure.RECEIVED)
    return [
        (
            words_of(Figure.RECEIVED),
            counted(told, Figure.RECEIVED).text,
            "" if received is None else _("before: %(count)s", count=number(received)),
        ),
        (
            share_word(ShareMeasure.ON_TIME_ORIGINAL),
            share_in_words(on_time),
            _of(on_time, (before or {}).get(ShareMeasure.ON_TIME_ORIGINAL.value)),
        ),
        (
            _("Half answered within"),
            time_in_words(answer, "median", Clock.WORKING, day),
            ngettext("of %(num)s case", "of %(num)s cases", answer["cases"]) if answer else "",
        ),
        (
            share_word(ShareMeasure.SATISFIED),
            share_in_words(satisfied),
            " · ".join(
                part
                for part in (
                    bounds_in_words(satisfied),
                    _of(satisfied, (before or {}).get(ShareMeasure.SATISFIED.value)),
                )
                if part
            ),
        ),
        (
            _("Open at the end of the last day"),
            number(values["backlog"]["count"]),
            _("before: %(count)s", count=number(before["backlog"]["count"])) if before else "",
        ),
    ]


def paper_of(frozen: Frozen, tables: Sequence[Table], city_name: str, city: City) -> dict[str, Any]:
    """All that the printed report says, for its template."""
    title = title_of(frozen)
    whole = scope_of(frozen)
    return {
        "lang": _language(),
        "page_word": _("Page"),
        "title": title,
        "mark": " · ".join(
            [city_name, whole, period_word(frozen.period), _moment(frozen.data_time, city)]
        ),
        "city": city_name,
        "scope": whole,
        "kind": _("Report on citizens' reports"),
        "period": period_word(frozen.period),
        "facts": facts_of(frozen, city),
        "headlines": headlines_of(frozen),
        "charts": charts_of(frozen.document),
        "tables": [_printed(table) for table in tables],
        "definitions_title": _("What the figures mean"),
        "definitions": definitions(),
        "charts_title": _("At a glance"),
    }


def workbook_of(frozen: Frozen, tables: Sequence[Table], city_name: str, city: City) -> bytes:
    """The report as a workbook: a sheet about it, one for each table, one of days."""
    title = title_of(frozen)
    data_of = _("Data of %(moment)s", moment=_moment(frozen.data_time, city))
    notes = [f"{city_name}: {title}", data_of]
    about = Sheet(
        _("About this report"),
        (Column(_("What"), Kind.TEXT, 34), Column(_("Meaning"), Kind.TEXT, 110)),
        [*facts_of(frozen, city), *definitions()],
        notes[:1],
    )
    return workbook(
        [about, *(_sheet(table, notes) for table in tables), _sheet_of_days(frozen)],
        title=title,
        at=frozen.data_time,
        zone=city.zone,
    )


def _sheet(table: Table, notes: Sequence[str]) -> Sheet:
    heads = [head for column in table.columns for head in column.heads]
    rows = [[value for said in row for value in said.values] for row in table.rows]
    return Sheet(table.title, heads, rows, [*notes, table.note] if table.note else notes)


def _sheet_of_days(frozen: Frozen) -> Sheet:
    columns = (
        Column(_("Day"), Kind.DAY),
        Column(_("Received"), Kind.WHOLE),
        Column(_("Closed"), Kind.WHOLE),
        Column(_("Open at its end"), Kind.WHOLE, 20),
    )
    rows = [
        (date.fromisoformat(day), received, closed, opened)
        for day, received, closed, opened in frozen.document["days"]
    ]
    return Sheet(_("Each day"), columns, rows)


def _printed(table: Table) -> dict[str, Any]:
    return {
        "title": table.title,
        "note": table.note,
        "columns": [
            {"title": column.title, "right": column.right, "room": column.room}
            for column in table.columns
        ],
        "rows": [[_cell(said) for said in row] for row in table.rows],
    }


def _cell(said: Said) -> Mapping[str, Any]:
    return {"main": _joined(said.main), "small": _joined(said.small), "few": said.few}


def _joined(pieces: Sequence[Piece]) -> str:
    return "".join(piece.text for piece in pieces)


def _of(value: Mapping[str, Any] | None, before: Mapping[str, Any] | None) -> str:
    return " · ".join(_of_parts(value, before))


def _of_parts(value: Mapping[str, Any] | None, before: Mapping[str, Any] | None) -> Iterator[str]:
    if value and not value.get("hidden"):
        yield f"{number(value['numerator'])} / {number(value['denominator'])}"
    if before and not before.get("hidden"):
        yield _("before: %(share)s", share=share_in_words(before))


def _days(first: str, last: str) -> str:
    return " – ".join(f"{date.fromisoformat(day):%d/%m/%Y}" for day in (first, last))


def _moment(at: datetime, city: City) -> str:
    return f"{at.astimezone(city.zone):%d/%m/%Y %H:%M}"


def _language() -> str:
    return "en" if in_english() else "vi"
