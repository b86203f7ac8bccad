"""Onboarding: the question for topics stands until it is done."""

import pytest

from bot.core import feedback, onboarding
from bot.core.people import Language
from storage.store import Database
from tests.builders import met
from tests.clock import StoppedClock
from tests.forms import answered, by
from tests.rows import rows


async def test_a_newcomer_is_asked_for_topics_next(store: Database, clock: StoppedClock) -> None:
    newcomer = await onboarding.choose_language(store, 1001, Language.UK, update_id=1, clock=clock)

    assert newcomer.language is Language.UK
    assert await onboarding.is_open(store, newcomer.id)


async def test_the_same_tap_again_changes_nothing(store: Database, clock: StoppedClock) -> None:
    await onboarding.choose_language(store, 1001, Language.UK, update_id=1, clock=clock)
    before = [await rows(store, table) for table in ("persons", "conversations")]

    await onboarding.choose_language(store, 1001, Language.UK, update_id=1, clock=clock)

    assert [await rows(store, table) for table in ("persons", "conversations")] == before


@pytest.mark.parametrize("topics", [frozenset[str](), frozenset({"aid"})])
async def test_who_only_changes_the_language_is_not_asked_again(
    store: Database, clock: StoppedClock, topics: frozenset[str]
) -> None:
    someone = await met(store, clock, topics=topics)

    changed = await onboarding.choose_language(store, 1001, Language.DE, update_id=1, clock=clock)

    assert changed.language is Language.DE
    assert not await onboarding.is_open(store, someone.id)


async def test_done_ends_it_and_may_be_repeated(store: Database, clock: StoppedClock) -> None:
    newcomer = await onboarding.choose_language(store, 1001, Language.UK, update_id=1, clock=clock)

    for _ in range(2):
        await onboarding.finish(store, newcomer.id)

    assert not await onboarding.is_open(store, newcomer.id)


async def test_done_leaves_another_form_open(store: Database, clock: StoppedClock) -> None:
    someone = await met(store, clock)
    draft = await answered(store, clock, someone, "words")

    await onboarding.finish(store, someone.id)

    assert await feedback.begin(store, by(someone, clock)) == feedback.AlreadyOpen(draft)
