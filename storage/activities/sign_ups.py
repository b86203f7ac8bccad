"""Sign-ups: who stands where. A row changes only as it was read, and only into a state that may
follow.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, Row, insert, select, update

from bot.core.activities.records import ChangedMeanwhileError
from bot.core.activities.values import BEFORE, Held, Participant, SignUp, SignUpState
from storage.queries import Queries
from storage.tables import sign_ups

INSERT = insert(sign_ups)
CHANGING = ("id", "version", "seq", "held", "offer_id")


class SignUpQueries(Queries):
    async def add_sign_ups(self, new: Sequence[SignUp]) -> None:
        first, *others = (_row(sign_up) for sign_up in new)
        # A single row travels faster as a row than as a list of one.
        await self._connection.execute(INSERT, [first, *others] if others else first)

    async def save_sign_ups(self, changed: Sequence[SignUp]) -> None:
        def becoming(sign_up: SignUp) -> tuple[SignUpState, datetime]:
            return sign_up.state, sign_up.since

        for (state, since), alike in groupby(sorted(changed, key=becoming), key=becoming):
            await self._save_alike(state, since, list(alike))

    async def sign_ups(self, ids: Collection[int]) -> Sequence[SignUp]:
        return await self._sign_ups(self._among(sign_ups.c.id, ids))

    async def unit(self, unit_id: int) -> Sequence[SignUp]:
        return await self._sign_ups(sign_ups.c.unit_id == unit_id)

    async def sign_ups_in(
        self, activity_id: int, states: Collection[SignUpState]
    ) -> Sequence[SignUp]:
        return await self._sign_ups(
            sign_ups.c.activity_id == activity_id,
            sign_ups.c.state.in_([state.value for state in states]),
        )

    async def set_asked(self, ids: Collection[int], *, at: datetime) -> None:
        await self._set_sign_ups(ids, {"asked_at": at})

    async def set_confirmed(self, ids: Collection[int], *, at: datetime) -> None:
        await self._set_sign_ups(ids, {"confirmed_at": at})

    async def _save_alike(
        self, state: SignUpState, since: datetime, alike: Sequence[SignUp]
    ) -> None:
        numbers = [
            (each.id, each.version, each.seq, each.held.value, each.offer_id) for each in alike
        ]
        given = self._table_of(CHANGING, numbers)
        saved = await self._connection.execute(
            update(sign_ups)
            .where(
                sign_ups.c.id == given.c.id,
                sign_ups.c.version == given.c.version,
                sign_ups.c.state.in_([before.value for before in BEFORE[state]]),
            )
            .values(
                state=state.value,
                since=since,
                version=sign_ups.c.version + 1,
                seq=given.c.seq,
                held=given.c.held,
                offer_id=given.c.offer_id,
            )
        )
        if saved.rowcount != len(alike):
            raise ChangedMeanwhileError(f"{saved.rowcount} of {len(alike)} became {state}")

    async def _set_sign_ups(self, ids: Collection[int], values: Mapping[str, object]) -> None:
        which = self._among(sign_ups.c.id, ids)
        await self._connection.execute(update(sign_ups).where(which).values(values))

    async def _sign_ups(self, *which: ColumnElement[bool]) -> Sequence[SignUp]:
        found = await self._connection.execute(
            select(sign_ups).where(*which).order_by(sign_ups.c.seq, sign_ups.c.id)
        )
        return [_sign_up(row) for row in found]


def _row(sign_up: SignUp) -> dict[str, object]:
    who = sign_up.participant
    return {
        "id": sign_up.id,
        "activity_id": sign_up.activity_id,
        "slot_id": sign_up.slot_id,
        "once_in": sign_up.once_in,
        "unit_id": sign_up.unit_id,
        "participant_id": who.id,
        "household_id": who.household_id,
        "age": who.age,
        "gender": who.gender,
        "group": who.group,
        "reference": sign_up.reference,
        "quantity": sign_up.quantity,
        "state": sign_up.state.value,
        "priority": sign_up.priority,
        "seq": sign_up.seq,
        "since": sign_up.since,
        "actor_id": sign_up.actor_id,
        "asked_at": sign_up.asked_at,
        "confirmed_at": sign_up.confirmed_at,
        "created_at": sign_up.since,
    }


def _sign_up(row: Row[Any]) -> SignUp:
    return SignUp(
        id=row.id,
        activity_id=row.activity_id,
        slot_id=row.slot_id,
        once_in=row.once_in,
        unit_id=row.unit_id,
        participant=Participant(
            row.participant_id, row.household_id, row.age, row.gender, row.group
        ),
        reference=row.reference,
        quantity=row.quantity,
        state=SignUpState(row.state),
        priority=row.priority,
        seq=row.seq,
        since=row.since,
        held=Held(row.held),
        offer_id=row.offer_id,
        version=row.version,
        actor_id=row.actor_id,
        asked_at=row.asked_at,
        confirmed_at=row.confirmed_at,
    )
