"""Receipts: one word for each reason, found again as it was stored."""

import pytest

from bot.core.activities.receipts import Move, Reason, Refusal, reason_of


@pytest.mark.parametrize("reason", [*Refusal, *Move])
def test_every_reason_is_found_again(reason: Reason) -> None:
    assert reason_of(reason.value) is reason
    assert len(reason.value) <= 40  # of its column


def test_no_word_is_a_refusal_and_a_move() -> None:
    assert not {word.value for word in Refusal} & {word.value for word in Move}
