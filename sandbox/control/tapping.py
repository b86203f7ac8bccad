"""Taps on buttons, and what the bot answers to them."""

from sandbox.callbacks import Callback
from sandbox.chats import Chat
from sandbox.control.orders import Handler, Order
from sandbox.errors import ControlError
from sandbox.wire import Json


def tap(order: Order) -> Json:
    """`age`: how many seconds ago it happened."""
    bot, person = order.bot(), order.person()
    chat = order.chat(bot)
    message_id = order.number("message_id")
    kept = chat.living(message_id)
    forged = order.flag("forge")
    message: Json
    if kept is not None:
        message = kept.message
    elif forged or message_id in chat.messages:
        message = {"chat": order.world.described_chat(chat), "message_id": message_id, "date": 0}
    else:
        raise ControlError(404, "There is no such message.")
    data = order.text("data") if forged else _button(order, chat, message_id)
    age = order.seconds("age")
    callback = bot.callbacks.ask(chat.id, age)
    update = {
        "id": callback.id,
        "from": person.as_user(),
        "message": message,
        "chat_instance": str(abs(chat.id) * 7919),
        "data": data,
    }
    update_id = bot.updates.push("callback_query", update, age)
    return {"callback_query_id": callback.id, "update_id": update_id, "data": data}


async def answer(order: Order) -> Json:
    callback = _callback(order, order.text("id"))
    wait = order.wait()
    if callback.answer is None and wait:
        await callback.bell.wait(wait)
    given = callback.answer or {"text": "", "show_alert": False, "url": ""}
    return {"answered": callback.answer is not None, **given, "after_ms": callback.after_ms}


def _callback(order: Order, callback_id: str) -> Callback:
    for bot in order.world.bots.values():
        if found := bot.callbacks.find(callback_id):
            return found
    raise ControlError(404, "There is no such callback query.")


def _button(order: Order, chat: Chat, message_id: int) -> str:
    """The callback data; buttons of a deleted message can still be tapped for a moment."""
    keyboard = chat.messages[message_id].message.get("reply_markup", {}).get("inline_keyboard", [])
    label, data = order.given.get("label"), order.given.get("data")
    for button in (button for row in keyboard for button in row):
        if button["text"] != label and (data is None or button.get("callback_data") != data):
            continue
        if "callback_data" not in button:
            raise ControlError(409, f"The button “{button['text']}” does not ask the bot.")
        return str(button["callback_data"])
    labels = ", ".join(button["text"] for row in keyboard for button in row) or "none"
    raise ControlError(404, f"There is no such button on this message; there are: {labels}.")


ROUTES: list[tuple[str, str, Handler]] = [
    ("POST", "tap", tap),
    ("GET", "callbacks/{id}", answer),
]
