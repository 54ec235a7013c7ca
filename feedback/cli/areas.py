"""`flask areas import`: the city's wards from a GeoJSON file."""

from datetime import UTC, datetime
from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup

from feedback.domain.errors import Invalid
from feedback.operations.import_areas import AreaImport, import_areas

areas = AppGroup("areas", help="Wards and other areas.")

SENTENCES = {
    "not_json": "it is not JSON",
    "not_a_feature_collection": "it is not a GeoJSON FeatureCollection",
    "no_features": "it holds no features",
    "older_than_known_areas": "later areas are known already, the past cannot be imported",
}


@areas.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--valid-from", type=click.DateTime(["%Y-%m-%d"]), required=True)
@click.option("--approximate", is_flag=True, help="The outlines are not the official ones.")
@click.option("--source", default="", help="Where the outlines come from; shown on the map.")
def import_command(file: Path, valid_from: datetime, approximate: bool, source: str) -> None:
    """Take over FILE as the city's areas from a day on.

    Areas are known by official code and first day: the same pair again replaces names and outlines
    and keeps routing rules; areas the file lacks end the day before.
    """
    try:
        done = import_areas(
            file.read_text(encoding="utf-8"),
            valid_from=valid_from.date(),
            approximate=approximate,
            source=source,
            city=current_app.extensions["city"],
            now=datetime.now(UTC),
        )
    except UnicodeDecodeError as error:
        raise click.ClickException(f"{file} cannot be imported: it is not UTF-8 text") from error
    except Invalid as refusal:
        raise click.ClickException(_why(file, refusal)) from refusal
    click.echo(_told(done))


def _why(file: Path, refusal: Invalid) -> str:
    """The refusal in words, with a line for every bad feature (counted from 0)."""
    problems = refusal.params.get("problems") or ()
    if problems:
        lines = [f"  {problem}" for problem in problems]
        return "\n".join([f"{file} cannot be imported:", *lines])
    reasons = [SENTENCES.get(code, code) for code in refusal.fields.values()]
    return f"{file} cannot be imported: {'; '.join(reasons)}"


def _told(done: AreaImport) -> str:
    line = (
        f"{done.added} areas added, {done.changed} changed, {done.unchanged} unchanged, "
        f"{done.ended} ended"
    )
    if done.rules_left_behind:
        line += f"\n{done.rules_left_behind} routing rules name an area that ended: review them"
    return line
