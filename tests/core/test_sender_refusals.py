"""The sender and refusals: what nobody would get is not tried with everybody."""

from bot.core.delivery import Content
from bot.core.ledger import ALONE, DeliveryState, Kind, Outcome, Parcel, Refused, Sent
from bot.core.people import Language
from bot.core.sender import HOPELESS
from tests.leaping_time import run
from tests.ledger import PLACES, Ledger, Meanwhile, deliver, news, taking
from tests.post import Post, Text


def test_a_text_that_nobody_gets_is_tried_by_those_in_flight_and_no_further() -> None:
    """D13"""
    ledger = Ledger(news(100, campaign_id=5))
    post = Refusing(Refused("can't parse entities"), {5}, meanwhile=taking(0.04))

    run(deliver(ledger, post))

    assert len(post.given) <= PLACES
    assert ledger.counted()[DeliveryState.FAILED] == len(post.given)
    assert ledger.counted()[DeliveryState.CANCELLED] == 100 - len(post.given)
    assert set(ledger.stopped) == {(5, "can't parse entities")}


def test_a_hopeless_campaign_stops_no_other() -> None:
    both = [*news(20, campaign_id=5), *news(20, campaign_id=6, first=21)]
    ledger = Ledger(both)

    run(deliver(ledger, Refusing(Refused("message is too long"), {5})))

    sent = [one.parcel.id for one in ledger.settled if one.result.state is DeliveryState.SENT]
    assert sorted(sent) == list(range(21, 41))


def test_several_strange_refusals_in_a_row_stop_a_campaign() -> None:
    ledger = Ledger(news(50, campaign_id=5))

    run(deliver(ledger, Refusing(Refused("strange", of_text=False), {5}), places=1))

    assert ledger.counted()[DeliveryState.FAILED] == HOPELESS
    assert set(ledger.stopped) == {(5, "strange")}


def test_strange_refusals_between_others_that_arrive_stop_nothing() -> None:
    ledger = Ledger(news(50, campaign_id=5))
    strange = Refused("strange", of_text=False)
    post = Post({1_000 + n: strange for n in range(51) if n % HOPELESS})

    run(deliver(ledger, post, places=1))

    assert ledger.counted()[DeliveryState.SENT] == 50 // HOPELESS
    assert ledger.stopped == []


def test_what_goes_to_one_person_is_no_campaign() -> None:
    ledger = Ledger(news(20, campaign_id=ALONE))

    run(deliver(ledger, Refusing(Refused("can't parse entities"), {ALONE})))

    assert ledger.states() == [DeliveryState.FAILED] * 20
    assert ledger.stopped == []


def test_a_rendering_that_fails_stops_its_campaign_only() -> None:
    """D13: our own mistake is no better than Telegram's refusal."""
    ledger = Ledger(
        [
            *news(20, campaign_id=5, subject=13),
            *news(20, campaign_id=6, first=21, subject=14),
        ]
    )
    post = Unwritable(13)

    run(deliver(ledger, post))

    assert {given.subject for given in post.given} == {14}
    assert ledger.counted()[DeliveryState.SENT] == 20
    assert set(ledger.stopped) == {(5, "RuntimeError")}


class Refusing(Post):
    def __init__(
        self, outcome: Outcome, campaigns: set[int], *, meanwhile: Meanwhile | None = None
    ) -> None:
        super().__init__(meanwhile=meanwhile)
        self._outcome = outcome
        self._campaigns = campaigns

    async def deliver(self, parcel: Parcel, body: object) -> Outcome:
        assert isinstance(body, Text)
        outcome = await super().deliver(parcel, body)
        assert isinstance(outcome, Sent)
        return self._outcome if parcel.campaign_id in self._campaigns else outcome


class Unwritable(Post):
    """Cannot render what is about `subject`."""

    def __init__(self, subject: int) -> None:
        super().__init__()
        self._subject = subject

    def prepare(self, kind: Kind, content: Content, language: Language) -> Text:
        if getattr(content, "id", None) == self._subject:
            raise RuntimeError("unforeseen")
        return super().prepare(kind, content, language)
