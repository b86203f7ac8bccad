"""Who blocks the bot and who comes back; and what it says in groups: never anything personal."""

from telegram import ChatMember, Update

from bot.core import people
from handlers.answers import send
from handlers.context import Context
from handlers.views.screen import Screen

AWAY = {ChatMember.BANNED, ChatMember.LEFT}


async def note_membership(update: Update, context: Context) -> None:
    """In private chats this comes only when somebody blocks or unblocks the bot."""
    change = update.my_chat_member
    if change is None or change.chat.type != change.chat.PRIVATE:
        return
    services = context.services
    if change.new_chat_member.status in AWAY:
        await people.note_blocked(services.store, change.chat.id, services.clock)
    else:
        await people.note_returned(services.store, change.chat.id)


async def point_to_private_chat(update: Update, context: Context) -> None:
    """A command in a group: in both languages, since a group has none of its own."""
    link = f"https://t.me/{context.bot.username}"
    lines = [
        texts.h("Please write to me in a private chat: {link}", link=link)
        for texts in context.services.texts.values()
    ]
    await send(update, Screen("\n".join(lines)))
