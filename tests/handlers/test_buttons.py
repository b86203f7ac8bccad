import re
from dataclasses import fields

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handlers import buttons
from handlers.buttons import LIMIT_BYTES, Button, ChooseLanguage, NewsPage, ToggleTopic
from tests.handlers.examples import HIGHEST_ID

EVERY = [
    kind for kind in vars(buttons).values() if isinstance(kind, type) and kind.__mro__[1] is Button
]
PREFIXES = [button.prefix for button in EVERY]
LONGEST_TOPIC = "t" * 40  # what the configuration allows

numbers = st.integers(-HIGHEST_ID, HIGHEST_ID)
names = st.text("abcdefghijklmnopqrstuvwxyz0123456789_-", max_size=40)
wire_like = st.builds(
    ":".join, st.lists(st.sampled_from([*PREFIXES, "", "1", "-", "zz", "٣", "1_0", " 7", "+1"]))
)


def filled(button: type[Button], number: int, name: str) -> Button:
    return button(*[number if field.type is int else name for field in fields(button)])


@pytest.mark.parametrize("button", EVERY)
@settings(max_examples=20)
@given(number=numbers, name=names)
def test_what_is_sent_is_read_back(button: type[Button], number: int, name: str) -> None:
    sent = filled(button, number, name)

    assert button.read(sent.wire()) == sent


@pytest.mark.parametrize("button", EVERY)
def test_the_longest_form_fits_into_64_bytes(button: type[Button]) -> None:
    assert len(filled(button, -HIGHEST_ID, LONGEST_TOPIC).wire().encode()) <= LIMIT_BYTES


def test_a_longer_form_is_refused_before_telegram_sees_it() -> None:
    with pytest.raises(ValueError, match="64 bytes"):
        ToggleTopic("т" * 30).wire()


def test_a_colon_in_a_field_is_refused_before_it_becomes_another_button() -> None:
    with pytest.raises(ValueError, match="colon"):
        ToggleTopic("a:b").wire()


def test_no_two_buttons_share_a_prefix() -> None:
    assert len(set(PREFIXES)) == len(PREFIXES)


@pytest.mark.parametrize("button", EVERY)
def test_a_button_reaches_only_its_own_handler(button: type[Button]) -> None:
    wire = filled(button, 1, "a").wire()

    assert [other for other in EVERY if re.match(other.pattern(), wire)] == [button]


@pytest.mark.parametrize("button", EVERY)
@settings(max_examples=50)
@given(data=st.text() | wire_like)
def test_what_was_never_sent_is_no_button(button: type[Button], data: str) -> None:
    found = button.read(data)

    assert found is None or found.wire() == data


@pytest.mark.parametrize("data", ["news:zzzzzzzzzzzzzzzzzz", "news:-zzzzzzzzzzzzzzzzzz"])
def test_a_number_no_database_holds_is_no_button(data: str) -> None:
    assert NewsPage.read(data) is None


@pytest.mark.parametrize("data", ["news:", "news:1:2", "news", "news: 1", "news:1_0", "news:٣"])
def test_a_number_written_in_another_way_is_no_button(data: str) -> None:
    assert NewsPage.read(data) is None


@pytest.mark.parametrize("code", ["", "en", "DE", "de ", "__class__"])
def test_a_language_we_do_not_write_is_not_chosen(code: str) -> None:
    assert ChooseLanguage(code).chosen is None
