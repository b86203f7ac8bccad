"""Updates as Telegram sends them: what the inbox must know of each, read without building objects.

https://core.telegram.org/bots/api#update
"""

import json
from typing import Any

from bot.core.inbox import Incoming

WANTED = ["message", "edited_message", "callback_query", "my_chat_member"]
HIGHEST = 2**63 - 1  # what a database column holds

Json = dict[str, Any]


def read(update: object) -> Incoming | None:
    """None for what is no update. Whatever else is odd about it is the handlers' business."""
    if not isinstance(update, dict):
        return None
    number = _number(update.get("update_id"))
    if number is None or number < 0:
        return None
    happened = _happened(update)
    query = happened.get("id") if "callback_query" in update else None
    return Incoming(
        number,
        chat_id=_id_of(_chat(happened)) or 0,
        telegram_id=_id_of(happened.get("from") or happened.get("user")),
        payload=json.dumps(update, separators=(",", ":")),
        tap=query if isinstance(query, str) else None,
    )


def _happened(update: Json) -> Json:
    """An update has a number and one field more, named after what happened."""
    return next((value for value in update.values() if isinstance(value, dict)), {})


def _chat(happened: Json) -> object:
    """A tap's chat stands in the message that was tapped."""
    message = happened.get("message")
    return happened.get("chat") or (message.get("chat") if isinstance(message, dict) else None)


def _id_of(whom: object) -> int | None:
    return _number(whom.get("id")) if isinstance(whom, dict) else None


def _number(value: object) -> int | None:
    fits = isinstance(value, int) and not isinstance(value, bool) and abs(value) <= HIGHEST
    return value if fits and isinstance(value, int) else None
