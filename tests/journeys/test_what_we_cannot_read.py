"""Whatever people send gets a helpful answer in private, and silence in groups."""

import pytest

from tests.journeys.steps import subscribes
from tests.people import Desk

# Screens do not depend on the database; the news journeys run on both.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


SENT: list[tuple[dict[str, object], str]] = [
    ({"text": "Коли наступний табір?"}, "розуміє лише кнопки"),
    ({"text": "я" * 4096}, "розуміє лише кнопки"),
    ({"text": "<b>{0}</b> & \u202e"}, "розуміє лише кнопки"),
    ({"text": "/nonsense"}, "Такої команди немає"),
    ({"sticker": True}, "прочитати не можемо"),
    ({"voice": True}, "прочитати не можемо"),
    ({"photo": True}, "прочитати не можемо"),
    ({"contact": {"phone_number": "+4915112345", "first_name": "X"}}, "прочитати не можемо"),
    ({"location": {"latitude": 51.5, "longitude": 7.4}}, "прочитати не можемо"),
]


async def test_everything_gets_an_answer_with_the_menu(desk: Desk) -> None:
    await subscribes(desk.olena, "uk")

    for sent, answer in SENT:
        await desk.olena.sends(**sent)
        assert "Новини" in (await desk.olena.sees(answer)).buttons


async def test_an_old_button_is_explained_and_answered(desk: Desk) -> None:
    await subscribes(desk.juergen, "de")

    await desk.juergen.forges(await desk.juergen.last(), "camp:17")

    await desk.juergen.is_told("Dieser Knopf gilt nicht mehr")
    await desk.juergen.sees("Guten Tag! Wählen Sie unten")


@pytest.mark.parametrize(
    "data", ["lang:xx", "topic:nope", "news:-z", "pause:ever", "forget:1", "::"]
)
async def test_forged_buttons_do_no_harm_and_are_answered(desk: Desk, data: str) -> None:
    await subscribes(desk.juergen, "de")

    await desk.juergen.forges(await desk.juergen.last(), data)

    await desk.juergen.is_told()
    await desk.juergen.does_not_see("Der Fehler liegt bei uns")


async def test_free_text_in_a_group_is_met_with_silence(desk: Desk) -> None:
    await subscribes(desk.olena, "uk")
    group = await desk.group("Сусіди", desk.olena, desk.juergen)

    await desk.olena.in_chat(group).says("/nonsense")
    await desk.olena.in_chat(group).says("Hallo zusammen")
    await desk.olena.says("/help")
    await desk.olena.sees("Поговорити з людиною")

    assert not [m for m in await desk.olena.in_chat(group).messages() if m.from_bot]


async def test_a_command_in_a_group_points_to_the_private_chat(desk: Desk) -> None:
    await subscribes(desk.anna, "de")
    anna = desk.anna.in_chat(await desk.group("Team", desk.anna))

    for command in ("/mydata", "/deleteme", "/start", "/news", "/review"):
        await anna.says(command)
        answer = await anna.sees("privaten Chat")
        assert "особистий чат" in answer.text

    assert not [message for message in await anna.messages() if "document" in message.raw]


async def test_help_and_contact_work_before_a_language_is_chosen(desk: Desk) -> None:
    await desk.olena.says("/help")

    await desk.olena.sees("Поговорити з людиною")


async def test_a_fault_of_ours_is_admitted_with_a_number(desk: Desk) -> None:
    await subscribes(desk.juergen, "de")
    broken = "Bad Request: broken"
    await desk.misbehaves("error", "sendMessage", code=400, description=broken, times=3)

    await desk.juergen.says("/help")

    await desk.juergen.sees("Der Fehler liegt bei uns")
