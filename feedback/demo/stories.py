"""What each reporter of the demo city will send: made up front, one chance for each story."""

from bisect import bisect
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from enum import StrEnum
from functools import cache
from itertools import accumulate
from math import cos, radians
from random import Random
from typing import Any, TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

import shapely

from feedback.demo import wards, words
from feedback.demo.data_files import read
from feedback.demo.staff import person
from feedback.domain.states import Channel, RejectionReason

DAYS = 365
REPEATS = 0.03
SHARED = 12  # a story and the one it may repeat are this far apart, so one process tells both
METRES_PER_DEGREE = 111_195
HOURS = (
    6,
    7,
    7,
    8,
    8,
    9,
    10,
    11,
    12,
    13,
    14,
    15,
    16,
    17,
    17,
    18,
    18,
    19,
    19,
    20,
    20,
    21,
    22,
    23,
    0,
)
FLOOD_MONTHS = {10, 11, 12}
FLOOD_CATEGORIES = {"ngap-ung", "cong-ho-ga", "cay-xanh"}
T = TypeVar("T")


class Pose(StrEnum):
    """Where a story is made to stand at the end, so that even a small city shows every state."""

    NONE = "none"
    FRESH = "fresh"
    IN_TRIAGE = "in_triage"
    REFUSED = "refused"
    FORGOTTEN = "forgotten"
    AWAITS_APPROVAL = "awaits_approval"
    REOPENED = "reopened"
    ASKED = "asked"
    GIVEN_BACK = "given_back"
    NEEDS_TIME = "needs_time"


POSED = (
    *(Pose.FRESH, Pose.FRESH, Pose.IN_TRIAGE, Pose.IN_TRIAGE, Pose.IN_TRIAGE, Pose.REFUSED),
    *(Pose.FORGOTTEN, Pose.FORGOTTEN, Pose.FORGOTTEN, Pose.AWAITS_APPROVAL, Pose.AWAITS_APPROVAL),
    *(Pose.AWAITS_APPROVAL, Pose.REOPENED, Pose.REOPENED),
    *(Pose.ASKED, Pose.ASKED, Pose.GIVEN_BACK, Pose.NEEDS_TIME, Pose.NEEDS_TIME),
)
# How long ago a posed story begins, and the category it has.
AGES = {
    Pose.FRESH: timedelta(minutes=9),
    Pose.IN_TRIAGE: timedelta(minutes=50),
    Pose.REFUSED: timedelta(days=9),
    Pose.FORGOTTEN: timedelta(days=24),
    Pose.AWAITS_APPROVAL: timedelta(days=24),
    Pose.REOPENED: timedelta(days=40),
    Pose.ASKED: timedelta(days=4),
    Pose.GIVEN_BACK: timedelta(days=4),
    Pose.NEEDS_TIME: timedelta(days=8),
}
CATEGORIES = {
    Pose.FRESH: "cay-xanh",
    Pose.FORGOTTEN: "via-he",
    Pose.AWAITS_APPROVAL: "mui-hoi-khoi-bui",
    Pose.REOPENED: "nuoc-sach",
    Pose.ASKED: "via-he",
    Pose.GIVEN_BACK: "cay-xanh",
    Pose.NEEDS_TIME: "mui-hoi-khoi-bui",
}
# Poses in which a case rests soon after it was taken.
SOON_AT_REST = {Pose.ASKED, Pose.GIVEN_BACK, Pose.NEEDS_TIME}


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """One report to be sent, and the chance by which its life goes on.

    `category` is what it is about; the reporter may not have `named` it. `rejection` is why it does
    not belong here, with the answer its reporter gets. A posed story stops or turns at one point.
    `repeats` is the submission of somebody else about the same matter. `followers` have a chance of
    their own (`passing`), since they come and go while the life goes on.
    """

    random: Random
    submission_id: UUID
    sent_at: datetime
    category: str
    named: bool
    scene: str
    ward: wards.Ward
    point: tuple[float, float] | None
    accuracy: float
    address: str
    text: str
    pictures: int
    contact: tuple[str, str, str]
    channel: Channel
    rejection: tuple[RejectionReason, str] | None
    pose: Pose
    repeats: UUID | None = None
    followers: int
    passing: Random


def make_stories(seed: int, count: int, *, now: datetime, zone: ZoneInfo) -> Iterator[Story]:
    """`count` stories of the days before `now`, in no order; the same seed tells the same ones."""
    for number in range(count):
        yield _story(seed, number, now, zone)


def _story(seed: int, number: int, now: datetime, zone: ZoneInfo) -> Story:
    random = Random(f"{seed}:{number}")
    pose = POSED[number] if number < len(POSED) else Pose.NONE
    if pose is Pose.NONE:
        sent_at = _sent_at(random, now, zone)
    else:
        sent_at = now - AGES[pose] * (1 + number / 100)
    story = _make_story(random, sent_at, pose, month=sent_at.astimezone(zone).month)
    if number < len(POSED) + SHARED or random.random() > REPEATS:
        return story
    return _repeating(story, _story(seed, number - SHARED, now, zone), now)


def _repeating(story: Story, root: Story, now: datetime) -> Story:
    """The story as one of somebody who reports what the root's reporter did, hours later."""
    random = story.random
    sent_at = root.sent_at + timedelta(minutes=random.randint(40, 3 * 24 * 60))
    if root.repeats or root.rejection or not root.named or not root.point or sent_at >= now:
        return story
    place = words.place_in(root.ward, random)
    latitude, longitude = (part + random.gauss(0, 20) / METRES_PER_DEGREE for part in root.point)
    return replace(
        story,
        sent_at=sent_at,
        category=root.category,
        named=True,
        scene=root.scene,
        ward=root.ward,
        point=(round(latitude, 6), round(longitude, 6)),
        text=words.complaint(root.category, place, random, private=False),
        pictures=min(story.pictures, 2) if root.scene else 0,
        rejection=None,
        repeats=root.submission_id,
    )


def _make_story(random: Random, sent_at: datetime, pose: Pose, *, month: int) -> Story:
    ward = chosen(random, wards.wards(), [ward.share for ward in wards.wards()])
    place = words.place_in(ward, random)
    fate = random.random()
    rejection = None
    category, named, scene = CATEGORIES.get(pose, ""), True, ""
    if pose is Pose.REFUSED or (pose is Pose.NONE and fate < 0.04):
        text, reason, answer = words.rejected_matter(place, random)
        rejection, named = (RejectionReason(reason), answer), False
    elif pose is Pose.IN_TRIAGE or (pose is Pose.NONE and fate < 0.08):
        text, category = words.unknown_matter(place, random)
        named = False
    else:
        category = category or _category(random, month)["code"]
        scene = _scene(category)
        text = words.complaint(category, place, random, private=random.random() < 0.03)
    with_point = rejection is None and random.random() < 0.85
    return Story(
        random=random,
        submission_id=UUID(int=random.getrandbits(128), version=4),
        sent_at=sent_at,
        category=category,
        named=named,
        scene=scene,
        ward=ward,
        point=_point_in(ward, random) if with_point else None,
        accuracy=round(random.uniform(4, 45), 1),
        address=place.address if not with_point or random.random() < 0.5 else "",
        text=text,
        pictures=chosen(random, (0, 1, 2, 3), (34, 52, 11, 3)) if scene else 0,
        contact=_contact(random),
        channel=Channel.PHONE if random.random() < 0.07 else Channel.WEB,
        rejection=rejection,
        pose=pose,
        followers=chosen(random, (0, 1, 2, 4), (91, 5, 3, 1)),
        passing=Random(random.random()),
    )


def chosen(random: Random, values: Sequence[T], weights: Sequence[float]) -> T:
    """One of the values, each as often as its weight says."""
    sums = list(accumulate(weights))
    return values[bisect(sums, random.random() * sums[-1])]


def _sent_at(random: Random, now: datetime, zone: ZoneInfo) -> datetime:
    """A moment before `now`: fewer at weekends and at night, a few more of late."""
    today = now.astimezone(zone).date()
    while True:
        day = today - timedelta(days=int(DAYS * (1 - random.random() ** 0.9)))
        if day.weekday() >= 5 and random.random() < 0.35:
            continue
        clock = time(random.choice(HOURS), random.randrange(60), random.randrange(60))
        moment = datetime.combine(day, clock, zone)
        if now - timedelta(days=DAYS) <= moment < now:
            return moment


@cache
def _categories() -> tuple[dict[str, Any], ...]:
    return tuple(row for group in read("categories")["group"] for row in group["categories"])


def _scene(category: str) -> str:
    """The pictures that go with a category; empty for what cannot be photographed."""
    row = next(row for row in _categories() if row["code"] == category)
    return str(row.get("scene", ""))


def _category(random: Random, month: int) -> dict[str, Any]:
    """A category, with more floods and fallen trees in the rainy months."""
    rainy = month in FLOOD_MONTHS
    weights = [
        row["share"] * (2.2 if rainy and row["code"] in FLOOD_CATEGORIES else 1)
        for row in _categories()
    ]
    return chosen(random, _categories(), weights)


def _point_in(ward: wards.Ward, random: Random) -> tuple[float, float]:
    """A point near the town of a ward and inside its outline."""
    shape = wards.shapes()[ward.code]
    spread = 700 if ward.zone == "inner" else 1100
    latitude, longitude = ward.town
    across = METRES_PER_DEGREE * cos(radians(latitude))
    while True:
        point = (
            round(latitude + random.gauss(0, spread) / METRES_PER_DEGREE, 6),
            round(longitude + random.gauss(0, spread) / across, 6),
        )
        if shapely.contains_xy(shape, point[1], point[0]):
            return point


def _contact(random: Random) -> tuple[str, str, str]:
    """Name, e-mail and telephone, all made up; most reporters leave none."""
    fate = random.random()
    if fate > 0.35:
        return "", "", ""
    number = random.randint(100, 999)
    if fate < 0.2:
        return person(random), "", f"0900000{number}"
    return person(random), f"nguoidan{number}@example.com", ""
