"""Topics and relevance, with the keywords that the bot ships."""

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.partnership import City, Topic
from bot.core.relevance import about_partnership, fold, names_city, topics_of

_CONFIG = tomllib.loads(
    (Path(__file__).parents[2] / "config" / "partnership.toml").read_text(encoding="utf-8")
)


def _city(which: str) -> City:
    table = _CONFIG["cities"][which]
    words = {name: tuple(table[name]) for name in ("spellings", "not_these", "others")}
    return City(id=table["id"], forms={}, **words)


HOME, PARTNER = _city("home"), _city("partner")
BOTH = (HOME, PARTNER)
TOPICS = tuple(
    Topic(
        table["id"],
        table["name"],
        {language: tuple(words) for language, words in table["keywords"].items()},
    )
    for table in _CONFIG["topics"]
)


def test_every_topic_has_a_button_label_that_fits_in_each_language():
    assert len({topic.id for topic in TOPICS}) == 13
    for topic in TOPICS:
        assert set(topic.name) >= {"de", "uk", "en"}
        assert all(len(label) <= 24 for label in topic.name.values())


@pytest.mark.parametrize(
    ("text", "city"),
    [
        ("Besuch in Schytomyrs Schulen", PARTNER),
        ("A train to Zhitomir", PARTNER),
        ("Лист із Житомира", PARTNER),
        ("Schyto\u200bmyr antwortet", PARTNER),
        ("Ein Brief aus Schyto\u00admyr", PARTNER),
        ("Жит\u006fми\u0070 у листах", PARTNER),
        ("Dortmunder Kinder malen", HOME),
        ("дортмундська школа", HOME),
    ],
)
def test_a_city_is_found_in_all_its_spellings(text, city):
    assert names_city(text, city)


@pytest.mark.parametrize(
    ("text", "city"),
    [
        ("Нові дороги на Житомирщині", PARTNER),
        ("Житомирська обласна рада: Житомирська область", PARTNER),
        ("Feuer im Oblast Schytomyr", PARTNER),
        ("«Боруссія» Дортмунд перемогла", HOME),
        ("Borussia Dortmund gewinnt", HOME),
    ],
)
def test_the_region_and_the_football_club_are_not_the_city(text, city):
    assert not names_city(text, city)


def test_the_city_counts_beside_the_region():
    assert names_city("Житомир – центр області. Житомирщина велика.", PARTNER)


def test_both_cities_make_a_text_relevant():
    assert about_partnership("Gäste im Rathaus", "Dortmund empfängt Schytomyr.", BOTH)


def test_one_city_with_another_partner_is_not_relevant():
    assert not about_partnership("Kassel hilft Schytomyr", "Betten aus Kassel.", BOTH)
    assert not about_partnership("Dortmund hilft Mykolajiw", "Zwei Wagen.", BOTH)


def test_a_source_may_leave_its_own_city_unnamed():
    said = ("Die Stadt schickt Betten", "Ziel der Fahrt ist Schytomyr.")

    assert about_partnership(*said, BOTH, HOME)
    assert not about_partnership(*said, BOTH)
    assert not about_partnership(*said, BOTH, PARTNER)


def test_a_passing_mention_below_a_headline_on_another_partner_is_not_enough():
    text = "Der Rat der Stadt Dortmund sprach darüber. Auch Schytomyr wurde erwähnt."

    assert not about_partnership("Streit um Rostow", text, BOTH)
    assert about_partnership("Streit vertagt", text, BOTH)


def test_a_third_city_in_the_headline_does_not_hide_a_report_on_both():
    text = "Dortmund lud Schytomyr ein; mit Dortmund und Schytomyr sprach auch Leeds."

    assert about_partnership("Leeds dabei", text, BOTH)


def test_topics_come_with_the_strongest_first():
    text = "Das Konzert war ein Erfolg. Danach fuhr ein Bus die Gäste nach Hause."

    found = topics_of("Konzert im Theater", text, TOPICS)

    assert found[0] == "culture"
    assert "mobility" in found


@pytest.mark.parametrize(
    ("title", "topic"),
    [
        ("Літній табір для школярів", "camps"),
        ("Лікарня отримала ліжка", "health"),
        ("Цифровi послуги для громади", "digital"),
        ("Ferienfreizeit am See", "camps"),
        ("Benefizkonzert am Sonntag", "culture"),
        ("New trolleybuses arrive", "mobility"),
        ("Волонтери шукають помічників", "civil_society"),
    ],
)
def test_a_headline_alone_names_its_topic(title, topic):
    assert topic in topics_of(title, "", TOPICS)


def test_no_keyword_means_no_topic():
    assert topics_of("Wetter", "Morgen wird es sonnig.", TOPICS) == ()


def test_a_keyword_without_a_star_stands_for_the_whole_word_only():
    assert "mobility" not in topics_of("Ein Busfreund erzählt", "", TOPICS)


@given(st.text(max_size=60))
def test_folding_twice_changes_nothing_more(text):
    assert fold(fold(text)) == fold(text)


def test_of_many_topics_the_strongest_are_kept():
    text = "Schule, Schulen und Lehrkräfte. Dazu Sport, Kultur und ein Bus."

    assert topics_of("", text, TOPICS, at_most=1) == ("education",)
