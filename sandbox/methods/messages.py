"""Text messages, copies and forwards."""

from sandbox.asking import Asked, Method
from sandbox.chats import Chat, Kept
from sandbox.errors import bad_request
from sandbox.formatting import caption_of, text_of
from sandbox.posting import markup_of, post, text_fields
from sandbox.wire import Encoded, Json, decode

_OWN = {
    "message_id", "from", "sender_chat", "chat", "date", "edit_date", "reply_markup",
    "reply_to_message", "forward_origin", "media_group_id", "has_protected_content",
}  # fmt: skip


def send_message(asked: Asked) -> Encoded:
    text, entities = text_of(asked)
    markup = markup_of(asked)
    chat = asked.chat_to_write()
    return post(asked, chat, text_fields(text, entities) | preview_options(asked), markup)


def preview_options(asked: Asked) -> Json:
    options = asked.json("link_preview_options")
    if not isinstance(options, dict) and asked.flag("disable_web_page_preview"):
        options = {"is_disabled": True}
    return {"link_preview_options": options} if isinstance(options, dict) else {}


def copy_message(asked: Asked) -> Json:
    markup = markup_of(asked)
    content = _content(_source(asked, "Message to copy not found")[1].message)
    if "caption" in asked.params and "text" not in content:
        content = {k: v for k, v in content.items() if not k.startswith("caption")}
        content |= text_fields(*caption_of(asked), "caption")
    sent = decode(post(asked, asked.chat_to_write(), content, markup))
    return {"message_id": sent["message_id"]}


def forward_message(asked: Asked) -> Encoded:
    source, kept = _source(asked, "Message to forward not found")
    return _forward(asked, asked.chat_to_write(), source, kept)


def copy_messages(asked: Asked) -> list[Json]:
    found = _sources(asked, "There are no messages to copy")
    chat = asked.chat_to_write(len(found))
    sent = [decode(post(asked, chat, _content(kept.message))) for _, kept in found]
    return [{"message_id": message["message_id"]} for message in sent]


def forward_messages(asked: Asked) -> list[Json]:
    found = _sources(asked, "There are no messages to forward")
    chat = asked.chat_to_write(len(found))
    sent = [decode(_forward(asked, chat, source, kept)) for source, kept in found]
    return [{"message_id": message["message_id"]} for message in sent]


def _forward(asked: Asked, chat: Chat, source: Chat, kept: Kept) -> Encoded:
    message = kept.message
    origin: Json = {"type": "user", "date": message["date"], "sender_user": message.get("from")}
    if source.type == "channel":
        origin = {"type": "channel", "date": message["date"], "chat": message["chat"],
                  "message_id": message["message_id"]}  # fmt: skip
    return post(asked, chat, {"forward_origin": origin} | _content(message))


def _content(message: Json) -> Json:
    return {name: value for name, value in message.items() if name not in _OWN}


def _source(asked: Asked, complaint: str) -> tuple[Chat, Kept]:
    chat = asked.known_chat("from_chat_id")
    return chat, asked.message(chat, complaint)[1]


def _sources(asked: Asked, complaint: str) -> list[tuple[Chat, Kept]]:
    """Those that exist: Telegram leaves out the others."""
    chat = asked.known_chat("from_chat_id")
    ids = asked.json("message_ids")
    kept = [chat.living(int(number)) for number in ids] if isinstance(ids, list) else []
    found = [(chat, message) for message in kept if message]
    if not found:
        raise bad_request(complaint)
    return found


METHODS: dict[str, Method] = {
    "sendMessage": send_message,
    "copyMessage": copy_message,
    "copyMessages": copy_messages,
    "forwardMessage": forward_message,
    "forwardMessages": forward_messages,
}
