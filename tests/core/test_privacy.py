"""Privacy: what is held is registered, shown on request, erased on request and in time."""

from datetime import timedelta

import pytest

from bot.core import news_decisions, people, privacy, roles
from bot.core.inbox import Incoming
from bot.core.people import Person, Role
from bot.core.privacy import REGISTRY, Erasure
from storage.sealing import Seal
from storage.store import Database
from storage.tables import metadata
from tests.builders import OTHER_KEY, met, released
from tests.clock import StoppedClock
from tests.forms import answered, told_us
from tests.post import Post, deliver_due
from tests.rows import rows

ABOUT_OLENA = {
    "persons",
    "follows",
    "deliveries",
    "roles",
    "inbox",
    "conversations",
    "feedback",
}
NUMBER_STAYS = {"audit", "campaigns"}  # of those tables that hold a row about Olena


def test_every_table_is_registered_once_and_nothing_else_is() -> None:
    registered = [holding.table for holding in REGISTRY]

    assert sorted(registered) == sorted([*metadata.tables, "alembic_version"])


def test_every_column_that_is_named_exists() -> None:
    for holding in REGISTRY:
        columns = {holding.person, holding.age} - {None}
        table = metadata.tables.get(holding.table)
        assert columns <= (set(table.columns.keys()) if table is not None else set())


def test_every_table_with_a_person_says_how_they_are_erased() -> None:
    for name, table in metadata.tables.items():
        (holding,) = [holding for holding in REGISTRY if holding.table == name]
        about_people = {"person_id", "telegram_id", "actor_id", "author_id"} & set(
            table.columns.keys()
        )
        assert (holding.person is not None) == bool(about_people)
        assert (holding.erasure is Erasure.NOTHING) == (not about_people)


def test_what_expires_has_an_age_and_the_other_way_round() -> None:
    assert all((holding.keep is None) == (holding.age is None) for holding in REGISTRY)


def test_the_person_goes_last() -> None:
    erased = [holding.table for holding in REGISTRY if holding.erasure is Erasure.DELETE]

    assert erased[-1] == "persons"


async def test_who_is_forgotten_is_in_no_table_any_more(
    store: Database, clock: StoppedClock
) -> None:
    olena = await _busy_coordinator(store, clock, 1001)

    await privacy.forget(store, olena, clock)

    for table in set(metadata.tables) - NUMBER_STAYS:
        for row in await rows(store, table):
            assert not {olena.id, olena.telegram_id} & set(row.values()), table
    left = await privacy.everything_about(store, olena)
    assert set(left) == NUMBER_STAYS == {"audit", "campaigns"}
    assert [row["author_id"] for row in left["campaigns"]] == [olena.id]


async def test_nothing_of_anybody_else_is_erased(store: Database, clock: StoppedClock) -> None:
    anna = await _busy_coordinator(store, clock, 1003)
    olena = await _busy_coordinator(store, clock, 1001)
    before = await privacy.everything_about(store, anna)

    await privacy.forget(store, olena, clock)

    assert await privacy.everything_about(store, anna) == before
    assert set(before) >= ABOUT_OLENA


async def test_rows_that_went_are_counted(store: Database, clock: StoppedClock) -> None:
    olena = await met(store, clock, topics=frozenset({"aid", "youth"}))

    assert await privacy.forget(store, olena, clock) == 3
    assert await privacy.forget(store, olena, clock) == 0


async def test_what_a_coordinator_decided_stays_decided_and_the_chain_is_whole(
    store: Database, clock: StoppedClock
) -> None:
    from bot.core import audit

    olena = await _busy_coordinator(store, clock, 1001)
    await privacy.forget(store, olena, clock)

    async with store.reading() as records:
        entries = await records.audit_entries()

    assert [entry.action for entry in entries if entry.actor_id == olena.id] == [
        "release news",
        "erase person",
    ]
    assert audit.first_break(entries) is None


async def test_whoever_was_forgotten_may_begin_anew(store: Database, clock: StoppedClock) -> None:
    olena = await met(store, clock)
    await privacy.forget(store, olena, clock)

    again = await people.meet(store, olena.telegram_id, clock)

    assert again.id != olena.id
    assert (again.language, again.topics) == (None, frozenset())


async def test_what_is_on_its_way_to_someone_who_leaves_is_nobodys(
    store: Database, clock: StoppedClock
) -> None:
    olena = await met(store, clock)
    await released(store, clock)

    async def meanwhile(_: object) -> None:
        await privacy.forget(store, olena, clock)

    await deliver_due(store, Post(meanwhile=meanwhile), clock)

    assert await rows(store, "deliveries") == []
    assert await rows(store, "persons") == []


async def test_mydata_shows_every_table_but_not_the_inbox_payload(
    store: Database, clock: StoppedClock
) -> None:
    olena = await _busy_coordinator(store, clock, 1001)

    everything = await privacy.everything_about(store, olena)

    assert set(everything) == ABOUT_OLENA | NUMBER_STAYS
    assert [row["telegram_id"] for row in everything["persons"]] == [1001]
    assert [row["topic"] for row in everything["follows"]] == ["*"]
    assert [set(row) & {"payload"} for row in everything["inbox"]] == [set()]


async def test_mydata_opens_what_somebody_told_us_and_answered(
    store: Database, clock: StoppedClock
) -> None:
    olena = await _busy_coordinator(store, clock, 1001)

    everything = await privacy.everything_about(store, olena)

    assert [row["words"] for row in everything["feedback"]] == ["Дякую за автобус"]
    assert '"about": "news"' in str(everything["conversations"][0]["answers"])


async def test_a_cell_whose_key_is_missing_does_not_hide_the_rest(
    store: Database, clock: StoppedClock, database_url: str
) -> None:
    olena = await _busy_coordinator(store, clock, 1001)

    async with Database(database_url, Seal([OTHER_KEY])) as other:
        everything = await privacy.everything_about(other, olena)

    assert [row["words"] for row in everything["feedback"]] == ["?"]
    assert set(everything) == ABOUT_OLENA | NUMBER_STAYS


async def test_who_is_forgotten_twice_is_audited_once(store: Database, clock: StoppedClock) -> None:
    olena = await met(store, clock)
    await privacy.forget(store, olena, clock)

    await privacy.forget(store, olena, clock)

    assert [row["action"] for row in await rows(store, "audit")] == ["erase person"]


async def test_tables_without_a_row_are_left_out(store: Database, clock: StoppedClock) -> None:
    newcomer = await people.meet(store, 1001, clock)

    assert set(await privacy.everything_about(store, newcomer)) == {"persons"}


@pytest.mark.parametrize(
    ("table", "keeps"),
    [
        ("inbox", timedelta(hours=48)),
        ("conversations", timedelta(days=30)),
        ("feedback", timedelta(days=365)),
        ("deliveries", timedelta(days=180)),
        ("roles", roles.TERM),
    ],
)
async def test_rows_go_when_they_have_been_kept_long_enough_and_not_before(
    store: Database, clock: StoppedClock, table: str, keeps: timedelta
) -> None:
    await _busy_coordinator(store, clock, 1001)
    clock.set(clock.now() + keeps)
    await privacy.sweep(store, clock)
    at_the_last_moment = len(await rows(store, table))

    clock.advance(seconds=1)
    gone = await privacy.sweep(store, clock)

    assert (at_the_last_moment, gone[table]) == (1, 1)
    assert await rows(store, table) == []


async def test_what_has_no_term_never_goes(store: Database, clock: StoppedClock) -> None:
    await _busy_coordinator(store, clock, 1001)
    stays = {"persons", "follows", "audit", "news", "translations", "news_keys", "marks"}
    before = {table: await rows(store, table) for table in stays}

    clock.advance(days=3_650)
    await privacy.sweep(store, clock)

    assert {table: await rows(store, table) for table in stays} == before


async def _busy_coordinator(store: Database, clock: StoppedClock, telegram_id: int) -> Person:
    """Someone about whom every table has a row."""
    from tests.builders import item, kept

    someone = await met(store, clock, telegram_id)
    await told_us(store, clock, someone, words="Дякую за автобус")
    await answered(store, clock, someone, "rating")
    await roles.appoint(store, someone.id, Role.COORDINATOR, clock)
    async with store.transaction() as records:
        await records.receive(
            [Incoming(telegram_id, telegram_id, telegram_id, "{}")], at=clock.now()
        )
    fresh = await kept(store, clock, item())
    await news_decisions.release(store, fresh.id, actor_id=someone.id, clock=clock)
    return someone
