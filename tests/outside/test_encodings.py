"""Bytes become the text that was meant."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.outside.encodings import decode

UKRAINIAN = "Місто-побратим надіслало їжу, ґанок полагодили, є й ліки для лікарні"
GERMAN = "Hilfe für alle – Größe, Maß und „Grüße“ aus der Städtepartnerschaft"


@pytest.mark.parametrize("declared", [None, "text/html; charset=utf-8", "text/xml; charset=cp1251"])
@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (UKRAINIAN, "utf-8"),
        (UKRAINIAN, "cp1251"),
        (UKRAINIAN, "koi8-u"),
        (UKRAINIAN, "utf-8-sig"),
        (UKRAINIAN, "utf-16"),
        (GERMAN, "utf-8"),
        (GERMAN, "cp1252"),
    ],
)
def test_the_text_wins_over_what_is_declared(text, encoding, declared):
    assert decode(text.encode(encoding), declared) == text


def test_a_declared_encoding_decides_where_the_bytes_do_not():
    assert decode("Łódź, żółw".encode("iso8859-2"), "text/html; charset=ISO-8859-2") == "Łódź, żółw"


def test_one_torn_letter_does_not_turn_utf_8_into_something_else():
    torn = (UKRAINIAN * 20).encode()[:-1]

    assert decode(torn).startswith(UKRAINIAN)


@given(st.binary(max_size=200), st.text(max_size=30))
def test_any_bytes_become_some_text(raw, content_type):
    assert isinstance(decode(raw, content_type), str)
