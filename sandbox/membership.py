"""The bot's standing in a chat, and the updates that tell it."""

import time
from collections.abc import Iterable

from sandbox.bots import Bot
from sandbox.chats import Chat, ChatType, Status
from sandbox.people import Person
from sandbox.wire import Json
from sandbox.world import World

_FIRST = {"group": -5_000_000, "supergroup": -1_002_000_000_000, "channel": -1_003_000_000_000}


def open_private_chat(bot: Bot, person: Person) -> Chat:
    return bot.chat(person.id, "private")


def create_chat(
    world: World, bot: Bot, kind: ChatType, title: str, members: Iterable[Person]
) -> Chat:
    bot.last_chat_number += 1
    chat = bot.chat(_FIRST[kind] - bot.last_chat_number, kind, title)
    people = list(members)
    chat.members = [person.id for person in people]
    chat.status = "left"
    change_membership(world, bot, chat, "member", by=people[0] if people else None)
    return chat


def change_membership(
    world: World, bot: Bot, chat: Chat, status: Status, by: Person | None
) -> int | None:
    """The update's id; None when nothing changed or the bot does not want to know."""
    old, chat.status = chat.status, status
    bot.keep_chat(chat)
    if old == status:
        return None
    user = bot.as_user()
    update: Json = {
        "chat": world.described_chat(chat),
        "from": by.as_user() if by else user,
        "date": int(time.time()),
        "old_chat_member": _member(user, old),
        "new_chat_member": _member(user, status),
    }
    if chat.type == "private":
        bot.tell("block", chat_id=chat.id, blocked=status == "kicked")
    return bot.updates.push("my_chat_member", update)


def _member(user: Json, status: Status) -> Json:
    return {"user": user, "status": status} | ({"until_date": 0} if status == "kicked" else {})
