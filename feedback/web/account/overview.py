"""One's own account as a whole, and the end of sessions."""

from http import HTTPStatus

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from feedback.domain.sign_ins import IDLE, LONGEST, SECOND_FACTOR_ROLES
from feedback.extensions import db
from feedback.operations.staff_sessions import end_other_sessions, end_session
from feedback.storage.queries import sign_ins
from feedback.web.account.blueprint import pages
from feedback.web.account.person import me
from feedback.web.context import city, now, settings
from feedback.web.sessions import end, origin
from feedback.web.sign_in_words import line_of
from feedback.wording import _, ngettext

LINES = 15


@pages.get("")
def show() -> str:
    """Second factor, password, sessions, and the last lines of the record."""
    person, session = me(), db.session()
    return render_template(
        "account/account.html",
        second_factor={
            "set": sign_ins.has_second_factor(session, person.account_id),
            "codes_left": sign_ins.recovery_codes_left(session, person.account_id),
            "required": settings().second_factor_required and person.role in SECOND_FACTOR_ROLES,
            "meant": person.role in SECOND_FACTOR_ROLES,
        },
        sessions=[
            {
                "id": found.id,
                "device": found.device,
                "network": found.network,
                "begun": found.created_at,
                "seen": found.last_seen_at,
                "this": found.id == person.session_id,
            }
            for found in sorted(
                sign_ins.sessions_of(session, person.account_id, now()),
                key=lambda found: found.id != person.session_id,
            )
        ],
        lines=[line_of(event) for event in sign_ins.events_of(session, person.account_id, LINES)],
        idle_minutes=int(IDLE.total_seconds() // 60),
        longest_hours=int(LONGEST.total_seconds() // 3600),
    )


@pages.post("/sessions/<int:session_id>/end")
def end_one(session_id: int) -> ResponseReturnValue:
    """End one of one's sessions; ending this one leads to the sign-in."""
    person = me()
    end_session(session_id, account_id=person.account_id, origin=origin(), city=city(), now=now())
    if session_id == person.session_id:
        end()
        return redirect(url_for("auth.login"), HTTPStatus.SEE_OTHER)
    flash(_("The session has ended."), "ok")
    return redirect(url_for("account.show"), HTTPStatus.SEE_OTHER)


@pages.post("/sessions/end-others")
def end_others() -> ResponseReturnValue:
    """End every session but this one."""
    person = me()
    ended = end_other_sessions(
        person.session_id, account_id=person.account_id, origin=origin(), city=city(), now=now()
    )
    flash(
        ngettext("%(num)s other session has ended.", "%(num)s other sessions have ended.", ended),
        "ok",
    )
    return redirect(url_for("account.show"), HTTPStatus.SEE_OTHER)
