"""Transaction: every story's queries on one connection. It satisfies bot.core.records.Records."""

from storage.activities.offers import OfferQueries
from storage.activities.plans import PlanQueries
from storage.activities.receipts import ReceiptQueries
from storage.activities.sign_ups import SignUpQueries
from storage.activities.standing import StandingQueries
from storage.alerts import AlertQueries
from storage.audit import AuditQueries
from storage.conversations import ConversationQueries
from storage.delivery import DeliveryQueries
from storage.feedback import FeedbackQueries
from storage.health import HealthQueries
from storage.inbox import InboxQueries
from storage.leadership import LeaseQueries
from storage.marks import MarkQueries
from storage.news import NewsQueries
from storage.people import PeopleQueries
from storage.privacy import PrivacyQueries
from storage.roles import RoleQueries
from storage.sources import SourceQueries
from storage.translation import TranslationQueries


class Transaction(
    PeopleQueries,
    RoleQueries,
    AuditQueries,
    SourceQueries,
    TranslationQueries,
    DeliveryQueries,
    NewsQueries,
    InboxQueries,
    HealthQueries,
    LeaseQueries,
    MarkQueries,
    AlertQueries,
    ConversationQueries,
    FeedbackQueries,
    PlanQueries,
    StandingQueries,
    SignUpQueries,
    OfferQueries,
    ReceiptQueries,
    PrivacyQueries,
):
    """One transaction, open until its `async with` ends."""
