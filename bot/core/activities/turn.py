"""One transaction on one activity: hold it, answer a repeat, decide, leave receipts."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.core.activities.receipts import Answer, Reason, Receipt, Refusal, Tell, TellKind
from bot.core.activities.records import ActivityRecords, Standing, View
from bot.core.activities.values import Activity, Participant, SignUp
from bot.core.ids import new_id
from bot.core.ports import Clock, Store

STAYS_TRUE = timedelta(days=14)  # what could not be told by then stands among the sign-ups

Figure = int | str | datetime | None


@dataclass(frozen=True, slots=True)
class Errand:
    """Who asks, and the key of the request: the same key again is answered, not done again."""

    request: str
    actor_id: int | None = None


@dataclass(slots=True)
class Turn:
    """What is decided while the activity is held; written at the end, all or nothing."""

    records: ActivityRecords
    activity: Activity
    now: datetime
    standing: Standing  # when the turn began
    errand: Errand | None = None  # None: the bot's own turn
    answer: list[Receipt] = field(default_factory=list)
    others: list[Receipt] = field(default_factory=list)
    tells: list[Tell] = field(default_factory=list)

    @property
    def actor_id(self) -> int | None:
        return self.errand.actor_id if self.errand else None

    def reply(
        self, reason: Reason, who: SignUp | Participant | None = None, **figures: Figure
    ) -> None:
        """A line of the answer."""
        request = self.errand.request if self.errand else None
        line = len(self.answer)
        self.answer.append(self._receipt(reason, who, figures, request=request, line=line))

    def note(self, reason: Reason, sign_up: SignUp, **figures: Figure) -> None:
        """A move that nobody asked for just now."""
        self.others.append(self._receipt(reason, sign_up, figures, request=None, line=0))

    def tell(
        self,
        kind: TellKind,
        sign_up: SignUp,
        *,
        due_at: datetime | None = None,
        not_after: datetime | None = None,
    ) -> None:
        due = due_at or self.now
        self.tells.append(
            Tell(
                new_id(),
                kind,
                self.activity.id,
                sign_up.participant.household_id,
                sign_up.unit_id,
                due,
                not_after or due + STAYS_TRUE,
                sign_up.offer_id,
            )
        )

    def tell_units(
        self, kind: TellKind, sign_ups: Sequence[SignUp], *, due_at: datetime | None = None
    ) -> None:
        """Once for each unit."""
        for sign_up in {sign_up.unit_id: sign_up for sign_up in sign_ups}.values():
            self.tell(kind, sign_up, due_at=due_at)

    async def write(self) -> None:
        if self.answer or self.others:
            await self.records.add_receipts([*self.answer, *self.others])
        if self.tells:
            await self.records.tell(self.tells)

    def _receipt(
        self,
        reason: Reason,
        who: SignUp | Participant | None,
        figures: dict[str, Figure],
        *,
        request: str | None,
        line: int,
    ) -> Receipt:
        sign_up = who if isinstance(who, SignUp) else None
        participant = sign_up.participant if sign_up else who
        told = {
            name: figure.isoformat() if isinstance(figure, datetime) else figure
            for name, figure in figures.items()
        }
        return Receipt(
            id=new_id(),
            activity_id=self.activity.id,
            at=self.now,
            reason=reason,
            figures=told,
            state=sign_up.state if sign_up else None,
            sign_up_id=sign_up.id if sign_up else None,
            participant_id=participant.id if isinstance(participant, Participant) else None,
            household_id=participant.household_id if isinstance(participant, Participant) else None,
            actor_id=self.actor_id,
            request=request,
            line=line,
        )


async def in_turn(
    store: Store[ActivityRecords],
    activity_id: int,
    errand: Errand,
    clock: Clock,
    decide: Callable[[Turn], Awaitable[None]],
    *,
    participants: tuple[int, ...] = (),
    priority: int = 0,
) -> Answer:
    """May be repeated: the same errand is answered as it was the first time."""
    now = clock.now()
    async with store.transaction() as records:
        view = View(errand.request, participants, priority)
        held = await records.hold_activity(activity_id, view)
        if held is None:
            return unknown(activity_id, now)
        activity, standing = held
        if standing.answered:
            return Answer(await records.answered(errand.request))
        turn = Turn(records, activity, now, standing, errand)
        await decide(turn)
        await turn.write()
    return Answer(tuple(turn.answer))


def unknown(activity_id: int, now: datetime) -> Answer:
    return Answer((Receipt(new_id(), activity_id, now, Refusal.UNKNOWN_ACTIVITY, {}),))
