"""The first minutes, and what a person can change later."""

import httpx
import pytest

from tests.journeys.steps import subscribes
from tests.people import Desk

# Screens do not depend on the database; the news journeys run on both.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


async def test_the_first_question_speaks_both_languages_and_names_privacy(desk: Desk) -> None:
    await desk.olena.says("/start")

    question = await desk.olena.sees("Якою мовою")

    assert "In welcher Sprache" in question.text
    assert "/privacy" in question.text
    assert question.buttons == ["Deutsch", "Українська"]


async def test_a_family_chooses_language_and_topics_by_tapping(desk: Desk) -> None:
    await desk.olena.says("/start")
    await desk.olena.taps("Українська")
    await desk.olena.sees("Які теми Вас цікавлять?")

    await desk.olena.taps("Табори та обміни")
    await desk.olena.sees_button("✓ Табори та обміни")
    await desk.olena.taps("Готово")

    await desk.olena.sees("новини на теми: Табори та обміни")
    what_next = await desk.olena.sees("/stop")
    assert what_next.buttons == ["Новини", "Мої теми", "Перерва", "Мова", "Допомога й контакти"]


async def test_a_second_tap_takes_a_topic_back(desk: Desk) -> None:
    await subscribes(desk.juergen, "de", "Kultur")

    await desk.juergen.says("Meine Themen")
    await desk.juergen.taps("✓ Kultur")
    question = await desk.juergen.sees("Welche Themen")

    assert not [label for label in question.buttons if label.startswith("✓")]


async def test_unticking_one_of_all_topics_keeps_the_others(desk: Desk) -> None:
    await subscribes(desk.juergen, "de")

    await desk.juergen.says("/topics")
    await desk.juergen.taps("✓ Kultur")
    question = await desk.juergen.sees("Welche Themen")

    ticked = [label for label in question.buttons if label.startswith("✓")]
    assert "✓ Kultur" not in ticked
    assert len(ticked) == 12


async def test_the_language_can_be_changed_and_the_menu_follows(desk: Desk) -> None:
    await subscribes(desk.olena, "uk")

    await desk.olena.says("/language")
    await desk.olena.taps("Deutsch")

    assert "Neuigkeiten" in (await desk.olena.sees("Ab jetzt schreiben wir")).buttons
    await desk.olena.says("Новини")  # the old keyboard still stands on her phone
    await desk.olena.sees("Neuigkeiten für Sie")


async def test_the_command_list_follows_the_chosen_language(desk: Desk) -> None:
    await subscribes(desk.juergen, "uk")

    registered = (await desk.registered())["commands"]

    own = [entry for entry in registered if entry["scope"].get("chat_id") == desk.juergen.id]
    assert own[0]["commands"][0]["description"] == "Останні новини для Вас"


async def test_name_description_and_commands_are_registered_per_language(desk: Desk) -> None:
    await desk.waits_for_calls("setMyDescription", 3)

    profile = await desk.registered()

    assert profile["names"]["de"] == "Brückenbot"
    assert profile["names"]["uk"] == "Бот-місток"
    assert "Дортмунда й Житомира" in profile["descriptions"]["uk"]
    assert "Dortmund – Schytomyr" in profile["short_descriptions"]["de"]
    assert {entry["language_code"] for entry in profile["commands"]} == {"", "de", "uk"}


async def test_who_starts_again_finds_everything_as_it_was(desk: Desk) -> None:
    await subscribes(desk.olena, "uk", "Культура")

    await desk.olena.says("/start")

    assert "Новини" in (await desk.olena.sees("Вітаємо!")).buttons


async def test_commands_before_a_language_lead_to_the_first_question(desk: Desk) -> None:
    await desk.juergen.says("/topics")

    await desk.juergen.sees("In welcher Sprache")


async def test_start_goes_on_with_the_topics_until_they_are_done(desk: Desk) -> None:
    await desk.olena.says("/start")
    await desk.olena.taps("Українська")
    await desk.olena.taps("Культура")
    await desk.olena.sees_button("✓ Культура")

    await desk.olena.says("/start")
    open_question = await desk.olena.sees("Які теми Вас цікавлять?")
    await desk.olena.taps("Готово")
    await desk.olena.sees("новини на теми: Культура")
    await desk.olena.says("/start")
    await desk.olena.sees("Вітаємо!")
    await desk.olena.says("/help")
    await desk.olena.sees("Поговорити з людиною")

    assert "✓ Культура" in open_question.buttons
    assert (await desk.olena.last()).text.startswith("Що тут можна зробити")
    assert sum("Які теми" in m.text for m in await desk.olena.messages()) == 1


async def test_who_chose_no_topic_is_not_asked_again(desk: Desk) -> None:
    await desk.juergen.says("/start")
    await desk.juergen.taps("Deutsch")
    await desk.juergen.taps("Fertig")
    await desk.juergen.sees("Sie haben kein Thema gewählt")

    await desk.juergen.says("/start")
    await desk.juergen.sees("Guten Tag!")
    await desk.juergen.says("/help")
    await desk.juergen.sees("Das können Sie hier tun")

    await desk.juergen.does_not_see("Welche Themen")


async def test_free_text_and_pictures_repeat_the_question_for_topics(desk: Desk) -> None:
    await desk.juergen.says("/start")
    await desk.juergen.taps("Deutsch")
    await desk.juergen.sees("Welche Themen")

    for sent in ({"text": "Fußball"}, {"photo": True}):
        await desk.juergen.sends(**sent)
        question = await desk.juergen.sees("Welche Themen")
        assert "Kultur" in question.buttons


async def test_cancel_ends_the_question_for_topics_and_keeps_what_was_chosen(desk: Desk) -> None:
    await desk.juergen.says("/start")
    await desk.juergen.taps("Deutsch")
    await desk.juergen.taps("Kultur")
    await desk.juergen.sees_button("✓ Kultur")

    await desk.juergen.says("/cancel")

    await desk.juergen.sees("Sie bekommen Nachrichten zu: Kultur")


async def test_a_tap_on_an_outdated_list_sets_what_it_said(desk: Desk) -> None:
    await subscribes(desk.juergen, "de", "Kultur")
    await desk.juergen.says("/topics")
    old = await desk.juergen.sees("Welche Themen")
    await desk.juergen.says("/topics")
    newer = await desk.juergen.sees("Welche Themen")
    await desk.juergen.taps_again(newer, "✓ Kultur")
    await desk.juergen.sees("Welche Themen")

    await desk.juergen.taps_again(old, "✓ Kultur")  # it says: take back
    await desk.juergen.is_told()
    redrawn = await desk.juergen.sees("Welche Themen")

    assert redrawn.id == old.id
    assert not [label for label in redrawn.buttons if label.startswith("✓")]


async def test_a_button_of_last_year_means_what_it_showed(desk: Desk) -> None:
    await desk.limits(on=False)
    await subscribes(desk.juergen, "de", "Kultur", "Sport")
    keyboard = [[{"text": "✓ Kultur", "callback_data": "topic:culture"}]]
    keyboard += [[{"text": "Sport", "callback_data": "topic:sport"}]]
    async with httpx.AsyncClient(trust_env=False) as telegram:
        sent = await telegram.post(
            f"{desk.base_url}{desk.token}/sendMessage",
            json={
                "chat_id": desk.juergen.id,
                "text": "Welche Themen?",
                "reply_markup": {"inline_keyboard": keyboard},
            },
        )
    assert sent.is_success, sent.text
    old = await desk.juergen.sees("Welche Themen?")

    await desk.juergen.taps_again(old, "Sport")  # follows it already: nothing changes
    unchanged = await desk.juergen.sees("Welche Themen interessieren Sie?")
    await desk.juergen.forges(unchanged, "topic:culture")  # nothing shown beside it, nothing done
    await desk.juergen.is_told()
    await desk.juergen.says("/topics")
    question = await desk.juergen.sees("Welche Themen interessieren Sie?")

    ticked = [label for label in question.buttons if label.startswith("✓")]
    assert sorted(ticked) == ["✓ Kultur", "✓ Sport"]
