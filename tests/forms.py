"""Forms half filled and sent, for tests that need somebody to have done so."""

import itertools

from bot.core import conversations, feedback
from bot.core.conversations import Asked, Cause, Conversation, Spot
from bot.core.feedback import FORM, Feedback
from bot.core.people import Language, Person
from storage.store import Database
from tests.clock import StoppedClock

FORMS = {FORM.id: FORM}
OWNER = 4_001  # a Telegram id

_updates = itertools.count(9_000)


def by(someone: Person, clock: StoppedClock, update_id: int | None = None) -> Cause:
    """An update of its own, unless it is given."""
    number = next(_updates) if update_id is None else update_id
    return Cause(someone.id, number, clock.now())


async def answered(
    store: Database, clock: StoppedClock, someone: Person, until: str, *, words: str = ""
) -> Conversation:
    """The feedback form, begun and answered up to the question `until`."""
    now = await begun(store, clock, someone)
    for step, place in (("about", 0), ("rating", 1)):
        if now.step == until:
            return now
        assert now.step == step
        spot = Spot(now.draft, place)
        now = stands(await conversations.choose(store, FORMS, by(someone, clock), spot, value=0))
    if until == "words":
        return now
    if words:
        return stands(await conversations.say(store, FORMS, by(someone, clock), words))
    spot = Spot(now.draft, 2)
    return stands(await conversations.skip(store, FORMS, by(someone, clock), spot))


async def begun(store: Database, clock: StoppedClock, someone: Person) -> Conversation:
    return stands(await feedback.begin(store, by(someone, clock)))


async def told_us(
    store: Database, clock: StoppedClock, someone: Person, *, words: str = ""
) -> Feedback:
    full = await answered(store, clock, someone, "summary", words=words)
    sent = await sends(store, clock, someone, full)
    assert isinstance(sent, Feedback)
    return sent


async def sends(
    store: Database, clock: StoppedClock, someone: Person, shown: Conversation
) -> object:
    """A tap under that summary."""
    return await feedback.send(
        store,
        by(someone, clock),
        shown.draft,
        shown=shown.update_id,
        language=someone.language or Language.DE,
        owners=[OWNER],
    )


def stands(result: object) -> Conversation:
    assert isinstance(result, Asked), result
    assert result.objection is None
    return result.conversation
