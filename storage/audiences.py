"""Audiences: whom each kind of message is for, as conditions on persons.

The same condition that makes the rows is asked again when a row is about to leave.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import assert_never

from sqlalchemy import ColumnElement, and_, exists, or_, select

from bot.core.ledger import POLICIES, DeliveryState, Kind, Wanted
from bot.core.people import ALL_TOPICS, Role
from storage.tables import deliveries, follows, news_topics, persons, roles, translations

original = deliveries.alias("original")


@dataclass(frozen=True, slots=True)
class Span:
    """Some of all persons, in the order of their ids."""

    after: int
    last: int

    def holds(self, person_id: ColumnElement[int]) -> ColumnElement[bool]:
        return and_(person_id > self.after, person_id <= self.last)


def audience(
    kind: Kind, subject: int, version: int, now: datetime, span: Span
) -> ColumnElement[bool]:
    """Of a campaign, within the span. PostgreSQL must be told it of every table: else it reads
    what concerns all persons anew for each span.
    """
    copy = span.holds(original.c.person_id)
    match kind:
        case Kind.NEWS:
            return and_(
                span.holds(persons.c.id),
                _wants_messages(now),
                _follows(subject, span.holds(follows.c.person_id)),
            )
        case Kind.NEWS_EDIT:
            whom = _has_outdated_copy(subject, version, copy)
            return and_(span.holds(persons.c.id), whom, persons.c.blocked_at.is_(None))
        case Kind.NEWS_WITHDRAWAL:
            whom = _has_copy(subject, copy)
            return and_(span.holds(persons.c.id), whom, persons.c.blocked_at.is_(None))
        case Kind.FEEDBACK | Kind.ALERT:
            raise ValueError(f"{kind} goes to single people")
        case _:
            assert_never(kind)


def still_wanted(
    kind: Kind, subject: int, now: datetime, owners: Collection[int]
) -> ColumnElement[bool]:
    match POLICIES[kind].wanted:
        case Wanted.FOLLOWING:
            return and_(_wants_messages(now), _follows(subject))
        case Wanted.REACHABLE:
            return persons.c.blocked_at.is_(None)
        case Wanted.STAFF:
            return is_staff(now, owners)
        case _ as never:
            assert_never(never)


def is_staff(now: datetime, owners: Collection[int]) -> ColumnElement[bool]:
    appointed = exists().where(
        roles.c.person_id == persons.c.id,
        roles.c.role == Role.COORDINATOR.value,
        roles.c.expires_at > now,
    )
    return and_(
        persons.c.language.is_not(None),
        persons.c.blocked_at.is_(None),
        or_(persons.c.telegram_id.in_(owners), appointed),
    )


def _wants_messages(now: datetime) -> ColumnElement[bool]:
    """As Person.wants_messages."""
    return and_(
        persons.c.language.is_not(None),
        persons.c.stopped_at.is_(None),
        persons.c.blocked_at.is_(None),
        or_(persons.c.paused_until.is_(None), persons.c.paused_until <= now),
    )


def _follows(news_id: int, *more: ColumnElement[bool]) -> ColumnElement[bool]:
    of_item = select(news_topics.c.topic).where(news_topics.c.news_id == news_id)
    return exists().where(
        follows.c.person_id == persons.c.id,
        or_(follows.c.topic == ALL_TOPICS, follows.c.topic.in_(of_item)),
        *more,
    )


def _has_copy(news_id: int, *more: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists().where(
        original.c.kind == Kind.NEWS.value,
        original.c.subject == news_id,
        original.c.version == 0,
        original.c.person_id == persons.c.id,
        original.c.state == DeliveryState.SENT.value,
        *more,
    )


def _has_outdated_copy(
    news_id: int, version: int, *more: ColumnElement[bool]
) -> ColumnElement[bool]:
    return _has_copy(
        news_id,
        *more,
        exists().where(
            translations.c.news_id == news_id,
            translations.c.language == original.c.language,
            translations.c.version == version,
            translations.c.version > original.c.shown_version,
        ),
    )
