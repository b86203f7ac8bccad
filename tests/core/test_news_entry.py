"""How much of an article is shown."""

from hypothesis import given
from hypothesis import strategies as st

from bot.core.news_entry import lead, paragraphs


def test_the_lead_is_whole_paragraphs_while_they_fit():
    text = "\n\n".join(("a" * 300, "b" * 300, "c" * 300))

    assert lead(text) == "a" * 300 + "\n\n" + "b" * 300


def test_a_long_first_paragraph_ends_with_its_last_whole_sentence():
    text = "Kurz. " + "Wort " * 100 + "Ende. Nachher"

    assert lead(text, limit=50) == "Kurz."


def test_a_sentence_keeps_its_closing_quotation_mark():
    assert lead("„Ja.“ " + "weiter " * 20, limit=40) == "„Ja.“"


def test_a_first_sentence_without_end_is_cut_at_a_word():
    assert lead("Wort " * 20, limit=12) == "Wort Wort…"


def test_no_text_has_no_lead():
    assert lead("") == ""


@given(st.lists(st.text("ab. \n", max_size=40)), st.integers(min_value=10, max_value=80))
def test_the_lead_fits_and_begins_the_text(parts, limit):
    text = "\n\n".join(parts)

    short = lead(text, limit)

    assert len(short) <= limit
    assert bool(short) == bool(paragraphs(text))
