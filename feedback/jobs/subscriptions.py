"""Which function works which subscription of `feedback.domain.events`."""

from feedback.domain import events
from feedback.jobs import outbox, photos
from feedback.jobs.payloads import Work

WORK: dict[str, Work] = {
    events.PROCESS_PHOTO.name: photos.process,
    events.REMOVE_LEFT_UPLOADS.name: photos.remove_left,
    events.PRUNE_OUTBOX.name: outbox.prune,
}
