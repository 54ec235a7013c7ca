"""The register of letters of apology: what was late, what was signed, and the cases behind it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from feedback.domain.letters import LetterFigure
from feedback.domain.periods import ONE_DAY, Period, Window
from feedback.domain.states import Role
from feedback.extensions import db
from feedback.printing.sheets import Column, Kind, Sheet, workbook
from feedback.storage.models import Letter, Round
from feedback.storage.queries import figure_cases, letters
from feedback.storage.queries.letters import Span
from feedback.web import context
from feedback.web.csv_files import csv_response
from feedback.web.forms import as_key, key_in
from feedback.web.presenting import area_name, name_of, title_of, unit_name
from feedback.web.sessions import current_actor
from feedback.web.supervisor.blueprint import pages
from feedback.web.windows import asked_period, window_choice
from feedback.web.workbooks import xlsx_response
from feedback.wording import _

PAGE_SIZE = 50
ROWS_A_READ = 500


@dataclass(frozen=True, slots=True)
class Asked:
    """What an address asks for: a window as it stood at the data time."""

    period: Period
    as_of: datetime

    @property
    def window(self) -> Window:
        """Its days."""
        return self.period.window

    @property
    def span(self) -> Span:
        """Its moments."""
        zone = context.city().zone
        start, end = (
            datetime.combine(day, time(), zone)
            for day in (self.window.first, self.window.last + ONE_DAY)
        )
        return Span(start, end, self.as_of)


@pages.get("/letters")
def show_letters() -> str:
    """The counts of every unit, and of the city."""
    asked = _asked()
    by_unit = letters.register(db.session(), asked.span)
    lines = lines_of(by_unit)
    return render_template(
        "supervisor/letters.html",
        asked=asked,
        choice=window_choice(asked.period, dropped=("as_of",)),
        figures=[(figure, figure_word(figure)) for figure in LetterFigure],
        total=totals(by_unit),
        lines=lines,
        link=lambda figure, unit_id=None: url_for(
            "supervisor.list_letters_of",
            figure=figure.value,
            unit=unit_id,
            window=asked.period.name,
            as_of=asked.as_of.isoformat(),
        ),
        file_urls={
            kind: url_for(
                f"supervisor.download_letters_{kind}",
                window=asked.period.name,
                as_of=asked.as_of.isoformat(),
            )
            for kind in FILE_KINDS
        },
    )


FILE_KINDS = ("csv", "xlsx")


@pages.get("/letters.csv")
def download_letters_csv() -> ResponseReturnValue:
    """The register as a file."""
    asked = _asked()
    return csv_response(f"letters-{asked.window.last:%Y-%m-%d}.csv", _register_rows(asked))


@pages.get("/letters.xlsx")
def download_letters_xlsx() -> ResponseReturnValue:
    """The register as a workbook."""
    asked = _asked()
    head, *rows = _register_rows(asked)
    columns = [
        Column(str(title), Kind.WHOLE if place else Kind.TEXT, 0 if place else 44)
        for place, title in enumerate(head)
    ]
    notes = [
        _(
            "Deadlines of %(first)s – %(last)s",
            first=_day(asked.window.first),
            last=_day(asked.window.last),
        ),
        _("Data of %(moment)s", moment=_local(asked.as_of)),
    ]
    title = _("Letters of apology")
    made = workbook(
        [Sheet(title, columns, rows, notes)], title=title, at=asked.as_of, zone=context.city().zone
    )
    return xlsx_response(f"letters-{asked.window.last:%Y-%m-%d}.xlsx", made)


@pages.get("/letters/cases")
def list_letters_of() -> str:
    """The cases behind one count; the address names count, unit, window and data time."""
    asked, figure, unit_id = _asked(), _asked_figure(), key_in(request.args, "unit")
    session = db.session()
    after = _after()
    page = letters.counted(
        session, asked.span, figure, unit_id=unit_id, after_id=after, limit=PAGE_SIZE + 1
    )
    shown = page[:PAGE_SIZE]
    by_unit = letters.register(session, asked.span)
    counts = totals(by_unit) if unit_id is None else by_unit.get(unit_id, {})
    actor = current_actor()
    return render_template(
        "supervisor/letter_cases.html",
        asked=asked,
        title=figure_word(figure),
        scope_name=unit_name(figure_cases.unit(session, unit_id)) or _("Whole city"),
        count=counts.get(figure, 0),
        items=[_item(late, letter) for late, letter in shown],
        may_open=actor is not None and actor.role is Role.SUPERVISOR,
        file_url=url_for("supervisor.download_letter_cases", **_address(asked)),
        first_url=url_for("supervisor.list_letters_of", **_address(asked)) if after else None,
        next_url=url_for("supervisor.list_letters_of", **_address(asked), after=shown[-1][0].id)
        if len(page) > PAGE_SIZE
        else None,
    )


@pages.get("/letters/cases.csv")
def download_letter_cases() -> ResponseReturnValue:
    """The whole list behind one count as a file."""
    asked, figure, unit_id = _asked(), _asked_figure(), key_in(request.args, "unit")
    name = f"letters-{figure.value}-{asked.window.last:%Y-%m-%d}.csv"
    return csv_response(name, _case_rows(asked, figure, unit_id))


def lines_of(
    by_unit: Mapping[int, Mapping[LetterFigure, int]],
) -> list[tuple[int, str, Mapping[LetterFigure, int]]]:
    """The counts of each unit with its name, most cases without a letter first."""
    names = {unit.id: unit_name(unit) for unit in figure_cases.units(db.session())}
    lines = [(unit_id, names.get(unit_id, ""), counts) for unit_id, counts in by_unit.items()]
    return sorted(
        lines,
        key=lambda line: (
            -line[2][LetterFigure.WITHOUT_LETTER],
            -line[2][LetterFigure.LATE],
            line[1],
        ),
    )


def totals(by_unit: Mapping[int, Mapping[LetterFigure, int]]) -> dict[LetterFigure, int]:
    """The counts of all units together."""
    return {figure: sum(counts[figure] for counts in by_unit.values()) for figure in LetterFigure}


def figure_word(figure: LetterFigure) -> str:
    """What a count says, in words."""
    return {
        LetterFigure.LATE: _("Deadlines missed"),
        LetterFigure.WITHOUT_LETTER: _("Late without a letter"),
        LetterFigure.AFTER_DUE: _("Letter after the deadline"),
        LetterFigure.REPEATED: _("Put off twice or more"),
    }[figure]


def _register_rows(asked: Asked) -> Iterator[Sequence[str | int]]:
    yield [_("Unit"), *(figure_word(figure) for figure in LetterFigure)]
    by_unit = letters.register(db.session(), asked.span)
    for _unit_id, name, counts in lines_of(by_unit):
        yield [name, *(counts[figure] for figure in LetterFigure)]
    total = totals(by_unit)
    yield [_("Whole city"), *(total[figure] for figure in LetterFigure)]


def _case_rows(
    asked: Asked, figure: LetterFigure, unit_id: int | None
) -> Iterator[Sequence[object]]:
    yield [
        *(_("Code"), _("What"), _("Category"), _("Ward or commune"), _("Unit"), _("Deadline")),
        *(_("Closed"), _("Letter signed"), _("Put off for the how-manieth time"), _("New date")),
    ]
    after = 0
    while page := letters.counted(
        db.session(), asked.span, figure, unit_id=unit_id, after_id=after, limit=ROWS_A_READ
    ):
        for late, letter in page:
            item = _item(late, letter)
            yield [
                *(item[name] for name in ("code", "title", "category", "area", "unit")),
                *(_local(item[name]) for name in ("due", "closed_at", "signed_at")),
                item["number"] or "",
                f"{item['new_date']:%d/%m/%Y}" if item["new_date"] else "",
            ]
        after = page[-1][0].id


def _item(late: Round, letter: Letter | None) -> dict[str, Any]:
    report = late.report
    return {
        "code": report.code,
        "title": title_of(report),
        "category": name_of(report.category),
        "area": area_name(report.area) or report.address_text,
        "unit": unit_name(late.unit),
        "round": late.number,
        "due": late.due,
        "closed_at": late.closed_at,
        "signed_at": letter.signed_at if letter else None,
        "number": letter.number if letter else None,
        "new_date": letter.new_date if letter else None,
    }


def _local(moment: datetime | None) -> str:
    return moment.astimezone(context.city().zone).strftime("%d/%m/%Y %H:%M") if moment else ""


def _day(day: date) -> str:
    return f"{day:%d/%m/%Y}"


def _asked() -> Asked:
    """The window and data time in the address. Raises NotFound for what cannot be."""
    words = request.args.get("as_of")
    try:
        as_of = datetime.fromisoformat(words) if words is not None else context.now()
    except ValueError:
        raise NotFound from None
    if as_of.tzinfo is None or not 2000 <= as_of.year < 2200:
        raise NotFound
    return Asked(asked_period(as_of.astimezone(context.city().zone).date()), as_of)


def _asked_figure() -> LetterFigure:
    try:
        return LetterFigure(request.args.get("figure", ""))
    except ValueError:
        raise NotFound from None


def _after() -> int:
    try:
        return as_key(request.args.get("after", ""))
    except ValueError:
        return 0


def _address(asked: Asked) -> dict[str, Any]:
    kept = {name: value for name, value in request.args.items() if name != "after"}
    return {**kept, "as_of": asked.as_of.isoformat()}
