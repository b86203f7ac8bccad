"""Text with HTML tags → plain text and its entities, with Telegram's own complaints.

Telegram counts the places in its complaints in bytes, those of entities in UTF-16 units.
"""

import re
from dataclasses import dataclass

from sandbox.characters import character_at, utf16_length
from sandbox.errors import bad_request
from sandbox.links import link_entity
from sandbox.wire import Json

_SIMPLE = {
    "b": "bold", "strong": "bold", "i": "italic", "em": "italic", "u": "underline",
    "ins": "underline", "s": "strikethrough", "strike": "strikethrough", "del": "strikethrough",
    "span": "spoiler", "tg-spoiler": "spoiler",
}  # fmt: skip
_TAGS = {*_SIMPLE, "a", "code", "pre", "blockquote", "tg-emoji", "tg-time"}
_ARGUMENTS = {
    ("a", "href"): "", ("code", "class"): "language-", ("span", "class"): "tg-",
    ("tg-emoji", "emoji-id"): "", ("tg-time", "unix"): "",
}  # fmt: skip
_PLAIN = re.compile(r"[^&<]+")
_START_TAG = re.compile(r"<([^\s>]*)")
_SPACE = re.compile(r"\s*")
_ATTRIBUTE = re.compile(r"[^\s=>]*")
_NAME_TOKEN = re.compile(r"[0-9a-zA-Z.-]*")
_END_TAG = re.compile(r"</([^\s>]*)\s*(>?)")


@dataclass(slots=True)
class _Open:
    tag: str
    argument: str
    offset: int  # UTF-16 units
    begin: int  # characters of the result


class _Reader:
    def __init__(self, source: str) -> None:
        self.source = source
        self.at = 0
        self.parts: list[str] = []
        self.length = 0
        self.units = 0
        self.open: list[_Open] = []
        self.entities: list[Json] = []

    def refusal(self, text: str, place: int) -> Exception:
        offset = len(self.source[:place].encode())
        return bad_request(f"Can't parse entities: {text.format(f'at byte offset {offset}')}")

    def add(self, text: str) -> None:
        self.parts.append(text)
        self.length += len(text)
        self.units += utf16_length(text)

    def read(self) -> tuple[str, list[Json]]:
        source = self.source
        while self.at < len(source):
            if plain := _PLAIN.match(source, self.at):
                self.add(plain.group())
                self.at = plain.end()
            elif source[self.at] == "&":
                text, self.at = character_at(source, self.at)
                self.add(text)
            elif source.startswith("</", self.at):
                self.end_tag()
            else:
                self.start_tag()
        if self.open:
            tag = self.open[-1].tag
            raise bad_request(
                f"Can't parse entities: Can't find end tag corresponding to start tag \"{tag}\""
            )
        return "".join(self.parts), self.entities

    def start_tag(self) -> None:
        begin = self.at
        found = _START_TAG.match(self.source, begin)
        if found is None or found.end() == len(self.source):
            raise self.refusal("Unclosed start tag {}", begin)
        tag = found[1].lower()
        if tag not in _TAGS:
            raise self.refusal(f'Unsupported start tag "{_literal(tag)}" {{}}', begin)
        self.at = found.end()
        argument = self.attributes(tag, begin)
        if tag == "span" and argument != "spoiler":
            raise self.refusal('Tag "span" must have class "tg-spoiler" {}', begin)
        self.open.append(_Open(tag, argument, self.units, self.length))

    def attributes(self, tag: str, begin: int) -> str:
        """The one attribute that matters to the tag; leaves `at` behind the `>`."""
        argument = ""
        while True:
            self.skip_space()
            if self.source.startswith(">", self.at):
                self.at += 1
                return argument
            name, value = self.attribute(tag, begin)
            if tag == "blockquote" and name == "expandable":
                argument = "1"
            prefix = _ARGUMENTS.get((tag, name))
            if prefix is not None and value.startswith(prefix):
                argument = value.removeprefix(prefix)

    def attribute(self, tag: str, begin: int) -> tuple[str, str]:
        source = self.source
        found = _ATTRIBUTE.match(source, self.at)
        name = found.group() if found else ""
        if not name:
            if self.at >= len(source):
                raise self.refusal(f'Unclosed start tag "{tag}" {{}}', begin)
            raise self.refusal(f'Empty attribute name in the tag "{tag}" {{}}', begin)
        self.at += len(name)
        self.skip_space()
        if not source.startswith("=", self.at):
            if tag == "blockquote" and name == "expandable":
                return name, ""
            raise self.refusal(
                f'Expected equal sign in declaration of an attribute of the tag "{tag}" {{}}', begin
            )
        self.at += 1
        self.skip_space()
        if self.at >= len(source):
            raise self.refusal(f'Unclosed start tag "{tag}" {{}}', begin)
        value = self.quoted() if source[self.at] in "'\"" else self.name_token()
        if self.at >= len(source):
            raise self.refusal("Unclosed start tag {}", begin)
        return name, value

    def name_token(self) -> str:
        found = _NAME_TOKEN.match(self.source, self.at)
        value = found.group() if found else ""
        after = self.source[self.at + len(value) : self.at + len(value) + 1]
        if after and after != ">" and not after.isspace():
            raise self.refusal("Unexpected end of name token {}", self.at)
        self.at += len(value)
        return value.lower()

    def quoted(self) -> str:
        source, end = self.source, self.source[self.at]
        self.at += 1
        value: list[str] = []
        while self.at < len(source) and source[self.at] != end:
            if source[self.at] == "&":
                text, self.at = character_at(source, self.at)
            else:
                text, self.at = source[self.at], self.at + 1
            value.append(text)
        self.at += 1
        return "".join(value)

    def end_tag(self) -> None:
        begin = self.at
        if not self.open:
            raise self.refusal("Unexpected end tag {}", begin)
        found = _END_TAG.match(self.source, begin)
        if found is None or not found[2]:
            raise self.refusal("Unclosed end tag {}", begin)
        opened = self.open[-1]
        if found[1] and found[1].lower() != opened.tag:
            raise self.refusal(
                f'Unmatched end tag {{}}, expected "</{opened.tag}>", '
                f'found "</{_literal(found[1])}>"',
                begin,
            )
        self.at = found.end()
        self.open.pop()
        if self.units > opened.offset:
            self.close(opened)

    def close(self, opened: _Open) -> None:
        place = {"offset": opened.offset, "length": self.units - opened.offset}
        match opened.tag:
            case "a":
                text = "".join(self.parts)[opened.begin :]
                entity = link_entity(opened.argument or text)
            case "pre" | "code":
                self.close_code(opened, place)
                return
            case "blockquote":
                kind = "expandable_blockquote" if opened.argument else "blockquote"
                entity = {"type": kind}
            case "tg-emoji":
                entity = {"type": "custom_emoji", "custom_emoji_id": opened.argument}
            case "tg-time":
                entity = {"type": "date_time", "unix_time": _digits(opened.argument)}
            case tag:
                entity = {"type": _SIMPLE[tag]}
        if entity:
            self.entities.append({**entity, **place})

    def close_code(self, opened: _Open, place: Json) -> None:
        """`<pre><code class="language-x">`, in either order, is one block with a language."""
        last = self.entities[-1] if self.entities else {}
        both = place.items() <= last.items() and {opened.tag, last["type"]} == {"pre", "code"}
        language = opened.argument or last.get("language", "")
        if both and language:
            last |= {"type": "pre", "language": language}
            return
        entity = {"type": opened.tag, **place}
        self.entities.append(entity | ({"language": language} if opened.argument else {}))

    def skip_space(self) -> None:
        if found := _SPACE.match(self.source, self.at):
            self.at = found.end()


def parse_html(source: str) -> tuple[str, list[Json]]:
    if "<" not in source and "&" not in source:
        return source, []
    text, entities = _Reader(source).read()
    for entity in entities:
        if entity["type"] == "code":
            entity.pop("language", None)
    return text, entities


def _literal(text: str) -> str:
    return text.replace("{", "{{").replace("}", "}}")


def _digits(text: str) -> int:
    return int(text) if text.isdecimal() else 0
