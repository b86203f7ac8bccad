"""Which topics a text is about, and whether it tells of the two cities working together."""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from bot.core.partnership import City, Topic

_LATIN = "aceiopxyABCEHIKMOPTXYï"
_CYRILLIC = "асеіорхуАВСЕНІКМОРТХУї"
_LOOK_ALIKES = str.maketrans(_LATIN, _CYRILLIC)
_OTHER_SIGNS = str.maketrans({"’": "'", "ʼ": "'", "`": "'", "‐": "-", "‑": "-"})
_WORD_WITH_CYRILLIC = re.compile(r"[^\W\d_]*[\u0400-\u052f][^\W\d_]*")
_BETWEEN_WORDS = r"[\s\-\"'«»„“”]+"

_TITLE_WEIGHT = 3
_MOST_COUNTED_IN_TEXT = 3
_TOLD_NOT_MENTIONED = 2


def fold(text: str) -> str:
    """The text as it is compared: one spelling for what looks the same to a reader."""
    visible = "".join(c for c in text if unicodedata.category(c) != "Cf")
    composed = unicodedata.normalize("NFC", visible).translate(_OTHER_SIGNS)
    one_script = _WORD_WITH_CYRILLIC.sub(lambda m: m[0].translate(_LOOK_ALIKES), composed)
    return one_script.casefold()


def topics_of(
    title: str, text: str, topics: Iterable[Topic], *, at_most: int = 10
) -> tuple[str, ...]:
    """Ids of the topics, the strongest first; empty when none fits."""
    folded_title, folded_text = fold(title), fold(text)
    weights = {topic.id: _weight(topic, folded_title, folded_text) for topic in topics}
    found = [topic_id for topic_id, weight in weights.items() if weight]
    return tuple(sorted(found, key=lambda topic_id: -weights[topic_id])[:at_most])


def names_city(text: str, city: City) -> bool:
    return _mentions(text, city) > 0


def about_partnership(
    title: str, text: str, cities: tuple[City, City], names_city: City | None = None
) -> bool:
    """True when both cities are named, and not only in passing.

    `names_city` is the city that goes without saying in this source ("die Stadt"). A headline
    about another partner city makes a single mention one in passing. Which texts count:
    cooperation of the two, even next to a third; not either of them with somebody else.
    """
    whole = f"{title}\n{text}"
    enough = _TOLD_NOT_MENTIONED if _headlines_another(title, cities) else 1
    return all(_mentions(whole, city) >= enough for city in cities if city != names_city)


def _weight(topic: Topic, title: str, text: str) -> int:
    keywords = _any_of(tuple(word for words in topic.keywords.values() for word in words))
    in_text = sum(1 for _ in keywords.finditer(text))
    in_title = keywords.search(title) is not None
    return min(in_text, _MOST_COUNTED_IN_TEXT) + _TITLE_WEIGHT * in_title


def _mentions(text: str, city: City) -> int:
    named = _any_of(city.not_these).sub(" ", fold(text))
    return sum(1 for _ in _any_of(city.spellings).finditer(named))


def _headlines_another(title: str, cities: tuple[City, City]) -> bool:
    others = _any_of(cities[0].others + cities[1].others)
    return others.search(fold(title)) is not None


@lru_cache(maxsize=256)
def _any_of(keywords: tuple[str, ...]) -> re.Pattern[str]:
    """One pattern for all keywords, to be used on folded text."""
    if not keywords:
        return re.compile(r"(?!)")
    longest_first = sorted(keywords, key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(_pattern, longest_first))})(?!\w)")


def _pattern(keyword: str) -> str:
    words = (re.escape(word).replace(r"\*", r"\w*") for word in fold(keyword).split())
    return _BETWEEN_WORDS.join(words)
