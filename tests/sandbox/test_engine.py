"""The translation engine on loopback, asked by the real deep_translator."""

from collections.abc import Iterator

import pytest
import requests
from deep_translator import GoogleTranslator
from deep_translator.exceptions import RequestError, TooManyRequests, TranslationNotFound

from sandbox.articles import load
from sandbox.engine import Engine, NotYetError
from sandbox.newsstand import Newsstand
from sandbox.store import Store
from tests.sandbox.newsroom import Newsroom, open_newsroom

GERMAN = next(one for one in load() if one.engine and one.language == "de")
LATE = next(one for one in load() if one.late_seconds)


@pytest.fixture(scope="module")
def opened() -> Iterator[Newsroom]:
    with open_newsroom() as opened:
        yield opened


@pytest.fixture
def newsroom(opened: Newsroom) -> Newsroom:
    opened.start_over()
    return opened


def translator(newsroom: Newsroom, source: str, target: str) -> GoogleTranslator:
    made = GoogleTranslator(source=source, target=target, proxies={"http": ""})
    made._base_url = f"{newsroom.url}/engine/m"
    return made


@pytest.fixture(autouse=True)
def as_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Our adapter puts a client with time-outs into deep_translator for good; not here."""
    monkeypatch.setattr("deep_translator.google.requests", requests)


@pytest.fixture
def ukrainian(newsroom: Newsroom) -> GoogleTranslator:
    return translator(newsroom, "de", "uk")


def test_every_line_of_the_article_is_translated(ukrainian: GoogleTranslator):
    answers = [ukrainian.translate(line) for line in GERMAN.wording.lines]

    assert answers == list(GERMAN.engine["uk"].lines)


def test_the_source_language_may_be_left_open(newsroom: Newsroom):
    answer = translator(newsroom, "auto", "uk").translate(GERMAN.wording.title)

    assert answer == GERMAN.engine["uk"].title


def test_several_lines_are_answered_line_by_line(ukrainian: GoogleTranslator):
    answer = ukrainian.translate("\n".join(GERMAN.wording.lines))

    assert answer == "\n".join(GERMAN.engine["uk"].lines)


def test_an_unknown_text_has_no_result(ukrainian: GoogleTranslator):
    with pytest.raises(TranslationNotFound):
        ukrainian.translate("Das kennt hier niemand.")


def test_the_engine_learns(newsroom: Newsroom, ukrainian: GoogleTranslator):
    taught = {"source_language": "de", "target_language": "uk", "pairs": {"Tee & <b>": "Чай & <b>"}}
    newsroom.http.post("/control/engine/add", json=taught).raise_for_status()

    assert ukrainian.translate("Tee & <b>") == "Чай & <b>"


def test_too_long_a_text_is_refused(newsroom: Newsroom):
    answer = newsroom.http.get("/engine/m", params={"sl": "de", "tl": "uk", "q": "x" * 5001})

    assert answer.status_code == 413


@pytest.mark.parametrize(
    ("mode", "raised"), [("429", TooManyRequests), ("503", RequestError), ("hang", RequestError)]
)
def test_a_refusal_is_one(
    newsroom: Newsroom, ukrainian: GoogleTranslator, mode: str, raised: type[Exception]
):
    newsroom.engine(mode=mode, seconds=0)

    with pytest.raises(raised):
        ukrainian.translate(GERMAN.wording.title)


@pytest.mark.parametrize(
    ("mode", "sign"), [("500_as_200", "Error 500"), ("quota_text", "MYMEMORY"), ("garbage", "4711")]
)
def test_some_failures_look_like_translations(
    newsroom: Newsroom, ukrainian: GoogleTranslator, mode: str, sign: str
):
    newsroom.engine(mode=mode)

    assert sign in ukrainian.translate(GERMAN.wording.title)


def test_line_breaks_inside_a_paragraph_glue_its_sentences(
    newsroom: Newsroom, ukrainian: GoogleTranslator
):
    newsroom.engine(mode="br")

    answer = ukrainian.translate(GERMAN.wording.paragraphs[0])

    assert answer == GERMAN.engine["uk"].paragraphs[0].replace(". ", ".")


def test_a_failure_may_last_a_number_of_times(newsroom: Newsroom, ukrainian: GoogleTranslator):
    newsroom.engine(mode="503", times=2)

    for _ in range(2):
        with pytest.raises(RequestError):
            ukrainian.translate(GERMAN.wording.title)

    assert ukrainian.translate(GERMAN.wording.title)
    assert newsroom.http.get("/control/engine").json()["mode"] == "ok"


def test_an_unknown_mode_is_refused(newsroom: Newsroom):
    assert newsroom.http.post("/control/engine", json={"mode": "sulk"}).status_code == 400


def test_a_late_translation_is_not_there_at_first(newsroom: Newsroom):
    newsroom.publish(LATE.slug)

    with pytest.raises(RequestError):
        translator(newsroom, "uk", "de").translate(LATE.wording.title)


def test_a_late_translation_comes_when_its_time_is_up():
    now = [1_000_000.0]
    store = Store(":memory:")
    stand = Newsstand(store, clock=lambda: now[0])
    engine = Engine(stand, clock=lambda: now[0])
    stand.publish(LATE.slug)

    now[0] += LATE.late_seconds - 1
    with pytest.raises(NotYetError):
        engine.answer(LATE.wording.title, "uk", "de")
    now[0] += 1

    assert engine.answer(LATE.wording.title, "uk", "de") == [LATE.engine["de"].title]
    store.close()
