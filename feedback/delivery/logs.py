"""Logs: one event a line, as JSON for machines or aligned for a developer's terminal.

Lines carry what is bound to the context: the request's or the job's id. They never hold what a
person typed, who reported, or the address of a secret link: events name rows by their ids.
"""

import logging
import logging.config
from typing import Any

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

# Libraries that tell of every step at a level that is ours to choose.
_QUIET = ("rq", "alembic", "PIL", "urllib3", "botocore", "sqlalchemy.engine")


def configure_logs(*, as_json: bool, level: str = "INFO") -> None:
    """Send everything that is logged to standard error, in one form; may be called again."""
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    ]
    ending: list[Processor] = (
        [_name_the_message, structlog.processors.JSONRenderer(ensure_ascii=False)]
        if as_json
        else [structlog.dev.ConsoleRenderer(colors=False)]
    )
    logging.config.dictConfig(
        {
            "version": 1,
            "disable_existing_loggers": False,
            "formatters": {
                "line": {
                    "()": structlog.stdlib.ProcessorFormatter,
                    "foreign_pre_chain": shared,
                    "processors": [
                        structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                        *ending,
                    ],
                }
            },
            "handlers": {"out": {"class": "logging.StreamHandler", "formatter": "line"}},
            "root": {"handlers": ["out"], "level": level},
            "loggers": {name: {"level": "WARNING"} for name in _QUIET},
        }
    )
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )


def _name_the_message(_logger: WrappedLogger, _method: str, event: EventDict) -> dict[str, Any]:
    """The event first, so that a line can be read from its beginning."""
    return {"event": event.pop("event", ""), **event}
