"""Translations: human memory first, engines in turn, the original until then."""

from collections.abc import Sequence
from datetime import timedelta

import pytest

from bot.core import news_decisions, translation
from bot.core.memory import segment_hash
from bot.core.news import NewsItem
from bot.core.translation import WAITS, HumanSegment
from bot.core.translation_engine import Engine
from storage.store import Database
from tests.builders import item, kept
from tests.clock import StoppedClock
from tests.engines import Broken, Dictionary, Forgetful
from tests.rows import rows

CONCERT = {"Konzert": "Концерт", "Eintritt frei.": "Вхід вільний.", "Um acht.": "О восьмій."}


async def test_what_people_translated_is_taken_word_for_word_and_no_engine_is_asked(
    store: Database, clock: StoppedClock
) -> None:
    await _teach(store, clock, CONCERT)
    await _concert(store, clock)
    engine = Dictionary()

    await translation.translate_due(store, [engine], clock)

    assert engine.asked == []
    assert await _translated(store) == ("Концерт", "Вхід вільний.\n\nО восьмій.", "human", 1)


async def test_the_memory_knows_a_segment_by_its_words_not_its_blanks(
    store: Database, clock: StoppedClock
) -> None:
    await _teach(store, clock, CONCERT)
    await kept(store, clock, item("  Konzert\u00a0", lead="Eintritt \n frei.\n\nUm  acht."))

    await translation.translate_due(store, [], clock)

    assert (await _translated(store))[2] == "human"


async def test_an_engine_is_asked_only_for_what_nobody_translated(
    store: Database, clock: StoppedClock
) -> None:
    await _teach(store, clock, {"Konzert": "Концерт"})
    await _concert(store, clock)
    engine = Dictionary()

    await translation.translate_due(store, [engine], clock)

    assert engine.asked == [["Eintritt frei.", "Um acht."]]
    assert await _translated(store) == (
        "Концерт",
        "uk: Eintritt frei.\n\nuk: Um acht.",
        "machine",
        1,
    )


async def test_a_segment_that_comes_twice_is_asked_for_once(
    store: Database, clock: StoppedClock
) -> None:
    await kept(store, clock, item("Konzert", lead="Konzert\n\nKonzert"))
    engine = Dictionary()

    await translation.translate_due(store, [engine], clock)

    assert engine.asked == [["Konzert"]]
    assert (await _translated(store))[:2] == ("uk: Konzert", "uk: Konzert\n\nuk: Konzert")


async def test_what_an_engine_said_is_remembered_as_a_machines_words(
    store: Database, clock: StoppedClock
) -> None:
    await _concert(store, clock)
    await translation.translate_due(store, [Dictionary(CONCERT)], clock)
    await kept(store, clock, item("Konzert", lead="Um acht.", source="other"))
    second = Dictionary()

    await translation.translate_due(store, [second], clock)

    assert second.asked == []
    assert [row["origin"] for row in await rows(store, "translations")] == ["machine"] * 2


async def test_the_words_of_people_win_over_those_of_an_engine(
    store: Database, clock: StoppedClock
) -> None:
    await _concert(store, clock)
    await translation.translate_due(store, [Dictionary()], clock)
    await _teach(store, clock, CONCERT)
    clock.advance(days=1)
    await kept(store, clock, item("Konzert", lead="Um acht.", source="other"))

    await translation.translate_due(store, [Dictionary()], clock)

    assert await _translated(store, 1) == ("Концерт", "О восьмій.", "human", 1)


@pytest.mark.parametrize("first", [Broken(name="first"), Forgetful(name="first")])
async def test_where_one_engine_fails_the_next_is_asked(
    store: Database, clock: StoppedClock, first: Dictionary
) -> None:
    await _concert(store, clock)

    await translation.translate_due(store, [first, Dictionary(CONCERT)], clock)

    assert (await _translated(store))[0] == "Концерт"
    assert {row["origin"] for row in await rows(store, "memory")} == {"machine"}


@pytest.mark.parametrize("engines", [[], [Broken()], [Forgetful()], [Broken(), Broken()]])
async def test_where_all_fail_waits_grow_and_nothing_is_stored(
    store: Database, clock: StoppedClock, engines: list[Engine]
) -> None:
    await _concert(store, clock)
    waits: list[timedelta] = []

    for _ in range(len(WAITS) + 2):
        assert await translation.translate_due(store, engines, clock) == 1
        (row,) = await rows(store, "translations")
        waits.append(row["due_at"] - clock.now())
        clock.set(row["due_at"])

    assert waits == [*WAITS, WAITS[-1], WAITS[-1]]
    assert (row["version"], row["origin"], row["attempts"]) == (0, "follows", len(waits))
    assert await rows(store, "memory") == []


async def test_one_item_that_fails_does_not_hold_up_the_others(
    store: Database, clock: StoppedClock
) -> None:
    for number in range(4):
        await kept(store, clock, item(f"Meldung {number}"))

    with pytest.raises(ExceptionGroup):
        await translation.translate_due(store, [OneBreaks("Meldung 2")], clock)

    found = await rows(store, "translations")
    assert sorted(row["version"] for row in found) == [0, 1, 1, 1]
    assert {row["due_at"] for row in found} == {None, clock.now() + WAITS[0]}


async def test_what_is_translated_is_not_translated_again(
    store: Database, clock: StoppedClock
) -> None:
    await _concert(store, clock)
    await translation.translate_due(store, [Dictionary()], clock)

    clock.advance(days=30)

    assert await translation.translate_due(store, [Dictionary()], clock) == 0


async def test_what_was_rejected_is_not_translated(store: Database, clock: StoppedClock) -> None:
    concert = await _concert(store, clock)
    await news_decisions.reject(store, concert.id, actor_id=1, clock=clock)

    assert await translation.translate_due(store, [Dictionary()], clock) == 0


async def test_teaching_may_be_repeated_and_corrects(store: Database, clock: StoppedClock) -> None:
    first = await _teach(store, clock, {"Konzert": "Концрет"})
    again = await _teach(store, clock, {"Konzert": "Концерт"})

    found = await rows(store, "memory")
    assert (first, again) == (2, 2)
    assert len([row for row in found if row["target_language"] == "uk"]) == 1
    assert {row["target_text"] for row in found if row["target_language"] == "uk"} == {"Концерт"}


async def test_a_large_memory_is_taught_in_one_go(store: Database, clock: StoppedClock) -> None:
    many = {f"Satz {number}": f"Речення {number}" for number in range(1_200)}

    assert await _teach(store, clock, many) == 2_400
    assert len(await rows(store, "memory")) == 2_400


class OneBreaks(Dictionary):
    """Breaks in a way nobody foresaw, for one text."""

    def __init__(self, broken: str) -> None:
        super().__init__()
        self._broken = broken

    async def translate(self, segments: Sequence[str], *, source: str, target: str) -> list[str]:
        if self._broken in segments:
            raise RuntimeError("unforeseen")
        return await super().translate(segments, source=source, target=target)


async def _concert(store: Database, clock: StoppedClock) -> NewsItem:
    return await kept(store, clock, item("Konzert", lead="Eintritt frei.\n\nUm acht."))


async def _teach(store: Database, clock: StoppedClock, german: dict[str, str]) -> int:
    segments = [
        HumanSegment(
            {"de": segment_hash(source), "uk": segment_hash(target)},
            {"de": source, "uk": target},
        )
        for source, target in german.items()
    ]
    return await translation.teach(store, segments, clock)


async def _translated(store: Database, place: int = 0) -> tuple[str, str, str, int]:
    row = (await rows(store, "translations"))[place]
    return row["title"], row["lead"], row["origin"], row["version"]
