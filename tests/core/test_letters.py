"""Letters: looked up and rendered once for all who read them, and again when they may be stale."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from bot.core.delivery import Content
from bot.core.ledger import Kind, Parcel
from bot.core.letters import FRESH, LEASED, MANY, Letters
from bot.core.people import Language
from tests.leaping_time import run
from tests.ledger import Ledger
from tests.post import Post, Text, parcel

ONE, OTHER = parcel(Kind.ALERT, 1), parcel(Kind.ALERT, 2)
Looking = Callable[[Letters, Ledger, Post], Awaitable[None]]


def test_a_hundred_readers_of_one_text_are_one_look_and_one_rendering() -> None:
    async def look(letters: Letters, ledger: Ledger, post: Post) -> None:
        readers = [parcel(Kind.ALERT, number) for number in range(100)]
        await letters.look_up(ledger.records, readers)

        assert len({id(letters.of(one).body) for one in readers}) == 1
        assert len(ledger.looked_up) == len(post.rendered) == 1

    _with_letters(look)


def test_each_language_and_each_subject_has_a_letter_of_its_own() -> None:
    async def look(letters: Letters, ledger: Ledger, post: Post) -> None:
        german = parcel(Kind.ALERT, 2, language=Language.DE)
        about_else = parcel(Kind.ALERT, 3, subject=8)
        await letters.look_up(ledger.records, [ONE, german, about_else])

        assert len({id(letters.of(one)) for one in (ONE, german, about_else)}) == 3
        assert {text.language for text in post.rendered} == set(Language)

    _with_letters(look)


@pytest.mark.parametrize(("later", "looks"), [(FRESH - 0.1, 1), (FRESH + 0.1, 2)])
def test_a_text_is_looked_up_again_after_a_moment(later: float, looks: int) -> None:
    async def look(letters: Letters, ledger: Ledger, _: Post) -> None:
        await letters.look_up(ledger.records, [ONE])
        await asyncio.sleep(later)
        await letters.look_up(ledger.records, [OTHER])

        assert len(ledger.looked_up) == looks

    _with_letters(look)


def test_what_no_longer_exists_has_no_body_and_is_not_rendered() -> None:
    async def look(letters: Letters, ledger: Ledger, post: Post) -> None:
        await letters.look_up(ledger.records, [ONE])

        letter = letters.of(ONE)
        assert (letter.content, letter.body, letter.fault, post.rendered) == (None, None, None, [])

    run(_looking(look, Gone(), Post()))


def test_a_rendering_that_fails_is_noted_and_the_others_go_on() -> None:
    class Clumsy(Post):
        def prepare(self, kind: Kind, content: Content, language: Language) -> Text:
            if language is Language.DE:
                raise KeyError(language)
            return super().prepare(kind, content, language)

    async def look(letters: Letters, ledger: Ledger, _: Post) -> None:
        german = parcel(Kind.ALERT, 2, language=Language.DE)
        await letters.look_up(ledger.records, [ONE, german])

        assert (letters.of(german).body, letters.of(german).fault) == (None, "KeyError")
        assert letters.of(ONE).body is not None

    run(_looking(look, Ledger(), Clumsy()))


@pytest.mark.parametrize("age", [0.0, FRESH * 0.9])
def test_however_many_texts_there_are_one_that_is_leased_is_kept(age: float) -> None:
    async def look(letters: Letters, ledger: Ledger, _: Post) -> None:
        await letters.look_up(ledger.records, [ONE])
        await asyncio.sleep(age)
        await letters.look_up(ledger.records, [OTHER])  # leased from now on, with the same text
        await letters.look_up(ledger.records, _about_others())
        await asyncio.sleep(LEASED)
        await letters.look_up(ledger.records, [parcel(Kind.ALERT, 9, subject=9)])

        assert letters.of(OTHER).body is not None

    _with_letters(look)


def test_texts_that_nobody_can_ask_for_any_more_are_forgotten() -> None:
    async def look(letters: Letters, ledger: Ledger, _: Post) -> None:
        await letters.look_up(ledger.records, _about_others())
        await asyncio.sleep(LEASED + FRESH + 0.1)
        await letters.look_up(ledger.records, [ONE])

        assert len(letters._known) == 1

    _with_letters(look)


class Gone(Ledger):
    async def content(self, kind: Kind, subject: int, language: Language) -> Content | None:
        del kind, subject, language
        return None


def _about_others() -> list[Parcel]:
    return [parcel(Kind.ALERT, n, subject=1_000 + n) for n in range(MANY + 1)]


def _with_letters(look: Looking) -> None:
    run(_looking(look, Ledger(), Post()))


async def _looking(look: Looking, ledger: Ledger, post: Post) -> None:
    await look(Letters(post), ledger, post)
