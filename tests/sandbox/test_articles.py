"""The articles of the sandbox and their translations by people."""

import re
import tomllib
from pathlib import Path

import pytest

from sandbox.articles import Article, ArticleError, article, load, one_line

ARTICLES = load()
ROOT = Path(__file__).parents[2]
SEGMENTS = tomllib.loads((ROOT / "config/sandbox/memory.toml").read_text("utf-8"))["segments"]
UKRAINIAN = set("абвгґдеєжзиіїйклмнопрстуфхцчшщьюя’")
GERMAN_NAMES = {
    "Auslandsgesellschaft", "BVB", "Benz", "DASA", "DORTMUND", "DSW", "DiWoDo", "Diakonie",
    "Dortmund", "Engagement", "GIZ", "Global", "Grenzenlose", "Iveco", "Jugendring", "Kids",
    "Klinikum", "Lumières", "MUSIK", "Mercedes", "Phoenix", "Richter", "Sinfonietta", "Wärme",
    "des",
}  # fmt: skip

each_article = pytest.mark.parametrize("one", ARTICLES, ids=lambda one: one.slug)


def texts(language: str) -> list[str]:
    own = [line for one in ARTICLES if one.language == language for line in one.wording.lines]
    engine = [line for one in ARTICLES for line in one.pairs(language).values()]
    return own + engine + [segment[language] for segment in SEGMENTS]


def test_there_are_eight_german_and_four_ukrainian_articles():
    assert [one.language for one in ARTICLES].count("de") == 8
    assert [one.language for one in ARTICLES].count("uk") == 4


def test_three_are_on_the_site_before_the_start():
    assert sum(one.published_before_start for one in ARTICLES) == 3


@each_article
def test_an_article_is_short_and_has_paragraphs(one: Article):
    words = sum(len(paragraph.split()) for paragraph in one.wording.paragraphs)

    assert 70 <= words <= 140
    assert 3 <= len(one.wording.paragraphs) <= 4


@each_article
def test_every_line_is_translated_by_a_person_or_known_to_the_engine(one: Article):
    other = {"de": "uk", "uk": "de"}[one.language]
    by_people = {segment[one.language] for segment in SEGMENTS}

    if one.engine:
        assert set(one.pairs(other)) == set(one.wording.lines)
        assert not by_people & set(one.wording.lines)
    else:
        assert set(one.wording.lines) <= by_people


def test_the_memory_holds_nothing_else():
    lines = {line for one in ARTICLES for line in one.wording.lines}

    assert all({segment["de"], segment["uk"]} & lines for segment in SEGMENTS)


def test_one_article_each_way_is_translated_by_the_engine_and_one_of_them_late():
    machine = [one for one in ARTICLES if one.engine]

    assert {one.language for one in machine} == {"de", "uk"}
    assert sorted(one.late_seconds for one in machine) == [0, 25]


@pytest.mark.parametrize("text", texts("uk"))
def test_ukrainian_is_ukrainian(text: str):
    cyrillic = set(re.findall(r"[Ѐ-ӿ]", text.lower()))

    assert not cyrillic - UKRAINIAN, "letters of another alphabet"
    assert cyrillic & set("іїє")
    assert set(re.findall(r"[A-Za-zÀ-ž]+", text)) <= GERMAN_NAMES
    assert not set(text) & set("'\"“”„`‘")


@pytest.mark.parametrize("text", texts("de"))
def test_german_is_german(text: str):
    assert not re.search(r"[Ѐ-ӿ]", text)
    assert not set(text) & set("'\"”«»`’")
    assert text.count("„") == text.count("“")
    assert not re.search(r"Zhytomyr|Schitomir|Shitomir|Zhitomir|Kyjiw|ß{2}", text)


@pytest.mark.parametrize("text", texts("uk") + texts("de"))
def test_a_line_has_no_stray_space(text: str):
    assert text == one_line(text)
    assert not re.search(r" [,.;:!?]|[„«(] | [»)]| - ", text)


@pytest.mark.parametrize("segment", SEGMENTS, ids=lambda segment: segment["de"][:30])
def test_a_translation_keeps_the_figures(segment: dict[str, str]):
    def figures(text: str) -> list[str]:
        return sorted(re.findall(r"\d+", re.sub(r"(?<=\d)[. ](?=\d{3}\b)", "", text)))

    assert figures(segment["de"]) == figures(segment["uk"])


@pytest.mark.parametrize(
    "change",
    [
        {"language": "ru"},
        {"title": "  "},
        {"text": ""},
        {"slug": "Two Words"},
        {"engine": {"de": {"title": "x", "text": "y"}}},
        {"engine": {"uk": {"title": "x", "text": "y\n\nz"}}},
        {"engine": {"uk": {"title": "x"}}},
    ],
)
def test_an_article_that_does_not_fit_is_refused(change: dict[str, object]):
    good = {"slug": "one", "order": 1, "language": "de", "title": "Titel", "text": "Ein Satz."}
    article(good)

    with pytest.raises(ArticleError):
        article(good | change)


def test_two_articles_of_one_slug_are_refused(tmp_path: Path):
    for number in (1, 2):
        (tmp_path / f"{number}.toml").write_text(
            f'slug = "same"\norder = {number}\nlanguage = "de"\ntitle = "T"\ntext = "S"\n'
        )

    with pytest.raises(ArticleError, match="same slug"):
        load(tmp_path)
