"""After a release: a coordinator sees who has it, decides on the uncertain, and takes it back."""

import secrets

import pytest

from bot.app import Parts
from bot.core.people import Language
from tests.journeys.conftest import Start
from tests.journeys.crowds import (
    PATIENCE,
    become_readers,
    becomes_coordinator,
    copies,
    holds_back,
    ledger,
    settled,
    strangers,
    until,
)
from tests.people import Desk, Person, World

IN = {
    Language.DE: {
        "release": "Freigeben",
        "released": "Freigegeben. 3 Personen",
        "who": "Wer hat sie?",
        "arrived": "Angekommen: ",
        "finished": "Fertig",
        "refresh": "Aktualisieren",
        "uncertain": "Ungewiss: 1",
        "again": "Ungewissen noch einmal senden",
        "withdraw": "Zurückziehen",
        "yes": "Ja, zurückziehen",
        "done": "Sie wird in 3 Chats geändert",
        "too late": "Jemand hat diese Nachricht schon zurückgezogen",
    },
    Language.UK: {
        "release": "Опублікувати",
        "released": "Новину зараз отримають 3 людини",
        "who": "Хто отримав?",
        "arrived": "Доставлено: ",
        "finished": "Завершено",
        "refresh": "Оновити",
        "uncertain": "Невідомо: 1",
        "again": "Надіслати непевним ще раз",
        "withdraw": "Відкликати",
        "yes": "Так, відкликати",
        "done": "Новину буде змінено в 3 чатах",
        "too late": "Цю новину вже відкликано",
    },
}
WITHDRAWN = "Цю новину відкликано"
in_both = pytest.mark.parametrize("language", list(Language))


@pytest.fixture
def desk(world: World, token: str) -> Desk:
    """Before the bot runs."""
    return world.bot(token)


@pytest.fixture
def title() -> str:
    return f"Свято {secrets.token_hex(4)}"


@in_both
async def test_what_was_released_by_mistake_is_taken_back_everywhere(
    desk: Desk, start: Start, title: str, language: Language
) -> None:
    words = IN[language]
    readers = await strangers(desk, 3)
    parts = await start()
    await become_readers(parts, readers)
    await becomes_coordinator(parts, desk.anna, language)
    await holds_back(parts, title)

    await _releases(desk.anna, title, words)
    for reader in readers:
        await reader.sees(title, PATIENCE)
    await settled(parts.database, 3)
    await desk.anna.taps(words["who"])
    progress = await desk.anna.sees(words["arrived"] + "3")
    assert words["finished"] in progress.text

    await desk.anna.taps(words["withdraw"])
    question = await desk.anna.sees_button(words["yes"])
    await desk.anna.taps(words["yes"])
    await desk.anna.sees(words["done"])

    for reader in readers:
        changed = await reader.sees(WITHDRAWN, PATIENCE)
        assert title in changed.text
        assert await copies(reader, title) == 1
    button = question.button(words["yes"])
    assert button
    await desk.anna.forges(question, button["callback_data"])  # on another device it still stands
    await desk.anna.is_told(words["too late"])
    await readers[0].says("/news")
    listed = await readers[0].sees("")
    assert title not in listed.text
    assert await settled(parts.database, 3, "news_withdrawal") == {"sent": 3}


@in_both
@pytest.mark.parametrize(("fault", "arrived"), [("hangup_after", 1), ("hangup_before", 0)])
async def test_a_coordinator_decides_who_was_uncertain_gets_it_again(
    desk: Desk, start: Start, title: str, language: Language, *, fault: str, arrived: int
) -> None:
    """D2, D12: nobody is sent it again blindly."""
    words = IN[language]
    uncertain, *others = await strangers(desk, 3)
    parts = await start()
    await become_readers(parts, [uncertain, *others])
    await becomes_coordinator(parts, desk.anna, language)
    await holds_back(parts, title)
    await desk.misbehaves(fault, "sendMessage", chat=uncertain.id)

    await _releases(desk.anna, title, words)
    rows = await settled(parts.database, 3)
    before = await copies(uncertain, title)
    await desk.anna.taps(words["who"])
    await desk.anna.sees(words["uncertain"])
    await desk.anna.taps(words["again"])
    await until(lambda: _have_it(parts, 3))
    await desk.anna.taps(words["refresh"])
    await desk.anna.sees(words["arrived"] + "3")

    assert rows == {"sent": 2, "unknown": 1}
    assert (before, await copies(uncertain, title)) == (arrived, arrived + 1)
    assert [await copies(reader, title) for reader in others] == [1, 1]


async def _have_it(parts: Parts, count: int) -> bool:
    return (await ledger(parts.database))["sent"] == count


async def _releases(anna: Person, title: str, words: dict[str, str]) -> None:
    await anna.says("/review")
    await anna.sees(title)
    await anna.taps(words["release"])
    await anna.is_told(words["released"])
