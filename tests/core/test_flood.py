from bot.core.flood import AT_ONCE, MOST_WAITING, PEOPLE_REMEMBERED, Floods, Verdict

OLENA, ANNA = 1001, 1003


def arrive(floods: Floods, count: int, now: float = 0.0, person: int = OLENA) -> list[Verdict]:
    return [floods.arrived(person, now) for _ in range(count)]


def test_twenty_at_once_are_fine_and_the_next_brings_one_notice() -> None:
    verdicts = arrive(Floods(), 200)

    assert verdicts[:AT_ONCE] == [Verdict.FINE] * AT_ONCE
    assert verdicts[AT_ONCE] is Verdict.TELL
    assert verdicts[AT_ONCE + 1 :] == [Verdict.WAIT] * (200 - AT_ONCE - 1)


def test_two_a_second_are_fine_for_ever() -> None:
    floods = Floods()

    verdicts = []
    for half_second in range(1_000):
        verdicts.append(floods.arrived(OLENA, half_second / 2))
        floods.left(OLENA)

    assert set(verdicts) == {Verdict.FINE}


def test_nothing_is_put_aside_before_the_person_was_told() -> None:
    floods = Floods()

    verdicts = [floods.arrived(OLENA, half_second / 2) for half_second in range(600)]

    assert verdicts.index(Verdict.TELL) < verdicts.index(Verdict.ASIDE)


def test_one_persons_flood_is_not_anothers() -> None:
    floods = Floods()
    arrive(floods, 200)

    assert arrive(floods, 1, person=ANNA) == [Verdict.FINE]


def test_what_waits_beyond_five_hundred_is_put_aside() -> None:
    floods = Floods()

    verdicts = arrive(floods, MOST_WAITING + 2)
    floods.left(OLENA)

    assert verdicts[MOST_WAITING:] == [Verdict.ASIDE] * 2
    assert Verdict.ASIDE not in verdicts[:MOST_WAITING]
    assert arrive(floods, 2) == [Verdict.WAIT, Verdict.ASIDE]


def test_who_goes_on_and_on_is_told_once() -> None:
    floods = Floods()

    verdicts = [verdict for second in range(60) for verdict in arrive(floods, 5, float(second))]

    assert verdicts.count(Verdict.TELL) == 1


def test_a_second_flood_brings_a_second_notice() -> None:
    floods = Floods()
    for _ in arrive(floods, AT_ONCE + 5):
        floods.left(OLENA)

    assert Verdict.TELL in arrive(floods, AT_ONCE + 1, now=60.0)


def test_a_flood_that_still_waits_to_be_answered_is_not_over() -> None:
    floods = Floods()
    arrive(floods, AT_ONCE + 5)

    assert Verdict.TELL not in arrive(floods, AT_ONCE + 5, now=60.0)


def test_the_memory_for_people_is_bounded() -> None:
    floods = Floods()
    for person in range(PEOPLE_REMEMBERED + 100):
        floods.arrived(person, 0.0)

    assert len(floods._people) == PEOPLE_REMEMBERED


def test_who_was_forgotten_meanwhile_does_no_harm() -> None:
    Floods().left(OLENA)
