"""News as a reader sees them: one item as a message, pages of them, and the review."""

import html
from collections.abc import Mapping, Sequence

from bot.core.news import TITLE_LIMIT, Origin, Reading
from bot.core.people import Language
from bot.core.text import shorten
from handlers.buttons import NewsPage, RejectNews, ReleaseNews, Review, ShowMenu, ShowTopics
from handlers.views.screen import TEXT_LIMIT, Labelled, Screen, rows
from locales.texts import Texts

PAGE = 5
PREVIEW = 240  # UTF-16 units of the lead in a list
REVIEWED = 1_200  # of the lead in each language of a review
SOURCE = 60  # of a source's name
ROOM = 700  # kept for date, labels and link

SourceNames = Mapping[str, Mapping[str, str]]


def item(reading: Reading, texts: Texts, sources: SourceNames) -> Screen:
    """One item as it is delivered and, with the same words, edited later."""
    parts = [
        title(reading),
        _safe(shorten(reading.lead, TEXT_LIMIT - ROOM - TITLE_LIMIT)),
        "\n".join(_footer(reading, texts, sources)),
    ]
    return Screen("\n\n".join(part for part in parts if part))


def page(readings: Sequence[Reading], texts: Texts, sources: SourceNames, *, skip: int) -> Screen:
    """`readings` holds one more than a page where older news follow."""
    if not readings and not skip:
        return _nothing_yet(texts)
    entries = "\n\n".join(_entry(reading, texts, sources) for reading in readings[:PAGE])
    turn: list[Labelled] = []
    if skip:
        turn.append((texts.t("Newer"), NewsPage(max(skip - PAGE, 0))))
    if len(readings) > PAGE:
        turn.append((texts.t("Older"), NewsPage(skip + PAGE)))
    heading = (
        texts.h("<b>The latest news for you</b>") if not skip else texts.h("<b>Older news</b>")
    )
    body = entries or texts.h("There are no older news.")
    return Screen(f"{heading}\n\n{body}", rows(turn, [(texts.t("Menu"), ShowMenu())]))


def _nothing_yet(texts: Texts) -> Screen:
    return Screen(
        texts.h("There are no news on your topics yet. You can choose more topics."),
        rows([(texts.t("My topics"), ShowTopics())], [(texts.t("Menu"), ShowMenu())]),
    )


def review(
    count: int, place: int, readings: Mapping[Language, Reading], texts: Texts, sources: SourceNames
) -> Screen:
    """A held item as German and as Ukrainian readers would see it, with what to decide."""
    first = readings[texts.language]
    news = first.item
    about = [
        _safe(texts.tn("{n} news item is waiting.", "{n} news items are waiting.", count)),
        source_and_day(first, texts, sources),
        _link(first, texts),
    ]
    decide: list[list[Labelled]] = [[(texts.t("Release"), ReleaseNews(news.id, int(news.notify)))]]
    if not news.notify:
        about.append(texts.h("This item is old: released, it stands under /news, silently."))
        decide = [
            [(texts.t("Release silently"), ReleaseNews(news.id, 0))],
            [(texts.t("Release and notify"), ReleaseNews(news.id, 1))],
        ]
    shown = [
        f"— {language.own_name} —\n\n{_review_body(reading, texts)}"
        for language, reading in readings.items()
    ]
    after: list[Labelled] = []
    if any(reading.origin is Origin.FOLLOWS for reading in readings.values()):
        after.append((texts.t("Refresh"), Review(place)))
    if count > 1:
        after.append((texts.t("Next"), Review((place + 1) % count)))
    return Screen(
        "\n\n".join(["\n".join(line for line in about if line), *shown]),
        rows(*decide, [(texts.t("Reject"), RejectNews(news.id))], after),
    )


def nothing_held(texts: Texts) -> Screen:
    return Screen(texts.h("No news are waiting for review."), rows([(texts.t("Menu"), ShowMenu())]))


def _entry(reading: Reading, texts: Texts, sources: SourceNames) -> str:
    lines = [title(reading), _safe(shorten(reading.lead, PREVIEW))]
    return "\n".join(line for line in [*lines, *_footer(reading, texts, sources)] if line)


def title(reading: Reading) -> str:
    """An engine may give back more than it was given."""
    return f"<b>{_safe(shorten(reading.title, TITLE_LIMIT))}</b>"


def _footer(reading: Reading, texts: Texts, sources: SourceNames) -> list[str]:
    """Where and when it comes from; under a translation also who made it."""
    label = _label(reading, texts)
    lines = [
        source_and_day(reading, texts, sources),
        f"<i>{label}</i>" * bool(label),
        _link(reading, texts),
    ]
    return [line for line in lines if line]


def source_and_day(reading: Reading, texts: Texts, sources: SourceNames) -> str:
    news = reading.item
    source = shorten(sources.get(news.source, {}).get(texts.language, ""), SOURCE)
    day = texts.day(news.published_on) if news.published_on else ""
    return _safe(" · ".join(part for part in (source, day) if part))


def _link(reading: Reading, texts: Texts) -> str:
    news = reading.item
    if not news.url:
        return ""
    if reading.origin is Origin.ORIGINAL:
        link = texts.t("Read on")
    else:
        link = texts.t("Read the original ({language})", language=_named(news.language, texts))
    return f'<a href="{html.escape(news.url)}">{_safe(link)}</a>'


def _label(reading: Reading, texts: Texts) -> str:
    match reading.origin:
        case Origin.MACHINE:
            return texts.h("Automatically translated")
        case Origin.FOLLOWS:
            return texts.h(
                "Translation follows. This news item is only in {language} for now; "
                "the translation will appear here, in this message.",
                language=_named(reading.item.language, texts),
            )
        case Origin.ORIGINAL | Origin.HUMAN:
            return ""


def _named(code: str, texts: Texts) -> str:
    names = {
        "de": texts.t("German"),
        "uk": texts.t("Ukrainian"),
        "en": texts.t("English"),
        "ru": texts.t("Russian"),
        "pl": texts.t("Polish"),
    }
    return names.get(code, code)


def _review_label(reading: Reading, texts: Texts) -> str:
    if reading.origin is Origin.FOLLOWS:
        return texts.h("There is no translation yet. Readers would get the original for now.")
    return _label(reading, texts)


def _review_body(reading: Reading, texts: Texts) -> str:
    label = _review_label(reading, texts)
    parts = [
        title(reading),
        _safe(shorten(reading.lead, REVIEWED)),
        f"<i>{label}</i>" * bool(label),
    ]
    return "\n\n".join(part for part in parts if part)


def _safe(text: str) -> str:
    return html.escape(text, quote=False)
