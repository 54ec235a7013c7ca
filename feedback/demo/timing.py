"""When things happen in the demo city: mostly in working time, sooner or later by habit."""

from datetime import datetime, timedelta
from math import log
from random import Random

from feedback.demo.people import Case
from feedback.domain.calendar import Calendar
from feedback.domain.states import Clock

LONGEST = 5.0  # times the promised time


def triaged_at(random: Random, calendar: Calendar, at: datetime) -> datetime:
    """When a dispatcher gets to it: mostly within hours, now and then after days."""
    minutes = random.randint(15, 240) if random.random() < 0.9 else random.randint(450, 1800)
    return in_working_time(calendar, at, minutes, random)


def answered_by(case: Case, calendar: Calendar, random: Random) -> datetime:
    """When the unit answers: its usual part of the promised time, more or less."""
    part = min(LONGEST, random.lognormvariate(log(case.habits.speed), 0.5))
    if case.clock is Clock.ROUND_THE_CLOCK:
        return case.started_at + (case.due - case.started_at) * part * 0.8
    promised = calendar.working_minutes_between(case.started_at, case.due)
    return in_working_time(calendar, case.started_at, int(promised * part), random)


def accepted_by(case: Case, calendar: Calendar, random: Random, answered_at: datetime) -> datetime:
    """When the unit takes the case up, before it answers."""
    if case.clock is Clock.ROUND_THE_CLOCK:
        return case.started_at + (answered_at - case.started_at) * random.uniform(0.02, 0.3)
    worked = calendar.working_minutes_between(case.started_at, answered_at)
    minutes = int(worked * random.uniform(0.03, 0.6))
    return min(answered_at, in_working_time(calendar, case.started_at, minutes, random))


def in_working_time(calendar: Calendar, start: datetime, minutes: int, random: Random) -> datetime:
    """Some working minutes after a moment, at an odd second."""
    moment = calendar.add_working_minutes(start, max(1, minutes))
    return max(start, moment) + timedelta(seconds=random.randrange(60))


def part_of_work(
    case: Case, calendar: Calendar, random: Random, span: tuple[datetime, datetime], part: float
) -> datetime:
    """The moment when about a `part` (0 to 1) of the work between two moments is done."""
    start, end = span
    if case.clock is Clock.ROUND_THE_CLOCK:
        return start + (end - start) * part
    minutes = int(calendar.working_minutes_between(start, end) * part)
    return min(end, in_working_time(calendar, start, minutes, random))
