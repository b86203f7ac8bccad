"""A bot as Telegram knows it: profile, chats, updates, callbacks, and how it is treated."""

from dataclasses import dataclass, field

from sandbox.callbacks import Callbacks
from sandbox.calls import CallLog
from sandbox.chats import Chat, ChatType, Kept
from sandbox.events import Bell, Events
from sandbox.faults import Faults
from sandbox.limits import Limits
from sandbox.store import Store
from sandbox.updates import Polling, Updates
from sandbox.webhook import Webhook
from sandbox.wire import Encoded, Json, encode

FIRST_NAME = "Brückenbot"


@dataclass(slots=True)
class Profile:
    """By language code; "" is for everyone else. Commands by (scope as JSON, language code)."""

    names: dict[str, str] = field(default_factory=dict)
    descriptions: dict[str, str] = field(default_factory=dict)
    short_descriptions: dict[str, str] = field(default_factory=dict)
    commands: dict[tuple[str, str], list[Json]] = field(default_factory=dict)
    menu_buttons: dict[str, Json] = field(default_factory=dict)  # by chat id; "" for all


class Bot:
    def __init__(self, bot_id: int, store: Store, events: Events) -> None:
        self.id = bot_id
        self.token = ""  # known from the first call on
        self.profile = Profile()
        self.webhook = Webhook()
        self.chats: dict[int, Chat] = {}
        self.callbacks = Callbacks(bot_id, store)
        self.updates = Updates(bot_id, store)
        self.polling = Polling(self.updates)
        self.limits = Limits()
        self.faults = Faults()
        self.calls = CallLog()
        self.bell = Bell()  # rings when a message changes
        self.version = 0
        self.last_message_id = 0
        self.last_chat_number = 0
        self.last_seen = 0.0
        self._store = store
        self._events = events

    @property
    def username(self) -> str:
        return f"bruecken_{self.id}_bot"

    def as_user(self) -> Json:
        name = self.profile.names.get("") or FIRST_NAME
        return {"id": self.id, "is_bot": True, "first_name": name, "username": self.username}

    def chat(self, chat_id: int, kind: ChatType, title: str = "") -> Chat:
        """The one there is, or a new one."""
        if chat_id not in self.chats:
            self.chats[chat_id] = Chat(chat_id, kind, title)
            self.keep_chat(self.chats[chat_id])
        return self.chats[chat_id]

    def next_message_id(self) -> int:
        self.last_message_id += 1
        return self.last_message_id

    def keep_message(self, chat: Chat, message: Json, extra: Json | None = None) -> Encoded:
        """A new message, which has its id already."""
        body = Encoded(encode(message))
        self._keep(chat, message["message_id"], body, extra or {}, "message")
        return body

    def change_message(self, chat: Chat, message: Json, extra: Json, event: str) -> Encoded:
        body = Encoded(encode(message))
        self._keep(chat, message["message_id"], body, extra, event)
        return body

    def keep_chat(self, chat: Chat) -> None:
        self._store.put_soon("chat", f"{self.id}:{chat.id}", chat.as_kept)

    def tell(self, event: str, **fields: object) -> None:
        """Tells the pages; what is kept of the bot is kept anew."""
        self._store.put_soon("bot", str(self.id), self.as_kept)
        self._events.emit(self.id, event, **fields)

    def as_kept(self) -> Json:
        profile, hook = self.profile, self.webhook
        commands = [[*place, listed] for place, listed in profile.commands.items()]
        return {
            "token": self.token,
            "names": profile.names,
            "descriptions": profile.descriptions,
            "short_descriptions": profile.short_descriptions,
            "menu_buttons": profile.menu_buttons,
            "commands": commands,
            "webhook": [hook.url, hook.secret_token, hook.max_connections],
            "allowed": self.updates.allowed,
            "next_update": self.updates.next_id,
            "version": self.version,
            "last_message_id": self.last_message_id,
            "last_chat_number": self.last_chat_number,
            "last_seen": self.last_seen,
        }

    def restore(self, kept: Json) -> None:
        profile = self.profile
        for name in ("names", "descriptions", "short_descriptions", "menu_buttons"):
            setattr(profile, name, kept[name])
        profile.commands = {(scope, code): listed for scope, code, listed in kept["commands"]}
        self.webhook = Webhook(*kept["webhook"])
        self.updates.allowed, self.updates.next_id = kept["allowed"], kept["next_update"]
        for name in ("token", "version", "last_message_id", "last_chat_number", "last_seen"):
            setattr(self, name, kept[name])

    def _keep(self, chat: Chat, message_id: int, body: Encoded, extra: Json, event: str) -> None:
        self.version += 1
        kept = Kept(body, self.version, extra)
        chat.keep(message_id, kept)
        self._store.put_text("message", f"{self.id}:{chat.id}:{message_id}", kept.as_text())
        self.tell(event, chat_id=chat.id, message_id=message_id, version=self.version)
        self.bell.ring()
