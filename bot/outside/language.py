"""Language of a text: our letter rules, then lingua, then what the source declares."""

from functools import cache
from typing import TYPE_CHECKING

from bot.core.language import FEWEST_WORDS, detect, words

if TYPE_CHECKING:
    from lingua import LanguageDetector

_OFTEN_MISTAKEN = {"ua": "uk"}
_SURE_ENOUGH = 0.6


def detect_language(title: str, text: str, declared: str | None) -> str | None:
    """ISO 639-1 code. `declared` ("de-DE" is fine) is trusted only where the text says nothing."""
    found = detect(title, text)
    if found is None and len(words(f"{title}\n{text}")) >= FEWEST_WORDS:
        found = _by_lingua(f"{title}\n{text}")
    return found or declared_language(declared)


def declared_language(declared: str | None) -> str | None:
    code = (declared or "").replace("_", "-").split("-")[0].strip().lower()
    code = _OFTEN_MISTAKEN.get(code, code)
    return code if code.isalpha() and len(code) == len("de") else None


def _by_lingua(text: str) -> str | None:
    likely, *_ = _detector().compute_language_confidence_values(text)
    if likely.value < _SURE_ENOUGH:
        return None
    return likely.language.iso_code_639_1.name.lower()


@cache
def _detector() -> "LanguageDetector":
    """Low accuracy keeps it at some 25 MB; Russian is a candidate so that it is recognised."""
    from lingua import Language, LanguageDetectorBuilder

    candidates = (
        Language.GERMAN,
        Language.UKRAINIAN,
        Language.ENGLISH,
        Language.RUSSIAN,
        Language.POLISH,
        Language.ITALIAN,
    )
    builder = LanguageDetectorBuilder.from_languages(*candidates)
    return builder.with_low_accuracy_mode().build()
