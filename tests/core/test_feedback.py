"""Feedback: one draft becomes one row and one note to each of the team."""

import asyncio
from datetime import timedelta

import pytest

from bot.core import conversations, feedback, privacy, roles
from bot.core.conversations import AlreadyOpen, Asked, Closed, Spot
from bot.core.feedback import FORM, PER_DAY, About, Feedback, Rating, TooMany
from bot.core.forms import Unfit
from bot.core.ids import new_id
from bot.core.people import Language, Person, Role
from storage.sealing import Seal
from storage.store import Database
from tests.builders import OTHER_KEY, met
from tests.clock import StoppedClock
from tests.forms import FORMS, OWNER, answered, begun, by, sends, told_us
from tests.rows import rows, run_sql, states


@pytest.fixture
async def olena(store: Database, clock: StoppedClock) -> Person:
    return await met(store, clock)


async def test_what_was_said_is_what_is_kept(
    store: Database, clock: StoppedClock, olena: Person
) -> None:
    sent = await told_us(store, clock, olena, words="Дякую 👍")

    async with store.reading() as records:
        kept = await records.feedback_of(sent.id)
    assert kept == sent
    assert (sent.about, sent.rating, sent.words) == (About.NEWS, Rating.VERY, "Дякую 👍")
    assert (sent.language, sent.created_at) == (Language.UK, clock.now())


async def test_words_are_sealed(store: Database, clock: StoppedClock, olena: Person) -> None:
    await told_us(store, clock, olena, words="secret")
    await told_us(store, clock, olena)

    with_words, without = (row["words"] for row in await rows(store, "feedback"))
    assert b"secret" not in with_words
    assert without is None


async def test_words_whose_key_is_missing_do_not_hide_the_rest(
    store: Database, clock: StoppedClock, olena: Person, database_url: str
) -> None:
    sent = await told_us(store, clock, olena, words="secret")

    async with Database(database_url, Seal([OTHER_KEY])) as other, other.reading() as records:
        kept = await records.feedback_of(sent.id)

    assert kept
    assert (kept.reference, kept.words) == (sent.reference, "")


async def test_the_draft_ends_and_the_team_hears_of_it_in_one_step(
    store: Database, clock: StoppedClock, olena: Person
) -> None:
    await met(store, clock, OWNER)
    anna = await met(store, clock, 1003)
    await roles.appoint(store, anna.id, Role.COORDINATOR, clock)

    sent = await told_us(store, clock, olena)

    notes = [row for row in await rows(store, "deliveries") if row["kind"] == "feedback"]
    assert await rows(store, "conversations") == []
    assert len(notes) == 2
    assert {row["subject"] for row in notes} == {sent.id}
    assert {row["not_after"] for row in notes} == {clock.now() + timedelta(days=14)}


async def test_sent_twice_it_is_there_once(
    store: Database, clock: StoppedClock, olena: Person
) -> None:
    await met(store, clock, OWNER)
    full = await answered(store, clock, olena, "summary")
    first = await sends(store, clock, olena, full)

    again = await sends(store, clock, olena, full)

    assert again == first
    assert len(await rows(store, "feedback")) == 1
    assert await states(store, "feedback") == ["pending"]


async def test_two_phones_that_send_at_once_send_it_once(
    store: Database, clock: StoppedClock, olena: Person
) -> None:
    full = await answered(store, clock, olena, "summary")

    async with asyncio.TaskGroup() as group:
        taps = [group.create_task(sends(store, clock, olena, full)) for _ in range(4)]

    results = [tap.result() for tap in taps]
    assert isinstance(results[0], Feedback)
    assert results == results[:1] * 4
    assert len(await rows(store, "feedback")) == 1


async def test_nothing_is_sent_before_the_last_question(
    store: Database, clock: StoppedClock, olena: Person
) -> None:
    halfway = await answered(store, clock, olena, "words")

    assert await sends(store, clock, olena, halfway) == Asked(halfway, Unfit.CHANGED)
    assert await rows(store, "feedback") == []


async def test_only_what_was_shown_is_sent(
    store: Database, clock: StoppedClock, olena: Person
) -> None:
    shown = await answered(store, clock, olena, "summary")
    spot = Spot(shown.draft, 1)
    await conversations.go_to(store, FORMS, by(olena, clock), spot)
    changed = await conversations.choose(store, FORMS, by(olena, clock), spot, value=2)
    assert isinstance(changed, Asked)

    result = await sends(store, clock, olena, shown)

    assert result == Asked(changed.conversation, Unfit.CHANGED)
    assert await rows(store, "feedback") == []


async def test_a_cancelled_draft_cannot_be_sent(
    store: Database, clock: StoppedClock, olena: Person
) -> None:
    full = await answered(store, clock, olena, "summary")
    await conversations.cancel(store, olena.id)
    await answered(store, clock, olena, "rating")

    assert await sends(store, clock, olena, full) == Closed()
    assert await rows(store, "feedback") == []


async def test_nobody_sends_or_sees_the_feedback_of_another(
    store: Database, clock: StoppedClock, olena: Person
) -> None:
    anna = await met(store, clock, 1003)
    draft = await answered(store, clock, olena, "summary")
    before = await sends(store, clock, anna, draft)
    sent = await told_us(store, clock, anna)

    assert before == Closed()
    assert await feedback.sent_as(store, anna.id, sent.id) == sent
    assert await feedback.sent_as(store, olena.id, sent.id) is None
    forged = await feedback.send(
        store, by(olena, clock), sent.id, shown=1, language=Language.UK, owners=[]
    )
    assert forged == Closed()


async def test_two_references_are_not_the_same(
    store: Database, clock: StoppedClock, olena: Person
) -> None:
    sent = [await told_us(store, clock, olena) for _ in range(PER_DAY)]

    assert len({one.reference for one in sent}) == PER_DAY


async def test_more_than_five_a_day_are_refused_before_the_first_question(
    store: Database, clock: StoppedClock, olena: Person
) -> None:
    for _ in range(PER_DAY):
        await told_us(store, clock, olena)
        clock.advance(hours=1)

    refused = await feedback.begin(store, by(olena, clock))

    assert refused == TooMany(clock.now() + timedelta(hours=24 - PER_DAY))
    clock.advance(hours=24 - PER_DAY)
    assert await begun(store, clock, olena)


async def test_others_may_write_meanwhile(
    store: Database, clock: StoppedClock, olena: Person
) -> None:
    for _ in range(PER_DAY):
        await told_us(store, clock, olena)

    assert await begun(store, clock, await met(store, clock, 1003))


async def test_who_has_begun_is_asked_first(
    store: Database, clock: StoppedClock, olena: Person
) -> None:
    draft = await answered(store, clock, olena, "words")

    assert await feedback.begin(store, by(olena, clock)) == AlreadyOpen(draft)


async def test_forgotten_the_feedback_and_the_draft_are_gone(
    store: Database, clock: StoppedClock, olena: Person
) -> None:
    sent = await told_us(store, clock, olena)
    await begun(store, clock, olena)

    await privacy.forget(store, olena, clock)

    async with store.reading() as records:
        assert await records.feedback_of(sent.id) is None
    assert await rows(store, "conversations") == []


async def test_a_feedback_that_never_was_is_none(store: Database) -> None:
    async with store.reading() as records:
        assert await records.feedback_of(new_id()) is None


async def test_if_one_part_cannot_be_written_none_is(
    store: Database, clock: StoppedClock, olena: Person
) -> None:
    await told_us(store, clock, olena)
    full = await answered(store, clock, olena, "summary")
    await run_sql(store, "ALTER TABLE deliveries RENAME TO away")

    with pytest.raises(Exception, match="deliveries"):
        await sends(store, clock, olena, full)

    await run_sql(store, "ALTER TABLE away RENAME TO deliveries")
    assert len(await rows(store, "feedback")) == 1
    assert await conversations.standing(store, olena.id) == full


def test_the_form_asks_three_questions() -> None:
    assert [step.id for step in FORM.steps] == ["about", "rating", "words"]
