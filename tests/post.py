"""A messenger that does what a test tells it, and remembers what it was given."""

from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import timedelta

from bot.core import delivery
from bot.core.delivery import Content, Settled
from bot.core.ledger import ALONE, Kind, Outcome, Parcel, Recipient, Sent, settlement
from bot.core.news import Reading
from bot.core.people import Language
from bot.core.sender import Sender
from storage.store import Database
from tests.clock import NOON, StoppedClock

Answer = Outcome | Exception


@dataclass(frozen=True, slots=True)
class Text:
    """What was rendered: by whose rules, from what, for whom."""

    kind: Kind
    content: Content
    language: Language

    @property
    def shown(self) -> str:
        title = self.content.title if isinstance(self.content, Reading) else ""
        return f"{self.kind}{title}"[-16:]


class Post:
    """`answers` by telegram_id; everybody else gets the message."""

    def __init__(
        self,
        answers: Mapping[int, Answer] | None = None,
        *,
        meanwhile: Callable[[Parcel], Awaitable[object]] | None = None,
    ) -> None:
        self.given: list[Parcel] = []
        self.texts: list[Text] = []
        self.rendered: list[Text] = []
        self.hold = 0.0
        self._answers = dict(answers or {})
        self._meanwhile = meanwhile

    @property
    def readings(self) -> list[Reading]:
        """What was sent, where it was news."""
        return [text.content for text in self.texts if isinstance(text.content, Reading)]

    def prepare(self, kind: Kind, content: Content, language: Language) -> Text:
        self.rendered.append(Text(kind, content, language))
        return self.rendered[-1]

    async def deliver(self, parcel: Parcel, body: delivery.Body) -> Outcome:
        assert isinstance(body, Text)
        self.given.append(parcel)
        self.texts.append(body)
        if self._meanwhile:
            await self._meanwhile(parcel)
        answer = self._answers.get(parcel.recipient.telegram_id)
        if isinstance(answer, Exception):
            raise answer
        return answer or Sent(parcel.edits_message or 5_000 + parcel.id)

    def held(self) -> float:
        return self.hold


async def deliver_due(
    store: Database,
    post: Post,
    clock: StoppedClock,
    *,
    places: int = 8,
    owners: Collection[int] = (),
) -> int:
    """Everything that is due; returns how many rows were claimed."""
    return await Sender(store, post, clock, in_flight=places, owners=owners).deliver_due()


async def claimed(
    store: Database, clock: StoppedClock, limit: int = 64, owners: Collection[int] = ()
) -> list[Parcel]:
    """As far as a process comes that ends before it has sent anything."""
    until = clock.now() + timedelta(seconds=60)
    async with store.transaction() as records:
        return list(await records.claim_due(clock.now(), limit, owners=owners, leased_until=until))


async def settled(
    store: Database, clock: StoppedClock, parcel: Parcel, outcome: Outcome | None = None
) -> None:
    answer = outcome or Sent(5_000 + parcel.id)
    one = Settled(parcel, settlement(answer, parcel, clock.now()), answer, 0, "")
    async with store.transaction() as records:
        await delivery.settle(records, [one], (), owners=(), now=clock.now())


def parcel(
    kind: Kind = Kind.NEWS,
    number: int = 1,
    *,
    attempt: int = 1,
    subject: int = 7,
    campaign_id: int = ALONE,
    language: Language = Language.UK,
) -> Parcel:
    """The claimed row of that number, to the person with Telegram's id 1000 + number."""
    to = Recipient(number, 1_000 + number, language)
    return Parcel(
        number,
        kind,
        subject,
        0,
        campaign_id,
        attempt,
        not_after=None,
        leased_until=NOON + timedelta(days=1),
        recipient=to,
        still_wanted=True,
    )
