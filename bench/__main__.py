"""python -m bench NAME, or all of them; exits with 1 where a bar does not hold."""

import asyncio
import json
import sys
from collections.abc import Awaitable, Callable

from bench import start

BENCHES: dict[str, Callable[[], Awaitable[str]]] = {"start": start.measure}


def main(wanted: str) -> int:
    if wanted not in {"all", *BENCHES}:
        sys.stderr.write(f"No such benchmark; there are: all, {', '.join(BENCHES)}\n")
        return 2
    held = True
    for name, measure in BENCHES.items():
        if wanted in {"all", name}:
            told = asyncio.run(_run(measure))
            sys.stdout.write(told + "\n")
            held = held and all(bar["holds"] for bar in json.loads(told)["bars"])
    return 0 if held else 1


async def _run(measure: Callable[[], Awaitable[str]]) -> str:
    return await measure()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else "all"))
