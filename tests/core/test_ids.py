"""Ids rise and fit; references can be read out on the phone."""

from concurrent.futures import ThreadPoolExecutor

import pytest
import time_machine

from bot.core.ids import EPOCH_MS, new_id, new_reference
from tests.clock import NOON


def test_ids_rise() -> None:
    made = [new_id() for _ in range(10_000)]

    assert made == sorted(set(made))


def test_ids_rise_when_the_clock_is_set_back() -> None:
    before = new_id()

    with time_machine.travel(NOON.replace(year=2025)):
        behind = [new_id() for _ in range(100)]

    assert [before, *behind] == sorted({before, *behind})


def test_threads_never_get_the_same_id() -> None:
    with ThreadPoolExecutor(4) as pool:
        batches = list(pool.map(lambda _: [new_id() for _ in range(2_000)], range(4)))

    assert len({made for batch in batches for made in batch}) == 8_000


def test_ids_fit_into_64_bits_until_2093() -> None:
    last_moment = EPOCH_MS + 2**41 - 1

    assert (last_moment - EPOCH_MS) << 22 < 2**63
    assert 0 < new_id() < 2**63


@pytest.mark.parametrize("length", [6, 10])
def test_references_have_no_letters_that_look_alike(length: int) -> None:
    made = {new_reference(length) for _ in range(500)}

    assert len(made) > 490
    assert {len(reference) for reference in made} == {length}
    assert not set("".join(made)) & set("IL0O1")
