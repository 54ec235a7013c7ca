"""What happens beside the straight way of a case, at some: questions, notes, help, more time."""

from collections.abc import Generator
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from math import log

from feedback.demo import words
from feedback.demo.hands import Hands
from feedback.demo.people import Case
from feedback.demo.stories import Pose, Story
from feedback.demo.timing import in_working_time, part_of_work
from feedback.domain.actors import Actor
from feedback.domain.states import Clock, Outcome, PhotoPurpose, Role
from feedback.operations.add_note import Note
from feedback.operations.answer_case import Answer
from feedback.operations.keep_promise import Proof

HELPED, ASKED, NOTED, NEWS = 0.03, 0.06, 0.12, 0.05
ASKS_FOR_TIME, KEPT = 0.4, 0.7
Span = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class Course:
    """How a case goes on: the case, when it will be answered, and when another unit got it."""

    case: Case
    answered_at: datetime
    moved_at: datetime | None = None


def beside(
    story: Story, hands: Hands, case: Case, handler: Actor, span: Span
) -> Generator[datetime, None, Course]:
    """One thing or none, between taking the case (the span's start) and answering it."""
    fate = story.random.random()
    if fate < HELPED and case.clock is Clock.WORKING:
        yield from _helped(story, hands, case, span)
        return Course(case, span[1])
    if fate < HELPED + ASKED:
        return (yield from _asked(story, hands, case, handler, span))
    if fate < HELPED + ASKED + NOTED + NEWS:
        public = fate > HELPED + ASKED + NOTED
        at = part_of_work(case, hands.calendar, story.random, span, 0.3)
        yield at
        text = words.remark("news" if public else "note", story.random)
        hands.note(case, Note(text=text, public=public), handler, at)
        span = (at, span[1])
    return (yield from _asks_centre(story, hands, case, handler, span))


def rests(story: Story, hands: Hands, case: Case) -> Generator[datetime, None, None]:
    """A posed case comes to where somebody else has to do something, and stays there."""
    random, calendar = story.random, hands.calendar
    at = in_working_time(calendar, case.started_at, 30, random)
    yield at
    handler = hands.accept(story, case, at)
    at = in_working_time(calendar, at, 30, random)
    yield at
    if story.pose is Pose.ASKED:
        hands.ask(case, words.remark("question", random), handler, at)
    elif story.pose is Pose.GIVEN_BACK:
        hands.return_case(case, words.remark("return", random), handler, at)
    else:
        wanted_on = calendar.nth_working_day_after(calendar.local_day(case.due), 4)
        hands.request_extension(case, wanted_on, words.remark("extension", random), at)


def keeps_promise(
    story: Story, hands: Hands, case: Case, since: datetime
) -> Generator[datetime, None, None]:
    """A unit does what it promised, about when it said so; or it does not."""
    random, promised_on = story.random, hands.promised_on(case)
    if promised_on is None or random.random() > KEPT:
        return
    day = promised_on + timedelta(days=random.randint(-8, 4))
    at = datetime.combine(day, time(8, random.randrange(60)), hands.city.zone)
    at = max(in_working_time(hands.calendar, at, 30, random), since + timedelta(hours=1))
    yield at
    handler = random.choice(hands.of_unit(case.unit_id, Role.HANDLER))
    photos = hands.evidence(story, at, PhotoPurpose.NOTE)
    proof = Proof(text=words.remark("kept", random), photo_ids=photos)
    hands.keep_promise(case, proof, handler, at)


def _helped(story: Story, hands: Hands, case: Case, span: Span) -> Generator[datetime, None, None]:
    """A second unit does its part, before the leading one answers."""
    random, calendar = story.random, hands.calendar
    moments = [part_of_work(case, calendar, random, span, part) for part in (0.1, 0.3, 0.7, 0.9)]
    yield moments[0]
    helper = hands.add_unit(story, case, words.remark("help", random), moments[0])
    yield moments[1]
    handler = hands.accept(story, helper, moments[1])
    yield moments[2]
    evidence = hands.evidence(story, moments[2])
    answer = Answer(outcome=Outcome.FIXED, text=words.remark("helped", random), photo_ids=evidence)
    hands.answer(helper, answer, handler, moments[2])
    if helper.approval_needed:
        yield moments[3]
        hands.approve(helper, moments[3])


def _asked(
    story: Story, hands: Hands, case: Case, handler: Actor, span: Span
) -> Generator[datetime, None, Course]:
    """The unit asks the reporter, who answers, or does not until the limit has come."""
    random, calendar = story.random, hands.calendar
    at = part_of_work(case, calendar, random, span, 0.1)
    yield at
    hands.ask(case, words.remark("question", random), handler, at)
    goes_on_at = hands.waits_until(case)
    answers_at = at + timedelta(minutes=random.lognormvariate(log(5 * 60), 1.2))
    if random.random() < 0.75 and answers_at < goes_on_at:
        yield answers_at
        hands.reply(case, words.remark("reply", random), answers_at)
        goes_on_at = answers_at
    else:
        yield goes_on_at
        hands.go_on(case, goes_on_at)
    case = hands.case(case.report_id) or case
    if case.clock is Clock.ROUND_THE_CLOCK:
        return Course(case, goes_on_at + (span[1] - at))
    left = calendar.working_minutes_between(at, span[1])
    return Course(case, in_working_time(calendar, goes_on_at, left, random))


def _asks_centre(
    story: Story, hands: Hands, case: Case, handler: Actor, span: Span
) -> Generator[datetime, None, Course]:
    """A unit that will be late asks the dispatchers for more time, or to give the case away."""
    (since, answered_at), random = span, story.random
    at = case.due - timedelta(hours=random.randint(2, 20))
    if answered_at <= case.due or at <= since or random.random() > ASKS_FOR_TIME:
        return Course(case, answered_at)
    decided_at = in_working_time(hands.calendar, at, random.randint(20, 300), random)
    yield at
    if random.random() < 0.25:
        hands.propose_transfer(case, words.remark("transfer", random), handler, at)
        if decided_at >= answered_at:
            return Course(case, answered_at)
        yield decided_at
        if random.random() < 0.5:
            hands.decide_transfer(story, case, decided_at, accept=True)
            return Course(case, answered_at, moved_at=decided_at)
        refusal = words.remark("transfer_refused", random)
        hands.decide_transfer(story, case, decided_at, accept=False, reason=refusal)
        return Course(case, answered_at)
    due_day = hands.calendar.local_day(case.due)
    wanted_on = hands.calendar.nth_working_day_after(due_day, random.randint(2, 6))
    hands.request_extension(case, wanted_on, words.remark("extension", random), at)
    if decided_at >= answered_at:
        return Course(case, answered_at)
    yield decided_at
    if random.random() < 0.7:
        hands.decide_extension(story, case, decided_at, accept=True)
        due = hands.calendar.end_of_working_day(wanted_on)
        return Course(replace(case, due=due), answered_at)
    refusal = words.remark("extension_refused", random)
    hands.decide_extension(story, case, decided_at, accept=False, reason=refusal)
    return Course(case, answered_at)
