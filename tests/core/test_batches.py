import asyncio
from collections.abc import Sequence

import pytest

from bot.core.batches import Batches


class Commits:
    """Each takes as long as a test lets it."""

    def __init__(self) -> None:
        self.batches: list[list[int]] = []
        self.may_end = asyncio.Event()

    async def __call__(self, items: Sequence[int]) -> int:
        self.batches.append(list(items))
        await self.may_end.wait()
        return len(self.batches)


async def settle() -> None:
    """Everything that can happen now has happened."""
    for _ in range(10):
        await asyncio.sleep(0)


async def test_what_arrives_alone_is_committed_at_once() -> None:
    commits = Commits()
    commits.may_end.set()
    async with asyncio.TaskGroup() as group:
        batches = Batches(commits, group)

        assert await batches.put([1]) == 1
        assert await batches.put([2]) == 2

    assert commits.batches == [[1], [2]]


async def test_what_arrives_during_a_commit_shares_the_next_one() -> None:
    commits = Commits()
    async with asyncio.TaskGroup() as group:
        batches = Batches(commits, group)
        puts = [group.create_task(batches.put([1]))]
        await settle()
        puts += [group.create_task(batches.put([number, -number])) for number in (2, 3)]
        await settle()
        assert commits.batches == [[1]]
        commits.may_end.set()

    assert commits.batches == [[1], [2, -2, 3, -3]]
    assert [put.result() for put in puts] == [1, 2, 2]


async def test_who_gives_up_waiting_does_not_undo_the_put() -> None:
    commits = Commits()
    async with asyncio.TaskGroup() as group:
        batches = Batches(commits, group)
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0):
                await batches.put([1])
        commits.may_end.set()
        await batches.put([2])

    assert [item for batch in commits.batches for item in batch] == [1, 2]


async def test_the_end_waits_for_what_was_put() -> None:
    commits = Commits()
    async with asyncio.TaskGroup() as group:
        batches = Batches(commits, group)
        group.create_task(batches.put([1]))
        await settle()
        group.create_task(batches.put([2]))
        await settle()
        end = group.create_task(batches.finish())
        await settle()
        assert not end.done()
        commits.may_end.set()
        await end

        assert commits.batches == [[1], [2]]
