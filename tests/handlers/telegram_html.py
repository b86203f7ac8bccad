"""Telegram's view of a text: HTML that it would take, and what remains of it after parsing."""

import html
from html.parser import HTMLParser

from bot.core.text import utf16_length

TAGS = {"b", "i", "u", "s", "a", "code", "pre", "blockquote"}
ENTITIES = {"lt", "gt", "amp", "quot"}


class Parsed(HTMLParser):
    """Fails on anything Telegram would refuse or guess at."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=False)
        self.links: list[str] = []
        self.tags: list[str] = []
        self._open: list[str] = []
        self._parts: list[str] = []
        self.feed(text)
        self.close()
        assert not self._open, f"never closed: {self._open}"

    @property
    def text(self) -> str:
        return "".join(self._parts)

    @property
    def units(self) -> int:
        return utf16_length(self.text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in TAGS, tag
        self._open.append(tag)
        self.tags.append(tag)
        self.links += [value or "" for name, value in attrs if name == "href"]

    def handle_endtag(self, tag: str) -> None:
        assert self._open, f"closed but never opened: {tag}"
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        assert "<" not in data, data
        assert "&" not in data, data
        self._parts.append(data)

    def handle_entityref(self, name: str) -> None:
        assert name in ENTITIES, name
        self._parts.append(html.unescape(f"&{name};"))

    def handle_charref(self, name: str) -> None:
        self._parts.append(html.unescape(f"&#{name};"))

    def handle_comment(self, data: str) -> None:
        raise AssertionError(f"a comment: {data}")

    def handle_decl(self, decl: str) -> None:
        raise AssertionError(f"a declaration: {decl}")

    def handle_pi(self, data: str) -> None:
        raise AssertionError(f"an instruction: {data}")

    def unknown_decl(self, data: str) -> None:
        raise AssertionError(f"a declaration: {data}")
