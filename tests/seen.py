"""A message as someone sees it in a chat of the sandbox."""

from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Message:
    raw: Json

    @property
    def id(self) -> int:
        return int(self.raw["message_id"])

    @property
    def text(self) -> str:
        """Of the message or its caption."""
        return str(self.raw.get("text") or self.raw.get("caption") or "")

    @property
    def html(self) -> str:
        return str(self.raw["html"])

    @property
    def version(self) -> int:
        return int(self.raw["version"])

    @property
    def deleted(self) -> bool:
        return bool(self.raw.get("deleted"))

    @property
    def from_bot(self) -> bool:
        return bool(self.raw.get("from", {"is_bot": True})["is_bot"])

    @property
    def keyboard(self) -> list[list[Json]]:
        """Rows of buttons, below the message or instead of the letters."""
        markup = self.raw.get("reply_markup", {})
        rows: list[list[Json]] = markup.get("inline_keyboard") or markup.get("keyboard") or []
        return rows

    @property
    def buttons(self) -> list[str]:
        return [button["text"] for row in self.keyboard for button in row]

    @property
    def is_inline(self) -> bool:
        return "inline_keyboard" in self.raw.get("reply_markup", {})

    def button(self, label: str) -> Json | None:
        """The one with just this label, else the first that contains it."""
        every = [button for row in self.keyboard for button in row]
        exact = [button for button in every if button["text"] == label]
        similar = [button for button in every if label in button["text"]]
        return next(iter([*exact, *similar]), None)

    def __str__(self) -> str:
        who = "bot" if self.from_bot else "person"
        buttons = "".join(f" [{label}]" for label in self.buttons)
        other = next((kind for kind in ("photo", "document", "contact") if kind in self.raw), "")
        return f"{who}: {self.text or f'({other})'}{buttons}"
