"""HTML fragments from feeds to plain text: paragraphs, no tags, nothing that runs."""

import html
import re
from html.parser import HTMLParser

_BLOCK_NAMES = (
    "address article blockquote br dd div dl dt figcaption figure footer form h1 h2 h3 h4 h5 h6 "
    "header hr li main ol p pre section table td th tr ul"
)
_BLOCKS = frozenset(_BLOCK_NAMES.split())
_SILENT = frozenset(("script", "style", "iframe", "template"))
_MARKUP_LEFT = re.compile(
    r"</?[a-z][a-z0-9]*[\s/>]|&(?:#\d+|#x[0-9a-f]+|[a-z]+\d?);", re.IGNORECASE
)
_ESCAPED_AT_MOST = 2


def plain(fragment: str) -> str:
    """One line a block; a fragment that was escaped twice is read twice."""
    text = _stripped(fragment)
    for _ in range(_ESCAPED_AT_MOST - 1):
        if _MARKUP_LEFT.search(text):
            text = _stripped(text)
    return text


def plain_title(title: str) -> str:
    """A title in one line."""
    for _ in range(_ESCAPED_AT_MOST):
        title = html.unescape(title)
    return " ".join(_stripped(title).split())


def _stripped(fragment: str) -> str:
    reader = _TextReader()
    reader.feed(fragment)
    reader.close()
    lines = (" ".join(line.split()) for line in "".join(reader.parts).split("\n"))
    return "\n".join(line for line in lines if line)


class _TextReader(HTMLParser):
    """Keeps no stack, so that nesting of any depth is read in one pass."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._silent: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        del attrs
        if self._silent is None and tag in _SILENT:
            self._silent = tag
        elif tag in _BLOCKS:
            self.parts.append("\n")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        del attrs
        if tag in _BLOCKS:
            self.parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag == self._silent:
            self._silent = None
        elif tag in _BLOCKS:
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        if self._silent is None:
            self.parts.append(data.replace("\n", " "))
