"""Several things at the same time, of which one may fail without harm to the others."""

import asyncio
from collections.abc import Coroutine, Iterable
from typing import TypeVar

Result = TypeVar("Result")


async def all_of(works: Iterable[Coroutine[object, object, Result]]) -> list[Result]:
    """Each comes to its own end (a TaskGroup would cancel the others at the first fault).

    Raises an ExceptionGroup of all faults afterwards.
    """
    ends = await asyncio.gather(*works, return_exceptions=True)
    faults = [end for end in ends if isinstance(end, Exception)]
    if faults:
        raise ExceptionGroup("not everything went well", faults)
    return [end for end in ends if not isinstance(end, BaseException)]
