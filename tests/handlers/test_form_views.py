"""Forms as people see them, in both languages: complete, within limits, and safe."""

from datetime import UTC, date, datetime

import pytest

from bot.core.conversations import Conversation
from bot.core.feedback import FORM, WORDS_LIMIT, About, Feedback, Rating
from bot.core.forms import SUMMARY, Objection, TooLong, Unfit
from bot.core.people import Language
from handlers.views import conversations as views
from handlers.views import feedback as feedback_views
from handlers.views.screen import LABEL_LIMIT, NOTICE_LIMIT, TEXT_LIMIT, TICK, Screen
from locales.texts import Texts
from tests.handlers.examples import HIGHEST_ID, HOSTILE, both_texts, taps, words
from tests.handlers.telegram_html import Parsed

NOW = datetime(2026, 9, 28, 12, tzinfo=UTC)
BERLIN = "Europe/Berlin"
FULL = {"about": "sign-up", "rating": "partly", "words": words(WORDS_LIMIT)}
OBJECTIONS: list[Objection] = [*Unfit, TooLong(4_096, WORDS_LIMIT)]

in_both = pytest.mark.parametrize("texts", both_texts(), ids=lambda texts: texts.language)


def draft(step: str, answers: dict[str, str] | None = None) -> Conversation:
    given = FULL if answers is None else answers
    return Conversation(1, HIGHEST_ID, FORM.id, step, given, HIGHEST_ID, NOW, NOW)


def asked(texts: Texts, step: str, answers: dict[str, str] | None = None) -> Screen:
    wording = feedback_views.wording(texts)
    return views.ask(texts, FORM, wording, draft(step, answers))


def told(said: str = FULL["words"], language: Language = Language.UK) -> Feedback:
    return Feedback(1, 2, "ABC234", About.BOT, Rating.NOT, said, language, NOW)


def labels(screen: Screen) -> list[list[str]]:
    rows = screen.keyboard.inline_keyboard if screen.keyboard else ()
    return [[button.text for button in row] for row in rows]


def screens(texts: Texts) -> list[Screen]:
    """Every screen of the form, each with the most it can hold."""
    title = feedback_views.wording(texts).title
    until = date(2026, 12, 23)
    questions = [asked(texts, step) for step in ("about", "rating", "words", SUMMARY)]
    return [
        *questions,
        *(asked(texts, step, {}) for step in ("about", "rating", "words")),
        *(views.again(views.objection_to(texts, o), s) for o in OBJECTIONS for s in questions),
        *(views.again(views.cannot_read(texts), screen) for screen in questions),
        *(views.again(views.not_reread(texts), screen) for screen in questions),
        views.offer(texts, FORM, title, draft("words"), until=until),
        views.offer(texts, FORM, title, draft(SUMMARY), until=until, other=(FORM.id, title)),
        views.cancelled(texts),
        views.nothing_open(texts),
        views.closed(texts),
        feedback_views.thanks(texts, told()),
        feedback_views.too_many(texts, NOW, BERLIN),
        *(feedback_views.note(told(said), texts) for said in ("", FULL["words"])),
        *(feedback_views.note(told(language=language), texts) for language in Language),
    ]


@in_both
def test_telegram_takes_every_screen(texts: Texts) -> None:
    for screen in screens(texts):
        parsed = Parsed(screen.text)

        assert parsed.text.strip()
        assert parsed.units <= TEXT_LIMIT
        assert "{" not in parsed.text
        assert all(len(data.encode()) <= 64 for data in taps(screen))


@in_both
def test_a_long_label_has_a_row_of_its_own(texts: Texts) -> None:
    for row in [row for screen in screens(texts) for row in labels(screen)]:
        assert len(row) == 1 or all(len(label) <= LABEL_LIMIT for label in row)


@in_both
@pytest.mark.parametrize("objection", OBJECTIONS, ids=str)
def test_an_objection_fits_into_the_answer_to_a_tap(texts: Texts, objection: Objection) -> None:
    assert 0 < len(views.objection_to(texts, objection)) <= NOTICE_LIMIT


@in_both
@pytest.mark.parametrize(("place", "step"), [(1, "about"), (2, "rating"), (3, "words")])
def test_each_question_says_how_far_it_is_and_has_a_way_out(
    texts: Texts, place: int, step: str
) -> None:
    screen = asked(texts, step, {})

    assert f"{place}/3" in screen.text
    assert labels(screen)[-1] == [texts.t("Back"), texts.t("Cancel")]


@in_both
def test_only_the_words_may_be_skipped(texts: Texts) -> None:
    skip = [texts.t("Skip")]

    assert [skip in labels(asked(texts, step.id, {})) for step in FORM.steps] == [
        False,
        False,
        True,
    ]


@in_both
def test_the_first_question_names_privacy_and_what_does_not_belong_here(texts: Texts) -> None:
    first = asked(texts, "about", {}).text

    assert "/privacy" in first
    assert {Language.DE: "Gesundheit", Language.UK: "здоров’я"}[texts.language] in first
    assert {Language.DE: "Namen von Kindern", Language.UK: "імен дітей"}[texts.language] in first


@in_both
def test_back_from_the_first_question_leads_to_the_menu_and_from_others_to_the_one_before(
    texts: Texts,
) -> None:
    first = taps(asked(texts, "about", {}))
    second = taps(asked(texts, "rating", {"about": "bot"}))

    assert first[-2] == "menu"
    assert second[-2].startswith("before:")


@in_both
def test_a_choice_that_was_made_has_its_tick(texts: Texts) -> None:
    ticked = [label for row in labels(asked(texts, "rating")) for label in row if TICK in label]

    assert ticked == [TICK + feedback_views.wording(texts).labels["rating"]["partly"]]


@in_both
@pytest.mark.parametrize("hostile", HOSTILE)
def test_what_somebody_wrote_is_shown_as_it_is_written(texts: Texts, hostile: str) -> None:
    shown = [
        asked(texts, SUMMARY, {**FULL, "words": hostile}),
        asked(texts, "words", {**FULL, "words": hostile}),
        feedback_views.note(told(hostile), texts),
    ]

    for screen in shown:
        assert hostile in Parsed(screen.text).text


@in_both
def test_the_summary_shows_each_answer_and_a_way_to_change_it(texts: Texts) -> None:
    screen = asked(texts, SUMMARY)
    wording = feedback_views.wording(texts)

    assert wording.labels["about"]["sign-up"] in screen.text
    assert wording.labels["rating"]["partly"] in screen.text
    assert FULL["words"] in screen.text
    assert [data for data in taps(screen) if data.startswith("change:")] == [
        f"change:1y2p0ij32e8e7:{place}" for place in range(3)
    ]


@in_both
def test_a_skipped_question_is_named_as_such(texts: Texts) -> None:
    assert texts.t("no answer") in asked(texts, SUMMARY, {**FULL, "words": ""}).text


@in_both
def test_every_value_of_a_choice_has_a_label(texts: Texts) -> None:
    wording = feedback_views.wording(texts)

    assert set(wording.labels["about"]) == set(About)
    assert set(wording.labels["rating"]) == set(Rating)
    assert set(wording.questions) == set(wording.fields) == {step.id for step in FORM.steps}


@in_both
def test_the_note_to_the_team_carries_the_number_and_the_words(texts: Texts) -> None:
    screen = feedback_views.note(told("Danke"), texts)

    assert "ABC234" in screen.text
    assert "Danke" in screen.text
    assert texts.t("Ukrainian") in screen.text


def test_the_hour_of_the_next_feedback_is_local() -> None:
    german = next(texts for texts in both_texts() if texts.language is Language.DE)

    assert "28. September, 14:00 Uhr" in feedback_views.too_many(german, NOW, BERLIN).text
