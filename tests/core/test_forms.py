"""Forms: what a step takes, and which question is open."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.forms import (
    SUMMARY,
    Choice,
    Form,
    Objection,
    Step,
    Task,
    TooLong,
    Unfit,
    Words,
    next_open,
    read_words,
)
from bot.core.text import utf16_length

FORM = Form("trip", (Choice("who", ("me", "us")), Words("why", 10), Words("more", 10)))


def test_the_first_question_without_an_answer_is_open() -> None:
    assert next_open(FORM, {}) == "who"
    assert next_open(FORM, {"who": "me", "more": ""}) == "why"


def test_a_skipped_question_is_answered() -> None:
    assert next_open(FORM, {"who": "me", "why": "", "more": ""}) == SUMMARY


def test_the_summary_stands_after_the_last_question() -> None:
    assert [FORM.place(step) for step in ("who", "why", "more", SUMMARY)] == [0, 1, 2, 3]
    assert FORM.at(3) is None
    assert FORM.at(-1) is None


@pytest.mark.parametrize("step", [Choice("who", ("me", "us")), Task("topics"), None])
def test_only_a_question_for_words_takes_a_text(step: Step | None) -> None:
    assert read_words(step, "me") is Unfit.NOT_A_CHOICE


@pytest.mark.parametrize("text", ["", " \n ", "\u200b\u202e", "\x00"])
def test_what_nobody_can_read_is_no_answer(text: str) -> None:
    assert read_words(Words("why", 10), text) is Unfit.EMPTY


def test_length_is_counted_as_telegram_counts() -> None:
    assert read_words(Words("why", 10), "👍" * 5) == "👍" * 5
    assert read_words(Words("why", 10), "👍" * 5 + "!") == TooLong(11, 10)


def test_what_is_read_is_clean() -> None:
    assert read_words(Words("why", 10), " a\u202eb\r\nc ") == "ab\nc"


@given(st.text(max_size=40))
def test_an_answer_always_fits(text: str) -> None:
    read = read_words(Words("why", 10), text)

    if not isinstance(read, Objection):
        assert 0 < utf16_length(read) <= 10
