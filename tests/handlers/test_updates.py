import json

import pytest

from bot.core.inbox import Incoming
from handlers import updates

OLENA = {"id": 1001, "is_bot": False, "first_name": "Olena"}
PRIVATE = {"id": 1001, "type": "private"}
GROUP = {"id": -42, "type": "group"}
MESSAGE = {"message_id": 5, "date": 1_785_000_000, "chat": PRIVATE, "text": "Добрий день"}


def read(update: object) -> Incoming:
    found = updates.read(update)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("happened", "chat", "person"),
    [
        ({"message": MESSAGE | {"from": OLENA}}, 1001, 1001),
        ({"message": MESSAGE | {"from": OLENA, "chat": GROUP}}, -42, 1001),
        ({"edited_message": MESSAGE | {"from": OLENA}}, 1001, 1001),
        ({"channel_post": MESSAGE | {"chat": GROUP}}, -42, None),
        ({"callback_query": {"id": "9", "from": OLENA, "message": MESSAGE}}, 1001, 1001),
        ({"callback_query": {"id": "9", "from": OLENA, "inline_message_id": "x"}}, 0, 1001),
        ({"my_chat_member": {"chat": PRIVATE, "from": OLENA, "date": 1}}, 1001, 1001),
        ({"message_reaction": {"chat": GROUP, "user": OLENA, "date": 1}}, -42, 1001),
        ({"poll": {"id": "17"}}, 0, None),
        ({}, 0, None),
    ],
)
def test_the_inbox_knows_which_chat_and_who(
    happened: dict[str, object], chat: int, person: int | None
) -> None:
    found = read({"update_id": 7, **happened})

    assert (found.update_id, found.chat_id, found.telegram_id) == (7, chat, person)


def test_a_tap_is_known_by_what_answers_it() -> None:
    tap = {"update_id": 7, "callback_query": {"id": "99", "from": OLENA, "message": MESSAGE}}

    assert read(tap).tap == "99"
    assert read({"update_id": 7, "message": MESSAGE}).tap is None


def test_the_update_stays_as_it_came() -> None:
    update = {"update_id": 7, "message": MESSAGE | {"unheard_of": ["\ud800", {"a": 1.5}]}}

    payload = read(update).payload

    assert json.loads(payload) == update
    assert payload.encode()


@pytest.mark.parametrize(
    "odd", [None, [], "x", {}, {"update_id": "7"}, {"update_id": True}, {"update_id": -1},
            {"update_id": 2**63}, {"update_id": 1.0}],
)  # fmt: skip
def test_what_has_no_number_is_no_update(odd: object) -> None:
    assert updates.read(odd) is None


@pytest.mark.parametrize("chat", [None, 5, [], {}, {"id": "5"}, {"id": 2**70}, {"id": True}])
def test_an_odd_chat_is_no_chat(chat: object) -> None:
    assert read({"update_id": 7, "message": {"chat": chat, "from": chat}}).chat_id == 0
