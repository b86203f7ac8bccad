"""People: they come, choose, pause, go and come back."""

import asyncio
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core import people
from bot.core.people import ALL_TOPICS, UNTIL_I_SAY, Language, chosen_with, pause_end
from storage.store import Database
from tests.builders import TOPICS, met, person
from tests.clock import NOON, StoppedClock
from tests.rows import rows


async def test_who_is_met_twice_is_one_person(store: Database, clock: StoppedClock) -> None:
    first = await people.meet(store, 1001, clock)
    second = await people.meet(store, 1001, clock)

    assert first == second
    assert len(await rows(store, "persons")) == 1


async def test_who_writes_twice_at_once_is_one_person(store: Database, clock: StoppedClock) -> None:
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(people.meet(store, 1001, clock)) for _ in range(6)]

    assert len({task.result().id for task in tasks}) == 1
    assert len(await rows(store, "persons")) == 1


async def test_a_newcomer_has_no_language_and_gets_nothing(
    store: Database, clock: StoppedClock
) -> None:
    newcomer = await people.meet(store, 1001, clock)

    assert newcomer.language is None
    assert newcomer.topics == frozenset()
    assert not newcomer.wants_messages(clock.now())


async def test_who_had_blocked_us_and_writes_is_back(store: Database, clock: StoppedClock) -> None:
    await met(store, clock)
    await people.note_blocked(store, 1001, clock)
    blocked = await _person(store)

    back = await people.meet(store, 1001, clock)

    assert blocked.blocked_at == clock.now()
    assert not blocked.wants_messages(clock.now())
    assert back.blocked_at is None
    assert back.language is Language.UK


async def test_who_unblocks_is_back_without_a_word(store: Database, clock: StoppedClock) -> None:
    await met(store, clock)
    await people.note_blocked(store, 1001, clock)

    await people.note_returned(store, 1001)

    assert (await _person(store)).wants_messages(clock.now())


async def test_blocking_by_a_stranger_is_ignored(store: Database, clock: StoppedClock) -> None:
    await people.note_blocked(store, 4711, clock)

    assert await rows(store, "persons") == []


async def test_a_tap_chooses_a_topic_and_another_takes_it_back(
    store: Database, clock: StoppedClock
) -> None:
    await met(store, clock, topics=frozenset())

    chosen = await people.want_topic(store, 1001, "youth", TOPICS, wanted=True)
    taken_back = await people.want_topic(store, 1001, "youth", TOPICS, wanted=False)

    assert chosen == {"youth"}
    assert taken_back == frozenset()


@pytest.mark.parametrize("wanted", [True, False])
async def test_the_same_tap_again_changes_nothing(
    store: Database, clock: StoppedClock, *, wanted: bool
) -> None:
    await met(store, clock, topics=frozenset({"aid"}) if wanted else frozenset({"aid", "youth"}))
    once = await people.want_topic(store, 1001, "youth", TOPICS, wanted=wanted)

    again = await people.want_topic(store, 1001, "youth", TOPICS, wanted=wanted)

    assert again == once == (await _person(store)).topics
    assert ("youth" in again) is wanted


@pytest.mark.parametrize("attempt", range(3))
async def test_two_quick_taps_both_count(
    store: Database, clock: StoppedClock, attempt: int
) -> None:
    await met(store, clock, topics=frozenset({"culture"}))
    taps = [f"topic-{attempt}-{number}" for number in range(5)]

    async with asyncio.TaskGroup() as group:
        for topic in taps:
            group.create_task(people.want_topic(store, 1001, topic, TOPICS, wanted=True))

    assert (await _person(store)).topics == {"culture", *taps}


async def test_two_choices_at_once_leave_one_of_them_whole(
    store: Database, clock: StoppedClock
) -> None:
    someone = await met(store, clock, topics=frozenset())
    choices = [frozenset({"youth", "aid"}), frozenset({"youth", "culture"})]

    async with asyncio.TaskGroup() as group:
        for topics in choices:
            group.create_task(people.follow(store, someone.id, topics))

    assert (await _person(store)).topics in choices


async def test_unticking_one_of_all_leaves_the_others(store: Database, clock: StoppedClock) -> None:
    await met(store, clock, topics=frozenset({ALL_TOPICS}))

    left = await people.want_topic(store, 1001, "aid", TOPICS, wanted=False)

    assert left == {"youth", "culture"}
    assert (await _person(store)).topics == left


async def test_a_tap_of_a_stranger_chooses_nothing(store: Database) -> None:
    chosen = await people.want_topic(store, 4711, "aid", TOPICS, wanted=True)

    assert chosen == frozenset()
    assert await rows(store, "follows") == []


async def test_who_follows_all_follows_topics_to_come() -> None:
    assert person(topics=frozenset({ALL_TOPICS})).follows("next-year")
    assert not person(topics=frozenset({"aid"})).follows("next-year")


async def test_a_pause_ends_by_itself(store: Database, clock: StoppedClock) -> None:
    someone = await met(store, clock)

    await people.pause(store, someone.id, clock.now() + people.PAUSE)

    paused = await _person(store)
    assert not paused.wants_messages(clock.now())
    assert paused.wants_messages(clock.now() + people.PAUSE)


async def test_a_pause_without_an_end_has_none(store: Database, clock: StoppedClock) -> None:
    someone = await met(store, clock)

    await people.pause(store, someone.id, UNTIL_I_SAY)

    paused = await _person(store)
    assert paused.paused_until == UNTIL_I_SAY
    assert not paused.wants_messages(clock.now() + timedelta(days=3_650))


async def test_one_tap_ends_a_stop_and_a_pause(store: Database, clock: StoppedClock) -> None:
    someone = await met(store, clock, topics=frozenset({"aid"}))
    await people.stop(store, someone.id, clock)
    await people.pause(store, someone.id, UNTIL_I_SAY)
    stopped = await _person(store)

    await people.resume(store, someone.id)

    assert stopped.stopped_at == clock.now()
    assert not stopped.wants_messages(clock.now())
    assert await _person(store) == someone


async def test_language_and_topics_outlive_a_stop(store: Database, clock: StoppedClock) -> None:
    someone = await met(store, clock, language=Language.DE, topics=frozenset({"aid"}))

    await people.stop(store, someone.id, clock)

    stopped = await people.meet(store, 1001, clock)
    assert (stopped.language, stopped.topics) == (Language.DE, frozenset({"aid"}))


async def test_the_choice_of_one_does_not_touch_another(
    store: Database, clock: StoppedClock
) -> None:
    olena, anna = await met(store, clock), await met(store, clock, 1003)

    await people.choose_language(store, olena.id, Language.DE)
    await people.follow(store, olena.id, frozenset({"aid"}))
    await people.stop(store, olena.id, clock)

    assert await _person(store, 1003) == anna


@given(
    chosen=st.frozensets(st.sampled_from(["youth", "culture", "aid", "gone", ALL_TOPICS])),
    topic=st.sampled_from(TOPICS),
    wanted=st.booleans(),
)
def test_a_tap_sets_what_it_says_and_leaves_the_others(
    chosen: frozenset[str], topic: str, *, wanted: bool
) -> None:
    before = person(topics=chosen)

    after = person(topics=chosen_with(chosen, topic, TOPICS, wanted=wanted))

    assert after.follows(topic) is wanted
    assert all(after.follows(other) == before.follows(other) for other in set(TOPICS) - {topic})


def test_a_tap_on_a_topic_of_all_that_is_wanted_anyway_keeps_topics_to_come() -> None:
    everything = frozenset({ALL_TOPICS})

    assert chosen_with(everything, "aid", TOPICS, wanted=True) == everything


def test_a_pause_that_runs_is_not_moved_by_asking_for_it_again() -> None:
    paused = person(paused_until=NOON + people.PAUSE)

    later = NOON + timedelta(days=2)

    assert pause_end(paused, later + people.PAUSE, later) == NOON + people.PAUSE
    assert pause_end(paused, UNTIL_I_SAY, later) == UNTIL_I_SAY


@pytest.mark.parametrize("ended", [None, NOON - timedelta(days=1), UNTIL_I_SAY])
def test_a_pause_of_a_week_begins_now_where_none_of_its_kind_runs(ended: datetime | None) -> None:
    before = person(paused_until=ended)

    assert pause_end(before, NOON + people.PAUSE, NOON) == NOON + people.PAUSE


def test_messages_are_wanted_again_in_the_moment_the_pause_ends() -> None:
    paused = person(paused_until=NOON)

    assert paused.wants_messages(NOON)
    assert not paused.wants_messages(NOON - timedelta(microseconds=1))


async def _person(store: Database, telegram_id: int = 1001) -> people.Person:
    async with store.reading() as records:
        found = await records.person_of(telegram_id)
    assert found
    return found
