"""What people write, send and correct."""

import time
from base64 import b64decode
from binascii import Error as NoBase64

from sandbox.bots import Bot
from sandbox.chats import Chat
from sandbox.control.orders import Handler, Order
from sandbox.entities import found_in
from sandbox.errors import ControlError
from sandbox.membership import change_membership
from sandbox.people import Person
from sandbox.receiving import Upload
from sandbox.uploads import Uploads, media_of
from sandbox.wire import Json

_PICTURE = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x03 \x00\x00\x02X"
_MADE_UP = {"photo": ("photo.png", "image/png"), "voice": ("voice.ogg", "audio/ogg"),
            "sticker": ("sticker.webp", "image/webp")}  # fmt: skip


def send(order: Order) -> Json:
    """Writing to a bot also unblocks it, as Telegram's apps do on a new start."""
    bot, person = order.bot(), order.person()
    chat = order.chat(bot)
    _check_membership(chat, person)
    if chat.type == "private" and chat.status == "kicked":
        change_membership(order.world, bot, chat, "member", by=person)
    if order.given.get("edit") is not None:
        return _edit(order, bot, chat, person)
    content = _content(order, bot, person)
    message = _message(order, bot, chat, person) | content
    kind = "channel_post" if chat.type == "channel" else "message"
    bot.keep_message(chat, message)
    return _told(bot, chat, kind, message)


def _edit(order: Order, bot: Bot, chat: Chat, person: Person) -> Json:
    kept = chat.living(order.number("edit"))
    if kept is None or kept.message.get("from", {}).get("id") not in (None, person.id):
        raise ControlError(404, "There is no such message of this person.")
    message = {k: v for k, v in kept.message.items() if k not in ("text", "entities")}
    message |= _text(order.text("text")) | {"edit_date": int(time.time())}
    kind = "edited_channel_post" if chat.type == "channel" else "edited_message"
    bot.change_message(chat, message, kept.extra, "edit")
    return _told(bot, chat, kind, message)


def _told(bot: Bot, chat: Chat, kind: str, message: Json) -> Json:
    heard = chat.status == "member" and _is_heard(bot, chat, message)
    update_id = bot.updates.push(kind, message) if heard else None
    return {"update_id": update_id, "message": message}


def _is_heard(bot: Bot, chat: Chat, message: Json) -> bool:
    """Privacy mode: in groups a bot hears commands for it and replies to it."""
    if chat.type in ("private", "channel"):
        return True
    if message.get("reply_to_message", {}).get("from", {}).get("id") == bot.id:
        return True
    text = message.get("text", "")
    if not text.startswith("/"):
        return False
    _, _, addressee = text.split()[0].partition("@")
    return not addressee or addressee.lower() == bot.username


def _check_membership(chat: Chat, person: Person) -> None:
    inside = chat.id == person.id if chat.type == "private" else person.id in chat.members
    if not inside:
        raise ControlError(403, f"{person.name} is not in this chat.")
    if person.deactivated:
        raise ControlError(403, f"The account of {person.name} was deleted.")


def _message(order: Order, bot: Bot, chat: Chat, person: Person) -> Json:
    described = order.world.described_chat(chat)
    author: Json = {"from": person.as_user(), "chat": described}
    if chat.type == "channel":
        author = {"sender_chat": described, "chat": described}
    date = int(time.time() - order.seconds("age"))
    message: Json = {"message_id": bot.next_message_id(), **author, "date": date}
    if reply_to := chat.living(order.number("reply_to", 0)):
        message["reply_to_message"] = reply_to.message
    return message


def _content(order: Order, bot: Bot, person: Person) -> Json:
    given = order.given
    if given.get("text"):
        return _text(order.text("text"))
    if given.get("contact"):
        number = str(given["contact"].get("phone_number", "+49 231 0000000"))
        return {"contact": {"first_name": person.first_name, **given["contact"],
                            "phone_number": number}}  # fmt: skip
    if given.get("location"):
        return {"location": given["location"]}
    for kind in ("document", "photo", "voice", "sticker"):
        if given.get(kind):
            caption = order.text("caption")
            return _file(order, bot, kind) | ({"caption": caption} if caption else {})
    raise ControlError(400, "Nothing to send: give text, sticker, photo, document or the like.")


def _text(text: str) -> Json:
    if not text.strip():
        raise ControlError(400, "The text is empty.")
    entities = found_in(text, [])
    return {"text": text} | ({"entities": entities} if entities else {})


def _file(order: Order, bot: Bot, kind: str) -> Json:
    given = order.given[kind]
    name, mime_type = _MADE_UP.get(kind, ("file.bin", "application/octet-stream"))
    content = _PICTURE
    if isinstance(given, dict):
        name = str(given.get("name", name))
        try:
            content = b64decode(str(given.get("content_base64", "")), validate=True) or content
        except NoBase64:
            raise ControlError(400, "content_base64 is no base64.") from None
    stored = Uploads(order.world.store).keep(bot.id, kind, Upload(name, mime_type, content))
    media = media_of(stored, content)
    if kind == "sticker" and isinstance(given, str) and isinstance(media, dict):
        media["emoji"] = given
    return {kind: media}


ROUTES: list[tuple[str, str, Handler]] = [("POST", "send", send)]
