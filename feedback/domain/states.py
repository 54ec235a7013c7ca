"""Every closed list of words the product knows, spelt once.

The values are what the database, the history and the outside see; the sentences shown to people
live in the translations.
"""

from enum import StrEnum


class ReportState(StrEnum):
    """Where a report stands. Until it is finished it shows the state of its lead assignment."""

    RECEIVED = "received"
    DISPATCHED = "dispatched"
    IN_PROGRESS = "in_progress"
    WAITING = "waiting"
    ANSWERED = "answered"
    CLOSED = "closed"
    REJECTED = "rejected"
    DUPLICATE = "duplicate"
    WITHDRAWN = "withdrawn"


class AssignmentState(StrEnum):
    """Where a report stands at one unit; the last three have ended."""

    DISPATCHED = "dispatched"
    IN_PROGRESS = "in_progress"
    WAITING = "waiting"
    ANSWERED = "answered"
    APPROVED = "approved"
    RETURNED = "returned"
    TRANSFERRED = "transferred"
    WITHDRAWN = "withdrawn"


ENDED_ASSIGNMENT_STATES = frozenset(
    {AssignmentState.RETURNED, AssignmentState.TRANSFERRED, AssignmentState.WITHDRAWN}
)
EXCLUDED_REPORT_STATES = frozenset(
    {ReportState.REJECTED, ReportState.DUPLICATE, ReportState.WITHDRAWN}
)
FINISHED_REPORT_STATES = EXCLUDED_REPORT_STATES | {ReportState.CLOSED}


class Outcome(StrEnum):
    """What became of a report."""

    FIXED = "fixed"
    PLANNED = "planned"
    NOT_COMPETENT = "not_competent"
    NOT_FOUND = "not_found"
    REFUSED = "refused"


class RatingLevel(StrEnum):
    """How satisfied a citizen is with the result."""

    SATISFIED = "satisfied"
    ACCEPTABLE = "acceptable"
    DISSATISFIED = "dissatisfied"


class CounterChannel(StrEnum):
    """How a rating of a service counter came in."""

    WEB = "web"
    QR = "qr"
    KIOSK = "kiosk"
    PHONE = "phone"
    IN_PERSON = "in_person"


class CounterReason(StrEnum):
    """What somebody's rating of a counter is about."""

    WAITING = "waiting"
    ATTITUDE = "attitude"
    GUIDANCE = "guidance"
    PAPERWORK = "paperwork"
    RESULT = "result"
    ROOM = "room"


class CounterFlag(StrEnum):
    """Why a rating of a counter is looked at with doubt; it is kept and counted apart."""

    REPEAT = "repeat"  # the same device, minutes before
    BURST = "burst"  # faster than people press
    RUSH = "rush"  # more presses at the counter in a short time than people can make


class Visibility(StrEnum):
    """What the public sees of a report."""

    PENDING = "pending"
    PUBLIC = "public"
    PRIVATE = "private"


class VisibilityPolicy(StrEnum):
    """How a category decides the visibility of its reports."""

    AUTO = "auto"
    REVIEW = "review"
    NEVER = "never"


class Role(StrEnum):
    """What an account may do."""

    HANDLER = "handler"
    HEAD = "head"
    DISPATCHER = "dispatcher"
    SUPERVISOR = "supervisor"
    ADMINISTRATOR = "administrator"


class ActorKind(StrEnum):
    """Who stands behind a history entry."""

    CITIZEN = "citizen"
    STAFF = "staff"
    SYSTEM = "system"


class UnitKind(StrEnum):
    """The three kinds of handling unit."""

    OFFICE = "office"
    WARD = "ward"
    UTILITY = "utility"


class Clock(StrEnum):
    """The clock a service level counts on."""

    WORKING = "working"
    ROUND_THE_CLOCK = "round_the_clock"


class PlaceSource(StrEnum):
    """How the reporter gave the place."""

    GPS = "gps"
    MAP = "map"
    WARD = "ward"
    PHOTO = "photo"


class Channel(StrEnum):
    """How a report came in."""

    WEB = "web"
    PHONE = "phone"
    EMAIL = "email"
    IMPORT = "import"  # taken over from another system


class RejectionReason(StrEnum):
    """Why the operations centre may refuse a report."""

    FORMAL_COMPLAINT = "formal_complaint"
    DENUNCIATION = "denunciation"
    OUT_OF_SCOPE = "out_of_scope"
    ABUSIVE = "abusive"
    NO_CONTENT = "no_content"


class CaseRequestKind(StrEnum):
    """What a unit may ask the operations centre for."""

    TRANSFER = "transfer"
    EXTENSION = "extension"


class CaseRequestState(StrEnum):
    """Where such a request stands; dropped ones were taken back, or their case went on."""

    OPEN = "open"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    DROPPED = "dropped"


class MessageKind(StrEnum):
    """What is said about a case beside its steps."""

    QUESTION = "question"
    REPLY = "reply"
    NOTE = "note"


class PhotoState(StrEnum):
    """Where a photo stands on its way to being shown."""

    UPLOADED = "uploaded"
    READY = "ready"
    FAILED = "failed"


class PhotoPurpose(StrEnum):
    """What a photo belongs to."""

    REPORT = "report"
    EVIDENCE = "evidence"
    RATING = "rating"
    COUNTER = "counter"
    REPLY = "reply"
    NOTE = "note"


class PhotoProblem(StrEnum):
    """Why a photo cannot be used; the web has a sentence for each."""

    EMPTY = "empty"
    NOT_AN_IMAGE = "not_an_image"
    UNSUPPORTED_FORMAT = "unsupported_format"
    TOO_LARGE_FILE = "too_large_file"
    TOO_MANY_PIXELS = "too_many_pixels"
    ANIMATED = "animated"
    BROKEN = "broken"
    TOO_MUCH_MEMORY = "too_much_memory"
