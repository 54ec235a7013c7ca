"""What happens after a change, as data: each event with the subscriptions that must hear of it.

A subscription is worked by the job of the same name in `feedback.jobs`, on its own queue. An event
nobody subscribes to leaves no outbox row.
"""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum


class Event(StrEnum):
    """Something a later job has to act on."""

    PHOTO_UPLOADED = "photo_uploaded"  # photo_id
    FIGURES_CHANGED = "figures_changed"  # nothing: the dirty days say what to do
    DUE_MOMENTS_PASSED = "due_moments_passed"
    DAY_ENDED = "day_ended"
    MINUTE_PASSED = "minute_passed"
    WAITING_LIMITS_PASSED = "waiting_limits_passed"
    UPLOADS_LEFT_BEHIND = "uploads_left_behind"
    CALENDAR_CORRECTED = "calendar_corrected"  # nothing: the rounds' calendar versions say
    REBUILD_WANTED = "rebuild_wanted"  # days
    OLD_WORK_PILED_UP = "old_work_piled_up"
    CATEGORY_KNOWN = "category_known"  # report_id: of a report whose place is known too
    HISTORY_WRITTEN = "history_written"  # report_id, version: the change somebody may be told of
    NOTICE_WRITTEN = "notice_written"  # notice_id
    WORKDAY_BEGUN = "workday_begun"
    RETENTION_ENDED = "retention_ended"
    RESULTS_COME_LATE = "results_come_late"  # nothing: the due moments say which
    LETTER_SIGNED = "letter_signed"  # letter_id
    TARGETS_CHANGED = "targets_changed"  # unit_id, period: proposed or signed
    PERIODS_ENDED = "periods_ended"  # nothing: the calendar says which
    PERIOD_REPORT_ORDERED = "period_report_ordered"  # period_report_id
    IMPORT_SENT = "import_sent"  # import_id: to be checked
    IMPORT_GOES_ON = "import_goes_on"  # import_id: its next part is to be taken over
    FILES_LEFT = "files_left"  # keys: of files that may belong to nothing any more


@dataclass(frozen=True, slots=True)
class Subscription:
    """One job's interest in an event.

    `batch` rows at most go into one job; `timeout` is how long a started job may take before the
    relay takes the rows up again; after `max_attempts` starts the row is a dead letter.
    """

    name: str
    queue: str
    batch: int = 1
    timeout: timedelta = timedelta(minutes=2)
    max_attempts: int = 8


PHOTOS_QUEUE = "photos"
STATISTICS_QUEUE = "statistics"
NOTICES_QUEUE = "notices"
QUEUES = (PHOTOS_QUEUE, STATISTICS_QUEUE, NOTICES_QUEUE)

PROCESS_PHOTO = Subscription("process_photo", PHOTOS_QUEUE, max_attempts=5)
REFRESH_STATISTICS = Subscription("refresh_statistics", STATISTICS_QUEUE, batch=200)
REFRESH_WALL = Subscription("refresh_wall", STATISTICS_QUEUE, batch=200)
NOTE_PASSED_DUES = Subscription("note_passed_dues", STATISTICS_QUEUE, batch=200)
NOTE_REPEATS = Subscription("note_repeats", STATISTICS_QUEUE, batch=100)
PUBLISH_RATINGS = Subscription("publish_ratings", STATISTICS_QUEUE)
END_WAITING = Subscription("end_waiting", STATISTICS_QUEUE, batch=200)
REFRESH_WINDOWS = Subscription("refresh_windows", STATISTICS_QUEUE, timeout=timedelta(minutes=10))
MOVE_OPEN_ROUNDS = Subscription("move_open_rounds", STATISTICS_QUEUE, timeout=timedelta(minutes=10))
REBUILD_STATISTICS = Subscription(
    "rebuild_statistics", STATISTICS_QUEUE, timeout=timedelta(minutes=30)
)
REMOVE_LEFT_UPLOADS = Subscription("remove_left_uploads", PHOTOS_QUEUE)
PRUNE_OUTBOX = Subscription("prune_outbox", STATISTICS_QUEUE)
PREPARE_NOTICES = Subscription("prepare_notices", NOTICES_QUEUE, batch=50)
# A mail server may be away for a long weekend: with the pauses between them these are three days.
SEND_NOTICE = Subscription("send_notice", NOTICES_QUEUE, max_attempts=78)
REMIND_STAFF = Subscription("remind_staff", NOTICES_QUEUE)
DRAFT_LETTERS = Subscription("draft_letters", NOTICES_QUEUE, batch=24)
PRINT_LETTER = Subscription("print_letter", NOTICES_QUEUE)
PRINT_COMMITMENT = Subscription("print_commitment", NOTICES_QUEUE)
ORDER_PERIOD_REPORTS = Subscription("order_period_reports", STATISTICS_QUEUE)
MAKE_PERIOD_REPORT = Subscription(
    "make_period_report", STATISTICS_QUEUE, timeout=timedelta(minutes=30)
)
# An import is taken over in parts, so that other work of the queue gets its turn between them and
# a part whose worker was killed is soon taken up again.
CHECK_IMPORT = Subscription("check_import", STATISTICS_QUEUE, timeout=timedelta(minutes=15))
RUN_IMPORT = Subscription("run_import", STATISTICS_QUEUE, timeout=timedelta(minutes=5))
APPLY_RETENTION = Subscription("apply_retention", STATISTICS_QUEUE, timeout=timedelta(minutes=30))
REMOVE_UNUSED_FILES = Subscription("remove_unused_files", PHOTOS_QUEUE)
PRUNE_SIGN_INS = Subscription("prune_sign_ins", STATISTICS_QUEUE)

SUBSCRIPTIONS: dict[Event, tuple[Subscription, ...]] = {
    Event.PHOTO_UPLOADED: (PROCESS_PHOTO,),
    Event.FIGURES_CHANGED: (REFRESH_STATISTICS,),
    Event.DUE_MOMENTS_PASSED: (NOTE_PASSED_DUES,),
    Event.WAITING_LIMITS_PASSED: (END_WAITING,),
    Event.MINUTE_PASSED: (REFRESH_WALL,),
    Event.DAY_ENDED: (REFRESH_WINDOWS, MOVE_OPEN_ROUNDS, PUBLISH_RATINGS),
    Event.UPLOADS_LEFT_BEHIND: (REMOVE_LEFT_UPLOADS,),
    Event.CALENDAR_CORRECTED: (MOVE_OPEN_ROUNDS, REFRESH_WINDOWS),
    Event.REBUILD_WANTED: (REBUILD_STATISTICS,),
    Event.RETENTION_ENDED: (APPLY_RETENTION,),
    Event.FILES_LEFT: (REMOVE_UNUSED_FILES,),
    Event.OLD_WORK_PILED_UP: (PRUNE_OUTBOX, PRUNE_SIGN_INS),
    Event.CATEGORY_KNOWN: (NOTE_REPEATS,),
    Event.HISTORY_WRITTEN: (PREPARE_NOTICES,),
    Event.NOTICE_WRITTEN: (SEND_NOTICE,),
    Event.WORKDAY_BEGUN: (REMIND_STAFF,),
    Event.RESULTS_COME_LATE: (DRAFT_LETTERS,),
    Event.LETTER_SIGNED: (PRINT_LETTER,),
    Event.TARGETS_CHANGED: (PRINT_COMMITMENT,),
    Event.PERIODS_ENDED: (ORDER_PERIOD_REPORTS,),
    Event.PERIOD_REPORT_ORDERED: (MAKE_PERIOD_REPORT,),
    Event.IMPORT_SENT: (CHECK_IMPORT,),
    Event.IMPORT_GOES_ON: (RUN_IMPORT,),
}
BY_NAME: dict[str, Subscription] = {
    subscription.name: subscription
    for subscriptions in SUBSCRIPTIONS.values()
    for subscription in subscriptions
}
