"""Changing, deleting, pinning and marking messages."""

import time

from sandbox.asking import Asked, Method
from sandbox.chats import Chat, Kept
from sandbox.errors import bad_request
from sandbox.formatting import caption_of, text_of
from sandbox.methods.messages import preview_options
from sandbox.posting import markup_of, text_fields
from sandbox.wire import Encoded, Json

_TWO_DAYS = 48 * 3600
_TEXT = ("text", "entities", "link_preview_options")
_CAPTION = ("caption", "caption_entities")
_NOT_MODIFIED = (
    "Message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message"
)


def edit_text(asked: Asked) -> Encoded:
    content = text_fields(*text_of(asked)) | preview_options(asked)
    markup = markup_of(asked, inline_only=True)
    chat, kept = _editable(asked)
    message = kept.message
    if "text" not in message:
        raise bad_request("There is no text in the message to edit")
    return _edited(asked, chat, kept, _replaced(message, _TEXT, content, markup))


def edit_caption(asked: Asked) -> Encoded:
    content = text_fields(*caption_of(asked), "caption")
    markup = markup_of(asked, inline_only=True)
    chat, kept = _editable(asked)
    message = kept.message
    if "text" in message:
        raise bad_request("There is no caption in the message to edit")
    return _edited(asked, chat, kept, _replaced(message, _CAPTION, content, markup))


def edit_markup(asked: Asked) -> Encoded:
    markup = markup_of(asked, inline_only=True)
    chat, kept = _editable(asked)
    return _edited(asked, chat, kept, _replaced(kept.message, (), {}, markup), dated=False)


def delete_message(asked: Asked) -> bool:
    chat = asked.known_chat()
    asked.may_write(chat)
    _, kept = asked.message(chat, "Message to delete not found")
    _delete(asked, chat, kept)
    return True


def delete_messages(asked: Asked) -> bool:
    chat = asked.known_chat()
    asked.may_write(chat)
    ids = asked.json("message_ids")
    if not isinstance(ids, list) or not ids:
        raise bad_request("Message identifiers are not specified")
    for message_id in map(int, ids):
        if kept := chat.living(message_id):
            _delete(asked, chat, kept)
    return True


def pin(asked: Asked) -> bool:
    chat = asked.chat_to_write()
    chat.pinned, _ = asked.message(chat, "Message to pin not found")
    asked.bot.keep_chat(chat)
    return True


def unpin(asked: Asked) -> bool:
    chat = asked.known_chat()
    chat.pinned = 0
    asked.bot.keep_chat(chat)
    return True


def react(asked: Asked) -> bool:
    chat = asked.known_chat()
    asked.may_write(chat)
    _, kept = asked.message(chat, "Message to react not found")
    reactions = asked.json("reaction") or []
    asked.bot.change_message(chat, kept.message, {**kept.extra, "reactions": reactions}, "edit")
    return True


def _editable(asked: Asked) -> tuple[Chat, Kept]:
    if not asked.text("message_id"):
        raise bad_request("Message identifier is not specified")
    chat = asked.chat_to_write()
    _, kept = asked.message(chat, "Message to edit not found")
    own = chat.type == "channel" or kept.message["from"]["id"] == asked.bot.id
    if not own or "reply_markup" in kept.extra:
        raise bad_request("Message can't be edited")
    return chat, kept


def _replaced(message: Json, old: tuple[str, ...], new: Json, markup: Json | None) -> Json:
    kept = {k: v for k, v in message.items() if k not in old and k != "reply_markup"}
    return kept | new | ({"reply_markup": markup} if markup else {})


def _edited(asked: Asked, chat: Chat, kept: Kept, message: Json, *, dated: bool = True) -> Encoded:
    if message == kept.message:
        raise bad_request(_NOT_MODIFIED)
    if dated:
        message["edit_date"] = int(time.time())
    return asked.bot.change_message(chat, message, kept.extra, "edit")


def _delete(asked: Asked, chat: Chat, kept: Kept) -> None:
    message = kept.message
    own = message.get("from", {}).get("id") in (None, asked.bot.id)
    if time.time() - message["date"] > _TWO_DAYS or not (own or chat.type == "private"):
        raise bad_request("Message can't be deleted")
    asked.bot.change_message(chat, message, {**kept.extra, "deleted": True}, "delete")


METHODS: dict[str, Method] = {
    "editMessageText": edit_text,
    "editMessageCaption": edit_caption,
    "editMessageReplyMarkup": edit_markup,
    "deleteMessage": delete_message,
    "deleteMessages": delete_messages,
    "pinChatMessage": pin,
    "unpinChatMessage": unpin,
    "unpinAllChatMessages": unpin,
    "setMessageReaction": react,
}
