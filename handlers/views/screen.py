"""A screen: what one message says and which buttons stand under it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from telegram import (
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    KeyboardButton,
    LinkPreviewOptions,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
)

from handlers.buttons import Button

NO_PREVIEW = LinkPreviewOptions(is_disabled=True)  # several links in a message, none of them big
TEXT_LIMIT = 4_096  # after entities are parsed; we count UTF-16 units, the safe side
NOTICE_LIMIT = 200  # of an answer to a tap
LABEL_LIMIT = 24  # longer labels are cut off on small phones unless they have a row of their own
SHORT_LABEL = 16  # two of these fit beside each other
TICK = "✓ "


@dataclass(frozen=True, slots=True)
class Screen:
    """`text` is HTML. `menu` is the reply keyboard; a message has that or buttons, not both."""

    text: str
    keyboard: InlineKeyboardMarkup | None = None
    menu: ReplyKeyboardMarkup | ReplyKeyboardRemove | None = None


Labelled = tuple[str, Button]


def rows(*lines: Sequence[Labelled]) -> InlineKeyboardMarkup:
    """One inner sequence is one row of buttons; empty rows vanish."""
    return InlineKeyboardMarkup(
        [
            [InlineKeyboardButton(label, callback_data=button.wire()) for label, button in line]
            for line in lines
            if line
        ]
    )


def column(*buttons: Labelled) -> InlineKeyboardMarkup:
    return rows(*[[button] for button in buttons])


def two_abreast(buttons: Iterable[Labelled]) -> list[list[Labelled]]:
    """Short labels in pairs, long ones alone: what a small phone shows whole. A tick counts for
    nothing, so that no button moves under the finger that ticks it.
    """
    lines: list[list[Labelled]] = []
    for label, button in buttons:
        last = lines[-1] if lines else []
        if len(last) == 1 and _is_short(label) and _is_short(last[0][0]):
            last.append((label, button))
        else:
            lines.append([(label, button)])
    return lines


def reply_keyboard(lines: Sequence[Sequence[str]], placeholder: str) -> ReplyKeyboardMarkup:
    return ReplyKeyboardMarkup(
        [[KeyboardButton(label) for label in line] for line in lines],
        resize_keyboard=True,
        is_persistent=True,
        input_field_placeholder=placeholder,
    )


def _is_short(label: str) -> bool:
    return len(label.removeprefix(TICK)) <= SHORT_LABEL
