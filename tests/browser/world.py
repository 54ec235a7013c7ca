"""The city of the journeys: 40 wards, 24 categories, two units with people, and a few reports.

Names are the demo city's, so that pages are as long as real ones; all else is made here, so that a
journey knows what it finds.
"""

import tomllib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from config import ROOT
from feedback.domain.states import Clock, Outcome, Role, VisibilityPolicy
from feedback.storage.models import Account, Category, ServiceLevel, Unit
from tests.factories import (
    Case,
    create_account,
    create_answered_case,
    create_area,
    create_case,
    create_category,
    create_category_group,
    create_closed_report,
    create_report,
    create_rule,
    create_service_level,
    create_unit,
    create_upload,
    create_working_week,
)

CENTRE = {"latitude": 16.4637, "longitude": 107.5909}
WEST, SOUTH, STEP, COLUMNS = 107.40, 16.35, 0.05, 8
"""The wards are squares in a grid; the centre of the city lies in the square of `HERE`."""
RUBBISH, LAMP, ROADWORKS = "thu-gom-rac", "den-duong", "hoan-tra-mat-duong"


@dataclass(frozen=True)
class World:
    """What the journeys start from. `here` is the name of the ward the phone stands in."""

    here: str
    categories: dict[str, Category]
    rubbish_unit: Unit
    roads_unit: Unit
    handler: Account
    head: Account
    rubbish_handler: Account
    dispatcher: Account
    supervisor: Account
    sent: Case
    taken: Case
    overdue: Case
    answered: Case
    closed: Case
    planned: Case
    unrouted: Case

    def link(self, case: Case) -> str:
        """The path of a case's secret link."""
        return f"/r/{case.code}/{case.token}"


def build() -> World:
    """Fill an empty database; call it inside an application context."""
    now = datetime.now(UTC)
    create_working_week()
    here = _wards()
    categories = _categories()
    rubbish, roads = (
        create_unit("Công ty cổ phần Môi trường và Công trình đô thị", short_name="HEPCO"),
        create_unit("Sở Xây dựng", short_name="SXD"),
    )
    create_rule(rubbish, category=categories[RUBBISH])
    create_rule(roads, category=categories[ROADWORKS])
    handler = create_account(Role.HANDLER, roads, name="Trần Thị Hạnh", login="hanh")
    head = create_account(Role.HEAD, roads, name="Lê Văn Trưởng", login="truong")
    collector = create_account(Role.HANDLER, rubbish, name="Nguyễn Văn Sạch", login="sach")
    photo = create_upload(processed=True, now=now, colour="darkolivegreen")
    place: dict[str, Any] = {"place": tuple(CENTRE.values())}
    of_rubbish: dict[str, Any] = {"category": categories[RUBBISH], **place}
    lone = create_report(now=now - timedelta(hours=2), text="Có một chuyện lạ ở gần chợ", **place)
    return World(
        here=here,
        categories=categories,
        rubbish_unit=rubbish,
        roads_unit=roads,
        handler=handler,
        head=head,
        rubbish_handler=collector,
        dispatcher=create_account(Role.DISPATCHER, name="Phạm Điều Phối", login="dieuphoi"),
        supervisor=create_account(Role.SUPERVISOR, name="Hoàng Giám Sát", login="giamsat"),
        sent=create_case(
            rubbish,
            now=now - timedelta(hours=5),
            text="Rác chất đống trước cổng trường, bốc mùi hôi mấy ngày nay",
            photo_ids=(photo,),
            **of_rubbish,
        ),
        taken=create_case(
            rubbish,
            handler=collector,
            now=now - timedelta(days=1),
            text="Thùng rác vỡ, rác tràn ra đường",
            **of_rubbish,
        ),
        overdue=create_case(
            rubbish,
            handler=collector,
            now=now - timedelta(days=20),
            text="Điểm tập kết rác tự phát sau chợ",
            **of_rubbish,
        ),
        answered=create_answered_case(
            roads,
            handler=handler,
            category=categories[ROADWORKS],
            now=now - timedelta(days=4),
            text="Đã hoàn trả mặt đường.",
            **place,
        ),
        closed=create_closed_report(
            rubbish,
            handler=collector,
            now=now - timedelta(days=3),
            photo_ids=(create_upload(processed=True, now=now, colour="peru"),),
            **of_rubbish,
        ),
        planned=create_closed_report(
            rubbish,
            handler=collector,
            outcome=Outcome.PLANNED,
            text="Sẽ lắp thêm thùng rác trong tháng tới.",
            now=now - timedelta(days=6),
            **of_rubbish,
        ),
        unrouted=Case(lone.report_id, 0, lone.code, lone.token),
    )


def _wards() -> str:
    here = ""
    for number, name in enumerate(_read("areas")["area"]):
        row, column = divmod(number, COLUMNS)
        west, south = WEST + column * STEP, SOUTH + row * STEP
        ward = create_area(
            name["name"].removeprefix("Phường ").removeprefix("Xã "),
            corners=(west, south, west + STEP, south + STEP),
        )
        if west <= CENTRE["longitude"] < west + STEP and south <= CENTRE["latitude"] < south + STEP:
            here = ward.full_name
    return here


def _categories() -> dict[str, Category]:
    known = _read("categories")
    levels = {level["code"]: _level(level) for level in known["level"]}
    made = {}
    for heading in known["group"]:
        group = create_category_group(heading["name_vi"], name_en=heading["name_en"])
        for one in heading["categories"]:
            made[one["code"]] = create_category(
                one["name_vi"],
                name_en=one["name_en"],
                group=group,
                level=levels[one["level"]],
                visibility_policy=VisibilityPolicy(one.get("policy", "auto")),
                keywords=one["keywords"],
            )
    return made


def _level(level: dict[str, Any]) -> ServiceLevel:
    return create_service_level(
        clock=Clock(level["clock"]),
        resolve_days=level.get("resolve_days"),
        resolve_minutes=level.get("resolve_minutes"),
        approval_needed=level.get("approval_needed", False),
        evidence_needed=level.get("evidence_needed", True),
    )


def _read(name: str) -> dict[str, Any]:
    path = ROOT / "feedback" / "demo" / "data" / f"{name}.toml"
    return tomllib.loads(path.read_text(encoding="utf-8"))
