import pytest

from bot.core.inbox import InboxState
from bot.core.tries import Again, Fault, Over, Tries


def test_a_fault_of_ours_is_tried_three_times_and_then_admitted() -> None:
    tries = Tries()

    assert tries.after(Fault.OURS) == Again(0.5)
    assert tries.after(Fault.OURS) == Again(2.0)
    assert tries.after(Fault.OURS) == Over(InboxState.DEAD, apologise=True)


def test_a_reply_in_doubt_is_repeated_once_and_nobody_apologises() -> None:
    tries = Tries()

    assert tries.after(Fault.DOUBT) == Again(0.5)
    assert tries.after(Fault.DOUBT) == Over(InboxState.DEAD)


def test_a_bad_moment_uses_up_no_try() -> None:
    tries = Tries()

    waits = [tries.after(Fault.MOMENT) for _ in range(7)]

    assert waits == [Again(seconds) for seconds in (1, 2, 5, 10, 30, 30, 30)]
    assert tries.begun == 0


def test_telegrams_own_wait_is_kept() -> None:
    assert Tries().after(Fault.MOMENT, told_to_wait=47) == Again(47)


def test_where_nobody_is_there_it_is_done() -> None:
    assert Tries().after(Fault.CHAT) == Over(InboxState.DONE)


def test_tries_from_before_a_crash_leave_three_of_its_own() -> None:
    tries = Tries(begun=2)

    ends = [tries.after(Fault.OURS) for _ in range(3)]

    assert ends == [Again(0.5), Again(2.0), Over(InboxState.DEAD, apologise=True)]


@pytest.mark.parametrize(("begun", "used_up"), [(0, False), (5, False), (6, True)])
def test_what_ended_the_process_six_times_is_not_begun_again(begun: int, *, used_up: bool) -> None:
    assert Tries(begun).used_up is used_up
