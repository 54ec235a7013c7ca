"""The tables. Importing this package makes every model known to the metadata."""

from feedback.storage.models.accounts import Account
from feedback.storage.models.calendars import CalendarBlock, CalendarDay, ReferenceVersion
from feedback.storage.models.categories import Category, CategoryGroup, ServiceLevel
from feedback.storage.models.counters import Counter, CounterRating, Kiosk
from feedback.storage.models.desks import ReplyTemplate, SavedView
from feedback.storage.models.documents import Document
from feedback.storage.models.followers import Follower
from feedback.storage.models.histories import HistoryEntry
from feedback.storage.models.letters import Letter, LetterTemplate
from feedback.storage.models.messages import Message
from feedback.storage.models.notices import Notice
from feedback.storage.models.outbox import Heartbeat, OutboxRow, OutboxState, ScheduleRun
from feedback.storage.models.period_reports import (
    PeriodReport,
    PeriodReportCases,
    PeriodReportFile,
    ReportSubscription,
)
from feedback.storage.models.photos import Photo
from feedback.storage.models.places import Area, AreaDraft
from feedback.storage.models.privacy import PrivacyEntry
from feedback.storage.models.published_ratings import PublishedRatings
from feedback.storage.models.ratings import Rating
from feedback.storage.models.reference_changes import ReferenceChange
from feedback.storage.models.report_imports import ReportImport
from feedback.storage.models.reporters import Reporter
from feedback.storage.models.reports import Assignment, Report, Round
from feedback.storage.models.requests import CaseRequest
from feedback.storage.models.routing import RoutingRule
from feedback.storage.models.sign_ins import (
    RecoveryCode,
    SecondFactor,
    SignInEvent,
    StaffSession,
)
from feedback.storage.models.statistics import (
    StatisticsChange,
    StatisticsDay,
    StatisticsDirty,
    StatisticsReady,
)
from feedback.storage.models.surveys import (
    Instrument,
    InstrumentVersion,
    Survey,
    SurveyAnswer,
    SurveyItem,
    SurveyOption,
    SurveyQuota,
    SurveyResponse,
    SurveySection,
    SurveyTotal,
    SurveyUnit,
)
from feedback.storage.models.targets import CommitmentSheet, Target
from feedback.storage.models.units import Unit
from feedback.storage.models.wall import WallSnapshot

__all__ = [
    "Account",
    "Area",
    "AreaDraft",
    "Assignment",
    "CalendarBlock",
    "CalendarDay",
    "CaseRequest",
    "Category",
    "CategoryGroup",
    "CommitmentSheet",
    "Counter",
    "CounterRating",
    "Document",
    "Follower",
    "Heartbeat",
    "HistoryEntry",
    "Instrument",
    "InstrumentVersion",
    "Kiosk",
    "Letter",
    "LetterTemplate",
    "Message",
    "Notice",
    "OutboxRow",
    "OutboxState",
    "PeriodReport",
    "PeriodReportCases",
    "PeriodReportFile",
    "Photo",
    "PrivacyEntry",
    "PublishedRatings",
    "Rating",
    "RecoveryCode",
    "ReferenceChange",
    "ReferenceVersion",
    "ReplyTemplate",
    "Report",
    "ReportImport",
    "ReportSubscription",
    "Reporter",
    "Round",
    "RoutingRule",
    "SavedView",
    "ScheduleRun",
    "SecondFactor",
    "ServiceLevel",
    "SignInEvent",
    "StaffSession",
    "StatisticsChange",
    "StatisticsDay",
    "StatisticsDirty",
    "StatisticsReady",
    "Survey",
    "SurveyAnswer",
    "SurveyItem",
    "SurveyOption",
    "SurveyQuota",
    "SurveyResponse",
    "SurveySection",
    "SurveyTotal",
    "SurveyUnit",
    "Target",
    "Unit",
    "WallSnapshot",
]
