"""The sender: claims rows of the ledger, has them sent, settles what became of them.

    claim (commit) -> waiting -> a place in flight -> Telegram -> settle (commit, next claim)

At most a window of rows is claimed and not settled: as many as there are places in flight, and
where they go fast a fifth of a second's work more. So a crash leaves few rows in doubt, and a
fast sender still writes many rows in one commit. No transaction is open while Telegram is awaited.
"""

import asyncio
import math
from collections import Counter
from collections.abc import Collection, Sequence
from contextlib import suppress
from datetime import timedelta

from bot.core.delivery import DeliveryRecords, Messenger, Settled, settle
from bot.core.ledger import (
    ALONE,
    DeliveryState,
    InDoubt,
    Later,
    NothingThere,
    Outcome,
    Parcel,
    Refused,
    Sent,
    Settlement,
    objection,
    settlement,
)
from bot.core.letters import Letter, Letters
from bot.core.news import Reading
from bot.core.ports import Clock, Store, StoreUnavailableError

IN_FLIGHT = 8
LEASE = timedelta(seconds=60)
AHEAD = 0.2  # seconds of work that are claimed ahead
MOST_AHEAD = 400
LINGER = 0.05  # seconds a result waits for others to be written with
IDLE = 0.5  # seconds between two looks when nothing is due
BUSY = 1.0  # seconds until the store is tried again
DRAIN = 8.0  # a supervisor kills after 10
HOPELESS = 5  # refusals in a row, each of its own kind, that stop a campaign
NOT_BEGUN = Later("not begun", timedelta(0))


class Sender:
    """One for each leader: `deliver_due` works off what is due, `run` does so for good."""

    def __init__(
        self,
        store: Store[DeliveryRecords],
        messenger: Messenger,
        clock: Clock,
        *,
        owners: Collection[int] = (),
        in_flight: int = IN_FLIGHT,
    ) -> None:
        self._store = store
        self._messenger = messenger
        self._clock = clock
        self._owners = owners
        self._places = in_flight
        self._letters = Letters(messenger)
        self._window = in_flight
        self._claimed = 0  # and not settled yet
        self._waiting: asyncio.Queue[Parcel] = asyncio.Queue()
        self._settled: list[Settled] = []
        self._refusals: Counter[int] = Counter()  # in a row, by campaign
        self._result = asyncio.Event()  # there is something to write down
        self._enough = asyncio.Event()  # there is much of it, or nothing else to do
        self._stopping = False
        self._overdue = False  # whoever stops us waits no longer
        self._wrote_at = 0.0
        self._rate = 0.0  # rows a second
        self._workers: list[asyncio.Task[None]] = []

    async def run(self, stop: asyncio.Event) -> None:
        """Until `stop`; what is in flight is given a few seconds, the rest goes back."""
        async with asyncio.TaskGroup() as group:
            heeding = group.create_task(self._heed(stop))
            while not stop.is_set():
                try:
                    await self.deliver_due()
                except* StoreUnavailableError:
                    pass  # the rows are due again, or their leases end
                with suppress(TimeoutError):
                    async with asyncio.timeout(IDLE):
                        await stop.wait()
            heeding.cancel()

    async def deliver_due(self) -> int:
        """Returns how many rows were claimed, each settled by then; 0 when nothing is due."""
        claimed = await self._exchange()
        if not claimed:
            return 0
        async with asyncio.TaskGroup() as group:
            self._workers = [group.create_task(self._work()) for _ in range(self._places)]
            while self._claimed:
                await self._worth_a_commit()
                claimed += await self._exchange()
            for worker in self._workers:
                worker.cancel()
        return claimed

    async def _work(self) -> None:
        while True:
            parcel = await self._waiting.get()
            try:
                settled = await self._send(parcel)
            except asyncio.CancelledError:
                self._note(self._settle(parcel, InDoubt("stopped")))
                raise
            self._note(settled)

    async def _send(self, parcel: Parcel) -> Settled:
        now = self._clock.now()
        if parcel.leased_until < now:
            return self._settle(parcel, NOT_BEGUN)
        if self._refusals[parcel.campaign_id] >= HOPELESS:
            return Settled(parcel, Settlement(DeliveryState.CANCELLED, reason="campaign stopped"))
        letter = self._letters.of(parcel)
        unwanted = objection(parcel, now)
        if unwanted or letter.body is None:
            return self._unsent(parcel, unwanted, letter)
        try:
            outcome = await self._messenger.deliver(parcel, letter.body)
        except Exception as fault:  # noqa: BLE001 - told by the messenger; the row must be settled
            outcome = InDoubt(type(fault).__name__)
        self._count(parcel, outcome)
        return self._settle(parcel, outcome, letter)

    def _unsent(self, parcel: Parcel, unwanted: DeliveryState | None, letter: Letter) -> Settled:
        if unwanted is None and letter.fault is not None:
            refused = Refused(letter.fault)
            self._count(parcel, refused)
            return self._settle(parcel, refused)
        return Settled(parcel, Settlement(unwanted or DeliveryState.CANCELLED))

    def _settle(self, parcel: Parcel, outcome: Outcome, letter: Letter | None = None) -> Settled:
        result = settlement(outcome, parcel, self._clock.now())
        if letter is None or letter.body is None:
            return Settled(parcel, result, outcome)
        version = letter.content.version if isinstance(letter.content, Reading) else 0
        return Settled(parcel, result, outcome, version, letter.body.shown)

    def _count(self, parcel: Parcel, outcome: Outcome) -> None:
        """Whether a campaign is worth going on with; others in flight must know at once."""
        if parcel.campaign_id == ALONE:
            return
        if isinstance(outcome, Refused):
            self._refusals[parcel.campaign_id] += HOPELESS if outcome.of_text else 1
        elif isinstance(outcome, Sent | NothingThere):
            self._refusals.pop(parcel.campaign_id, None)

    def _note(self, settled: Settled) -> None:
        self._settled.append(settled)
        self._result.set()
        if len(self._settled) * 2 >= self._window or self._waiting.empty():
            self._enough.set()

    async def _worth_a_commit(self) -> None:
        await self._result.wait()
        with suppress(TimeoutError):
            async with asyncio.timeout(LINGER):
                await self._enough.wait()

    async def _exchange(self) -> int:
        """Writes down what is settled and claims what there is room for; returns how many."""
        settled, self._settled = self._settled, []
        self._result.clear()
        self._enough.clear()
        while True:
            try:
                parcels = await self._write(settled)
            except StoreUnavailableError:
                if not self._claimed:
                    raise
                if self._overdue:
                    self._claimed = 0  # the next start finds these claims
                    return 0
                await asyncio.sleep(BUSY)  # what was sent must not be forgotten
            else:
                break
        self._claimed += len(parcels) - len(settled)
        for parcel in parcels:
            self._waiting.put_nowait(parcel)
        if self._stopping:
            self._put_back()
        return len(parcels)

    async def _write(self, settled: Sequence[Settled]) -> Sequence[Parcel]:
        now = self._clock.now()
        self._adapt(len(settled))
        room = self._window - self._claimed + len(settled)
        if self._stopping or self._messenger.held() > 0:
            room = 0
        async with self._store.transaction() as records:
            if settled:
                await settle(records, settled, self._hopeless(), owners=self._owners, now=now)
            if room <= 0:
                return ()
            parcels = await records.claim_due(
                now, room, owners=self._owners, leased_until=now + LEASE
            )
            await self._letters.look_up(records, parcels)
        return parcels

    def _hopeless(self) -> Collection[int]:
        return [campaign for campaign, n in self._refusals.items() if n >= HOPELESS]

    def _adapt(self, done: int) -> None:
        """The window follows the pace: what is in flight, and a fifth of a second's work.

        While that is less than there are places, the places alone are enough.
        """
        now = asyncio.get_running_loop().time()
        passed, self._wrote_at = now - self._wrote_at, now
        if not done or passed <= 0:
            return
        self._rate = (self._rate + done / passed) / 2
        ahead = min(math.ceil(self._rate * AHEAD), MOST_AHEAD)
        self._window = self._places + (ahead if ahead > self._places else 0)

    async def _heed(self, stop: asyncio.Event) -> None:
        """Once told to stop, what waits is not begun, and what is in flight has a few seconds."""
        await stop.wait()
        self._stopping = True
        self._put_back()
        await asyncio.sleep(DRAIN)
        self._overdue = True
        for worker in self._workers:
            worker.cancel()

    def _put_back(self) -> None:
        while not self._waiting.empty():
            self._note(self._settle(self._waiting.get_nowait(), NOT_BEGUN))
