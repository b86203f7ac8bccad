"""Cutting a text for an engine and putting it together again."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.segments import MAX_CHARS, MAX_URL_BYTES, join, split, url_bytes

LETTERS = st.sampled_from("aäßЖї€😀.!? \t\n\r\u00a0\u2028»")
TEXTS = st.one_of(st.text(), st.text(LETTERS, max_size=300))


@given(TEXTS, st.integers(1, 60), st.integers(12, 300))
def test_joined_segments_are_the_text_and_keep_both_limits(
    text: str, max_chars: int, max_url_bytes: int
) -> None:
    segments = split(text, max_chars=max_chars, max_url_bytes=max_url_bytes)

    assert join(segments) == text
    assert all(len(each.text) <= max_chars for each in segments)
    assert all(url_bytes(each.text) <= max_url_bytes for each in segments)


@given(TEXTS, st.integers(1, 60))
def test_a_segment_is_one_line_without_blanks_around_it(text: str, max_chars: int) -> None:
    segments = split(text, max_chars=max_chars)

    assert all(each.text == each.text.strip() for each in segments)
    assert all(len(each.text.splitlines()) <= 1 for each in segments)


def test_the_layout_returns_around_other_words() -> None:
    text = "Titel\n\n  • Erster Punkt\r\n  • Zweiter Punkt \n"

    shouted = join(replace(each, text=each.text.upper()) for each in split(text))

    assert shouted == "TITEL\n\n  • ERSTER PUNKT\r\n  • ZWEITER PUNKT \n"


def test_two_short_lines_stay_two_segments() -> None:
    assert [each.text for each in split("Eins\nZwei")] == ["Eins", "Zwei"]


def test_a_long_line_is_cut_where_a_sentence_ends() -> None:
    text = "Der Bus fährt um acht. Er hält am Hafen! Dann geht es weiter nach Dortmund."

    texts = [each.text for each in split(text, max_chars=45)]

    assert texts == [
        "Der Bus fährt um acht. Er hält am Hafen!",
        "Dann geht es weiter nach Dortmund.",
    ]


def test_an_abbreviation_ends_no_sentence() -> None:
    text = "Wir laden alle ein. Es spricht am Abend Dr. Weber aus Dortmund."

    first, *_ = split(text, max_chars=45)

    assert first.text == "Wir laden alle ein."


def test_a_long_sentence_is_cut_between_words_and_a_long_word_anywhere() -> None:
    texts = [each.text for each in split("abc defgh ijklmnopqrst", max_chars=8)]

    assert texts == ["abc", "defgh", "ijklmnop", "qrst"]


def test_cyrillic_keeps_the_limit_of_an_address() -> None:
    line = "Дитячий табір відкрито. " * 200

    segments = split(line)

    assert len(segments) > 2
    assert all(each.text.endswith("відкрито.") for each in segments)
    assert all(len(each.text) <= MAX_CHARS for each in segments)
    assert all(url_bytes(each.text) <= MAX_URL_BYTES for each in segments)


@pytest.mark.parametrize("text", ["🎉", "—", "...", "👍👍", "0231 50-0", "12.–14."])
def test_what_has_no_letter_needs_no_translation(text: str) -> None:
    assert [each.translatable for each in split(text)] == [False]


def test_nothing_is_no_segment() -> None:
    assert split("") == ()
