"""Records: the union of all that the store keeps. Only handlers.context and bot.app name it."""

from typing import Protocol

from bot.core.activities.records import ActivityRecords
from bot.core.delivery import DeliveryRecords
from bot.core.feedback import FeedbackRecords
from bot.core.health import HealthRecords
from bot.core.inbox import InboxRecords
from bot.core.leadership import LeaseRecords
from bot.core.marks import MarkRecords
from bot.core.people import PeopleRecords
from bot.core.privacy import PrivacyRecords
from bot.core.roles import RoleRecords
from bot.core.sources import SourceRecords
from bot.core.translation import TranslationRecords


class Records(
    PeopleRecords,
    RoleRecords,
    SourceRecords,
    DeliveryRecords,
    TranslationRecords,
    InboxRecords,
    HealthRecords,
    LeaseRecords,
    MarkRecords,
    FeedbackRecords,
    ActivityRecords,
    PrivacyRecords,
    Protocol,
):
    """What `Store.transaction()` hands out."""
