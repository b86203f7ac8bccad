"""Who is asked next: never more than there is, nobody passed who fits, nobody loses a rank."""

from hypothesis import given
from hypothesis import strategies as st

from bot.core.activities.places import Places, add_up, all_places, needed
from bot.core.activities.promotion import left_for_newcomers, lost_races, next_asked
from bot.core.activities.queue import Unit, position, units
from bot.core.activities.values import Held, SignUp
from tests.activities import bucket, camp, waiting

CAMP = camp()
SLOTS = tuple(bucket(CAMP, 0, place=place) for place in (1, 2, 3))
GIRLS, BOYS, GUESTS = SLOTS

places = st.builds(
    lambda numbers, missing: Places(
        max(0, sum(numbers) - missing),
        {slot.id: number for slot, number in zip(SLOTS, numbers, strict=True)},
    ),
    st.tuples(*[st.integers(0, 4)] * 3),
    st.integers(0, 5),
)


@st.composite
def queues(draw: st.DrawFn) -> tuple[Unit, ...]:
    rows: list[SignUp] = []
    for seq in range(1, draw(st.integers(0, 12)) + 1):
        members = draw(st.lists(st.sampled_from(SLOTS), min_size=1, max_size=3))
        held = draw(st.sampled_from([Held.NO, Held.NO, Held.NO, Held.RESTING, Held.UNREACHABLE]))
        priority = draw(st.integers(0, 1))
        rows += [waiting(slot, seq, unit_id=seq, priority=priority, held=held) for slot in members]
    return units(rows)


@given(queues(), places)
def test_never_are_more_asked_than_places_are_free(queue: tuple[Unit, ...], free: Places) -> None:
    asked = next_asked(queue, free)

    assert free.hold(_together(asked))


@given(queues(), places)
def test_nobody_who_fits_is_passed(queue: tuple[Unit, ...], free: Places) -> None:
    asked = next_asked(queue, free)

    left = free
    for unit in queue:
        if unit in asked:
            left -= unit.need
        else:
            assert not unit.askable or not left.hold(unit.need)


@given(queues(), places)
def test_who_is_asked_is_asked_in_the_order_of_the_list(
    queue: tuple[Unit, ...], free: Places
) -> None:
    asked = next_asked(queue, free)

    assert list(asked) == sorted(asked, key=lambda unit: unit.rank)
    assert len({unit.id for unit in asked}) == len(asked)


@given(queues(), places)
def test_what_is_left_for_newcomers_is_of_no_use_to_anybody_who_waits(
    queue: tuple[Unit, ...], free: Places
) -> None:
    left = left_for_newcomers(queue, free)

    asked = next_asked(queue, free)
    assert left + _together(asked) == free
    assert not [
        unit for unit in queue if unit not in asked and unit.askable and left.hold(unit.need)
    ]


@given(queues(), places, st.integers(1, 4))
def test_in_a_race_each_could_win_and_for_a_place_no_more_than_so_many_run(
    queue: tuple[Unit, ...], free: Places, at_once: int
) -> None:
    asked = next_asked(queue, free, at_once=at_once)

    assert all(free.hold(unit.need) for unit in asked)
    assert (free * at_once).hold(_together(asked))
    others = tuple(unit for unit in queue if unit not in asked)
    assert next_asked(others, free, racing=_together(asked), at_once=at_once) == ()


@given(queues(), places)
def test_while_a_race_runs_newcomers_take_none_of_its_places(
    queue: tuple[Unit, ...], free: Places
) -> None:
    racing = _together(next_asked(queue, free, at_once=3))

    left = left_for_newcomers((), free, racing=racing)

    for slot, number in racing.by_slot.items():
        assert left.by_slot[slot] <= max(0, free.by_slot[slot] - number)


@given(queues(), places)
def test_a_race_is_lost_when_nothing_that_fits_is_left(
    queue: tuple[Unit, ...], free: Places
) -> None:
    lost = lost_races(queue, free)

    assert all(free.hold(unit.need) is (unit not in lost) for unit in queue)


def test_one_freed_place_is_offered_to_three_in_a_race_and_to_one_before() -> None:
    queue = units([waiting(GIRLS, seq) for seq in range(1, 6)])
    one = Places(1, {GIRLS.id: 1})

    assert [unit.rank[1] for unit in next_asked(queue, one)] == [1]
    assert [unit.rank[1] for unit in next_asked(queue, one, at_once=3)] == [1, 2, 3]


def test_a_freed_bed_goes_to_the_first_who_fits_it() -> None:
    queue = units([waiting(GIRLS, 1), waiting(GIRLS, 2), waiting(BOYS, 3)])

    assert [unit.rank[1] for unit in next_asked(queue, Places(1, {BOYS.id: 1}))] == [3]


def test_a_pair_is_skipped_where_one_place_is_free_and_asked_first_where_two_are() -> None:
    pair = [waiting(GIRLS, 1, unit_id=1), waiting(BOYS, 1, unit_id=1)]
    queue = units([*pair, waiting(GIRLS, 2)])

    assert [unit.rank[1] for unit in next_asked(queue, Places(1, {GIRLS.id: 1}))] == [2]
    both = Places(2, {GIRLS.id: 1, BOYS.id: 1})
    assert [unit.rank[1] for unit in next_asked(queue, both)] == [1]


def test_the_cap_counts_even_where_a_bucket_has_room() -> None:
    rooms = (bucket(CAMP, 5, place=1), bucket(CAMP, 5, place=2))
    queue = units([waiting(rooms[0], 1), waiting(rooms[1], 2)])

    assert [unit.rank[1] for unit in next_asked(queue, all_places(rooms, cap=1))] == [1]
    assert [unit.rank[1] for unit in next_asked(queue, all_places(rooms, cap=None))] == [1, 2]


def test_the_position_counts_units_that_wait_for_the_same_bucket() -> None:
    pair = [waiting(GIRLS, 1, unit_id=1), waiting(GIRLS, 1, unit_id=1)]
    boy, girl = waiting(BOYS, 2), waiting(GIRLS, 3)
    hardship = waiting(GIRLS, 4, priority=1)
    everybody = [*pair, boy, girl, hardship]

    assert [position(each, everybody) for each in everybody] == [2, 2, 1, 3, 1]


@given(places, places)
def test_places_taken_and_given_back_are_what_they_were(some: Places, more: Places) -> None:
    assert some + more - more == some
    assert more.hold(some.at_most(more))
    assert some.hold(some.at_most(more))


def _together(asked: tuple[Unit, ...]) -> Places:
    return add_up(
        (slot, number) for unit in asked for slot, number in needed(unit.members).by_slot.items()
    )
