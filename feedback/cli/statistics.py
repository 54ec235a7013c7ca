"""`flask --app wsgi statistics`: figures refreshed, rebuilt, and held against history."""

import csv
import json
import sys
from dataclasses import asdict
from datetime import UTC, date, datetime

import click
from flask import current_app
from flask.cli import AppGroup

from feedback.domain.comparisons import Against
from feedback.domain.errors import Invalid
from feedback.domain.figure_values import MEASURES
from feedback.domain.measures import CITY
from feedback.operations.make_period_report import make_period_report
from feedback.operations.order_period_report import correct_period_report, order_period_report
from feedback.operations.rebuild_statistics import rebuild_all, rebuild_statistics
from feedback.operations.refresh_statistics import refresh_statistics
from feedback.operations.show_figures import KINDS, flat, show_figures
from feedback.operations.transaction import reading
from feedback.operations.verify_statistics import verify_statistics
from feedback.storage.queries import period_reports
from feedback.wording.period_files import write_files

LISTED = 500

commands = AppGroup("statistics", help="Figures and where they come from.")


@commands.command("verify")
def verify() -> None:
    """Compute every figure aside, from history, and print each stored row that differs."""
    differences = verify_statistics(city=current_app.extensions["city"])
    for one in differences:
        click.echo(f"{one.row}\n  stored:   {_line(one.stored)}\n  expected: {_line(one.expected)}")
    if differences:
        raise click.ClickException(f"{len(differences)} rows differ.")
    click.echo("No differences.")


@commands.command("rebuild")
@click.option("--days", type=click.IntRange(min=1), help="Only the last so many days.")
def rebuild(days: int | None) -> None:
    """Compute every figure again, from history, and store it."""
    city, now = current_app.extensions["city"], datetime.now(UTC)
    if days is None:
        rebuild_all(city, now)
    else:
        rebuild_statistics(days, city=city, now=now)
    click.echo("Rebuilt.")


@commands.command("refresh")
def refresh() -> None:
    """Bring the figures up to date now, without waiting for the worker."""
    refresh_statistics(city=current_app.extensions["city"], now=datetime.now(UTC))
    click.echo("Up to date.")


@commands.command("show")
@click.option(
    "--window", default="30", show_default=True, help="7, 30, 90, 365, 2026-11, 2026-Q4 or 2026."
)
@click.option("--by", default="city", show_default=True, type=click.Choice(["city", *KINDS]))
@click.option(
    "--measure",
    "measures",
    multiple=True,
    required=True,
    help="One or more of: " + ", ".join(MEASURES),
)
@click.option(
    "--against",
    default=Against.BEFORE.value,
    show_default=True,
    type=click.Choice([one.value for one in Against]),
    help="Compare with the window just before, or with the same one a year earlier.",
)
@click.option(
    "--format",
    "form",
    default="table",
    show_default=True,
    type=click.Choice(["table", "csv", "json"]),
)
def show(window: str, by: str, measures: tuple[str, ...], against: str, form: str) -> None:
    """Print figures as the supervisors' pages show them, at their data time."""
    try:
        rows = show_figures(
            period=window,
            by=by,
            measures=measures,
            city=current_app.extensions["city"],
            now=datetime.now(UTC),
            against=Against(against),
        )
    except Invalid as refused:
        raise click.ClickException(f"--{next(iter(refused.fields))} is not known.") from refused
    if form == "json":
        told = [{**asdict(row), "values": row.values, "before": row.before} for row in rows]
        click.echo(json.dumps(told, ensure_ascii=False, indent=2, default=_moment))
        return
    found = flat(rows)
    columns = list(dict.fromkeys(name for row in found for name in row))
    if form == "csv":
        writer = csv.DictWriter(sys.stdout, columns)
        writer.writeheader()
        writer.writerows(found)
        return
    for row in found:
        click.echo(
            f"{row['name'] or row['scope']} ({row['first']} to {row['last']}, {row['data_time']})"
        )
        for name in columns[5:]:
            if row.get(name) is not None:
                click.echo(f"  {name}: {row[name]}")


@commands.group("report")
def report() -> None:
    """Reports of months, quarters and years, made once and kept as they are."""


@report.command("make")
@click.option("--period", required=True, help="2026-11, 2026-Q4 or 2026; it must be over.")
@click.option("--scope", default=CITY, show_default=True, help="city, or unit:5.")
@click.option("--because", default="", help="Make a corrected edition, for this reason.")
def make_report(period: str, scope: str, because: str) -> None:
    """Make the report of a period now; one that is there already is never changed."""
    city, now = current_app.extensions["city"], datetime.now(UTC)
    try:
        report_id = order_period_report(period=period, scope=scope, city=city, now=now)
        if because:
            make_period_report(report_id, write=write_files, city=city, now=now)
            report_id = correct_period_report(
                report_id, reason=because, city=city, now=now, account_id=None
            )
    except Invalid as refused:
        field = next(iter(refused.fields))
        option = "because" if field == "reason" else field
        raise click.ClickException(f"--{option} is not good.") from refused
    make_period_report(report_id, write=write_files, city=city, now=now)
    click.echo(f"Report {report_id} is there.")


@report.command("list")
def list_reports() -> None:
    """Print every report: its number, period, scope, edition and data time."""
    with reading() as session:
        for one in period_reports.listed(session, LISTED):
            click.echo(
                f"{one.id}  {one.period}  {one.scope}  edition {one.edition}  {one.stage}"
                f"  {one.data_time.isoformat() if one.data_time else ''}"
            )


def _moment(value: object) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)


def _line(figures: object) -> str:
    return "nothing" if figures is None else json.dumps(figures, sort_keys=True)
