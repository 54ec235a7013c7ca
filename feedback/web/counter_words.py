"""The words of counters: what a rating is about, how it came in, why it is doubted."""

from collections.abc import Mapping

from flask_babel import get_locale
from flask_babel import lazy_gettext as _l

from feedback.domain.states import CounterChannel, CounterFlag, CounterReason
from feedback.storage.models import Counter

REASONS: Mapping[CounterReason, object] = {
    CounterReason.WAITING: _l("Waiting time"),
    CounterReason.ATTITUDE: _l("How I was treated"),
    CounterReason.GUIDANCE: _l("Guidance and information"),
    CounterReason.PAPERWORK: _l("Papers and steps asked for"),
    CounterReason.RESULT: _l("The result"),
    CounterReason.ROOM: _l("The room and its equipment"),
}
CHANNELS: Mapping[CounterChannel, object] = {
    CounterChannel.WEB: _l("web"),
    CounterChannel.QR: _l("QR code"),
    CounterChannel.KIOSK: _l("kiosk"),
    CounterChannel.PHONE: _l("telephone survey"),
    CounterChannel.IN_PERSON: _l("survey in person"),
}
FLAGS: Mapping[CounterFlag, object] = {
    CounterFlag.REPEAT: _l("repeated within minutes by one device"),
    CounterFlag.BURST: _l("faster than people press"),
    CounterFlag.RUSH: _l("in a rush of presses at the counter"),
}


def counter_name(counter: Counter) -> str:
    """The name of a counter in the reader's language."""
    return counter.name_en if str(get_locale()) == "en" else counter.name_vi


def reason_choices() -> list[tuple[str, str]]:
    """What a rating may be about, for a form."""
    return [(reason.value, str(words)) for reason, words in REASONS.items()]
