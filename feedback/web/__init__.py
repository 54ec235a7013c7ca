"""The pages, by audience. Every blueprint is registered together with its guard."""

from flask import Flask

from feedback.domain.states import Role
from feedback.web import (
    account,
    admin,
    auth,
    caching,
    citizen,
    errors,
    limits,
    privacy,
    public,
    request_log,
    security,
    sessions,
    staff,
    static_files,
    supervisor,
    system,
    templating,
)
from feedback.web.guards import everyone, register_guarded, staff_with
from feedback.web.languages import chosen_language

__all__ = ["chosen_language", "register"]


def register(app: Flask) -> None:
    """Add every page to the application."""
    request_log.register(app)
    errors.register(app)
    security.register(app)
    caching.register(app)
    static_files.register(app)
    templating.register(app)
    sessions.register(app)
    limits.register(app)
    register_guarded(app, system.health.pages, everyone)
    register_guarded(app, system.metrics.pages, system.metrics.with_token)
    register_guarded(app, public.pages, everyone)
    register_guarded(app, citizen.pages, everyone)
    register_guarded(app, auth.pages, everyone)
    _register_desks(app)


def _register_desks(app: Flask) -> None:
    """The pages behind the sign-in, each for the roles that work there."""
    at_units = (Role.HANDLER, Role.HEAD)
    register_guarded(app, staff.desk.pages, staff_with(*Role))
    register_guarded(app, account.pages, staff_with(*Role))
    register_guarded(app, auth.record.pages, staff_with(Role.ADMINISTRATOR))
    register_guarded(app, staff.queue.pages, staff_with(*at_units, Role.DISPATCHER))
    register_guarded(
        app, staff.cases.pages, staff_with(*at_units, Role.DISPATCHER, Role.SUPERVISOR)
    )
    register_guarded(app, staff.unit_steps.pages, staff_with(*at_units))
    for pages in (
        staff.triage.pages,
        staff.dispatching.pages,
        staff.intake.pages,
        staff.identities.pages,
    ):
        register_guarded(app, pages, staff_with(Role.DISPATCHER))
    register_guarded(app, admin.pages, staff_with(Role.ADMINISTRATOR))
    register_guarded(app, admin.counters.pages, staff_with(Role.ADMINISTRATOR))
    register_guarded(app, admin.instruments.pages, staff_with(Role.ADMINISTRATOR))
    register_guarded(app, admin.surveys.pages, staff_with(Role.ADMINISTRATOR))
    register_guarded(app, staff.interviews.pages, staff_with(Role.DISPATCHER, Role.SUPERVISOR))
    register_guarded(app, admin.reply_templates.pages, staff_with(Role.HEAD, Role.ADMINISTRATOR))
    register_guarded(app, staff.counters.pages, staff_with(Role.HEAD))
    register_guarded(app, staff.letters.pages, staff_with(Role.HEAD))
    register_guarded(app, staff.targets.pages, staff_with(Role.HEAD))
    register_guarded(app, privacy.record.pages, staff_with(Role.SUPERVISOR, Role.ADMINISTRATOR))
    register_guarded(app, privacy.persons.pages, staff_with(Role.ADMINISTRATOR))
    register_guarded(app, system.status.pages, staff_with(Role.ADMINISTRATOR))
    register_guarded(app, supervisor.pages, staff_with(Role.SUPERVISOR, Role.ADMINISTRATOR))
    register_guarded(
        app,
        supervisor.wall.pages,
        staff_with(Role.DISPATCHER, Role.SUPERVISOR, Role.ADMINISTRATOR),
    )
