"""How the installation stands, for the administrator, and work that was given up tried again."""

import shutil
from collections import Counter
from datetime import UTC, datetime
from http import HTTPStatus

from flask import Blueprint, current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from redis.exceptions import RedisError
from werkzeug.exceptions import NotFound

from config import Settings
from feedback.delivery.queues import QueueState, queue_states
from feedback.domain.events import BY_NAME, QUEUES
from feedback.domain.notices import NoticeState
from feedback.extensions import db
from feedback.operations.keep_heartbeat import RELAY
from feedback.operations.replay_dead_letter import replay_dead_letter, replay_dead_letters
from feedback.storage.models import OutboxState
from feedback.storage.queries import health, notices, outbox
from feedback.web.context import city, now
from feedback.web.notices import state_word
from feedback.web.system.health import RELAY_SILENCE
from feedback.web.system.work_words import QUEUE_WORDS, WORK_WORDS
from feedback.wording import _, ngettext

pages = Blueprint("status", __name__, url_prefix="/admin/status")
GIGABYTE = 1024**3


@pages.get("")
def show() -> str:
    """Heartbeats, queues, promised work, dead letters and the disk."""
    settings: Settings = current_app.extensions["settings"]
    session, moment = db.session(), datetime.now(UTC)
    state = health.work_state(session, RELAY)
    heard = state.relay_heard_at
    disk = shutil.disk_usage(settings.data_dir)
    return render_template(
        "admin/status.html",
        relay={"heard_at": heard, "well": heard and moment - heard <= RELAY_SILENCE},
        redis_answers=(queues := _queues(settings)) is not None,
        queues=[
            (q.name, QUEUE_WORDS[q.name], q.waiting, q.is_worked(moment)) for q in queues or ()
        ],
        work=_work(),
        work_words=WORK_WORDS,
        oldest=state.oldest_undone,
        dead=(dead := outbox.dead(session)),
        dead_of_kinds=sorted(
            (name, count)
            for name, count in Counter(row.subscription for row in dead).items()
            if count > 1
        ),
        channels=sorted(city().channels),
        notices=_notices(),
        disk={"free": disk.free // GIGABYTE, "share": disk.free / disk.total},
    )


@pages.post("/dead/<int:row_id>/replay")
def replay(row_id: int) -> ResponseReturnValue:
    """Try the work of one dead letter again."""
    replay_dead_letter(row_id, city=city(), now=now())
    flash(_("The work is due again."), "ok")
    return redirect(url_for("status.show"), HTTPStatus.SEE_OTHER)


@pages.get("/dead/<subscription>")
def ask_replay_all(subscription: str) -> str:
    """The page that says how many dead letters of a kind there are, and asks whether to go on."""
    if subscription not in BY_NAME:
        raise NotFound
    count = outbox.count_dead(db.session(), subscription)
    return render_template("admin/replay.html", subscription=subscription, count=count)


@pages.post("/dead/<subscription>")
def replay_all(subscription: str) -> ResponseReturnValue:
    """Try all that was given up of one kind of work again."""
    done = replay_dead_letters(subscription, city=city(), now=now())
    flash(
        ngettext(
            "%(num)s piece of work is due again.", "%(num)s pieces of work are due again.", done
        ),
        "ok",
    )
    return redirect(url_for("status.show"), HTTPStatus.SEE_OTHER)


def _queues(settings: Settings) -> list[QueueState] | None:
    try:
        return queue_states(settings.redis_url, QUEUES)
    except RedisError:
        return None


def _notices() -> list[tuple[str, int, bool]]:
    """How many notices stand where, in words, and whether that is a reason to look."""
    counts = notices.counts(db.session())
    order = list(NoticeState)
    return [
        (state_word(state, problem), count, problem is not None)
        for (state, problem), count in sorted(
            counts.items(), key=lambda item: (order.index(item[0][0]), item[0][1] or "")
        )
    ]


def _work() -> list[tuple[str, int, int]]:
    """Each subscription with work: its name, how many rows wait, how many are handed out."""
    counts = outbox.counts(db.session())
    names = sorted({name for name, _state in counts})
    return [
        (
            name,
            counts.get((name, OutboxState.PENDING), 0),
            counts.get((name, OutboxState.LEASED), 0),
        )
        for name in names
    ]
