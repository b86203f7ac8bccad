"""A call of a bot, its parameters read the way Telegram reads them."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from sandbox.bots import Bot
from sandbox.chats import Chat, Kept
from sandbox.errors import bad_request, forbidden, too_many_requests
from sandbox.receiving import Files
from sandbox.wire import Json, decode
from sandbox.world import World


@dataclass(frozen=True, slots=True)
class Asked:
    world: World
    bot: Bot
    params: Json
    files: Files
    deliver: Callable[[Bot], None]  # begins to serve the bot's webhook

    def text(self, name: str) -> str:
        value = self.params.get(name)
        if value is None:
            return ""
        return value if isinstance(value, str) else str(value)

    def number(self, name: str, default: int = 0) -> int:
        try:
            return int(self.text(name))
        except ValueError:
            return default

    def flag(self, name: str) -> bool:
        return self.text(name).lower() in ("true", "yes", "1")

    def json(self, name: str) -> Any:  # whatever the bot sent
        """None where there is none or it is no JSON."""
        value = self.params.get(name)
        if not isinstance(value, str):
            return value
        try:
            return decode(value)
        except ValueError:
            return None

    def known_chat(self, name: str = "chat_id") -> Chat:
        raw = self.text(name).strip()
        if not raw:
            raise bad_request("Chat_id is empty")
        chat_id = int(raw) if raw.removeprefix("-").isdigit() else 0
        chat = self.bot.chats.get(chat_id)
        if chat is not None:
            return chat
        if chat_id in self.world.bots:
            raise forbidden("The bot can't send messages to the bot")
        if self.world.people.get(chat_id):
            raise forbidden("Bot can't initiate conversation with a user")
        raise bad_request("Chat not found")

    def chat_to_write(self, messages: int = 1) -> Chat:
        """Counts against the limits, whatever comes of it."""
        chat = self.known_chat()
        if wait := self.bot.limits.spend(chat, messages):
            raise too_many_requests(wait)
        self.may_write(chat)
        return chat

    def may_write(self, chat: Chat) -> None:
        person = self.world.people.get(chat.id)
        if refusal := chat.refusal(deactivated=bool(person and person.deactivated)):
            raise refusal

    def message(self, chat: Chat, complaint: str, name: str = "message_id") -> tuple[int, Kept]:
        message_id = self.number(name)
        kept = chat.living(message_id)
        if kept is None:
            raise bad_request(complaint)
        return message_id, kept


Method = Callable[[Asked], object | Awaitable[object]]
