"""Language by letters and small words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.language import detect
from bot.outside.language import declared_language, detect_language


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Діти приїхали до міста, щоб відпочити від тривог.", "uk"),
        ("Дети приехали в город, чтобы отдохнуть, и это было здорово.", "ru"),
        ("Die Kinder sind in der Stadt und haben das Museum besucht.", "de"),
        ("The children have been to the museum and were happy with it.", "en"),
        ("Dzieci były w mieście i się bawiły, a potem wróciły do domu.", "pl"),
        ("La città non è lontana e i bambini sono nella scuola con gli amici.", "it"),
    ],
)
def test_sentences_are_recognised(text, language):
    assert detect("", text) == language


def test_ukrainian_typed_with_latin_letters_is_ukrainian():
    assert detect("", "Мiський голова подякував за допомогу i технiку") == "uk"


def test_a_russian_quotation_does_not_make_a_ukrainian_text_russian():
    text = "Після зустрічі він сказав: «мы ещё приедем», і всі усміхнулися, їм було весело."

    assert detect("", text) == "uk"


def test_names_and_addresses_alone_say_nothing():
    assert detect("Dortmund Zhytomyr", "https://example.org/und/der/die") is None
    assert detect("BVB", "@und #der") is None


@given(st.text(max_size=80))
def test_any_text_gets_a_code_or_none(text):
    assert detect("", text) in {None, "de", "en", "pl", "it", "uk", "ru"}


def test_unsure_letters_are_decided_by_lingua():
    assert detect("Stadtverwaltung plant Kindergarten", "") is None
    assert detect_language("Stadtverwaltung plant Kindergarten", "", None) == "de"


def test_too_short_a_text_is_in_the_language_its_source_declares():
    assert detect_language("Hilfe", "", "de-DE") == "de"
    assert detect_language("Ok", "", None) is None


@pytest.mark.parametrize(
    ("declared", "code"),
    [("uk_UA", "uk"), ("ua", "uk"), ("DE", "de"), ("", None), ("german", None), (None, None)],
)
def test_declared_languages_become_codes(declared, code):
    assert declared_language(declared) == code
