"""The feedback form from both ends: filled in, interrupted, repeated, and never a dead end."""

import signal
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.core import privacy
from tests.journeys.conftest import Start
from tests.journeys.steps import gets_my_data, subscribes
from tests.journeys.test_crash import PATIENCE, bot_process
from tests.people import Desk, Person, World
from tests.seen import Message

on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

FIRST, SECOND, THIRD = "Worum geht es?", "Wie nützlich", "Was möchten Sie uns sagen?"
SUMMARY = "Stimmt alles so?"
THANKS = "Vielen Dank. Ihre Rückmeldung"


async def begins(desk: Desk) -> Person:
    """Jürgen, at the first question."""
    await subscribes(desk.juergen, "de")
    await desk.juergen.says("/feedback")
    await desk.juergen.sees(FIRST)
    return desk.juergen


async def at_the_words(desk: Desk) -> Person:
    someone = await begins(desk)
    await someone.taps("Dieser Bot")
    await someone.sees(SECOND)
    await someone.taps("Zum Teil")
    await someone.sees(THIRD)
    return someone


async def at_the_summary(desk: Desk) -> Person:
    someone = await at_the_words(desk)
    await someone.says("Der Bus war gut.")
    await someone.sees(SUMMARY)
    return someone


async def edits(person: Person, sent: Any, text: str) -> None:
    """As Telegram tells it."""
    message = sent["message"] | {"text": text, "edit_date": sent["message"]["date"] + 1}
    await person.desk.post("update", update={"edited_message": message})


def data_of(message: Message, label: str) -> str:
    button = message.button(label)
    assert button, f"no button {label!r} in: {message}"
    return str(button["callback_data"])


def number_in(message: Message) -> str:
    return message.text.partition("Nummer ")[2].partition(".")[0]


async def kept(person: Person) -> list[dict[str, Any]]:
    return (await gets_my_data(person)).get("feedback", [])


@on_sqlite
async def test_a_family_tells_us_what_it_thinks_in_ukrainian(desk: Desk) -> None:
    await subscribes(desk.olena, "uk")
    await desk.olena.says("/help")
    await desk.olena.taps("Залишити відгук")

    first = await desk.olena.sees("Про що йдеться?")
    await desk.olena.taps("Запис і допомога")
    second = await desk.olena.sees("Наскільки це для Вас корисно?")
    await desk.olena.taps("Дуже корисно")
    third = await desk.olena.sees("Що Ви бажаєте нам сказати?")
    await desk.olena.says("Дякую за автобус <3")
    summary = await desk.olena.sees("Усе правильно?")
    await desk.olena.taps("Надіслати")
    thanks = await desk.olena.sees("Щиро дякуємо")

    assert "/privacy" in first.text
    assert [f"{n}/3" in m.text for n, m in enumerate((first, second, third), 1)] == [True] * 3
    assert "Запис і допомога" in summary.text
    assert "Дякую за автобус <3" in summary.text
    (row,) = await kept(desk.olena)
    assert (row["about"], row["rating"], row["words"]) == ("sign-up", "very", "Дякую за автобус <3")
    assert str(row["reference"]) in thanks.text
    await desk.olena.taps("Меню")
    await desk.olena.sees("Оберіть нижче")


@on_sqlite
async def test_one_answer_is_changed_in_the_summary_and_the_words_are_skipped(desk: Desk) -> None:
    someone = await at_the_words(desk)
    await someone.taps("Überspringen")
    summary = await someone.sees(SUMMARY)

    await someone.taps("Ändern: Bewertung")
    again = await someone.sees(SECOND)
    await someone.taps("Sehr nützlich")
    changed = await someone.sees(SUMMARY)
    await someone.taps("Senden")
    await someone.sees(THANKS)

    assert "keine Angabe" in summary.text
    assert "✓ Zum Teil" in again.buttons
    assert "Bewertung: Sehr nützlich" in changed.text
    (row,) = await kept(someone)
    assert (row["about"], row["rating"], row["words"]) == ("bot", "very", None)


@on_sqlite
async def test_back_keeps_what_was_answered(desk: Desk) -> None:
    someone = await at_the_words(desk)

    await someone.taps("Zurück")
    second = await someone.sees(SECOND)
    await someone.taps("Zurück")
    first = await someone.sees(FIRST)
    await someone.taps("Zurück")
    offer = await someone.sees("noch offen: Frage 1 von 3")

    assert "✓ Zum Teil" in second.buttons
    assert "✓ Dieser Bot" in first.buttons
    assert "Weitermachen" in offer.buttons


ODD: list[tuple[dict[str, object], str]] = [
    ({"sticker": True}, "können wir hier nicht lesen"),
    ({"photo": True}, "können wir hier nicht lesen"),
    ({"voice": True}, "können wir hier nicht lesen"),
    ({"contact": {"phone_number": "+4915112345", "first_name": "X"}}, "hier nicht lesen"),
    ({"location": {"latitude": 51.5, "longitude": 7.4}}, "hier nicht lesen"),
]


@on_sqlite
async def test_where_a_choice_is_asked_everything_else_repeats_the_question(desk: Desk) -> None:
    someone = await begins(desk)
    texts = [
        ({"text": text}, "tippen Sie bitte auf einen der Knöpfe") for text in ("Bus", "ö" * 4_096)
    ]

    for sent, answer in [*ODD, *texts]:
        await someone.sends(**sent)
        message = await someone.sees(answer)
        assert FIRST in message.text
        assert "Dieser Bot" in message.buttons

    await someone.taps("Dieser Bot")
    await someone.sees(SECOND)


@on_sqlite
async def test_where_words_are_asked_what_does_not_fit_is_explained(desk: Desk) -> None:
    someone = await at_the_words(desk)
    texts: list[tuple[dict[str, object], str]] = [
        ({"text": "ö" * 4_096}, "hat 4096 Zeichen, hier passen 1000"),
        ({"text": "👍" * 501}, "hat 1002 Zeichen"),
    ]

    for sent, answer in [*ODD, *texts]:
        await someone.sends(**sent)
        message = await someone.sees(answer)
        assert THIRD in message.text
        assert "Überspringen" in message.buttons

    await someone.says("👍" * 500)
    assert "👍" * 500 in (await someone.sees(SUMMARY)).text


@on_sqlite
async def test_in_the_summary_whatever_comes_leaves_the_answers_as_they_are(desk: Desk) -> None:
    someone = await at_the_summary(desk)

    for sent, answer in [*ODD, ({"text": "Noch etwas"}, "einen der Knöpfe")]:
        await someone.sends(**sent)
        message = await someone.sees(answer)
        assert "Der Bus war gut." in message.text
        assert message.buttons[0] == "Senden"


@on_sqlite
async def test_a_changed_message_is_explained_at_each_step(desk: Desk) -> None:
    someone = await begins(desk)
    sent = await someone.says("Hallo")
    await someone.sees("Knöpfe")

    for step, tap in ((FIRST, "Dieser Bot"), (SECOND, "Zum Teil"), (THIRD, "Überspringen")):
        await edits(someone, sent, "Hallo!")
        message = await someone.sees("Wir lesen jede Nachricht nur einmal")
        assert step in message.text
        await someone.taps(tap)

    await someone.sees(SUMMARY)
    await edits(someone, sent, "Hallo!!")
    await someone.sees("Wir lesen jede Nachricht nur einmal")
    await someone.taps("Senden")
    await someone.sees(THANKS)


@on_sqlite
async def test_outside_a_form_people_mend_their_messages_in_peace(desk: Desk) -> None:
    await subscribes(desk.juergen, "de")
    sent = await desk.juergen.says("Halo")
    await desk.juergen.sees("versteht nur Knöpfe")
    before = len(await desk.juergen.messages())

    await edits(desk.juergen, sent, "Hallo")
    await desk.waits_for_no_updates()
    await desk.juergen.says("/impressum")
    await desk.juergen.sees("Impressum")

    assert len(await desk.juergen.messages()) == before + 2


COMMANDS = [
    ("/help", "Mit einem Menschen sprechen"),
    ("/privacy", "Was wir über Sie speichern"),
    ("Neuigkeiten", "Neuigkeiten"),
    ("Мої теми", "Welche Themen"),
    ("/unsinn", "Diesen Befehl gibt es nicht"),
]


@on_sqlite
async def test_commands_and_the_menu_are_carried_out_and_the_form_offered_again(desk: Desk) -> None:
    await desk.limits(on=False)
    someone = await at_the_words(desk)

    for said, answer in COMMANDS:
        await someone.says(said)
        await someone.sees(answer)
        offer = await someone.sees("„Ihre Rückmeldung“ ist noch offen: Frage 3 von 3.")
        assert offer.buttons == ["Weitermachen", "Neu anfangen", "Abbrechen"]

    await someone.taps("Weitermachen")
    await someone.sees(THIRD)
    await someone.says("Der Bus war gut.")
    assert "Dieser Bot" in (await someone.sees(SUMMARY)).text


@on_sqlite
async def test_begun_again_the_draft_is_offered_and_may_be_begun_anew(desk: Desk) -> None:
    someone = await at_the_words(desk)

    await someone.says("/feedback")
    offer = await someone.sees("noch offen: Frage 3 von 3")
    await someone.taps("Neu anfangen")
    first = await someone.sees(FIRST)
    await someone.forges(offer, data_of(offer, "Neu anfangen"))
    await someone.is_told()
    await someone.taps("Etwas anderes")
    await someone.sees(SECOND)

    assert not [label for label in first.buttons if label.startswith("✓")]


@on_sqlite
async def test_who_has_not_finished_the_topics_chooses_what_to_do_first(desk: Desk) -> None:
    await desk.juergen.says("/start")
    await desk.juergen.taps("Deutsch")
    await desk.juergen.taps("Kultur")
    await desk.juergen.sees_button("✓ Kultur")

    await desk.juergen.says("/feedback")
    offer = await desk.juergen.sees("„Meine Themen“ ist noch offen")
    await desk.juergen.taps("Weitermachen")
    topics = await desk.juergen.sees("Welche Themen")
    await desk.juergen.says("/feedback")
    await desk.juergen.taps("Ihre Rückmeldung")

    assert offer.buttons == ["Weitermachen", "Ihre Rückmeldung", "Abbrechen"]
    assert "✓ Kultur" in topics.buttons
    await desk.juergen.sees(FIRST)


@on_sqlite
async def test_cancel_erases_the_draft_and_says_so(desk: Desk) -> None:
    someone = await at_the_words(desk)

    await someone.says("/cancel")
    await someone.sees("Abgebrochen. Es wurde nichts gesendet, der Entwurf ist gelöscht.")
    await someone.says("/cancel")
    await someone.sees("Es gibt nichts abzubrechen")

    assert "conversations" not in await gets_my_data(someone)


@on_sqlite
async def test_every_button_of_a_cancelled_form_says_that_it_is_closed(desk: Desk) -> None:
    someone = await at_the_words(desk)
    question = await someone.last()
    await someone.taps("Abbrechen")
    await someone.sees("Abgebrochen")

    for label in ("Überspringen", "Zurück", "Abbrechen"):
        await someone.says("/start")
        await someone.forges(await someone.sees("Guten Tag!"), data_of(question, label))
        await someone.is_told()
        await someone.sees("Dieses Formular ist nicht mehr offen")


@on_sqlite
async def test_a_button_of_an_earlier_question_leads_to_the_open_one(desk: Desk) -> None:
    someone = await begins(desk)
    first = await someone.last()
    await someone.taps("Dieser Bot")
    second = await someone.sees(SECOND)

    await someone.forges(second, str(first.button("Etwas anderes")["callback_data"]))  # type: ignore[index]

    await someone.is_told("Diese Frage ist schon beantwortet")
    await someone.taps("Zum Teil")
    await someone.says("Gut.")
    assert "Anliegen: Dieser Bot" in (await someone.sees(SUMMARY)).text


@on_sqlite
async def test_sent_twice_it_is_one_feedback_with_one_number(desk: Desk) -> None:
    someone = await at_the_summary(desk)

    send = data_of(await someone.last(), "Senden")
    await someone.taps("Senden")
    await someone.forges(await someone.last(), send)
    first = await someone.sees(THANKS)
    await someone.says("/start")
    await someone.forges(await someone.sees("Guten Tag!"), send)
    await someone.is_told()
    again = await someone.sees(THANKS)

    assert len(number_in(first)) == 6
    assert number_in(again) == number_in(first)
    assert [row["reference"] for row in await kept(someone)] == [number_in(first)]


FORGED = [
    *("answer:zz", "answer:1:1:1", "skip:-", "before:1:0", "change:1:9", "go_on:1", "anew:1:x"),
    *("cancel:?", "cancel:1", "send:1:1", "send", "feedback:1", "follow:aid:7", "follow:nope:1"),
]


@on_sqlite
async def test_forged_buttons_of_forms_do_no_harm_and_are_answered(desk: Desk) -> None:
    await desk.limits(on=False)
    someone = await at_the_words(desk)

    for data in FORGED:
        await someone.forges(await someone.last(), data)
        await someone.is_told()

    await desk.waits_for_no_updates()
    await someone.does_not_see("Der Fehler liegt bei uns")
    await someone.says("/start")
    await someone.sees("noch offen: Frage 3 von 3", 45)  # each answer takes its second


@on_sqlite
async def test_the_sixth_within_a_day_is_refused_before_its_first_question(desk: Desk) -> None:
    await desk.limits(on=False)
    await subscribes(desk.juergen, "de")
    for _ in range(5):
        await desk.juergen.says("/feedback")
        for label in ("Dieser Bot", "Zum Teil", "Überspringen", "Senden"):
            await desk.juergen.taps(label)
        await desk.juergen.sees(THANKS)

    await desk.juergen.says("/feedback")

    refused = await desk.juergen.sees("schon 5 Rückmeldungen")
    assert "/help" in refused.text


@on_sqlite
async def test_erased_with_everything_else(desk: Desk) -> None:
    someone = await at_the_summary(desk)
    await someone.taps("Senden")
    await someone.sees(THANKS)
    await someone.says("/feedback")
    await someone.sees(FIRST)
    assert {"feedback", "conversations"} <= set(await gets_my_data(someone))

    await someone.says("/deleteme")
    await someone.taps("Ja, alles löschen")
    await someone.sees("ist gelöscht")

    assert not {"feedback", "conversations"} & set(await gets_my_data(someone))


async def test_killed_in_the_middle_it_goes_on_at_the_open_question(
    environment: dict[str, str], world: World, token: str
) -> None:
    desk = world.bot(token)
    async with bot_process(environment) as first:
        someone = await at_the_words(desk)
        first.send_signal(signal.SIGKILL)
        await first.wait()

    await someone.says("Der Bus war gut.")  # nobody is there to read it
    async with bot_process(environment):
        summary = await someone.sees(SUMMARY, PATIENCE)
        await someone.says("/start")
        offer = await someone.sees("ist ausgefüllt, aber noch nicht gesendet", PATIENCE)
        await someone.taps("Weitermachen")
        await someone.sees(SUMMARY)
        await someone.taps("Senden")
        await someone.sees(THANKS)

    assert "Dieser Bot" in summary.text
    assert "Der Bus war gut." in summary.text
    assert offer.buttons[0] == "Weitermachen"


@pytest.fixture
def clock_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CLOCK_FILE", str(tmp_path / "clock"))
    return tmp_path / "clock"


async def test_days_later_it_goes_on_and_after_a_month_it_is_erased(
    clock_file: Path, start: Start, world: World, token: str
) -> None:
    parts = await start()
    someone = await at_the_words(world.bot(token))

    turn(clock_file, days=20)
    await someone.says("/start")
    offer = await someone.sees("noch offen: Frage 3 von 3", PATIENCE)
    turn(clock_file, days=31)
    await privacy.sweep(parts.database, parts.clock)  # as the schedule does every hour
    await someone.taps("Weitermachen")

    await someone.sees("Dieses Formular ist nicht mehr offen", PATIENCE)
    assert "Ihre Antworten bleiben bis" in offer.text


def turn(clock_file: Path, *, days: int) -> None:
    clock_file.write_text(str(timedelta(days=days).total_seconds()))


async def test_the_team_gets_it_with_its_number_and_without_a_name(desk: Desk) -> None:
    await subscribes(desk.anna, "uk")
    await at_the_summary(desk)
    await desk.juergen.taps("Senden")
    number = number_in(await desk.juergen.sees(THANKS))

    note = await desk.anna.sees(number)

    assert "Der Bus war gut." in note.text
    assert "Відгук" in note.text
    assert "Jürgen" not in note.text
