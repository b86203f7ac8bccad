"""The schema, all of it. Times are aware UTC on both databases (see columns.Instant)."""

from storage.tables.activities import (
    activities,
    lotteries,
    offers,
    receipts,
    sign_ups,
    slots,
    tells,
)
from storage.tables.columns import Instant, metadata
from storage.tables.delivery import IS_CLAIMED, IS_PENDING, campaigns, deliveries
from storage.tables.news import memory, news, news_keys, news_topics, sources, translations
from storage.tables.own import alerts, audit, inbox, leases, marks
from storage.tables.people import conversations, feedback, follows, persons, roles

__all__ = [
    "IS_CLAIMED",
    "IS_PENDING",
    "Instant",
    "activities",
    "alerts",
    "audit",
    "campaigns",
    "conversations",
    "deliveries",
    "feedback",
    "follows",
    "inbox",
    "leases",
    "lotteries",
    "marks",
    "memory",
    "metadata",
    "news",
    "news_keys",
    "news_topics",
    "offers",
    "persons",
    "receipts",
    "roles",
    "sign_ups",
    "slots",
    "sources",
    "tells",
    "translations",
]
