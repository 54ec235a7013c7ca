"""Promised work and its queues in words, for the page that tells how the installation stands."""

from flask_babel import lazy_gettext as _l

from feedback.domain import events

QUEUE_WORDS = {
    events.PHOTOS_QUEUE: _l("Worker for photos"),
    events.STATISTICS_QUEUE: _l("Worker for figures and deadlines"),
    events.NOTICES_QUEUE: _l("Worker for notices"),
}
WORK_WORDS = {
    events.PROCESS_PHOTO.name: _l("Prepare a photo"),
    events.REMOVE_LEFT_UPLOADS.name: _l("Remove uploads nobody sent"),
    events.REFRESH_STATISTICS.name: _l("Count the changed days anew"),
    events.NOTE_PASSED_DUES.name: _l("Notice deadlines that pass"),
    events.NOTE_REPEATS.name: _l("Look for closed cases that are reported again"),
    events.END_WAITING.name: _l("End waiting whose time is up"),
    events.REFRESH_WINDOWS.name: _l("Move the figures on to the new day"),
    events.MOVE_OPEN_ROUNDS.name: _l("Move open deadlines after a change of the calendar"),
    events.PUBLISH_RATINGS.name: _l("Publish the ratings of a month"),
    events.REBUILD_STATISTICS.name: _l("Count all figures anew"),
    events.PRUNE_OUTBOX.name: _l("Clear away work that is done"),
    events.PREPARE_NOTICES.name: _l("Find out who is to be told"),
    events.SEND_NOTICE.name: _l("Send a notice"),
    events.REMIND_STAFF.name: _l("Remind staff of deadlines"),
    events.CHECK_IMPORT.name: _l("Check a file of reports"),
    events.RUN_IMPORT.name: _l("Take over a file of reports"),
    events.APPLY_RETENTION.name: _l("Remove personal data whose time is up"),
    events.REMOVE_UNUSED_FILES.name: _l("Remove files nobody needs"),
    events.PRUNE_SIGN_INS.name: _l("Clear away old sign-ins"),
}
