"""Text hygiene: nothing invisible, nothing too long, nothing a reader would miss."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.text import clean, one_line, shorten, squeeze, utf16_length

JOINER = "\u200d"
FAMILY = "👨\u200d👩\u200d👧\u200d👦"
# Letters, marks, emoji and everything invisible, more densely than chance would have it.
ODD = st.sampled_from(
    [
        *("a", "é", "e\u0301", "ї", "i\u0308", ".", ",", "–", "\u1100", "\u1161", "\u11a8"),
        *(" ", "\n", "\r\n", "\t", "\u00a0", "\x00", "\x0b", "\x85", "\ud800", "\ue000"),
        *("\u200b", JOINER, "\u200e", "\u202e", "\u2066", "\u2069", "\ufeff", "\u00ad"),
        *("\u0301", "\u0489", "\u034f", "\ufe0f", "👩", "🏽", "❤\ufe0f", FAMILY, "\U000e0061"),
    ]
)
TEXTS = st.one_of(st.text(), st.lists(ODD, max_size=30).map("".join))
LIMITS = st.integers(1, 60)


@given(TEXTS, LIMITS)
def test_never_longer_than_the_limit_as_telegram_counts(text: str, limit: int) -> None:
    assert utf16_length(clean(text, limit=limit)) <= limit
    assert utf16_length(one_line(text, limit=limit)) <= limit
    assert utf16_length(shorten(text, limit)) <= limit


@given(TEXTS, LIMITS)
def test_nothing_invisible_is_left(text: str, limit: int) -> None:
    cleaned = clean(text, limit=limit)

    left = {c for c in cleaned if unicodedata.category(c) in {"Cc", "Cf", "Cs", "Co"}}
    assert left <= {"\n", "\t", JOINER}


@given(TEXTS, LIMITS)
def test_a_joiner_is_left_only_between_symbols(text: str, limit: int) -> None:
    cleaned = clean(text, limit=limit)

    for place, character in enumerate(cleaned):
        if character == JOINER:
            before, after = cleaned[place - 1 : place], cleaned[place + 1 : place + 2]
            assert unicodedata.category(before or "a") in {"So", "Sk", "Mn", "Cn"}
            assert unicodedata.category(after or "a") in {"So", "Sm", "Cn"}


@given(TEXTS, LIMITS)
def test_equal_texts_are_equal_strings(text: str, limit: int) -> None:
    assert unicodedata.is_normalized("NFC", clean(text, limit=limit))


@given(TEXTS)
def test_cleaning_twice_changes_nothing_more(text: str) -> None:
    once = clean(text, limit=10_000)

    assert clean(once, limit=10_000) == once


@given(TEXTS)
def test_no_letter_carries_more_than_two_marks(text: str) -> None:
    marks = 0
    for character in clean(text, limit=10_000):
        marks = marks + 1 if unicodedata.category(character) in {"Mn", "Me"} else 0
        assert marks <= 2


@given(TEXTS, LIMITS)
def test_one_line_is_one_line(text: str, limit: int) -> None:
    line = one_line(text, limit=limit)

    assert len(line.splitlines()) <= 1
    assert "  " not in line
    assert line == line.strip()


@given(st.text(st.characters(categories=["Lu", "Ll", "Nd", "Po"]), max_size=40))
def test_plain_words_stay_as_they_are(text: str) -> None:
    composed = unicodedata.normalize("NFC", text)

    assert clean(text, limit=1_000) == composed


@pytest.mark.parametrize(
    "kept",
    [
        FAMILY,
        "👩🏽\u200d⚕️",
        "❤️\u200d🔥",
        "🙂\u200d↔️",
        "🏳️\u200d🌈",
        "1️⃣ Uhr",
        "🇺🇦🇩🇪",
        "🩷",
        "🫩",
        "Їжак, ґанок, п’ять",
        "Grüße, Straße",
        "Jürgen\n\n\tBrandt",
        "25\u00a0000 €",
    ],
)
def test_what_readers_write_survives(kept: str) -> None:
    assert clean(kept, limit=100) == kept


@pytest.mark.parametrize(
    ("written", "cleaned"),
    [
        ("Zhyto\u200bmyr", "Zhytomyr"),
        ("a\u202eb\u202c\u2066c\u2069", "abc"),
        ("mit\u00adein\u00adander", "miteinander"),
        ("pass\u200dword", "password"),
        ("a\u200d\u0301", "á"),
        ("e\u200b\u0301", "é"),
        ("Fest\r\nheute\rmorgen", "Fest\nheute\nmorgen"),
        ("Aufzählung\x0bPunkt", "Aufzählung\nPunkt"),
        ("Absatz\u2028Zeile\u2029Absatz", "Absatz\nZeile\nAbsatz"),
        ("null\x00byte\x07", "nullbyte"),
        ("half \ud83d emoji", "half  emoji"),
        ("e" + "\u0301" * 50 + "!", "é\u0301\u0301!"),
        ("c" + "\u0489" * 50 + "!", "c\u0489\u0489!"),
        ("👨\u200d", "👨"),
        ("\u200d👨", "👨"),
        ("👨\u200d\u200d👩", "👨\u200d👩"),
    ],
)
def test_what_only_harms_goes(written: str, cleaned: str) -> None:
    assert clean(written, limit=100) == cleaned


def test_a_cut_is_made_at_a_blank_and_shown() -> None:
    assert shorten("Sommerfest im Westfalenpark", 18) == "Sommerfest im…"
    assert shorten("Sommerfest", 10) == "Sommerfest"
    assert shorten("Donaudampfschifffahrt", 10) == "Donaudamp…"
    assert shorten("Brot, Salz, Wasser", 12) == "Brot, Salz…"


def test_a_cut_leaves_no_half_of_an_emoji() -> None:
    assert shorten("👩👩👩👩", 4) == "👩…"
    assert shorten(FAMILY * 2, 6) == "👨\u200d👩…"
    assert shorten(FAMILY * 2, 7) == "👨\u200d👩…"


def test_runs_of_blanks_become_one_and_lines_stay() -> None:
    assert squeeze(" a \t b\u00a0c \n\n  d ") == "a b c\n\nd"


@given(TEXTS)
def test_lengths_are_those_of_utf_16(text: str) -> None:
    assert utf16_length(text) == len(text.encode("utf-16-le", "surrogatepass")) // 2
