"""HTML parse mode: what becomes of it and what Telegram says of mistakes, word for word."""

import pytest

from sandbox.errors import ApiError
from sandbox.html import parse_html
from sandbox.rendering import as_html
from tests.people import Desk
from tests.sandbox.conftest import Api

CANNOT_PARSE = "can't parse entities: "
COMPLAINTS = [
    ("<b>x", 'Can\'t find end tag corresponding to start tag "b"'),
    ("<p>x</p>", 'Unsupported start tag "p" at byte offset 0'),
    ("a < b", 'Unsupported start tag "" at byte offset 2'),
    ("Міст <b", "Unclosed start tag at byte offset 9"),
    ('<a href="x', "Unclosed start tag at byte offset 0"),
    ("<a href=", 'Unclosed start tag "a" at byte offset 0'),
    ("x</b>", "Unexpected end tag at byte offset 1"),
    ("<b>x</i>", 'Unmatched end tag at byte offset 4, expected "</b>", found "</i>"'),
    ("<b>x</b", "Unclosed end tag at byte offset 4"),
    ("<a href=a_b>x</a>", "Unexpected end of name token at byte offset 8"),
    ("<span>x</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
    ('<i ="1">x</i>', 'Empty attribute name in the tag "i" at byte offset 0'),
    (
        "<i x>y</i>",
        'Expected equal sign in declaration of an attribute of the tag "i" at byte offset 0',
    ),
]


@pytest.mark.parametrize(("html", "complaint"), COMPLAINTS)
def test_mistakes_are_named_with_their_place_in_bytes(html: str, complaint: str) -> None:
    with pytest.raises(ApiError) as refusal:
        parse_html(html)

    assert refusal.value.description == f"Bad Request: can't parse entities: {complaint}"


SIMPLE = {"b": "bold", "strong": "bold", "i": "italic", "em": "italic", "u": "underline",
          "ins": "underline", "s": "strikethrough", "strike": "strikethrough",
          "del": "strikethrough", "tg-spoiler": "spoiler", "code": "code", "pre": "pre",
          "blockquote": "blockquote"}  # fmt: skip


@pytest.mark.parametrize(("tag", "kind"), SIMPLE.items())
def test_a_simple_tag_becomes_an_entity(tag: str, kind: str) -> None:
    text, entities = parse_html(f"🌉 <{tag}>міст</{tag}>")

    assert text == "🌉 міст"
    assert entities == [{"type": kind, "offset": 3, "length": 4}]


@pytest.mark.parametrize(
    ("html", "text", "entities"),
    [
        ("&lt;&gt;&amp;&quot;&laquo;", '<>&"&laquo;', []),
        ("&#1028;&#x404;&lt", "ЄЄ<", []),
        ("&#12345678;", "&#12345678;", []),
        ("<b></b>x", "x", []),
        ("<a> </a>", " ", []),
        ('<a href="javascript:x">y</a>', "y", []),
        (
            "<a href=stadt.example>x</a>",
            "x",
            [{"type": "text_link", "url": "http://stadt.example/", "offset": 0, "length": 1}],
        ),
        (
            '<a href="https://a.example/?b=1&amp;c=2">x</a>',
            "x",
            [{"type": "text_link", "url": "https://a.example/?b=1&c=2", "offset": 0, "length": 1}],
        ),
        (
            '<pre><code class="language-sql">x</code></pre>',
            "x",
            [{"type": "pre", "language": "sql", "offset": 0, "length": 1}],
        ),
        (
            "<blockquote expandable>x</blockquote>",
            "x",
            [{"type": "expandable_blockquote", "offset": 0, "length": 1}],
        ),
        (
            '<span class="tg-spoiler">x</span>',
            "x",
            [{"type": "spoiler", "offset": 0, "length": 1}],
        ),
    ],
)
def test_tags_and_characters(html: str, text: str, entities: list[object]) -> None:
    assert parse_html(html) == (text, entities)


async def test_entities_are_told_outer_first_and_found_ones_among_them(
    api: Api, olena: int
) -> None:
    html = "<b>Neu: <i>Lager</i></b> #Ferien /help a@b.example https://dortmund.example/x."

    sent = await api.call("sendMessage", chat_id=olena, text=html, parse_mode="HTML")

    found = [(e["type"], e["offset"], e["length"]) for e in sent["entities"]]
    assert found == [
        ("bold", 0, 10),
        ("italic", 5, 5),
        ("hashtag", 11, 7),
        ("bot_command", 19, 5),
        ("email", 25, 11),
        ("url", 37, 26),
    ]


async def test_given_entities_are_kept(api: Api, olena: int) -> None:
    bold = {"type": "bold", "offset": 0, "length": 2}

    sent = await api.call("sendMessage", chat_id=olena, text="🌉 x", entities=[bold])

    assert sent["entities"] == [bold]


async def test_blanks_around_a_text_are_cut_off(api: Api, olena: int) -> None:
    html = "\n  x <b>y</b> \n"

    sent = await api.call("sendMessage", chat_id=olena, text=html, parse_mode="html")

    assert sent["text"] == "x y"
    assert sent["entities"] == [{"type": "bold", "offset": 2, "length": 1}]


@pytest.mark.parametrize(
    ("mode", "text", "complaint"),
    [
        ("BBCode", "x", "unsupported parse_mode"),
        (
            "MarkdownV2",
            "Hallo.",
            f"{CANNOT_PARSE}Character '.' is reserved and must be escaped with the preceding '\\'",
        ),
        ("MarkdownV2", "a *b", f"{CANNOT_PARSE}Can't find end of Bold entity at byte offset 2"),
        ("MarkdownV2", "[a](b", f"{CANNOT_PARSE}Can't find end of a URL at byte offset 0"),
        (
            "Markdown",
            "a_b",
            f"{CANNOT_PARSE}Can't find end of the entity starting at byte offset 1",
        ),
    ],
)
async def test_other_parse_modes_are_refused(
    api: Api, olena: int, mode: str, text: str, complaint: str
) -> None:
    said = await api.refused("sendMessage", chat_id=olena, text=text, parse_mode=mode)

    assert said == f"Bad Request: {complaint}"


async def test_the_page_is_given_safe_html(api: Api, desk: Desk, olena: int) -> None:
    html = "<b>1 &lt; 2</b>\n<a href='https://a.example/&quot;'>x</a>"
    await api.call("sendMessage", chat_id=olena, text=html, parse_mode="HTML")

    shown = (await desk.olena.last()).html

    link = 'href="https://a.example/&quot;" target="_blank" rel="noopener noreferrer"'
    assert shown == f"<b>1 &lt; 2</b><br><a {link}>x</a>"


def test_overlapping_entities_are_nested_for_the_page() -> None:
    bold = {"type": "bold", "offset": 0, "length": 3}
    italic = {"type": "italic", "offset": 2, "length": 3}

    assert as_html("abcde", [bold, italic]) == "<b>ab<i>c</i></b>de"
