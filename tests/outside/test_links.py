"""Only addresses that a person can be sent to."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.outside.links import clean_link


@pytest.mark.parametrize(
    ("written", "link"),
    [
        ("/a?x=1&utm_source=rss&y=2#top", "https://example.org/a?x=1&y=2"),
        ("https://other.example/?fbclid=9", "https://other.example/"),
        (" ../b ", "https://example.org/b"),
        ("javascript:alert(1)", None),
        ("tg://resolve?domain=x", None),
        ("https://user:pass@example.org/", None),
        ("https://example.org:port/", None),
        ("https://example.org/\u202egpj.exe", None),
        ("mailto:team@example.org", None),
        ("", None),
        (None, None),
    ],
)
def test_links_are_absolute_and_plain_or_none(written, link):
    assert clean_link(written, "https://example.org/feed/") == link


@given(st.text(max_size=40))
def test_any_text_is_a_web_address_or_none(written):
    link = clean_link(written, "https://example.org/")

    assert link is None or link.startswith(("http://", "https://"))
