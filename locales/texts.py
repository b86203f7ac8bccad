"""Texts: our sentences in one language, with dates and numbers as its readers write them.

Sentences are English in the code and translated by gettext catalogues, compiled in memory at
start. t and tn give plain text, h gives HTML for Telegram with every value escaped.
"""

import gettext
import html
from collections.abc import Mapping
from datetime import date
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Protocol

from bot.core.people import Language

HERE = Path(__file__).parent


class Named(Protocol):
    """A value with grammatical forms: "{home}" and "{home.genitive}" both work."""

    def __format__(self, spec: str, /) -> str: ...


class _Escaped:
    """A name and its forms, safe in HTML."""

    def __init__(self, inner: object) -> None:
        self._inner = inner

    def __format__(self, spec: str) -> str:
        return html.escape(format(self._inner, spec), quote=False)

    def __getattr__(self, form: str) -> "_Escaped":
        return _Escaped(getattr(self._inner, form))


class Texts:
    """`names` are known to every sentence: the two cities in this language's forms, the bot."""

    def __init__(self, language: Language, names: Mapping[str, Named | str] | None = None) -> None:
        self.language = language
        self._names = dict(names or {})
        self._safe_names = {name: _Escaped(value) for name, value in self._names.items()}

    @property
    def _catalogue(self) -> gettext.GNUTranslations:
        """Read when something is said for the first time: a start need not wait for it."""
        return _catalogue(self.language)

    def t(self, sentence: str, **values: object) -> str:
        """Plain text, for buttons, notices and files."""
        return self._catalogue.gettext(sentence).format(**self._names, **values)

    def tn(self, one: str, many: str, n: int, **values: object) -> str:
        """Plain text that counts; {n} is the number."""
        return self._catalogue.ngettext(one, many, n).format(n=n, **self._names, **values)

    def h(self, sentence: str, **values: object) -> str:
        """HTML: the sentence's own tags stay, what is put into it is escaped."""
        safe = {name: html.escape(str(value), quote=False) for name, value in values.items()}
        return self._catalogue.gettext(sentence).format(**self._safe_names, **safe)

    def day(self, day: date) -> str:
        """As in: 8. August 2026, 8 серпня 2026 р."""
        from babel.dates import format_date

        return format_date(day, format="long", locale=self.language)

    def weekday(self, day: date) -> str:
        """As in: Samstag, 8. August; субота, 8 серпня."""
        from babel.dates import format_date

        pattern = {Language.DE: "EEEE, d. MMMM", Language.UK: "EEEE, d MMMM"}[self.language]
        return format_date(day, format=pattern, locale=self.language)


@cache
def _catalogue(language: Language) -> gettext.GNUTranslations:
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    source = HERE / language / "LC_MESSAGES" / "bot.po"
    compiled = BytesIO()
    with source.open("rb") as po:
        write_mo(compiled, read_po(po, locale=language.value))
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)
