"""What every receiving program is told. It runs until it is stopped from outside."""

import json
import sys
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Telegram:
    url: str
    token: str


def told() -> Telegram:
    return Telegram(**json.loads(sys.argv[1]))
