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
    needs_length: bool = False  # too few messages cannot judge it: a quick run only tells it

    @property
    def holds(self) -> bool:
        above = self.at_least is None or self.value >= self.at_least
        below = self.at_most is None or self.value <= self.at_most
        return above and below

    def shown(self, *, quick: bool) -> dict[str, object]:
        bounds = {"at_least": self.at_least, "at_most": self.at_most}
        bound = {name: round(value, 3) for name, value in bounds.items() if value is not None}
        told = {"name": self.name, "value": round(self.value, 3), **bound, "holds": self.holds}
        return told | {"judged": False} if quick and self.needs_length else told


def line(bench: str, figures: Mapping[str, float], bars: list[Bar], *, quick: bool = False) -> str:
    rounded = {name: round(value, 3) for name, value in figures.items()}
    told = {"bench": bench, "figures": rounded, "bars": [bar.shown(quick=quick) for bar in bars]}
    return json.dumps(told | {"quick": True} if quick else told)


def passed(told: str) -> bool:
    """Whether every bar of this line holds that was judged."""
    return all(bar["holds"] or not bar.get("judged", True) for bar in json.loads(told)["bars"])
