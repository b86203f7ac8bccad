"""Messages of the bot on their way into a chat."""

import time

from sandbox.asking import Asked
from sandbox.chats import Chat
from sandbox.errors import bad_request
from sandbox.keyboards import is_inline, read_markup
from sandbox.wire import Encoded, Json


def markup_of(asked: Asked, *, inline_only: bool = False) -> Json | None:
    return read_markup(asked.params.get("reply_markup"), inline_only=inline_only)


def post(asked: Asked, chat: Chat, content: Json, markup: Json | None = None) -> Encoded:
    """`chat` is one the bot may write to; `content` is what makes the kind of message."""
    bot = asked.bot
    message: Json = {"message_id": 0, **_author(asked, chat), "date": int(time.time())}
    if replied := _replied_to(asked, chat):
        message["reply_to_message"] = replied
    message |= content
    if asked.flag("protect_content"):
        message["has_protected_content"] = True
    extra: Json = {}
    if is_inline(markup):
        message["reply_markup"] = markup
    elif markup:
        extra["reply_markup"] = markup
    if asked.flag("disable_notification"):
        extra["silent"] = True
    message["message_id"] = bot.next_message_id()
    return bot.keep_message(chat, message, extra)


def text_fields(text: str, entities: list[Json], name: str = "text") -> Json:
    if not text:
        return {}
    entities_name = "entities" if name == "text" else f"{name}_entities"
    return {name: text} | ({entities_name: entities} if entities else {})


def _author(asked: Asked, chat: Chat) -> Json:
    described = asked.world.described_chat(chat)
    if chat.type == "channel":
        return {"sender_chat": described, "chat": described}
    return {"from": asked.bot.as_user(), "chat": described}


def _replied_to(asked: Asked, chat: Chat) -> Json | None:
    given = asked.json("reply_parameters")
    parameters: Json = given if isinstance(given, dict) else {}
    message_id = parameters.get("message_id") or asked.number("reply_to_message_id")
    if not message_id:
        return None
    kept = chat.living(int(message_id))
    if kept is None:
        lenient = asked.flag("allow_sending_without_reply")
        if parameters.get("allow_sending_without_reply") or lenient:
            return None
        raise bad_request("Message to be replied not found")
    replied = kept.message
    replied.pop("reply_to_message", None)
    return replied
