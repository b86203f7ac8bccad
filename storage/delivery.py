"""The ledger: claim, load what is needed to send, settle."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Integer,
    RowMapping,
    String,
    case,
    exists,
    func,
    insert,
    literal,
    or_,
    select,
    update,
)

from bot.core.delivery import DeliveryState, Kind, Parcel, Settlement
from bot.core.ledger import Kind as LedgerKind
from bot.core.news import NewsItem, Translation, reading_of
from bot.core.people import Language, Person, Role
from storage.news import NewsQueries
from storage.tables import Instant, deliveries, persons, roles

original = deliveries.alias("original")


class DeliveryQueries(NewsQueries):
    async def claim_due(self, now: datetime, limit: int) -> Sequence[int]:
        due = (
            select(deliveries.c.id)
            .where(deliveries.c.state == DeliveryState.PENDING.value, deliveries.c.due_at <= now)
            .order_by(deliveries.c.due_at, deliveries.c.id)
            .limit(limit)
            .with_for_update(skip_locked=True)
            # As a subquery PostgreSQL may ask again and lock other rows each time.
            .cte("due")
        )
        claimed = await self._connection.scalars(
            update(deliveries)
            .where(deliveries.c.id.in_(select(due.c.id)))
            .values(state=DeliveryState.CLAIMED.value, attempt=deliveries.c.attempt + 1)
            .returning(deliveries.c.id)
        )
        return sorted(claimed.all())

    async def parcels(self, ids: Sequence[int]) -> Sequence[Parcel]:
        found = await self._connection.execute(
            select(
                deliveries,
                persons,
                original.c.message_id.label("edits_message"),
                original.c.language.label("edits_language"),
            )
            .join(persons, persons.c.id == deliveries.c.person_id)
            .outerjoin(
                original,
                (deliveries.c.kind == Kind.NEWS_EDIT.value)
                & (original.c.kind == Kind.NEWS.value)
                & (original.c.subject == deliveries.c.subject)
                & (original.c.person_id == deliveries.c.person_id),
            )
            .where(deliveries.c.id.in_(ids), deliveries.c.state == DeliveryState.CLAIMED.value)
            .order_by(deliveries.c.id)
        )
        rows = found.mappings().all()
        subjects = sorted({row["subject"] for row in rows})
        items = {item.id: item for item in await self.news_items(subjects)}
        translations = await self.translations_of(subjects)
        return [_parcel(row, items[row["subject"]], translations) for row in rows]

    async def queue_to_staff(
        self,
        kind: LedgerKind,
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
        ).where(
            persons.c.language.is_not(None),
            persons.c.blocked_at.is_(None),
            or_(persons.c.telegram_id.in_(owners), _is_coordinator(now)),
        )
        columns = ["kind", "subject", "version", "person_id", "state", "created_at", "due_at"]
        queued = insert(deliveries).from_select([*columns, "not_after"], staff)
        return (await self._connection.execute(queued)).rowcount

    async def settle(self, parcel: Parcel, settlement: Settlement, *, now: datetime) -> bool:
        sent = settlement.state is DeliveryState.SENT
        values: dict[str, object] = {
            "state": settlement.state.value,
            "reason": settlement.reason and settlement.reason[:200],
            "settled_at": now,
        }
        if settlement.due_at is not None:
            values["due_at"] = settlement.due_at
        if sent:
            values["message_id"] = settlement.message_id
            values["language"] = parcel.reading.language.value
            values["shown_version"] = parcel.reading.version
        settled = await self._connection.execute(
            update(deliveries)
            .where(
                deliveries.c.id == parcel.id,
                deliveries.c.state == DeliveryState.CLAIMED.value,
                deliveries.c.attempt == parcel.attempt,
            )
            .values(values)
        )
        return settled.rowcount == 1

    async def abandon_claims(self, *, resend: Sequence[Kind], now: datetime) -> int:
        again = deliveries.c.kind.in_([kind.value for kind in resend])
        abandoned = await self._connection.execute(
            update(deliveries)
            .where(deliveries.c.state == DeliveryState.CLAIMED.value)
            .values(
                state=case((again, DeliveryState.PENDING.value), else_=DeliveryState.UNKNOWN.value),
                due_at=now,
                reason="its sender ended before it was settled",
            )
        )
        return abandoned.rowcount

    async def ledger(self) -> Mapping[tuple[str, str], int]:
        """How many rows by (kind, state): progress is counted, never kept."""
        found = await self._connection.execute(
            select(deliveries.c.kind, deliveries.c.state, func.count()).group_by(
                deliveries.c.kind, deliveries.c.state
            )
        )
        return {(kind, state): count for kind, state, count in found}


def _is_coordinator(now: datetime) -> ColumnElement[bool]:
    return exists().where(
        roles.c.person_id == persons.c.id,
        roles.c.role == Role.COORDINATOR.value,
        roles.c.expires_at > now,
    )


def _parcel(
    row: RowMapping, item: NewsItem, translations: Mapping[tuple[int, str], Translation]
) -> Parcel:
    language = row[persons.c.language]
    person = Person(
        row[persons.c.id],
        row["telegram_id"],
        Language(language) if language else None,
        frozenset(),
        row["paused_until"],
        row["stopped_at"],
        row["blocked_at"],
    )
    shown_in = Language(row["edits_language"] or language or Language.DE)
    return Parcel(
        row[deliveries.c.id],
        Kind(row["kind"]),
        row["attempt"],
        row["not_after"],
        person,
        reading_of(item, translations.get((item.id, shown_in)), shown_in),
        row["edits_message"],
    )
