"""Campaigns that are stopped, refused, paused or in doubt: nothing more leaves than may."""

from bot.core import campaigns, delivery, news_decisions
from bot.core.alerts import Alert, AlertKind
from bot.core.ledger import (
    DeliveryState,
    InDoubt,
    Kind,
    Later,
    Outcome,
    Parcel,
    Refused,
)
from bot.core.news import NewsItem, Reading
from bot.core.people import Language
from storage.store import Database
from tests.builders import crowd, item, met, released
from tests.clock import StoppedClock
from tests.post import Answer, Post, Text, claimed, deliver_due
from tests.rows import rows, run_sql, states

OWNER = 5_000
WRONG = Refused("can't parse entities: unclosed start tag")


async def test_what_is_stopped_is_claimed_no_more_and_its_rows_are_cancelled(
    store: Database, clock: StoppedClock
) -> None:
    """D15"""
    await crowd(store, clock, 20)
    summer = await released(store, clock)

    async def meanwhile(parcel: Parcel) -> None:
        if parcel.id == 1:
            async with store.transaction() as records:
                await campaigns.stop_all_of(records, summer.id, "enough", now=clock.now())

    post = Post(meanwhile=meanwhile)
    await deliver_due(store, post, clock, places=4)
    while await campaigns.tend(store, clock):
        pass

    found = await _progress(store, summer)
    assert len(post.given) <= 8  # who was claimed by then
    assert found.counts == {
        DeliveryState.SENT: len(post.given),
        DeliveryState.CANCELLED: 20 - len(post.given),
    }
    assert (found.stopped, found.reason, found.open) == (True, "enough", 0)
    assert await _ends(store) == [clock.now()]


async def test_a_row_that_comes_back_to_a_stopped_campaign_is_cancelled_too(
    store: Database, clock: StoppedClock
) -> None:
    """D15"""
    await crowd(store, clock, 1)
    summer = await released(store, clock)

    async def meanwhile(_: Parcel) -> None:
        async with store.transaction() as records:
            await campaigns.stop_all_of(records, summer.id, "enough", now=clock.now())
        await campaigns.tend(store, clock)

    await deliver_due(store, Post({0: Later("no connection")}, meanwhile=meanwhile), clock)
    came_back = await states(store)
    while await campaigns.tend(store, clock):
        pass

    assert (came_back, await states(store)) == (["pending"], ["cancelled"])


async def test_what_is_paused_waits_and_goes_on(store: Database, clock: StoppedClock) -> None:
    await crowd(store, clock, 3)
    await released(store, clock)
    await run_sql(store, "UPDATE campaigns SET paused_at = created_at")

    paused = await deliver_due(store, Post(), clock)
    await run_sql(store, "UPDATE campaigns SET paused_at = NULL")

    assert (paused, await deliver_due(store, Post(), clock)) == (0, 3)


async def test_a_text_that_telegram_refuses_stops_its_campaign_and_tells_the_team(
    store: Database, clock: StoppedClock
) -> None:
    """D13"""
    await crowd(store, clock, 40)
    await met(store, clock, OWNER)
    broken = await released(store, clock, item("Broken"))
    answers: dict[int, Answer] = dict.fromkeys(range(3, 40), WRONG)
    post = Post(answers)

    await deliver_due(store, post, clock, owners=[OWNER])
    while await campaigns.tend(store, clock):
        pass

    found = await _progress(store, broken)
    (alert,) = await rows(store, "alerts")
    told = [one.recipient.telegram_id for one in post.given if one.kind is Kind.ALERT]
    assert (found.stopped, found.reason, found.open) == (True, WRONG.reason, 0)
    assert found.counts[DeliveryState.FAILED] <= 8
    assert sum(found.counts.values()) == 41
    assert (alert["kind"], told) == (AlertKind.STOPPED_CAMPAIGN, [OWNER])
    assert WRONG.reason[:20] in alert["reference"]


async def test_other_news_go_on_beside_one_that_is_refused(
    store: Database, clock: StoppedClock
) -> None:
    """D13"""
    await crowd(store, clock, 10)
    broken = await released(store, clock, item("Broken"))
    whole = await released(store, clock, item("Whole"))

    class Clumsy(Post):
        async def deliver(self, parcel: Parcel, body: delivery.Body) -> Outcome:
            outcome = await super().deliver(parcel, body)
            return WRONG if parcel.subject == broken.id else outcome

    await deliver_due(store, Clumsy(), clock)

    assert (await _progress(store, whole)).counts == {DeliveryState.SENT: 10}
    assert (await _progress(store, broken)).stopped


async def test_a_text_that_we_cannot_render_stops_its_campaign_and_tells_the_team(
    store: Database, clock: StoppedClock
) -> None:
    """D13: our own mistake."""
    await crowd(store, clock, 10)
    await met(store, clock, OWNER)
    broken = await released(store, clock, item("Broken"))
    whole = await released(store, clock, item("Whole"))

    class Clumsy(Post):
        def prepare(self, kind: Kind, content: delivery.Content, language: Language) -> Text:
            if isinstance(content, Reading) and content.title == "Broken":
                raise RuntimeError("unforeseen")
            return super().prepare(kind, content, language)

    post = Clumsy()
    await deliver_due(store, post, clock, owners=[OWNER])
    while await campaigns.tend(store, clock):
        pass

    found = await _progress(store, broken)
    told = [text.content.reference for text in post.texts if isinstance(text.content, Alert)]
    assert (found.stopped, found.reason, found.open) == (True, "RuntimeError", 0)
    assert (await _progress(store, whole)).counts == {DeliveryState.SENT: 11}
    assert told == ["news: RuntimeError"]


async def test_withdrawals_go_before_news(store: Database, clock: StoppedClock) -> None:
    await crowd(store, clock, 3)
    first = await released(store, clock)
    await deliver_due(store, Post(), clock)
    await released(store, clock)
    clock.advance(seconds=1)
    await news_decisions.withdraw(store, first.id, actor_id=1, clock=clock)

    found = await claimed(store, clock, 4)

    assert [parcel.kind for parcel in found] == [Kind.NEWS_WITHDRAWAL] * 3 + [Kind.NEWS]


async def test_who_is_uncertain_is_tried_again_when_somebody_says_so(
    store: Database, clock: StoppedClock
) -> None:
    """D2"""
    await crowd(store, clock, 5)
    summer = await released(store, clock)
    await deliver_due(store, Post({1: InDoubt("?"), 3: InDoubt("?")}), clock)
    await campaigns.tend(store, clock)
    clock.advance(hours=1)
    untouched = await deliver_due(store, Post(), clock)

    again = await _send_doubtful_again(store, clock, summer)
    second = await _send_doubtful_again(store, clock, summer)
    post = Post()
    await deliver_due(store, post, clock)
    await campaigns.tend(store, clock)

    assert (untouched, again, second) == (0, 2, 0)
    assert sorted(parcel.recipient.telegram_id for parcel in post.given) == [1, 3]
    assert (await _progress(store, summer)).counts == {DeliveryState.SENT: 5}
    assert await _ends(store) == [clock.now()]
    actions = [row["action"] for row in await rows(store, "audit")]
    assert actions.count("resend in doubt") == 2


async def test_nobody_who_was_uncertain_gets_what_was_withdrawn(
    store: Database, clock: StoppedClock
) -> None:
    await crowd(store, clock, 2)
    summer = await released(store, clock)
    await deliver_due(store, Post({0: InDoubt("?")}), clock)
    await news_decisions.withdraw(store, summer.id, actor_id=1, clock=clock)

    await _send_doubtful_again(store, clock, summer)
    post = Post()
    await deliver_due(store, post, clock)
    while await campaigns.tend(store, clock):
        pass

    assert {parcel.kind for parcel in post.given} == {Kind.NEWS_WITHDRAWAL}
    assert sorted(await states(store)) == ["cancelled", "sent"]


async def _progress(store: Database, about: NewsItem) -> campaigns.Progress:
    found = await campaigns.progress_of(store, Kind.NEWS, about.id)
    assert found is not None
    return found


async def _send_doubtful_again(store: Database, clock: StoppedClock, about: NewsItem) -> int:
    return await campaigns.send_doubtful_again(store, Kind.NEWS, about.id, actor_id=1, clock=clock)


async def _ends(store: Database) -> list[object]:
    return [
        row["finished_at"] for row in await rows(store, "campaigns") if row["kind"] == Kind.NEWS
    ]
