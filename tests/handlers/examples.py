"""The shipped configuration's words, and news of every awkward kind, for tests of what is said."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path

from bot import config
from bot.config import Configuration
from bot.core.news import TITLE_LIMIT, NewsItem, NewsState, Origin, Reading
from bot.core.partnership import Partnership
from bot.core.people import Language
from handlers.views.screen import Screen
from locales.texts import Texts

ROOT = Path(__file__).parents[2]
OTHER_PAIR = ROOT / "tests" / "inputs" / "other_pair"
ENVIRONMENT = {"SANDBOX_URL": "http://127.0.0.1:8090"}

HIGHEST_ID = 2**63 - 1
LONG_URL = "https://news.example/?" + "&".join(f"part{n}='x'" for n in range(150))
LONG_WORDS = "Städtepartnerschaftsvereinbarung "
HOSTILE = (
    "<b>",
    "&",
    "&amp;",
    "</a>",
    "{0}",
    "{home}",
    "%s",
    "\u202eтекст навпаки",
    "e" + "\u0301" * 500,
    "👩‍👩‍👧‍👦" * 50,
    '"><script>alert(1)</script>',
    "<a href='tg://user?id=1'>x</a>",
)


def shipped() -> Configuration:
    return config.load([ROOT / "config"], ENVIRONMENT)


def in_sandbox() -> Configuration:
    return config.load([ROOT / "config" / "sandbox", ROOT / "config"], ENVIRONMENT)


def other_pair() -> Configuration:
    return config.load([OTHER_PAIR], ENVIRONMENT)


def texts_of(partnership: Partnership, language: Language) -> Texts:
    return Texts(
        language,
        {
            "home": partnership.home.forms[language],
            "partner": partnership.partner.forms[language],
            "bot": partnership.names[language],
        },
    )


def both_texts() -> list[Texts]:
    return [texts_of(shipped().partnership, language) for language in Language]


def longest_source_names() -> Mapping[str, Mapping[str, str]]:
    """One source, named as the longest of all that are configured."""
    sources = [*shipped().sources, *in_sandbox().sources]
    return {
        "source": {
            language: max((source.name[language] for source in sources), key=len)
            for language in Language
        }
    }


def reading(
    language: Language,
    origin: Origin = Origin.ORIGINAL,
    *,
    title: str = "A title",
    lead: str = "A lead.",
    written_in: str | None = None,
    url: str | None = "https://news.example/1",
    notify: bool = True,
) -> Reading:
    """As a reader of `language` sees it; `written_in` is the original's language."""
    item = NewsItem(
        HIGHEST_ID,
        "source",
        url,
        title,
        lead,
        written_in or language,
        date(2026, 9, 28),
        datetime(2026, 9, 28, 12, tzinfo=UTC),
        NewsState.HELD,
        notify,
        ("aid",),
    )
    return Reading(item, language, title, lead, origin, 1)


def words(units: int) -> str:
    """Text of exactly so many UTF-16 units."""
    return (LONG_WORDS * (units // len(LONG_WORDS) + 1))[: units - 1] + "."


def other(language: Language) -> Language:
    return Language.UK if language is Language.DE else Language.DE


def longest(language: Language, origin: Origin) -> Reading:
    """Longer than what is stored: an engine may give back more than it was given."""
    return reading(
        language,
        origin,
        title=words(2 * TITLE_LIMIT),
        lead="\n\n".join([words(700)] * 12),
        written_in=other(language),
        url=LONG_URL,
    )


def taps(screen: Screen) -> list[str]:
    rows = screen.keyboard.inline_keyboard if screen.keyboard else ()
    return [str(button.callback_data) for row in rows for button in row]
