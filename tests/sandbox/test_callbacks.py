"""Taps on buttons and their answers."""

from tests.people import Desk
from tests.sandbox.conftest import Api

TOO_OLD = "Bad Request: query is too old and response timeout expired or query ID is invalid"
KEYBOARD = {
    "inline_keyboard": [
        [{"text": "Так", "callback_data": "yes"}, {"text": "Сайт", "url": "https://a.example"}]
    ]
}


async def asked(api: Api, chat_id: int) -> None:
    await api.call("sendMessage", chat_id=chat_id, text="Запис?", reply_markup=KEYBOARD)


async def test_a_tap_reaches_the_bot_with_its_message(api: Api, desk: Desk, olena: int) -> None:
    await asked(api, olena)

    await desk.olena.taps("Так")

    (update,) = await api.updates()
    query = update["callback_query"]
    assert query["data"] == "yes"
    assert query["from"]["language_code"] == "uk"
    assert query["message"]["reply_markup"] == KEYBOARD


async def test_the_answer_reaches_the_person(api: Api, desk: Desk, olena: int) -> None:
    await asked(api, olena)
    tap = await desk.olena.taps("Так")
    answer = {"callback_query_id": tap["callback_query_id"], "text": "Записано"}

    assert await api.call("answerCallbackQuery", show_alert=True, **answer) is True

    told = await desk.olena.is_told("Записано")
    assert told["show_alert"] is True


async def test_an_answer_counts_once_and_in_time(api: Api, desk: Desk, olena: int) -> None:
    await asked(api, olena)
    message = await desk.olena.last()
    tap = await desk.olena.taps("Так")
    answer = {"callback_query_id": tap["callback_query_id"]}
    await api.call("answerCallbackQuery", **answer)
    late = await desk.olena._taps(message.id, data="yes", age=151)

    assert await api.refused("answerCallbackQuery", **answer) == TOO_OLD
    assert await api.refused("answerCallbackQuery", callback_query_id="1") == TOO_OLD
    too_late = {"callback_query_id": late["callback_query_id"]}
    assert await api.refused("answerCallbackQuery", **too_late) == TOO_OLD


async def test_a_tap_is_offered_for_150_seconds(api: Api, desk: Desk, olena: int) -> None:
    await asked(api, olena)
    message = await desk.olena.last()

    await desk.olena._taps(message.id, data="yes", age=149)
    await desk.olena._taps(message.id, data="yes", age=151)

    assert len(await api.updates()) == 1


async def test_only_buttons_that_exist_can_be_tapped(desk: Desk, api: Api, olena: int) -> None:
    await asked(api, olena)
    message = await desk.olena.last()
    tap = {"bot": desk.id, "from": olena, "message_id": message.id}
    address = f"{desk.world.url}/control/tap"

    wrong = await api.client.post(address, json=tap | {"data": "no"})
    address_button = await api.client.post(address, json=tap | {"label": "Сайт"})
    forged = await desk.olena.forges(message, "admin:delete")

    assert wrong.status_code == 404
    assert "Так" in wrong.json()["error"]
    assert address_button.status_code == 409
    assert forged["data"] == "admin:delete"


async def test_a_reply_key_is_tapped_by_writing_it(api: Api, desk: Desk, olena: int) -> None:
    keys = {"keyboard": [["🇺🇦 Українська"], [{"text": "Номер", "request_contact": True}]]}
    await api.call("sendMessage", chat_id=olena, text="Мова?", reply_markup=keys)

    await desk.olena.taps("Українська")
    await desk.olena.taps("Номер")

    first, second = await api.updates()
    assert first["message"]["text"] == "🇺🇦 Українська"
    assert second["message"]["contact"]["user_id"] == olena
