"""What is personal in answers to surveys goes as soon as it is of no use any more.

Nothing says who answered. What stays of a device is a mark that is of use within one survey only,
to notice a second questionnaire; it goes at the survey's end. Texts may hold what somebody told of
themselves; they go when the city's retention is over. Levels, choices and groups stay: the figures
rest on them, and no figure of fewer than 5 answers is shown.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from feedback.operations.city import City
from feedback.operations.transaction import transaction
from feedback.storage.models import SurveyAnswer, SurveyResponse
from feedback.storage.queries import surveys


def forget_answers(*, city: City, now: datetime) -> None:
    """Forget the devices of surveys that are over, and texts kept for as long as they may be."""
    today = now.astimezone(city.zone).date()
    with transaction(city) as session:
        forget_devices(session, surveys.over(session, today))
        if city.retention_days is not None:
            last = today - timedelta(days=city.retention_days)
            _forget_texts(session, surveys.ended_by(session, last))


def forget_devices(session: Session, survey_ids: Sequence[int]) -> None:
    """Forget which devices answered these surveys; flags stay."""
    session.execute(
        update(SurveyResponse)
        .where(SurveyResponse.survey_id.in_(survey_ids), SurveyResponse.device.is_not(None))
        .values(device=None),
        execution_options={"synchronize_session": False},
    )


def _forget_texts(session: Session, survey_ids: Sequence[int]) -> None:
    responses = select(SurveyResponse.id).where(SurveyResponse.survey_id.in_(survey_ids))
    session.execute(
        update(SurveyAnswer)
        .where(SurveyAnswer.response_id.in_(responses), SurveyAnswer.text != "")
        .values(text=""),
        execution_options={"synchronize_session": False},
    )
