"""Which function works which subscription of `feedback.domain.events`."""

from feedback.domain import events
from feedback.jobs import (
    apologies,
    commitments,
    imports,
    notices,
    outbox,
    period_reports,
    photos,
    privacy,
    repeats,
    sign_ins,
    statistics,
    waiting,
    wall,
)
from feedback.jobs.payloads import Work

WORK: dict[str, Work] = {
    events.PROCESS_PHOTO.name: photos.process,
    events.REMOVE_LEFT_UPLOADS.name: photos.remove_left,
    events.REFRESH_STATISTICS.name: statistics.refresh,
    events.REFRESH_WALL.name: wall.refresh,
    events.NOTE_PASSED_DUES.name: statistics.note_dues,
    events.NOTE_REPEATS.name: repeats.note,
    events.END_WAITING.name: waiting.end,
    events.REFRESH_WINDOWS.name: statistics.move_windows,
    events.MOVE_OPEN_ROUNDS.name: statistics.move_open,
    events.PUBLISH_RATINGS.name: statistics.publish,
    events.REBUILD_STATISTICS.name: statistics.rebuild,
    events.PRUNE_OUTBOX.name: outbox.prune,
    events.PREPARE_NOTICES.name: notices.prepare,
    events.SEND_NOTICE.name: notices.send,
    events.REMIND_STAFF.name: notices.remind,
    events.DRAFT_LETTERS.name: apologies.draft,
    events.PRINT_LETTER.name: apologies.print_signed,
    events.PRINT_COMMITMENT.name: commitments.print_sheet,
    events.ORDER_PERIOD_REPORTS.name: period_reports.order,
    events.MAKE_PERIOD_REPORT.name: period_reports.make,
    events.CHECK_IMPORT.name: imports.check,
    events.RUN_IMPORT.name: imports.run,
    events.APPLY_RETENTION.name: privacy.retain,
    events.REMOVE_UNUSED_FILES.name: privacy.remove_files,
    events.PRUNE_SIGN_INS.name: sign_ins.prune,
}
