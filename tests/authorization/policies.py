"""The declared policy: who may enter which route, for an object of their own and for another's.

It says the rule once more, apart from the code that keeps it: the matrix test walks the URL map
with a person of every kind and holds what happens against this table.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from tests.authorization import imports, surveys


class Who(StrEnum):
    """Everybody who may come to a door. "Foreign" staff work at another unit than the case's."""

    ANONYMOUS = "anonymous"
    REPORTER = "citizen of this report"
    OTHER_REPORTER = "citizen of another"
    HANDLER = "staff of this unit"
    FOREIGN_HANDLER = "staff of another"
    HEAD = "head of this unit"
    FOREIGN_HEAD = "head of another"
    DISPATCHER = "dispatcher"
    SUPERVISOR = "supervisor"
    ADMINISTRATOR = "administrator"
    DISABLED = "disabled account"


class Answer(StrEnum):
    """What somebody meets at a door."""

    IN = "in"
    LOGIN = "login"  # sent to sign in
    REFUSED = "refused"  # 403: not for this role
    HIDDEN = "hidden"  # 404, exactly as for something that does not exist


CITIZENS = frozenset({Who.ANONYMOUS, Who.REPORTER, Who.OTHER_REPORTER, Who.DISABLED})
OF_THE_UNIT = frozenset({Who.HANDLER, Who.HEAD})
OF_ANOTHER = frozenset({Who.FOREIGN_HANDLER, Who.FOREIGN_HEAD})
UNITS = OF_THE_UNIT | OF_ANOTHER
HEADS = frozenset({Who.HEAD, Who.FOREIGN_HEAD})
STAFF = UNITS | {Who.DISPATCHER, Who.SUPERVISOR, Who.ADMINISTRATOR}
DISPATCHERS = frozenset({Who.DISPATCHER})
FIGURES = frozenset({Who.SUPERVISOR, Who.ADMINISTRATOR})
ADMINISTRATORS = frozenset({Who.ADMINISTRATOR})


@dataclass(frozen=True, slots=True)
class Policy:
    """What each person meets: with the own object (or where there is none), and with a foreign one.

    "Own" is the case of the unit of `HANDLER` and the report of `REPORTER`; seen from
    `FOREIGN_HANDLER` the roles are turned round.
    """

    name: str
    own: Mapping[Who, Answer]
    foreign: Mapping[Who, Answer]


def _everybody(answer: Answer) -> dict[Who, Answer]:
    return dict.fromkeys(Who, answer)


def _desk(let_in: frozenset[Who]) -> dict[Who, Answer]:
    """A page behind the sign-in, for some roles."""
    return {
        who: Answer.LOGIN if who in CITIZENS else (Answer.IN if who in let_in else Answer.REFUSED)
        for who in Who
    }


def _of_case(
    name: str,
    *,
    whole_city: frozenset[Who] = frozenset(),
    units: frozenset[Who] = UNITS,
    refused_here: frozenset[Who] = frozenset(),
) -> Policy:
    """A page of one case: for its own units and some of the whole city.

    `units` are the unit's people who get in; `refused_here` those who may see the case but not do
    this.
    """
    beyond = whole_city | UNITS | refused_here
    at_door = _desk(beyond)
    at_door.update(dict.fromkeys(refused_here | (UNITS - units), Answer.REFUSED))
    own = {**at_door, **dict.fromkeys(OF_ANOTHER, Answer.HIDDEN)}
    foreign = {**at_door, **dict.fromkeys(OF_THE_UNIT, Answer.HIDDEN)}
    return Policy(name, own, foreign)


EVERYBODY = Policy("everybody", _everybody(Answer.IN), _everybody(Answer.IN))
LINK_HOLDER = Policy(
    "who holds the secret link",
    {**_everybody(Answer.HIDDEN), Who.REPORTER: Answer.IN},
    {**_everybody(Answer.HIDDEN), Who.OTHER_REPORTER: Answer.IN},
)


def desk(name: str, let_in: frozenset[Who]) -> Policy:
    """A page of some roles that shows no single case of a unit."""
    return Policy(name, _desk(let_in), _desk(let_in))


WITH_TOKEN = Policy(
    "a collector with the token", _everybody(Answer.HIDDEN), _everybody(Answer.HIDDEN)
)
ALL_STAFF = desk("all staff", STAFF)
OWN_SESSION = Policy(
    "its owner; the address tried is a session of somebody else",
    {who: Answer.LOGIN if who in CITIZENS else Answer.HIDDEN for who in Who},
    {who: Answer.LOGIN if who in CITIZENS else Answer.HIDDEN for who in Who},
)
UNITS_AND_DISPATCHERS = desk("units, dispatchers", UNITS | DISPATCHERS)
DISPATCHER_ONLY = desk("dispatchers", DISPATCHERS)
WALL_READERS = desk("dispatchers, supervisors, administrators", FIGURES | DISPATCHERS)
FIGURE_READERS = desk("supervisors, administrators", FIGURES)
ADMINISTRATOR_ONLY = desk("administrators", ADMINISTRATORS)
CASE_READERS = _of_case(
    "the case's units, dispatchers, supervisors",
    whole_city=frozenset({Who.DISPATCHER, Who.SUPERVISOR}),
)
UNIT_STEP = _of_case("the case's unit", refused_here=frozenset({Who.DISPATCHER, Who.SUPERVISOR}))
HEAD_STEP = _of_case(
    "the head of the case's unit",
    units=HEADS,
    refused_here=frozenset({Who.DISPATCHER, Who.SUPERVISOR}),
)
SECRET_OF_A_LETTER = Policy(
    "who holds another secret (a letter's, a press's, a kiosk's link); the one tried is nobody's",
    _everybody(Answer.HIDDEN),
    _everybody(Answer.HIDDEN),
)
HEADS_ONLY = desk("heads", HEADS)
TARGET_PROPOSERS = desk("supervisors", frozenset({Who.SUPERVISOR}))
INTERVIEWERS = desk("dispatchers, supervisors", DISPATCHERS | {Who.SUPERVISOR})

NOTE_WRITERS = _of_case(
    "the case's unit, dispatchers",
    whole_city=DISPATCHERS,
    refused_here=frozenset({Who.SUPERVISOR}),
)
PROOF = Policy(
    "who may read the report, once it is closed; the document tried proves nothing",
    _everybody(Answer.HIDDEN),
    _everybody(Answer.HIDDEN),
)

_VIEW = _desk(UNITS | DISPATCHERS)
_VIEW.update(dict.fromkeys(UNITS | DISPATCHERS, Answer.HIDDEN))
OWN_VIEW = Policy("its owner; the view tried is somebody else's", _VIEW, _VIEW)
TEXT_KEEPERS = desk("heads, administrators", HEADS | ADMINISTRATORS)
_TEXT = _desk(HEADS | ADMINISTRATORS)
TEXT_OF_A_UNIT = Policy(
    "the head of the unit whose text it is",
    {**_TEXT, Who.FOREIGN_HEAD: Answer.HIDDEN, Who.ADMINISTRATOR: Answer.HIDDEN},
    {**_TEXT, Who.HEAD: Answer.HIDDEN, Who.ADMINISTRATOR: Answer.HIDDEN},
)
_LETTER = {**_desk(HEADS), Who.FOREIGN_HEAD: Answer.HIDDEN}
LETTER_OF_A_UNIT = Policy(
    "the head of the unit whose letter it is",
    _LETTER,
    {**_desk(HEADS), Who.HEAD: Answer.HIDDEN},
)

OF_FIGURES = (
    *("download_cases", "download_overview", "download_topic", "list_cases_of"),
    *("download_letter_cases", "download_letters_csv", "download_letters_xlsx", "list_letters_of"),
)
OF_PERIODIC_REPORTS = (
    *("correct_report", "download_report", "download_report_cases", "list_report_cases"),
    *("order_report", "show_report", "show_reports", "subscribe", "unsubscribe"),
)

POLICIES: dict[str, Policy] = {
    "account.begin_second_factor": ALL_STAFF,
    "account.confirm_second_factor": ALL_STAFF,
    "account.end_one": OWN_SESSION,
    "account.end_others": ALL_STAFF,
    "account.giving_up": ALL_STAFF,
    "account.password": ALL_STAFF,
    "account.recovery_codes": ALL_STAFF,
    "account.remove": ALL_STAFF,
    "account.renew_codes": ALL_STAFF,
    "account.second_factor": ALL_STAFF,
    "account.send_password": ALL_STAFF,
    "account.show": ALL_STAFF,
    "admin.account": ADMINISTRATOR_ONLY,
    "admin.accounts": ADMINISTRATOR_ONLY,
    "admin.areas": ADMINISTRATOR_ONLY,
    "admin.calendar": ADMINISTRATOR_ONLY,
    "admin.calendar_day": ADMINISTRATOR_ONLY,
    "admin.categories": ADMINISTRATOR_ONLY,
    "admin.category": ADMINISTRATOR_ONLY,
    "admin.changes": ADMINISTRATOR_ONLY,
    "admin.close_account": ADMINISTRATOR_ONLY,
    "admin.group": ADMINISTRATOR_ONLY,
    "admin.letter_template": ADMINISTRATOR_ONLY,
    "admin.letter_templates": ADMINISTRATOR_ONLY,
    "admin.level": ADMINISTRATOR_ONLY,
    "admin.levels": ADMINISTRATOR_ONLY,
    "admin.new_account": ADMINISTRATOR_ONLY,
    "admin.new_category": ADMINISTRATOR_ONLY,
    "admin.new_day": ADMINISTRATOR_ONLY,
    "admin.new_group": ADMINISTRATOR_ONLY,
    "admin.new_letter_template": ADMINISTRATOR_ONLY,
    "admin.new_level": ADMINISTRATOR_ONLY,
    "admin.new_password": ADMINISTRATOR_ONLY,
    "admin.new_rule": ADMINISTRATOR_ONLY,
    "admin.new_unit": ADMINISTRATOR_ONLY,
    "admin.open_account": ADMINISTRATOR_ONLY,
    "admin.remove_day": ADMINISTRATOR_ONLY,
    "admin.rule": ADMINISTRATOR_ONLY,
    "admin.rules": ADMINISTRATOR_ONLY,
    "admin.send_account": ADMINISTRATOR_ONLY,
    "admin.send_category": ADMINISTRATOR_ONLY,
    "admin.send_day": ADMINISTRATOR_ONLY,
    "admin.send_dissolution": ADMINISTRATOR_ONLY,
    "admin.send_end_of_rule": ADMINISTRATOR_ONLY,
    "admin.send_group": ADMINISTRATOR_ONLY,
    "admin.send_level": ADMINISTRATOR_ONLY,
    "admin.send_move_of_rules": ADMINISTRATOR_ONLY,
    "admin.send_new_account": ADMINISTRATOR_ONLY,
    "admin.send_new_category": ADMINISTRATOR_ONLY,
    "admin.send_new_day": ADMINISTRATOR_ONLY,
    "admin.send_new_group": ADMINISTRATOR_ONLY,
    "admin.send_new_letter_template": ADMINISTRATOR_ONLY,
    "admin.send_new_level": ADMINISTRATOR_ONLY,
    "admin.send_new_rule": ADMINISTRATOR_ONLY,
    "admin.send_new_unit": ADMINISTRATOR_ONLY,
    "admin.send_proposals": ADMINISTRATOR_ONLY,
    "admin.send_unit": ADMINISTRATOR_ONLY,
    "admin.send_week": ADMINISTRATOR_ONLY,
    "admin.start": ADMINISTRATOR_ONLY,
    "admin.unit": ADMINISTRATOR_ONLY,
    "admin.units": ADMINISTRATOR_ONLY,
    "admin.week": ADMINISTRATOR_ONLY,
    "admin.withdraw_letter_template_version": ADMINISTRATOR_ONLY,
    "admin.withdraw_level": ADMINISTRATOR_ONLY,
    "auth.code": EVERYBODY,
    "auth.enrol": EVERYBODY,
    "auth.login": EVERYBODY,
    "auth.logout": EVERYBODY,
    "auth.send_code": EVERYBODY,
    "auth.send_enrolment": EVERYBODY,
    "auth.send_login": EVERYBODY,
    "cases.answer": UNIT_STEP,
    "cases.approve": HEAD_STEP,
    "cases.document": CASE_READERS,
    "cases.name": HEAD_STEP,
    "cases.note": NOTE_WRITERS,
    "cases.send_back": HEAD_STEP,
    "cases.show": CASE_READERS,
    "cases.show_next": CASE_READERS,
    "cases.take": UNIT_STEP,
    "citizen.ask_for_second_look": LINK_HOLDER,
    "citizen.counter": EVERYBODY,
    "citizen.counter_thanks": SECRET_OF_A_LETTER,
    "citizen.letter": LINK_HOLDER,
    "citizen.look_up": EVERYBODY,
    "citizen.document": PROOF,
    "citizen.new_report": EVERYBODY,
    "citizen.rate": LINK_HOLDER,
    "citizen.receipt": LINK_HOLDER,
    "citizen.register_device": SECRET_OF_A_LETTER,
    "citizen.reopen": LINK_HOLDER,
    "citizen.reply": LINK_HOLDER,
    "citizen.send_counter_rating": EVERYBODY,
    "citizen.send_counter_thanks": SECRET_OF_A_LETTER,
    "citizen.send_device": SECRET_OF_A_LETTER,
    "citizen.send_look_up": EVERYBODY,
    "citizen.send_rating": LINK_HOLDER,
    "citizen.send_reopening": LINK_HOLDER,
    "citizen.send_reply": LINK_HOLDER,
    "citizen.send_second_look": LINK_HOLDER,
    "citizen.send_withdrawal": LINK_HOLDER,
    "citizen.send_report": EVERYBODY,
    "citizen.show": LINK_HOLDER,
    "citizen.upload_photo": EVERYBODY,
    "citizen.withdraw": LINK_HOLDER,
    "counters.new": ADMINISTRATOR_ONLY,
    "counters.one": ADMINISTRATOR_ONLY,
    "counters.send": ADMINISTRATOR_ONLY,
    "counters.send_end": ADMINISTRATOR_ONLY,
    "counters.send_kiosk": ADMINISTRATOR_ONLY,
    "counters.send_new": ADMINISTRATOR_ONLY,
    "counters.sheet": ADMINISTRATOR_ONLY,
    "counters.show": ADMINISTRATOR_ONLY,
    "desk.start": ALL_STAFF,
    "dispatching.add": DISPATCHER_ONLY,
    "dispatching.dispatch": DISPATCHER_ONLY,
    "dispatching.duplicate": DISPATCHER_ONLY,
    "dispatching.duplicate_undone": DISPATCHER_ONLY,
    "dispatching.extension_decision": DISPATCHER_ONLY,
    "dispatching.lead": DISPATCHER_ONLY,
    "dispatching.lift": DISPATCHER_ONLY,
    "dispatching.reject": DISPATCHER_ONLY,
    "dispatching.return_accepted": DISPATCHER_ONLY,
    "dispatching.return_back": DISPATCHER_ONLY,
    "dispatching.take_away": DISPATCHER_ONLY,
    "dispatching.transfer": DISPATCHER_ONLY,
    "dispatching.transfer_decision": DISPATCHER_ONLY,
    "dispatching.uphold": DISPATCHER_ONLY,
    "dispatching.visibility": DISPATCHER_ONLY,
    "identities.show": DISPATCHER_ONLY,
    "intake.send": DISPATCHER_ONLY,
    "intake.show": DISPATCHER_ONLY,
    "letters.one": LETTER_OF_A_UNIT,
    "letters.pdf": LETTER_OF_A_UNIT,
    "letters.send": LETTER_OF_A_UNIT,
    "letters.show": HEADS_ONLY,
    "letters.sign": LETTER_OF_A_UNIT,
    "metrics.show": WITH_TOKEN,
    "persons.ask": ADMINISTRATOR_ONLY,
    "persons.erase": ADMINISTRATOR_ONLY,
    "persons.export": ADMINISTRATOR_ONLY,
    "persons.find": ADMINISTRATOR_ONLY,
    "privacy.download": FIGURE_READERS,
    "privacy.show": FIGURE_READERS,
    "public.areas_geojson": EVERYBODY,
    "public.ask_news": EVERYBODY,
    "public.brand_mark": EVERYBODY,
    "public.brand_stylesheet": EVERYBODY,
    "public.choose_language": EVERYBODY,
    "public.document": PROOF,
    "public.figures": EVERYBODY,
    "public.confirm_by_letter": SECRET_OF_A_LETTER,
    "public.follow": EVERYBODY,
    "public.home": EVERYBODY,
    "public.open_data": EVERYBODY,
    "public.open_figures": EVERYBODY,
    "public.open_ratings": EVERYBODY,
    "public.list_reports": EVERYBODY,
    "public.picture": EVERYBODY,
    "public.privacy": EVERYBODY,
    "public.send_confirmation": SECRET_OF_A_LETTER,
    "public.send_stop_by_letter": SECRET_OF_A_LETTER,
    "public.show_report": EVERYBODY,
    "public.stop_by_letter": SECRET_OF_A_LETTER,
    "public.unfollow": EVERYBODY,
    "queue.do_bulk": UNITS_AND_DISPATCHERS,
    "queue.download": UNITS_AND_DISPATCHERS,
    "queue.list_promises": UNITS_AND_DISPATCHERS,
    "queue.list_views": UNITS_AND_DISPATCHERS,
    "queue.preview_bulk": UNITS_AND_DISPATCHERS,
    "queue.send_name": OWN_VIEW,
    "queue.send_removal": OWN_VIEW,
    "queue.send_view": UNITS_AND_DISPATCHERS,
    "queue.show": UNITS_AND_DISPATCHERS,
    "sign_ins.reset": ADMINISTRATOR_ONLY,
    "sign_ins.show": ADMINISTRATOR_ONLY,
    "static": EVERYBODY,
    "status.ask_replay_all": ADMINISTRATOR_ONLY,
    "status.replay": ADMINISTRATOR_ONLY,
    "status.replay_all": ADMINISTRATOR_ONLY,
    "status.show": ADMINISTRATOR_ONLY,
    "supervisor.show": FIGURE_READERS,
    **{f"supervisor.{name}": FIGURE_READERS for name in (*OF_FIGURES, *OF_PERIODIC_REPORTS)},
    "supervisor.show_targets": FIGURE_READERS,
    "supervisor.propose_target": TARGET_PROPOSERS,
    "supervisor.show_topic": FIGURE_READERS,
    "supervisor.show_counters": FIGURE_READERS,
    "supervisor.show_letters": FIGURE_READERS,
    "system.health": EVERYBODY,
    "supervisor.download_sheet": FIGURE_READERS,
    "targets.download_sheet": LETTER_OF_A_UNIT,
    "targets.show": HEADS_ONLY,
    "targets.sign": LETTER_OF_A_UNIT,
    "templates.new": TEXT_KEEPERS,
    "templates.one": TEXT_OF_A_UNIT,
    "templates.remove": TEXT_OF_A_UNIT,
    "templates.send": TEXT_OF_A_UNIT,
    "templates.send_new": TEXT_KEEPERS,
    "templates.show": TEXT_KEEPERS,
    "triage.show": DISPATCHER_ONLY,
    "unit.ask": UNIT_STEP,
    "unit.extend": HEAD_STEP,
    "unit.give_back": UNIT_STEP,
    "unit.propose": UNIT_STEP,
    "unit.show_kept_promise": UNIT_STEP,
    "unit.take_back": HEAD_STEP,
    "unit_counters.show": HEADS_ONLY,
    "wall.data": WALL_READERS,
    "wall.show": WALL_READERS,
    **dict.fromkeys(imports.FOR_ADMINISTRATORS, ADMINISTRATOR_ONLY),
    **dict.fromkeys(surveys.FOR_ADMINISTRATORS, ADMINISTRATOR_ONLY),
    **dict.fromkeys(surveys.FOR_INTERVIEWERS, INTERVIEWERS),
    **dict.fromkeys(surveys.FOR_FIGURE_READERS, FIGURE_READERS),
    **dict.fromkeys(surveys.FOR_EVERYBODY, EVERYBODY),
}
"""By endpoint. A route without a line here fails the tests: decide who may enter, then write it."""
