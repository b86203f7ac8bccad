"""Chats and who is in them."""

from sandbox.asking import Asked, Method
from sandbox.chats import Chat
from sandbox.errors import bad_request
from sandbox.membership import change_membership
from sandbox.wire import Json

_ACTIONS = {
    "typing", "upload_photo", "record_video", "upload_video", "record_voice", "upload_voice",
    "upload_document", "choose_sticker", "find_location", "record_video_note", "upload_video_note",
}  # fmt: skip


def send_chat_action(asked: Asked) -> bool:
    action = asked.text("action")
    if action not in _ACTIONS:
        raise bad_request("Wrong parameter action in request")
    chat = _reachable(asked)
    asked.bot.tell("chat_action", chat_id=chat.id, action=action)
    return True


def get_chat(asked: Asked) -> Json:
    chat = _reachable(asked)
    full: Json = {
        **asked.world.described_chat(chat),
        "accent_color_id": 0,
        "max_reaction_count": 11,
        "accepted_gift_types": dict.fromkeys(
            (
                "unlimited_gifts",
                "limited_gifts",
                "unique_gifts",
                "premium_subscription",
                "gifts_from_channels",
            ),
            False,
        ),
    }
    if pinned := chat.living(chat.pinned):
        full["pinned_message"] = pinned.message
    return full


def get_chat_member(asked: Asked) -> Json:
    chat = _reachable(asked)
    return _member(asked, chat, asked.number("user_id"))


def get_chat_administrators(asked: Asked) -> list[Json]:
    chat = _reachable(asked)
    if chat.type == "private":
        raise bad_request("There are no administrators in the private chat")
    return [_member(asked, chat, user_id) for user_id in chat.members[:1]]


def get_chat_member_count(asked: Asked) -> int:
    chat = _reachable(asked)
    return 2 if chat.type == "private" else len(chat.members) + 1


def leave_chat(asked: Asked) -> bool:
    chat = _reachable(asked)
    if chat.type == "private":
        raise bad_request("Chat member status can't be changed in private chats")
    change_membership(asked.world, asked.bot, chat, "left", by=None)
    return True


def _reachable(asked: Asked) -> Chat:
    chat = asked.known_chat()
    asked.may_write(chat)
    return chat


def _member(asked: Asked, chat: Chat, user_id: int) -> Json:
    """The first member of a group owns it."""
    if user_id == asked.bot.id:
        return {"status": "member", "user": asked.bot.as_user()}
    person = asked.world.people.get(user_id)
    if person is None:
        raise bad_request("PARTICIPANT_ID_INVALID")
    user = person.as_user()
    if chat.type != "private" and chat.members[:1] == [user_id]:
        return {"status": "creator", "user": user, "is_anonymous": False}
    inside = user_id in chat.members or user_id == chat.id
    return {"status": "member" if inside else "left", "user": user}


METHODS: dict[str, Method] = {
    "sendChatAction": send_chat_action,
    "getChat": get_chat,
    "getChatMember": get_chat_member,
    "getChatAdministrators": get_chat_administrators,
    "getChatMemberCount": get_chat_member_count,
    "leaveChat": leave_chat,
}
