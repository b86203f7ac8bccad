"""Text with entities → HTML that is safe to show in the page."""

from html import escape

from sandbox.entities import in_order
from sandbox.wire import Json

_TAGS = {
    "bold": "b", "italic": "i", "underline": "u", "strikethrough": "s", "code": "code",
    "blockquote": "blockquote",
}  # fmt: skip
_CLASSES = {
    "spoiler": "tg-spoiler", "mention": "mention", "bot_command": "bot-command",
    "hashtag": "hashtag", "text_mention": "mention", "custom_emoji": "custom-emoji",
    "date_time": "date-time",
}  # fmt: skip
_LINKS = ("http://", "https://", "mailto:", "tg:")


def as_html(text: str, entities: list[Json]) -> str:
    """Line ends become `<br>`; addresses other than web, mail and tg lead nowhere."""
    raw = text.encode("utf-16-le", "surrogatepass")
    html, _ = _between(raw, in_order(entities), 0, len(raw) // 2)
    return html


def _between(raw: bytes, entities: list[Json], start: int, end: int) -> tuple[str, list[Json]]:
    """HTML of the units from start to end, and the entities that begin later."""
    parts: list[str] = []
    while entities and entities[0]["offset"] < end:
        entity, *entities = entities
        begin = max(start, entity["offset"])
        stop = min(end, entity["offset"] + entity["length"])
        if stop <= begin:
            continue
        parts.append(_escaped(raw, start, begin))
        inner, entities = _between(raw, entities, begin, stop)
        opening, closing = _tags(entity, _units(raw, begin, stop))
        parts += [opening, inner, closing]
        start = stop
    return "".join([*parts, _escaped(raw, start, end)]), entities


def _tags(entity: Json, text: str) -> tuple[str, str]:
    match entity["type"]:
        case "text_link" | "url" | "email" as kind:
            address = {"text_link": entity.get("url", ""), "email": f"mailto:{text}"}
            return _anchor(address.get(kind) or text)
        case "pre":
            language = escape(entity.get("language", ""))
            return f'<pre><code class="language-{language}">', "</code></pre>"
        case "expandable_blockquote":
            return '<blockquote class="expandable">', "</blockquote>"
        case kind if kind in _TAGS:
            return f"<{_TAGS[kind]}>", f"</{_TAGS[kind]}>"
        case kind:
            return f'<span class="{_CLASSES.get(kind, "entity")}">', "</span>"


def _anchor(address: str) -> tuple[str, str]:
    if "://" not in address and not address.startswith(_LINKS):
        address = f"http://{address}"
    if not address.lower().startswith(_LINKS):
        return "<a>", "</a>"
    return f'<a href="{escape(address)}" target="_blank" rel="noopener noreferrer">', "</a>"


def _units(raw: bytes, start: int, end: int) -> str:
    return raw[2 * start : 2 * end].decode("utf-16-le", "replace")


def _escaped(raw: bytes, start: int, end: int) -> str:
    return escape(_units(raw, start, end)).replace("\n", "<br>")
