"""JSON as it travels and as it is kept."""

import json
from typing import Any

Json = dict[str, Any]

_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


class Encoded(str):
    """JSON text that needs no further encoding."""

    __slots__ = ()


def encode(value: object) -> str:
    return value if isinstance(value, Encoded) else _ENCODER.encode(value)


def decode(text: str | bytes) -> Any:  # the shape is the sender's business
    return json.loads(text)
