"""What a bot registers about itself, by language and scope."""

import pytest

from tests.people import Desk
from tests.sandbox.conftest import Api

HELP = [{"command": "help", "description": "Hilfe"}]
HELP_UK = [{"command": "help", "description": "Допомога"}]


async def test_command_lists_are_kept_by_scope_and_language(api: Api, desk: Desk) -> None:
    group = {"type": "all_group_chats"}
    one_chat = {"type": "chat", "chat_id": 1001}
    await api.call("setMyCommands", commands=HELP)
    await api.call("setMyCommands", commands=HELP_UK, language_code="uk")
    await api.call("setMyCommands", commands=[], scope=group)
    await api.call("setMyCommands", commands=HELP, scope=one_chat)

    assert await api.call("getMyCommands") == HELP
    assert await api.call("getMyCommands", language_code="uk") == HELP_UK
    assert await api.call("getMyCommands", language_code="fr") == []
    registered = (await desk.registered())["commands"]
    assert [entry["scope"] for entry in registered] == [
        {"type": "default"},
        {"type": "default"},
        group,
        one_chat,
    ]


async def test_deleted_commands_are_gone(api: Api) -> None:
    await api.call("setMyCommands", commands=HELP)

    await api.call("deleteMyCommands")

    assert await api.call("getMyCommands") == []


@pytest.mark.parametrize(
    ("params", "complaint"),
    [
        ({"commands": "["}, "can't parse commands JSON object"),
        ({"commands": "{}"}, "expected an Array of BotCommand"),
        ({"commands": [{"command": "Hilfe", "description": "x"}]}, "BOT_COMMAND_INVALID"),
        ({"commands": [{"command": "", "description": "x"}]}, "command must be non-empty"),
        ({"commands": [{"command": "a", "description": ""}]},
         "command description must be non-empty"),
        ({"commands": HELP, "scope": {"type": "moon"}},
         "can't parse BotCommandScope: unsupported type specified"),
        ({"commands": HELP, "scope": {"type": "chat"}},
         "can't parse BotCommandScope: Can't find field \"chat_id\""),
    ],
)  # fmt: skip
async def test_bad_commands_are_refused(
    api: Api, params: dict[str, object], complaint: str
) -> None:
    assert await api.refused("setMyCommands", **params) == f"Bad Request: {complaint}"


@pytest.mark.parametrize("what", ["name", "description", "short_description"])
async def test_texts_about_the_bot_are_kept_by_language(api: Api, desk: Desk, what: str) -> None:
    method = "".join(part.capitalize() for part in what.split("_"))
    await api.call(f"setMy{method}", **{what: "Brücke"})
    await api.call(f"setMy{method}", **{what: "Міст"}, language_code="uk")

    assert await api.call(f"getMy{method}", language_code="uk") == {what: "Міст"}
    assert await api.call(f"getMy{method}", language_code="fr") == {what: "Brücke"}
    assert (await desk.registered())[f"{what}s"] == {"": "Brücke", "uk": "Міст"}


async def test_a_new_name_stands_in_get_me(api: Api) -> None:
    await api.call("setMyName", name="Brücke & Co.")

    assert (await api.call("getMe"))["first_name"] == "Brücke & Co."


async def test_the_menu_button_is_kept_by_chat(api: Api) -> None:
    button = {"type": "commands"}
    await api.call("setChatMenuButton", chat_id=1001, menu_button=button)

    assert await api.call("getChatMenuButton", chat_id=1001) == button


async def test_bots_are_listed_last_seen_first(api: Api, desk: Desk) -> None:
    await api.call("getMe")

    assert (await desk.world.get("bots"))[0]["id"] == desk.id
