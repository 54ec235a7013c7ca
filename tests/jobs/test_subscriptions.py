"""Every event is heard by a function, on a queue that somebody works."""

from config import Settings
from feedback.cli.launch import programs
from feedback.domain.events import BY_NAME, QUEUES, SUBSCRIPTIONS, Event
from feedback.jobs.subscriptions import WORK


def test_every_subscription_is_worked_by_a_function() -> None:
    assert set(WORK) == set(BY_NAME)


def test_every_event_has_its_subscriptions() -> None:
    assert set(SUBSCRIPTIONS) == set(Event)


def test_every_queue_is_worked_by_a_process_of_a_running_city() -> None:
    settings = Settings.from_environment({"ENVIRONMENT": "testing", "REDIS_URL": "redis://nowhere"})
    started = programs(settings)
    assert {subscription.queue for subscription in BY_NAME.values()} == set(QUEUES)
    assert {f"worker-{queue}" for queue in QUEUES} <= set(started)
    assert "relay" in started
