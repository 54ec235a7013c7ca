"""Makes what tests start from, with a default for everything a test does not care about.

Call them inside an application context, which names the city. What happens to a report goes through
the operations. A model comes loaded and detached, so that its columns can be read anywhere.
"""

from tests.factories.accounts import (
    PASSWORD,
    actor_of,
    create_account,
)
from tests.factories.base import (
    INSIDE,
    LONG_AGO,
    MONDAY,
    the_city,
)
from tests.factories.counters import (
    create_counter,
    create_counter_ratings,
)
from tests.factories.reference import (
    create_area,
    create_category,
    create_category_group,
    create_rule,
    create_service_level,
    create_unit,
    create_working_week,
)
from tests.factories.reports import (
    Case,
    create_answered_case,
    create_case,
    create_closed_report,
    create_report,
    create_upload,
)
from tests.factories.surveys import (
    ITEMS,
    Questionnaire,
    create_instrument,
    create_responses,
    create_survey,
)

__all__ = [
    "INSIDE",
    "ITEMS",
    "LONG_AGO",
    "MONDAY",
    "PASSWORD",
    "Case",
    "Questionnaire",
    "actor_of",
    "create_account",
    "create_answered_case",
    "create_area",
    "create_case",
    "create_category",
    "create_category_group",
    "create_closed_report",
    "create_counter",
    "create_counter_ratings",
    "create_instrument",
    "create_report",
    "create_responses",
    "create_rule",
    "create_service_level",
    "create_survey",
    "create_unit",
    "create_upload",
    "create_working_week",
    "the_city",
]
