"""D1 to D4 in short: killed while it sends and while it handles taps. `make soak` is the long form.

The bot runs as it is installed, on SQLite on the disk.
"""

from bench import crash
from bench.crash import Size

SHORT = Size(kills=2, recipients=90, taps=90, terms=1, recipients_of_terms=60)


async def test_d1_what_is_critical_reaches_everybody() -> None:
    end = await crash.sending(SHORT, crash.alert)

    assert all(bar.holds for bar in crash.bars_of_critical(end))
    assert len(end.states) == 90


async def test_d2_news_reach_nobody_twice_and_what_is_uncertain_is_listed() -> None:
    end = await crash.sending(SHORT, crash.news)

    assert all(bar.holds for bar in crash.bars_of_news(end))
    assert len(end.states) == 90


async def test_d3_sigterm_loses_and_doubles_nothing() -> None:
    stops = await crash.stopping(SHORT)

    assert max(stops.seconds) <= crash.STOPPED
    assert stops.astray == 0


async def test_d4_taps_that_waited_have_their_effect_once() -> None:
    end = await crash.receiving(SHORT)

    assert all(bar.holds for bar in crash.bars_of_taps(end, SHORT.taps))
