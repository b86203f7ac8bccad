"""Chats of one bot and the messages in them."""

from dataclasses import dataclass, field
from typing import Literal

from sandbox.errors import ApiError, forbidden, migrated
from sandbox.wire import Encoded, Json, decode, encode

ChatType = Literal["private", "group", "supergroup", "channel"]
Status = Literal["member", "left", "kicked"]


@dataclass(slots=True)
class Kept:
    """A message: Telegram's JSON, and beside it what a bot never sees again."""

    body: Encoded
    version: int
    extra: Json = field(default_factory=dict)  # deleted, silent, reply_markup

    @property
    def message(self) -> Json:
        """A fresh copy."""
        found: Json = decode(self.body)
        return found

    @property
    def deleted(self) -> bool:
        return bool(self.extra.get("deleted"))

    def as_text(self) -> str:
        return f'{{"version":{self.version},"extra":{encode(self.extra)},"message":{self.body}}}'


@dataclass(slots=True)
class Chat:
    id: int
    type: ChatType
    title: str = ""
    members: list[int] = field(default_factory=list)
    status: Status = "member"  # the bot's; in a private chat "kicked" is "blocked"
    migrated_to: int = 0
    pinned: int = 0
    messages: dict[int, Kept] = field(default_factory=dict)  # oldest first
    changes: dict[int, None] = field(default_factory=dict)  # message ids, last changed last

    @property
    def noun(self) -> str:
        return f"{self.type} chat"

    def as_group(self) -> Json:
        return {"id": self.id, "title": self.title, "type": self.type}

    def as_kept(self) -> Json:
        names = ("id", "type", "title", "members", "status", "migrated_to", "pinned")
        return {name: getattr(self, name) for name in names}

    def keep(self, message_id: int, kept: Kept) -> None:
        self.messages[message_id] = kept
        self.changes.pop(message_id, None)
        self.changes[message_id] = None

    def living(self, message_id: int) -> Kept | None:
        kept = self.messages.get(message_id)
        return None if kept is None or kept.deleted else kept

    def changed_since(self, version: int) -> list[tuple[int, Kept]]:
        """(message id, message), oldest message first."""
        found: list[tuple[int, Kept]] = []
        for message_id in reversed(self.changes):
            kept = self.messages[message_id]
            if kept.version <= version:
                break
            found.append((message_id, kept))
        return sorted(found, key=lambda pair: pair[0])

    def refusal(self, *, deactivated: bool = False) -> ApiError | None:
        """Why the bot may not write here."""
        if self.migrated_to:
            return migrated(self.migrated_to)
        if self.type == "private":
            if deactivated:
                return forbidden("User is deactivated")
            return forbidden("Bot was blocked by the user") if self.status == "kicked" else None
        if self.status == "kicked":
            return forbidden(f"Bot was kicked from the {self.noun}")
        if self.status == "left":
            return forbidden(f"Bot is not a member of the {self.noun}")
        return None
