"""python -m bench NAME, or all of them; exits with 1 where a bar does not hold.

--quick: the same with few messages. Bars that only length can judge are shown, not judged.
"""

import argparse
import asyncio
import sys
from collections.abc import Coroutine, Mapping
from functools import partial
from typing import Any, Protocol

from bench import (
    crash,
    flood,
    loop,
    million,
    pace,
    places,
    receive,
    replies,
    send,
    signups,
    start,
)
from bench.report import passed


class Measure(Protocol):
    def __call__(self, *, quick: bool) -> Coroutine[Any, Any, str]:
        """Prints what it likes to standard error; gives the line of bench.report."""
        ...


BENCHES: Mapping[str, Measure] = {
    "start": start.measure,
    "send": send.measure,
    "pace": pace.measure,
    "replies": replies.measure,
    "flood": flood.measure,
    "receive": receive.measure,
    "million": million.measure,
    "loop": loop.measure,
    "crash": crash.measure,
    "signups": signups.measure,
    "places": places.measure,
}


def main(arguments: list[str], benches: Mapping[str, Measure] = BENCHES) -> int:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("name", nargs="?", default="all", choices=["all", *benches])
    parser.add_argument("--quick", action="store_true", help="few messages, for CI")
    parser.add_argument("--kills", type=int, help="of each kind, where the bot is killed")
    asked = parser.parse_args(arguments)
    if asked.kills is not None:
        benches = {**benches, "crash": partial(crash.measure, kills=asked.kills)}
    held = True
    for name, measure in benches.items():
        if asked.name in {"all", name}:
            told = asyncio.run(measure(quick=asked.quick))
            sys.stdout.write(told + "\n")
            sys.stdout.flush()
            held = held and passed(told)
    return 0 if held else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
