"""Groups and channels, and the bot's standing in them and with people."""

import time
from typing import cast

from sandbox.bots import Bot
from sandbox.chats import Chat, ChatType
from sandbox.control.orders import Handler, Order
from sandbox.errors import ControlError
from sandbox.membership import change_membership, create_chat, open_private_chat
from sandbox.wire import Json


def create(order: Order) -> Json:
    kind = order.text("type", "group")
    if kind not in ("group", "supergroup", "channel"):
        raise ControlError(400, "type must be group, supergroup or channel.")
    members = [order.person_with(int(number)) for number in order.given.get("members", [])]
    title = order.text("title") or "Without a name"
    chat = create_chat(order.world, order.bot(), cast("ChatType", kind), title, members)
    return chat.as_group() | {"members": chat.members}


def block(order: Order) -> Json:
    bot, person = order.bot(), order.person()
    chat = open_private_chat(bot, person)
    update_id = change_membership(order.world, bot, chat, "kicked", by=person)
    return {"update_id": update_id}


def unblock(order: Order) -> Json:
    bot, person = order.bot(), order.person()
    chat = open_private_chat(bot, person)
    update_id = change_membership(order.world, bot, chat, "member", by=person)
    return {"update_id": update_id}


def kick(order: Order) -> Json:
    bot = order.bot()
    chat = _group(order, bot)
    owner = order.world.people.get(chat.members[0]) if chat.members else None
    return {"update_id": change_membership(order.world, bot, chat, "kicked", by=owner)}


def migrate(order: Order) -> Json:
    """A basic group becomes a supergroup: a new id, and a service message on each side."""
    bot = order.bot()
    old = _group(order, bot)
    if old.type != "group" or old.migrated_to:
        raise ControlError(409, "Only a basic group can become a supergroup.")
    new = bot.chat(-1_002_500_000_000 - bot.last_chat_number, "supergroup", old.title)
    new.members = old.members
    old.migrated_to = new.id
    bot.keep_chat(old)
    _service(order, bot, old, {"migrate_to_chat_id": new.id})
    _service(order, bot, new, {"migrate_from_chat_id": old.id})
    bot.last_chat_number += 1
    return {"id": new.id}


def _group(order: Order, bot: Bot) -> Chat:
    chat = order.chat(bot)
    if chat.type == "private":
        raise ControlError(400, "This is a private chat.")
    return chat


def _service(order: Order, bot: Bot, chat: Chat, content: Json) -> None:
    person = order.world.people.get(chat.members[0]) if chat.members else None
    message = {
        "message_id": bot.next_message_id(),
        "from": person.as_user() if person else bot.as_user(),
        "chat": chat.as_group(),
        "date": int(time.time()),
        **content,
    }
    bot.keep_message(chat, message)
    bot.updates.push("message", message)


ROUTES: list[tuple[str, str, Handler]] = [
    ("POST", "chats", create),
    ("POST", "block", block),
    ("POST", "unblock", unblock),
    ("POST", "kick", kick),
    ("POST", "migrate", migrate),
]
