"""Everything the sandbox knows: people, bots, and what of it survives a restart."""

import re
import time
from pathlib import Path

from sandbox.bots import Bot
from sandbox.chats import Chat, Kept
from sandbox.events import Events
from sandbox.people import People
from sandbox.store import Store
from sandbox.wire import Encoded, decode, encode

_TOKEN = re.compile(r"([1-9][0-9]{0,15}):[A-Za-z0-9_-]{30,64}")


class World:
    def __init__(self, path: str | Path) -> None:
        self.store = Store(path)
        self.events = Events()
        self.people = People(self.store)
        self.bots: dict[int, Bot] = {}
        self._restore()

    def bot(self, bot_id: int) -> Bot:
        """Tests may prepare a bot before its first call."""
        if bot_id not in self.bots:
            self.bots[bot_id] = Bot(bot_id, self.store, self.events)
        return self.bots[bot_id]

    def bot_of(self, token: str) -> Bot | None:
        """None: Telegram gave out no such token. Who comes first with an id owns it."""
        found = _TOKEN.fullmatch(token)
        if found is None:
            return None
        bot = self.bot(int(found[1]))
        bot.token = bot.token or token
        bot.last_seen = time.time()
        return bot if bot.token == token else None

    def described_chat(self, chat: Chat) -> dict[str, object]:
        """Telegram's `Chat`, as it stands in a message."""
        person = self.people.get(chat.id) if chat.type == "private" else None
        return person.as_chat() if person else chat.as_group()

    def close(self) -> None:
        for bot in self.bots.values():
            self.store.put_soon("bot", str(bot.id), bot.as_kept)
        self.store.close()

    def _restore(self) -> None:
        for key, kept in self.store.all("bot"):
            self.bot(int(key)).restore(kept)
        for key, kept in self.store.all("chat"):
            bot_id, chat_id = _numbers(key)
            self.bot(bot_id).chats[chat_id] = Chat(**kept)
        for key, kept in sorted(self.store.all("update"), key=lambda pair: _numbers(pair[0])):
            bot_id, number = _numbers(key)
            self.bot(bot_id).updates.restore(number, kept)
        for key, kept in self.store.all("callback"):
            self.bot(_numbers(key)[0]).callbacks.restore(kept)
        self._restore_messages()

    def _restore_messages(self) -> None:
        found: list[tuple[list[int], Kept]] = []
        for key, text in self.store.texts("message"):
            kept = decode(text)
            body = Encoded(encode(kept["message"]))
            found.append((_numbers(key), Kept(body, kept["version"], kept["extra"])))
        for (bot_id, chat_id, message_id), message in sorted(found, key=lambda pair: pair[0]):
            self.bot(bot_id).chats[chat_id].messages[message_id] = message
        for (bot_id, chat_id, message_id), _ in sorted(found, key=lambda pair: pair[1].version):
            self.bot(bot_id).chats[chat_id].changes[message_id] = None


def _numbers(key: str) -> list[int]:
    return [int(part) for part in key.split(":")]
