"""The ledger: claim with all that is needed to send, settle, give up claims."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Integer,
    Row,
    String,
    case,
    insert,
    literal,
    select,
    update,
)

from bot.core.delivery import Content
from bot.core.ledger import ALONE, EDITS, POLICIES, DeliveryState, Kind, Parcel, Recipient
from bot.core.news import NewsState, reading_of
from bot.core.people import Language
from storage.alerts import AlertQueries
from storage.audiences import is_staff, original, still_wanted
from storage.campaigns import CampaignQueries
from storage.feedback import FeedbackQueries
from storage.news import NewsQueries
from storage.settlements import SettlementQueries
from storage.tables import IS_CLAIMED, IS_PENDING, Instant, deliveries, persons

RESENT = [kind.value for kind, policy in POLICIES.items() if policy.resent]
KINDS = {kind.value: kind for kind in Kind}  # a call of the enum costs more than a look here
LANGUAGES = {language.value: language for language in Language}
TAKEN_BACK = (NewsState.DROPPED, NewsState.WITHDRAWN)


class DeliveryQueries(
    SettlementQueries, CampaignQueries, NewsQueries, AlertQueries, FeedbackQueries
):
    async def claim_due(
        self, now: datetime, limit: int, *, owners: Collection[int], leased_until: datetime
    ) -> Sequence[Parcel]:
        claimed = await self._claim(ALONE, now, limit, leased_until)
        ends: dict[int, datetime] = {}
        if len(claimed) < limit:
            for campaign in await self.active_campaigns():
                if not (campaign.stopped or campaign.paused) and len(claimed) < limit:
                    room = limit - len(claimed)
                    ends[campaign.id] = campaign.not_after
                    claimed += await self._claim(campaign.id, now, room, leased_until)
        about: dict[tuple[str, int], list[Row[Any]]] = {}
        for row in claimed:
            about.setdefault((row.kind, row.subject), []).append(row)
        people = [await self._people(rows, now, owners) for rows in about.values()]
        return [
            _parcel(row, found[row.person_id], ends.get(row.campaign_id), leased_until)
            for rows, found in zip(about.values(), people, strict=True)
            for row in rows
            if row.person_id in found  # else erased a moment ago, and the row with them
        ]

    async def content(self, kind: Kind, subject: int, language: Language) -> Content | None:
        if kind is Kind.ALERT:
            return await self.alert(subject)
        if kind is Kind.FEEDBACK:
            return await self.feedback_of(subject)
        item = await self.news_item(subject)
        if item is None or (kind is not Kind.NEWS_WITHDRAWAL and item.state in TAKEN_BACK):
            return None
        translations = await self.translations_of([subject])
        return reading_of(item, translations.get((subject, language.value)), language)

    async def still_ours(self, parcels: Sequence[Parcel]) -> frozenset[int]:
        found = await self._connection.execute(
            select(deliveries.c.id, deliveries.c.attempt).where(
                deliveries.c.id.in_([parcel.id for parcel in parcels]),
                deliveries.c.state == DeliveryState.CLAIMED.value,
            )
        )
        attempts = {row.id: row.attempt for row in found}
        return frozenset(one.id for one in parcels if attempts.get(one.id) == one.attempt)

    async def abandon_claims(self, *, before: datetime | None, now: datetime) -> int:
        again = deliveries.c.kind.in_(RESENT)
        abandoned = await self._connection.execute(
            update(deliveries)
            .where(
                IS_CLAIMED if before is None else IS_CLAIMED & (deliveries.c.leased_until < before)
            )
            .values(
                state=case((again, DeliveryState.PENDING.value), else_=DeliveryState.UNKNOWN.value),
                due_at=now,
                leased_until=None,
                reason="its sender ended before it was settled",
            )
        )
        return abandoned.rowcount

    async def queue_to_staff(
        self,
        kind: Kind,
        subject: int,
        *,
        owners: Collection[int],
        now: datetime,
        not_after: datetime,
    ) -> int:
        staff = select(
            literal(kind.value, String),
            literal(subject, BigInteger),
            literal(0, Integer),
            persons.c.id,
            literal(DeliveryState.PENDING.value, String),
            literal(now, Instant),
            literal(now, Instant),
            literal(not_after, Instant),
        ).where(is_staff(now, owners))
        columns = ["kind", "subject", "version", "person_id", "state", "created_at", "due_at"]
        queued = insert(deliveries).from_select([*columns, "not_after"], staff)
        return (await self._connection.execute(queued)).rowcount

    async def _claim(
        self, campaign_id: int, now: datetime, limit: int, leased_until: datetime
    ) -> list[Row[Any]]:
        due = (
            select(deliveries.c.id)
            .where(
                deliveries.c.campaign_id == campaign_id,
                IS_PENDING,
                deliveries.c.due_at <= now,
            )
            .order_by(deliveries.c.due_at, deliveries.c.id)
            .limit(limit)
            .with_for_update(skip_locked=True)
            # As a subquery PostgreSQL may ask again and lock other rows each time.
            .cte("due")
        )
        claimed = await self._connection.execute(
            update(deliveries)
            .where(deliveries.c.id.in_(select(due.c.id)))
            .values(
                state=DeliveryState.CLAIMED.value,
                attempt=deliveries.c.attempt + 1,
                leased_until=leased_until,
            )
            .returning(
                deliveries.c.id,
                deliveries.c.kind,
                deliveries.c.subject,
                deliveries.c.version,
                deliveries.c.campaign_id,
                deliveries.c.person_id,
                deliveries.c.attempt,
                deliveries.c.not_after,
            )
        )
        return sorted(claimed.all(), key=lambda row: row.id)

    async def _people(
        self, rows: Sequence[Row[Any]], now: datetime, owners: Collection[int]
    ) -> Mapping[int, Row[Any]]:
        """To whom these rows of one kind and subject go, by person; for edits with what they
        have in their chat.
        """
        kind, subject = Kind(rows[0].kind), rows[0].subject
        who = select(
            persons.c.id,
            persons.c.telegram_id,
            persons.c.language,
            still_wanted(kind, subject, now, owners).label("wanted"),
        ).where(self._among(persons.c.id, [row.person_id for row in rows]))
        if kind in EDITS:
            who = who.add_columns(
                original.c.message_id, original.c.language.label("shown_in"), original.c.shown
            ).join(
                original,
                (original.c.kind == Kind.NEWS.value)
                & (original.c.subject == subject)
                & (original.c.version == 0)
                & (original.c.person_id == persons.c.id),
            )
        return {person.id: person for person in await self._connection.execute(who)}


def _parcel(
    row: Sequence[Any], person: Sequence[Any], ends: datetime | None, leased_until: datetime
) -> Parcel:
    """Edits are made in the language of the copy, whatever the person reads by now."""
    row_id, kind_name, subject, version, campaign_id, _, attempt, not_after = row
    person_id, telegram_id, spoken, wanted, *copy = person
    message_id, shown_in, shown = copy or (None, None, None)
    return Parcel(
        row_id,
        KINDS[kind_name],
        subject,
        version,
        campaign_id,
        attempt,
        not_after or ends,
        leased_until,
        Recipient(person_id, telegram_id, LANGUAGES[shown_in or spoken or Language.DE.value]),
        bool(wanted),
        message_id,
        shown,
    )
