"""Letters: a text is looked up and rendered once for all who read it in the same language."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from bot.core.delivery import Body, Content, DeliveryRecords, Messenger
from bot.core.ledger import Kind, Parcel
from bot.core.people import Language

FRESH = 1.0  # seconds a text is used before it is looked up again
LEASED = 60.0  # seconds a claimed row may still ask for its text
MANY = 200  # texts to one person each: forgotten together

Key = tuple[Kind, int, int, Language]


@dataclass(frozen=True, slots=True)
class Letter:
    """Without a body there is nothing to send any more, or our rendering failed (`fault`)."""

    at: float  # of the event loop's clock
    content: Content | None
    body: Body | None
    fault: str | None = None


class Letters:
    def __init__(self, messenger: Messenger) -> None:
        self._messenger = messenger
        self._known: dict[Key, Letter] = {}

    def of(self, parcel: Parcel) -> Letter:
        return self._known[_key(parcel)]

    async def look_up(self, records: DeliveryRecords, parcels: Sequence[Parcel]) -> None:
        """What is needed for these, within the transaction that claimed them."""
        now = asyncio.get_running_loop().time()
        if len(self._known) > MANY:
            in_use = now - FRESH - LEASED
            self._known = {key: one for key, one in self._known.items() if one.at >= in_use}
        for key in {_key(parcel) for parcel in parcels}:
            known = self._known.get(key)
            if known is None or known.at + FRESH < now:
                self._known[key] = await self._look_up(records, key, now)

    async def _look_up(self, records: DeliveryRecords, key: Key, now: float) -> Letter:
        kind, subject, _, language = key
        content = await records.content(kind, subject, language)
        if content is None:
            return Letter(now, None, None)
        try:
            return Letter(now, content, self._messenger.prepare(kind, content, language))
        except Exception as fault:  # noqa: BLE001 - our mistake in one text must not stop others
            return Letter(now, content, None, type(fault).__name__)


def _key(parcel: Parcel) -> Key:
    return parcel.kind, parcel.subject, parcel.version, parcel.recipient.language
