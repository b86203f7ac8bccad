"""Texts and captions as a bot sends them: parse mode or given entities, checked and completed."""

import re

from sandbox.asking import Asked
from sandbox.characters import utf16_length
from sandbox.entities import found_in, trimmed
from sandbox.errors import bad_request
from sandbox.html import parse_html
from sandbox.wire import Json

_MOST_BYTES = 32768
_MOST_ENTITIES = 100
_LONGEST_TEXT = 4096
_LONGEST_CAPTION = 1024
_RESERVED = re.compile(r"(?s)\\(.)|([_*\[~`])|([\]()>#+\-=|{}.!])")
_BEGINNINGS = {"_": "Italic entity", "*": "Bold entity", "[": "a URL", "~": "Strikethrough entity",
               "`": "Code entity"}  # fmt: skip
_LEGACY = re.compile(r"(?<!\\)[_*`\[]")


def text_of(asked: Asked) -> tuple[str, list[Json]]:
    text, entities = _formatted(asked, asked.text("text"), "entities")
    if not text:
        raise bad_request("Message text is empty")
    if len(text) > _LONGEST_TEXT:
        raise bad_request("Message is too long")
    return text, entities


def caption_of(asked: Asked) -> tuple[str, list[Json]]:
    text, entities = _formatted(asked, asked.text("caption"), "caption_entities")
    if len(text) > _LONGEST_CAPTION:
        raise bad_request("Message caption is too long")
    return text, entities


def _formatted(asked: Asked, raw: str, entities_name: str) -> tuple[str, list[Json]]:
    if len(raw) * 4 > _MOST_BYTES and len(raw.encode("utf-8", "surrogatepass")) > _MOST_BYTES:
        raise bad_request("Text is too long")
    raw = raw.replace("\r", "")
    mode = asked.text("parse_mode").lower()
    if mode in ("", "none"):
        text, entities = raw, _given(asked.json(entities_name), raw)
    else:
        text, entities = _parsed(raw, mode)
    text, entities = trimmed(text, _with_people(asked, entities))
    return text, found_in(text, entities)[:_MOST_ENTITIES]


def _parsed(raw: str, mode: str) -> tuple[str, list[Json]]:
    match mode:
        case "html":
            return parse_html(raw)
        case "markdownv2":
            return _RESERVED.sub(_unescaped, raw), []
        case "markdown":
            if found := _LEGACY.search(raw):
                offset = len(raw[: found.start()].encode())
                raise bad_request(
                    "Can't parse entities: Can't find end of the entity starting "
                    f"at byte offset {offset}"
                )
            return raw, []
        case _:
            raise bad_request("Unsupported parse_mode")


def _unescaped(found: re.Match[str]) -> str:
    """MarkdownV2 is refused rather than formatted: our bots speak HTML."""
    escaped, beginning, reserved = found.groups()
    if escaped:
        return str(escaped)
    if beginning:
        offset = len(found.string[: found.start()].encode())
        raise bad_request(
            f"Can't parse entities: Can't find end of {_BEGINNINGS[beginning]} "
            f"at byte offset {offset}"
        )
    raise bad_request(
        f"Can't parse entities: Character '{reserved}' is reserved and must be escaped "
        "with the preceding '\\'"
    )


def _given(raw: object, text: str) -> list[Json]:
    if raw is None:
        return []
    if not isinstance(raw, list):
        raise bad_request("Can't parse entities: expected an Array of MessageEntity")
    length = utf16_length(text)
    return [entity for entity in raw if _is_entity(entity, length)]


def _is_entity(entity: object, length: int) -> bool:
    if not isinstance(entity, dict) or "type" not in entity:
        raise bad_request("Can't parse entities: MessageEntity must be an Object")
    offset, extent = entity.get("offset"), entity.get("length")
    if not isinstance(offset, int) or not isinstance(extent, int):
        raise bad_request("Can't parse entities: MessageEntity must have offset and length")
    return offset >= 0 and extent > 0 and offset + extent <= length


def _with_people(asked: Asked, entities: list[Json]) -> list[Json]:
    """A mention of someone unknown is plain text."""
    result = []
    for entity in entities:
        if entity["type"] == "text_mention":
            person = asked.world.people.get(entity.get("user", {}).get("id", 0))
            if person is None:
                continue
            entity = {**entity, "user": person.as_user()}  # noqa: PLW2901
        result.append(entity)
    return result
