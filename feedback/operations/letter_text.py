"""What a letter says: the words of its template with the facts of its case, ready for the paper."""

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from feedback.domain.letters import PLACES, LetterPlace
from feedback.storage.models import Letter


def letter_text(
    letter: Letter, *, zone: ZoneInfo, signer: str = "", signed_at: datetime | None = None
) -> dict[str, Any]:
    """The letter as plain data for the template of `feedback.printing`, without its mark.

    It is in Vietnamese, as official letters are, and names nobody: the unit never knows whom it
    writes to. Needs the letter with its report, unit and template.
    """
    template, report = letter.template, letter.report
    category, area = report.category, report.area
    values = {
        LetterPlace.CODE: report.code,
        LetterPlace.CATEGORY: category.name_vi if category else "",
        LetterPlace.AREA: area.full_name if area else "",
        LetterPlace.UNIT: letter.unit.name,
        LetterPlace.RECEIVED: _day(report.received_at.astimezone(zone).date()),
        LetterPlace.DUE: f"{letter.due.astimezone(zone):%H:%M ngày %d/%m/%Y}",
        LetterPlace.REASON: letter.reason or "…",
        LetterPlace.NEW_DATE: _day(letter.new_date),
        LetterPlace.NUMBER: str(letter.number),
    }
    written_at = signed_at.astimezone(zone) if signed_at else None
    return {
        "title": PLACES.fill(template.title, values),
        "about": PLACES.fill(template.about, values),
        "addressee": PLACES.fill(template.addressee, values),
        "body": PLACES.fill(template.body, values),
        "legal_basis": template.legal_basis,
        "authority": template.authority,
        "agency": letter.unit.name,
        "number": f"{letter.id}/{template.symbol}" if template.symbol else str(letter.id),
        "place": template.place,
        "day": f"ngày {written_at:%d} tháng {written_at:%m} năm {written_at:%Y}"
        if written_at
        else "ngày … tháng … năm …",
        "copies": [line for line in template.copies.splitlines() if line.strip()],
        "position": template.signer_title,
        "signer": signer,
        "signed": f"Ký điện tử lúc {written_at:%H:%M ngày %d/%m/%Y}" if written_at else "",
        "code": report.code,
    }


def _day(day: date | None) -> str:
    return f"{day:%d/%m/%Y}" if day else "…"
