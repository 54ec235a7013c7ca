"""How a report of the demo city lives: a generator that says when it goes on, then does the step.

What happens is decided by the story's own chance and the habits of the unit, so that the same seed
gives the same city whatever else happens at the same time.
"""

import hashlib
from collections.abc import Generator
from datetime import datetime, timedelta
from heapq import heapify, heappop, heappush
from itertools import count
from math import log
from random import Random

from feedback.demo import words
from feedback.demo.episodes import beside, keeps_promise, rests
from feedback.demo.hands import Hands
from feedback.demo.people import Case
from feedback.demo.stories import SOON_AT_REST, Pose, Story, chosen
from feedback.demo.timing import accepted_by, answered_by, in_working_time, triaged_at
from feedback.domain.actors import Actor
from feedback.domain.states import Outcome, RatingLevel
from feedback.operations.answer_case import Answer
from feedback.operations.city import City
from feedback.operations.transaction import joined_transactions

Life = Generator[datetime, None, None]

ROUNDS = 3
STEPS_STORED_AT_ONCE = 2_000
WITHDRAWN, ASKS_AGAIN, RETURNED, GIVEN_BACK = 0.015, 0.3, 0.04, 0.25
LATEST_RATING = timedelta(days=20)  # leaves time to have the report taken up again
OUTCOMES = (
    (Outcome.FIXED, 0.81),
    (Outcome.PLANNED, 0.08),
    (Outcome.NOT_FOUND, 0.05),
    (Outcome.NOT_COMPETENT, 0.04),
    (Outcome.REFUSED, 0.02),
)


def live(lives: list[Life], until: datetime, city: City) -> None:
    """Let every life go on in the order of time, up to a moment; many steps are stored at once."""
    order = count()
    begun = ((next(life, None), life) for life in lives)
    waiting = [(at, next(order), life) for at, life in begun if at is not None]
    heapify(waiting)
    while waiting and waiting[0][0] <= until:
        with joined_transactions(city):
            for _ in range(STEPS_STORED_AT_ONCE):
                if not waiting or waiting[0][0] > until:
                    break
                _, _, life = heappop(waiting)
                following = next(life, None)
                if following is not None:
                    heappush(waiting, (following, next(order), life))


def life_of(story: Story, hands: Hands) -> Life:
    """The life of one report; each `yield` waits until that moment."""
    at = story.sent_at
    yield at
    report_id = hands.submit(story, at)
    if story.pose in {Pose.FRESH, Pose.IN_TRIAGE}:
        return
    if story.repeats is not None:
        found_at = triaged_at(story.random, hands.calendar, at)
        yield found_at
        if hands.mark_duplicate(story, report_id, found_at):
            return
        at = found_at
    if hands.case(report_id) is None:
        at = triaged_at(story.random, hands.calendar, at)
        yield at
        if story.rejection:
            hands.reject(story, report_id, at)
            if story.pose is Pose.NONE and story.random.random() < ASKS_AGAIN:
                at += timedelta(minutes=story.random.randint(60, 4 * 24 * 60))
                yield at
                hands.ask_again(report_id, words.remark("ask_again", story.random), at)
            return
        hands.dispatch(story, report_id, at)
    if story.pose is Pose.NONE and story.random.random() < WITHDRAWN:
        at += timedelta(minutes=story.random.randint(5, 90))
        yield at
        hands.withdraw(report_id, words.remark("withdraw", story.random), at)
        return
    for number in range(ROUNDS):
        closed = yield from _worked(story, hands, report_id)
        if closed is None:
            return
        last_at = yield from _judged(story, hands, report_id, closed, second=number > 0)
        if last_at is not None:
            if closed[1] is Outcome.PLANNED:
                yield from keeps_promise(story, hands, closed[0], last_at)
            return


def _worked(
    story: Story, hands: Hands, report_id: int, *, again_from: datetime | None = None
) -> Generator[datetime, None, tuple[Case, Outcome, bool, datetime] | None]:
    """A unit's work up to the close: the case, its outcome, whether it was done with care, when.

    `again_from` is when the case came from another unit. None when the case is left lying.
    """
    case, random = hands.case(report_id), story.random
    if case is None:
        raise RuntimeError("a report in work has a case")
    forgotten = random.random() < case.habits.forgets
    if story.pose is not Pose.NONE:
        forgotten = story.pose is Pose.FORGOTTEN
    answered_at = answered_by(case, hands.calendar, random)
    accepted_at = accepted_by(case, hands.calendar, random, answered_at)
    if again_from is not None:
        accepted_at = max(accepted_at, triaged_at(random, hands.calendar, again_from))
        answered_at = max(answered_at, triaged_at(random, hands.calendar, accepted_at))
    if story.pose in SOON_AT_REST:
        yield from rests(story, hands, case)
        return None
    if forgotten and story.pose is Pose.NONE and random.random() < 0.4:
        return None
    yield accepted_at
    handler = hands.accept(story, case, accepted_at)
    if story.pose is Pose.NONE and again_from is None:
        if random.random() < RETURNED:
            at = yield from _returned(story, hands, case, handler, accepted_at)
            return (yield from _worked(story, hands, report_id, again_from=at))
        course = yield from beside(story, hands, case, handler, (accepted_at, answered_at))
        case, answered_at = course.case, course.answered_at
        if course.moved_at is not None:
            return (yield from _worked(story, hands, report_id, again_from=course.moved_at))
    if forgotten:
        return None
    at = answered_at
    yield at
    outcome = chosen(random, [o for o, _ in OUTCOMES], [weight for _, weight in OUTCOMES])
    good = random.random() < case.habits.care + 0.1
    hands.answer(case, _answer(story, hands, outcome, at, good=good), handler, at)
    if story.pose is Pose.AWAITS_APPROVAL:
        return None
    while case.approval_needed:
        at = in_working_time(hands.calendar, at, random.randint(20, 500), random)
        yield at
        if good or random.random() < 0.5:
            hands.approve(case, at)
            break
        hands.send_back(case, words.remark("send_back", random), at)
        at = in_working_time(hands.calendar, at, random.randint(60, 700), random)
        yield at
        good = True
        hands.answer(case, _answer(story, hands, outcome, at, good=good), handler, at)
    return case, outcome, good, at


def _returned(
    story: Story, hands: Hands, case: Case, handler: Actor, at: datetime
) -> Generator[datetime, None, datetime]:
    """The unit returns the case, and a dispatcher decides; when it lies at a unit again."""
    random = story.random
    at = triaged_at(random, hands.calendar, at)
    yield at
    hands.return_case(case, words.remark("return", random), handler, at)
    at = triaged_at(random, hands.calendar, at)
    yield at
    if random.random() < GIVEN_BACK:
        hands.send_back_return(story, case, words.remark("return_refused", random), at)
    else:
        hands.dispatch(story, case.report_id, at)
    return at


def _answer(story: Story, hands: Hands, outcome: Outcome, at: datetime, *, good: bool) -> Answer:
    today = hands.calendar.local_day(at)
    promised_on = today + timedelta(days=story.random.randint(14, 60))
    text = words.answer(story.category, outcome, promised_on, story.random, good=good)
    return Answer(
        outcome=outcome,
        text=text,
        photo_ids=hands.evidence(story, at) if outcome is Outcome.FIXED else (),
        promised_on=promised_on if outcome is Outcome.PLANNED else None,
    )


def followed(story: Story, hands: Hands) -> Life:
    """Passers-by who see it too, one after the other."""
    at = story.sent_at
    for number in range(story.followers):
        at += timedelta(minutes=story.passing.lognormvariate(log(6 * 60), 1.3))
        yield at
        device = hashlib.sha256(f"{story.submission_id}:{number}".encode()).hexdigest()
        hands.follow(story, device, at)


def _judged(
    story: Story,
    hands: Hands,
    report_id: int,
    closed: tuple[Case, Outcome, bool, datetime],
    *,
    second: bool,
) -> Generator[datetime, None, datetime | None]:
    """What the reporter says of it; when that was, or None when the report is taken up again."""
    case, outcome, good, at = closed
    random = story.random
    reopens = story.pose is Pose.REOPENED and not second
    if random.random() > (0.6 if second else 0.38) and not reopens:
        return at
    level = RatingLevel.DISSATISFIED if reopens else _level(random, case, outcome, at, good=good)
    at += min(timedelta(minutes=random.lognormvariate(log(20 * 60), 1.1)), LATEST_RATING)
    yield at
    hands.rate(story, report_id, level, words.remark(level.value, random), at)
    if level is not RatingLevel.DISSATISFIED or (random.random() < 0.4 and not reopens):
        return at
    at += timedelta(minutes=random.randint(2, 3 * 24 * 60))
    yield at
    hands.reopen(report_id, words.remark("reopen", random), at)
    return None


def _level(
    random: Random, case: Case, outcome: Outcome, closed_at: datetime, *, good: bool
) -> RatingLevel:
    """How satisfied the reporter is: with care, in time and mended, mostly so."""
    chance = 0.86 if good else 0.4
    chance -= 0.25 if closed_at > case.due else 0
    chance -= 0.3 if outcome is not Outcome.FIXED else 0
    if random.random() < chance:
        return RatingLevel.SATISFIED
    return random.choice((RatingLevel.ACCEPTABLE, RatingLevel.DISSATISFIED))
