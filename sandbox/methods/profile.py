"""What a bot tells about itself: name, descriptions, commands, menu button."""

import re
from collections.abc import Callable

from sandbox.asking import Asked, Method
from sandbox.bots import FIRST_NAME, Bot
from sandbox.errors import ApiError, bad_request
from sandbox.wire import Json, encode

_LANGUAGE = re.compile(r"(?:[a-z]{2,3})?")
_COMMAND = re.compile(r"[a-z0-9_]+")
_MOST_COMMANDS = 100
_LONGEST_COMMAND, _LONGEST_EXPLANATION = 32, 256
_LONGEST_NAME, _LONGEST_DESCRIPTION, _LONGEST_SHORT = 64, 512, 120
_SCOPES = {
    "default": (),
    "all_private_chats": (),
    "all_group_chats": (),
    "all_chat_administrators": (),
    "chat": ("chat_id",),
    "chat_administrators": ("chat_id",),
    "chat_member": ("chat_id", "user_id"),
}


def get_me(asked: Asked) -> Json:
    return asked.bot.as_user() | {
        "can_join_groups": True,
        "can_read_all_group_messages": False,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }


def leave_server(asked: Asked) -> bool:
    asked.bot.polling.end(ApiError(401, "Logged out"))
    return True


def set_commands(asked: Asked) -> bool:
    commands = _commands(asked)
    asked.bot.profile.commands[_place(asked)] = commands
    asked.bot.tell("profile")
    return True


def get_commands(asked: Asked) -> list[Json]:
    return asked.bot.profile.commands.get(_place(asked), [])


def delete_commands(asked: Asked) -> bool:
    asked.bot.profile.commands.pop(_place(asked), None)
    asked.bot.tell("profile")
    return True


def set_menu_button(asked: Asked) -> bool:
    button = asked.json("menu_button") or {"type": "default"}
    if not isinstance(button, dict) or "type" not in button:
        raise bad_request("Can't parse menu button: MenuButton must be an Object")
    asked.bot.profile.menu_buttons[asked.text("chat_id")] = button
    asked.bot.tell("profile")
    return True


def get_menu_button(asked: Asked) -> Json:
    buttons = asked.bot.profile.menu_buttons
    return buttons.get(asked.text("chat_id")) or buttons.get("") or {"type": "commands"}


def _commands(asked: Asked) -> list[Json]:
    given = asked.json("commands")
    if given is None:
        raise bad_request("Can't parse commands JSON object")
    if not isinstance(given, list):
        raise bad_request("Expected an Array of BotCommand")
    if len(given) > _MOST_COMMANDS:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    return [_command(command) for command in given]


def _command(given: object) -> Json:
    if not isinstance(given, dict):
        raise bad_request("Can't parse BotCommand: Object expected")
    name = str(given.get("command", "")).strip().removeprefix("/")
    text = str(given.get("description", "")).strip()
    if not name:
        raise bad_request("Command must be non-empty")
    if len(name) > _LONGEST_COMMAND:
        raise bad_request(f"Command length must not exceed {_LONGEST_COMMAND}")
    if not text:
        raise bad_request("Command description must be non-empty")
    if len(text) > _LONGEST_EXPLANATION:
        raise bad_request(f"Command description length must not exceed {_LONGEST_EXPLANATION}")
    if not _COMMAND.fullmatch(name):
        raise bad_request("BOT_COMMAND_INVALID")
    return {"command": name, "description": text}


def _place(asked: Asked) -> tuple[str, str]:
    """(scope as JSON, language code)."""
    scope = asked.json("scope") or {"type": "default"}
    if not isinstance(scope, dict):
        raise bad_request("Can't parse BotCommandScope: BotCommandScope must be an Object")
    kind = scope.get("type")
    if kind not in _SCOPES:
        raise bad_request("Can't parse BotCommandScope: unsupported type specified")
    missing = [name for name in _SCOPES[kind] if not scope.get(name)]
    if missing:
        raise bad_request(f"Can't parse BotCommandScope: Can't find field \"{missing[0]}\"")
    named = {name: int(scope[name]) for name in _SCOPES[kind]}
    return encode({"type": kind, **named}), _language(asked)


def _language(asked: Asked) -> str:
    code = asked.text("language_code")
    if not _LANGUAGE.fullmatch(code):
        raise bad_request("Invalid language code specified")
    return code


def _by_language(
    field: str, longest: int, of: Callable[[Bot], dict[str, str]], default: str = ""
) -> dict[str, Method]:
    """The pair set…, get… of a text that is kept by language."""

    def set_text(asked: Asked) -> bool:
        text, code = asked.text(field).strip(), _language(asked)
        if len(text) > longest:
            raise bad_request(f"{field.replace('_', ' ').capitalize()} is too long")
        if text:
            of(asked.bot)[code] = text
        else:
            of(asked.bot).pop(code, None)
        asked.bot.tell("profile")
        return True

    def get_text(asked: Asked) -> Json:
        texts = of(asked.bot)
        return {field: texts.get(_language(asked)) or texts.get("") or default}

    name = "".join(part.capitalize() for part in field.split("_"))
    return {f"setMy{name}": set_text, f"getMy{name}": get_text}


METHODS: dict[str, Method] = {
    "getMe": get_me,
    "logOut": leave_server,
    "close": leave_server,
    "setMyCommands": set_commands,
    "getMyCommands": get_commands,
    "deleteMyCommands": delete_commands,
    "setChatMenuButton": set_menu_button,
    "getChatMenuButton": get_menu_button,
    **_by_language("name", _LONGEST_NAME, lambda bot: bot.profile.names, FIRST_NAME),
    **_by_language("description", _LONGEST_DESCRIPTION, lambda bot: bot.profile.descriptions),
    **_by_language("short_description", _LONGEST_SHORT, lambda bot: bot.profile.short_descriptions),
}
