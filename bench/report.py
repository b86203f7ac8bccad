"""The one line of JSON that every benchmark ends with."""

import json
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Bar:
    """What a figure must reach; exactly one of the two bounds is set."""

    name: str
    value: float
    at_most: float | None = None
    at_least: float | None = None

    @property
    def holds(self) -> bool:
        above = self.at_least is None or self.value >= self.at_least
        below = self.at_most is None or self.value <= self.at_most
        return above and below

    def shown(self) -> dict[str, object]:
        bound = {"at_most": self.at_most} if self.at_most is not None else {}
        bound |= {"at_least": self.at_least} if self.at_least is not None else {}
        return {"name": self.name, "value": round(self.value, 3), **bound, "holds": self.holds}


def line(bench: str, figures: Mapping[str, float], bars: list[Bar]) -> str:
    rounded = {name: round(value, 3) for name, value in figures.items()}
    return json.dumps({"bench": bench, "figures": rounded, "bars": [bar.shown() for bar in bars]})
