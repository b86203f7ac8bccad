"""What is sent to many, over HTTP: in time, in order, once, and no further than it should."""

import time

import pytest

from bot.core.people import Language
from storage.store import Database
from tests.journeys.conftest import Start
from tests.journeys.crowds import (
    PATIENCE,
    become_readers,
    becomes_coordinator,
    copies,
    ledger,
    releases,
    sent,
    settled,
    strangers,
    until,
)
from tests.people import Desk, World

TITLE = "Літній табір"
BULK_RATE = 25  # as configured by default, messages a second
SLOW = 6
UNPARSABLE = "Bad Request: can't parse entities: Unclosed start tag at byte offset 7"
IN_FLIGHT = 8


@pytest.fixture
def desk(world: World, token: str) -> Desk:
    """Before the bot runs."""
    return world.bot(token)


@pytest.fixture
def slowly(monkeypatch: pytest.MonkeyPatch, environment: dict[str, str]) -> None:
    environment["BULK_RATE"] = str(SLOW)
    monkeypatch.setenv("BULK_RATE", str(SLOW))


async def test_nothing_leaves_during_a_429_for_all_and_replies_go_first_after_it(
    desk: Desk, start: Start
) -> None:
    """D7, and D8: others that are answered meanwhile do not shorten it."""
    readers = await strangers(desk, 40)
    parts = await start()
    await become_readers(parts, readers)
    await desk.misbehaves("429", "sendMessage", after=10, times=2, retry_after=4)

    await releases(parts, TITLE)
    calls = await desk.waits_for_calls("sendMessage", 12)
    await readers[-1].says("/privacy")
    rows = await settled(parts.database, 40)

    second = [call for call in calls if call["status"] == 429][-1]
    later = [c for c in await desk.calls("sendMessage") if c["at"] > second["at"] + 0.3]
    assert min(call["at"] for call in later) >= second["at"] + 4
    assert int(later[0]["params"]["chat_id"]) == readers[-1].id
    assert TITLE not in later[0]["params"]["text"]
    assert rows == {"sent": 40}
    assert [await copies(reader, TITLE) for reader in readers] == [1] * 40


async def test_one_chats_429_delays_nobody_else(desk: Desk, start: Start) -> None:
    """D7: that chat only."""
    readers = await strangers(desk, 30)
    parts = await start()
    await become_readers(parts, readers)
    await desk.misbehaves("429", "sendMessage", chat=readers[3].id, retry_after=4)

    await releases(parts, TITLE)
    rows = await settled(parts.database, 30)

    calls = await sent(desk, TITLE)
    others = [call["at"] for call in calls if call["params"]["chat_id"] != readers[3].id]
    mine = [call["at"] for call in calls if call["params"]["chat_id"] == readers[3].id]
    assert others[-1] - others[0] < 30 / BULK_RATE + 1
    assert mine[1] - mine[0] >= 4
    assert (len(calls), rows) == (31, {"sent": 30})


async def test_a_strict_telegram_never_has_to_refuse(desk: Desk, start: Start) -> None:
    """D9"""
    readers = await strangers(desk, 60)
    parts = await start()
    await become_readers(parts, readers)

    await releases(parts, TITLE)
    await settled(parts.database, 60)

    calls = await sent(desk, TITLE)
    first_second = [call for call in calls if call["at"] < calls[0]["at"] + 1]
    assert len(first_second) <= BULK_RATE * 1.1
    assert {call["status"] for call in calls} == {200}
    assert len(calls) == 60


async def test_who_cannot_be_reached_is_tried_once_and_found_again_by_a_word(
    desk: Desk, start: Start
) -> None:
    """D11"""
    unknown, gone, there = await strangers(desk, 3)
    parts = await start()
    await become_readers(parts, [unknown, gone, there])
    await desk.misbehaves(
        "error", "sendMessage", chat=unknown.id, code=400, description="Bad Request: chat not found"
    )
    await gone.deletes_account()

    await releases(parts, TITLE)
    rows = await settled(parts.database, 3)
    await unknown.says("/help")
    await unknown.sees("")
    await releases(parts, "Ще одна новина")
    await unknown.sees("Ще одна новина", PATIENCE)
    await settled(parts.database, 5)

    assert rows == {"blocked": 2, "sent": 1}
    assert len(await sent(desk, TITLE)) == 3
    assert {c["params"]["chat_id"] for c in await sent(desk, "Ще одна")} == {unknown.id, there.id}


async def test_a_text_that_telegram_refuses_is_not_tried_with_everybody(
    desk: Desk, start: Start
) -> None:
    """D13"""
    readers = await strangers(desk, 40)
    parts = await start()
    await become_readers(parts, readers)
    await becomes_coordinator(parts, desk.anna, Language.DE)
    for reader in readers:
        await desk.misbehaves(
            "error", "sendMessage", chat=reader.id, code=400, description=UNPARSABLE
        )

    await releases(parts, TITLE)
    alert = await desk.anna.sees("Das Senden wurde angehalten", PATIENCE)
    rows = await settled(parts.database, 40)

    assert "parse entities" in alert.text
    assert rows["failed"] == len(await sent(desk, TITLE)) <= IN_FLIGHT
    assert rows["failed"] + rows["cancelled"] == 40


async def test_who_has_another_number_now_gets_it_there_and_once(desk: Desk, start: Start) -> None:
    """D14"""
    old, new, other = await strangers(desk, 3)
    parts = await start()
    await become_readers(parts, [old, other])
    await desk.misbehaves(
        "error",
        "sendMessage",
        chat=old.id,
        times=0,
        code=400,
        description="Bad Request: group chat was upgraded to a supergroup chat",
        parameters={"migrate_to_chat_id": new.id},
    )

    for title in (TITLE, "Ще одна новина"):
        await releases(parts, title)
        await new.sees(title, PATIENCE)
    rows = await settled(parts.database, 4)

    assert rows == {"sent": 4}
    assert [await copies(someone, TITLE) for someone in (old, new, other)] == [0, 1, 1]
    to_whom = [int(call["params"]["chat_id"]) for call in await desk.calls("sendMessage")]
    assert to_whom.count(old.id) == 1


@pytest.mark.usefixtures("slowly")
async def test_who_says_stop_while_it_is_being_sent_gets_nothing(desk: Desk, start: Start) -> None:
    """D17"""
    readers = await strangers(desk, 20)
    parts = await start()
    await become_readers(parts, readers)

    await releases(parts, TITLE)
    await readers[0].sees(TITLE, PATIENCE)
    await readers[-1].says("/stop")
    rows = await settled(parts.database, 20)

    assert rows == {"sent": 19, "cancelled": 1}
    await readers[-1].does_not_see(TITLE)


@pytest.mark.usefixtures("slowly")
async def test_a_stop_takes_effect_within_five_seconds(desk: Desk, start: Start) -> None:
    """D15"""
    readers = await strangers(desk, 40)
    parts = await start()
    await become_readers(parts, readers)

    about = await releases(parts, TITLE)
    await desk.waits_for_calls("sendMessage", 5)
    async with parts.database.transaction() as records:
        for campaign in await records.campaigns_of(about.id):
            await records.stop_campaign(campaign.id, "enough", now=parts.clock.now())
    stopped_at = time.time()
    rows = await settled(parts.database, 40)

    calls = await sent(desk, TITLE)
    assert max(call["at"] for call in calls) <= stopped_at + 5
    assert rows == {"sent": len(calls), "cancelled": 40 - len(calls)}
    assert len(calls) < 30
    await until(lambda: _is_finished(parts.database, about.id))


async def _is_finished(store: Database, news_id: int) -> bool:
    async with store.reading() as records:
        active = {campaign.subject for campaign in await records.active_campaigns()}
    return news_id not in active and not (await ledger(store))["pending"]
