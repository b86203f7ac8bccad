"""What a machine translation engine is to the bot, and which of its answers are never stored."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal, Protocol


class FailureKind(StrEnum):
    TIMEOUT = "timeout"
    UNREACHABLE = "unreachable"  # no connection, or the engine's own trouble (5xx)
    RATE_LIMITED = "rate_limited"
    QUOTA = "quota"
    REFUSED = "refused"  # the engine does not want us: 401, 403
    BAD_OUTPUT = "bad_output"
    UNSUPPORTED_PAIR = "unsupported_pair"


class EngineFailed(Exception):  # noqa: N818 - it says what happened
    """Carries a kind and nothing else: no text, no address, no library's message."""

    def __init__(self, kind: FailureKind, *, retry_after: float | None = None) -> None:
        super().__init__(kind.value)
        self.kind = kind
        self.retry_after = retry_after  # seconds, when the engine named them


@dataclass(frozen=True, slots=True)
class EngineConfig:
    name: str
    kind: Literal["deep_google", "none"]
    url: str | None = None
    timeout_seconds: float = 15.0
    max_chars: int = 2000
    per_second: float = 1.0


class Engine(Protocol):
    name: str

    async def translate(self, segments: Sequence[str], *, source: str, target: str) -> list[str]:
        """As many answers as segments, in their order. Languages are ISO 639-1 ("de", "uk").

        Raises EngineFailed; there is no half-translated list. May be repeated.
        """
        ...


_ADDRESS = re.compile(r"https?://\S+|www\.\S+|[\w.+-]{1,64}@\S+|[@#]\w+")
_WORD = re.compile(r"[^\W\d_]+(?:['’ʼ-][^\W\d_]+)*")
_QUOTA = re.compile(
    r"mymemory warning|used all available free translations"
    r"|(?:quota|(?:daily|usage|character|request|rate) limit)s? (?:has been |was )?"
    r"(?:exceeded|reached)|exceeded (?:your|the) [\w ]{0,30}(?:quota|limit)|too many requests",
    re.IGNORECASE,
)
_ERROR_PAGE = re.compile(
    r"error \d{3} \([^)]{3,40}\)!!|that[’']s an error\.|that[’']s all we know"
    r"|unusual traffic from your computer|internal server error|service unavailable"
    r"|invalid (?:source|target) language|bad gateway",
    re.IGNORECASE,
)
_HTML = re.compile(
    r"<!doctype|</?(?:html|head|body|title|div|span|script|style|meta|br|p|a|b|i)\b[^<>]*>",
    re.IGNORECASE,
)
_ENTITY = re.compile(r"&(?:[a-z]{2,8}|#\d{2,5}|#x[0-9a-f]{2,5});", re.IGNORECASE)
# UTF-8 read as Latin-1 or Windows-1252, and Cyrillic UTF-8 read as Windows-1251.
_MOJIBAKE = re.compile(
    "\ufffd|\u00c3[\u0080-\u00bf\u0178\u201e\u2013\u0153\u0152]|\u00e2\u20ac"
    "|(?:[\u00d0\u00d1][\u0080-\u00bf\u0152-\u017e\u0192\u02c6\u02dc\u2010-\u2122]){2}"
    r"|(?:[РС][^\sа-яА-Я]){3}|\?{4,}"
)
_NUMBER = re.compile(r"(?<![\w])\d{1,3}(?:[.,'\u00a0\u202f ]\d{3})+(?!\d)|\d+")
_RUSSIAN = re.compile("[ыэёъ]", re.IGNORECASE)
_LATIN = frozenset({"de", "en", "pl"})


def suspicious(source_text: str, translated: str | None, target: str) -> str | None:
    """Why this answer must never be stored; None when nothing speaks against it.

    It knows broken answers, not bad ones: meaning, names and tone are for people to judge.
    """
    if not translated or not translated.strip():
        return "empty" if source_text.strip() else None
    if trouble := provider_trouble(source_text, translated):
        return trouble
    return next(_reasons(source_text, translated, target), None)


def provider_trouble(source_text: str, translated: str) -> str | None:
    """An engine's own message in place of a translation: "quota text" or "error page"."""
    # News may well report that a server failed: then the source has these words, too.
    if _QUOTA.search(translated) and not _QUOTA.search(source_text):
        return "quota text"
    if _ERROR_PAGE.search(translated) and not _ERROR_PAGE.search(source_text):
        return "error page"
    return None


def _reasons(source_text: str, translated: str, target: str) -> Iterator[str]:
    if len(translated) > 3 * max(len(source_text), 12):
        yield "too long"  # first: the rest need not read a whole page
    for pattern, reason in ((_HTML, "html"), (_ENTITY, "html entity"), (_MOJIBAKE, "mojibake")):
        if _new(pattern, source_text, translated):
            yield reason
    checks = {
        "unchanged": _unchanged(source_text, translated),
        "wrong script": _wrong_script(translated, target),
        "russian letters": target == "uk" and bool(_RUSSIAN.search(translated)),
        "lost number": _lost_number(source_text, translated),
        "repetition": _runaway(source_text, translated),
    }
    yield from (reason for reason, found in checks.items() if found)


def _new(pattern: re.Pattern[str], source_text: str, translated: str) -> bool:
    found = Counter(pattern.findall(translated))
    return bool(found - Counter(pattern.findall(source_text)))


def _words(text: str) -> list[str]:
    return [word.casefold() for word in _WORD.findall(_ADDRESS.sub(" ", text))]


def _unchanged(source_text: str, translated: str) -> bool:
    words = _words(source_text)
    return len(words) >= 3 and words == _words(translated)  # noqa: PLR2004


def _wrong_script(translated: str, target: str) -> bool:
    words = _words(translated)
    letters = "".join(words)
    if not letters:
        return False
    share = sum("\u0400" <= letter <= "\u052f" for letter in letters) / len(letters)
    if target in _LATIN:
        return share > 0.3  # noqa: PLR2004
    # A Latin name fills a short Ukrainian line quickly; one or two words may be nothing else.
    floor = 0.6 if len(letters) >= 40 else 0.2  # noqa: PLR2004
    return target == "uk" and len(words) >= 3 and share < floor  # noqa: PLR2004


def _lost_number(source_text: str, translated: str) -> bool:
    """Only the certain case: the leading digits of a number of three or more are nowhere.

    25.000 may return as "25 000" or "25 тис.", and 18:30 as 6:30 p.m.; both are right.
    """
    digits = "".join(filter(str.isdecimal, translated))
    for number in _NUMBER.finditer(source_text):
        after = source_text[number.end() : number.end() + 2]
        if after[:1].isalpha() or (after[:1] == "-" and after[1:].isalpha()):
            continue  # "1990er Jahre" may become "90-ті роки"
        group = "".join(filter(str.isdecimal, number.group()))
        kept = group.strip("0")
        if len(group) >= 3 and len(kept) >= 2 and kept not in digits:  # noqa: PLR2004
            return True
    return False


def _runaway(source_text: str, translated: str) -> bool:
    if re.search(r"(\w)\1{9}", translated) and not re.search(r"(\w)\1{9}", source_text):
        return True
    said, meant = _words(translated), _words(source_text)
    return any(
        _longest_run(said, size) > max(_longest_run(meant, size), 3 if size <= 2 else 2)  # noqa: PLR2004
        for size in range(1, 9)
    )


def _longest_run(words: list[str], size: int) -> int:
    """How often the same `size` words follow each other without a break."""
    longest = same = 0
    for here, there in zip(words, words[size:], strict=False):
        same = same + 1 if here == there else 0
        longest = max(longest, same)
    return longest // size + 1 if words else 0
