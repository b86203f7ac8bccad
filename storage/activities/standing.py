"""How the places of an activity stand: counted from the rows, never kept, in one statement."""

import json
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    ColumnElement,
    FromClause,
    Integer,
    RowMapping,
    Select,
    String,
    any_,
    bindparam,
    distinct,
    exists,
    func,
    literal_column,
    select,
)
from sqlalchemy.dialects.postgresql import ARRAY

from bot.core.activities.places import Places, add_up
from bot.core.activities.records import EVERYTHING, Standing, View
from bot.core.activities.values import LIVE, TAKING_A_PLACE, Activity, SignUpState, Slot
from storage.activities.plans import SLOT_FIELDS, activity_of
from storage.queries import Queries
from storage.tables import activities, offers, receipts, sign_ups, slots

PREFIX = "its_"
IN_THE_QUEUE = {SignUpState.WAITING, SignUpState.OFFERED}
OF_ACTIVITY = bindparam("activity_id", type_=BigInteger)


def _is_in(of: FromClause, states: Collection[SignUpState]) -> ColumnElement[bool]:
    """As `in_`, whose list SQLAlchemy would write anew each time."""
    written = ", ".join(f"'{state.value}'" for state in sorted(states))
    return of.c.state.bool_op("IN")(literal_column(f"({written})"))


def _standing(
    others: FromClause, among: ColumnElement[bool], gathered: ColumnElement[Any]
) -> Select[Any]:
    """One row for each slot, each number by an index. `among` says in the database's own way
    which of `others` are those one asks about, `gathered` makes one value of them.
    """
    of_slot = others.c.slot_id == slots.c.id
    of_activity = others.c.activity_id == OF_ACTIVITY
    places = func.coalesce(func.sum(others.c.quantity), 0)
    taken = select(places).where(of_slot, _is_in(others, TAKING_A_PLACE))
    asked = (
        select(places)
        .join(offers, offers.c.id == others.c.offer_id)
        .where(of_slot, _is_in(others, {SignUpState.OFFERED}))
    )
    ahead = select(func.count(distinct(others.c.unit_id))).where(
        of_slot,
        _is_in(others, IN_THE_QUEUE),
        others.c.priority >= bindparam("priority", type_=Integer),
    )
    signed_up = select(gathered).where(
        others.c.once_in.in_((OF_ACTIVITY, slots.c.id)), among, _is_in(others, LIVE)
    )
    waiting = exists().where(of_activity, _is_in(others, {SignUpState.WAITING}))
    last = select(others.c.seq).where(of_activity).order_by(others.c.seq.desc()).limit(1)
    answered = exists().where(receipts.c.request == bindparam("request", type_=String))
    return (
        select(
            *(column.label(f"{PREFIX}{column.name}") for column in activities.columns),
            slots,
            taken.scalar_subquery().label("taken"),
            asked.where(~offers.c.racing).scalar_subquery().label("offered"),
            asked.where(offers.c.racing).scalar_subquery().label("racing"),
            ahead.scalar_subquery().label("ahead"),
            signed_up.scalar_subquery().label("signed_up"),
            waiting.label("waiting"),
            last.scalar_subquery().label("last_seq"),
            answered.label("answered"),
        )
        .join_from(activities, slots, slots.c.activity_id == activities.c.id)
        .where(activities.c.id == OF_ACTIVITY)
        .order_by(slots.c.place)
    )


def _on_sqlite() -> Select[Any]:
    others = sign_ups.alias()
    given = func.json_each(bindparam("participants", type_=String)).table_valued("value")
    among = others.c.participant_id.in_(select(given.c.value))
    return _standing(others, among, func.json_group_array(others.c.participant_id, type_=JSON))


def _on_postgres() -> Select[Any]:
    others = sign_ups.alias()
    given = bindparam("participants", type_=ARRAY(BigInteger))
    among = others.c.participant_id == any_(given)
    return _standing(others, among, func.array_agg(others.c.participant_id))


# Built once: each sign-up asks while everybody else waits.
HOLD = select(activities.c.id).where(activities.c.id == OF_ACTIVITY).with_for_update()
STANDING: Mapping[str, Select[Any]] = {"sqlite": _on_sqlite(), "postgresql": _on_postgres()}


class StandingQueries(Queries):
    async def hold_activity(
        self, activity_id: int, view: View = EVERYTHING
    ) -> tuple[Activity, Standing] | None:
        """SQLite knows no FOR UPDATE: its writing transactions are alone anyway."""
        if self._on_postgres:
            await self._connection.execute(HOLD, {"activity_id": activity_id})
        rows = await self._rows(activity_id, view)
        return (activity_of(rows[0], PREFIX), _standing_of(rows)) if rows else None

    async def standing(self, activity_id: int, view: View = EVERYTHING) -> Standing:
        return _standing_of(await self._rows(activity_id, view))

    async def _rows(self, activity_id: int, view: View) -> Sequence[RowMapping]:
        ids = list(view.participants)
        asked = {
            "activity_id": activity_id,
            "priority": view.priority,
            "participants": ids if self._on_postgres else json.dumps(ids),
            "request": view.request,
        }
        statement = STANDING[self._connection.dialect.name]
        found = await self._connection.execute(statement, asked)
        rows: Sequence[RowMapping] = found.mappings().all()
        return rows


def _standing_of(rows: Sequence[RowMapping]) -> Standing:
    first = rows[0]
    return Standing(
        slots=tuple(_slot(row) for row in rows),
        cap=first[f"{PREFIX}cap"],
        taken=_places(rows, "taken"),
        offered=_places(rows, "offered"),
        racing=_places(rows, "racing"),
        waiting=first["waiting"],
        ahead={row["id"]: row["ahead"] for row in rows},
        signed_up=_signed_up(rows),
        last_seq=first["last_seq"] or 0,
        answered=first["answered"],
    )


def _places(rows: Sequence[RowMapping], name: str) -> Places:
    return add_up((row["id"], row[name]) for row in rows)


def _signed_up(rows: Sequence[RowMapping]) -> frozenset[tuple[int, int]]:
    return frozenset(
        (participant, row["id"]) for row in rows for participant in row["signed_up"] or ()
    )


def _slot(row: RowMapping) -> Slot:
    return Slot(**{name: row[name] for name in SLOT_FIELDS})
