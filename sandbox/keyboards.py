"""Reply markups: read, checked, and as they stand in a message."""

from sandbox.errors import bad_request
from sandbox.links import checked_link
from sandbox.wire import Json, decode

_MOST_BUTTONS = 100
_MOST_BYTES = 64
_LONGEST_COPY = 256
_ACTIONS = (
    "callback_data", "url", "web_app", "login_url", "switch_inline_query", "copy_text",
    "switch_inline_query_current_chat", "switch_inline_query_chosen_chat", "pay", "callback_game",
    "disabled",
)  # fmt: skip
_REPLY_OPTIONS = (
    "resize_keyboard", "one_time_keyboard", "is_persistent", "selective",
    "input_field_placeholder",
)  # fmt: skip


def read_markup(raw: object, *, inline_only: bool = False) -> Json | None:
    """None when there is none, also for an inline keyboard without buttons."""
    if raw in (None, ""):
        return None
    markup = _parsed(raw)
    if not isinstance(markup, dict):
        raise bad_request("Object expected as reply markup")
    if "inline_keyboard" in markup:
        rows = _rows(markup["inline_keyboard"], "inline_keyboard")
        keyboard = [[_inline_button(button) for button in row] for row in rows]
        keyboard = [row for row in keyboard if row]
        _check_size(keyboard)
        return {"inline_keyboard": keyboard} if keyboard else None
    if inline_only:
        raise bad_request("Inline keyboard expected")
    return _reply_markup(markup)


def is_inline(markup: Json | None) -> bool:
    return markup is not None and "inline_keyboard" in markup


def _parsed(raw: object) -> object:
    if not isinstance(raw, str):
        return raw
    try:
        return decode(raw)
    except ValueError:
        raise bad_request("Can't parse reply keyboard markup JSON object") from None


def _reply_markup(markup: Json) -> Json | None:
    if "keyboard" in markup:
        rows = _rows(markup["keyboard"], "keyboard")
        keyboard = [[_reply_button(button) for button in row] for row in rows]
        _check_size(keyboard)
        options = {name: markup[name] for name in _REPLY_OPTIONS if name in markup}
        return {"keyboard": keyboard, **options} if any(keyboard) else None
    for kind in ("remove_keyboard", "force_reply"):
        if markup.get(kind):
            options = {name: markup[name] for name in _REPLY_OPTIONS if name in markup}
            return {kind: True, **options}
    return None


def _rows(rows: object, field: str) -> list[list[object]]:
    if not isinstance(rows, list):
        raise bad_request(f'Field "{field}" of the ReplyMarkup must be an Array')
    for row in rows:
        if not isinstance(row, list):
            raise bad_request(f'Field "{field}" of the ReplyMarkup must be an Array of Arrays')
    return rows


def _check_size(keyboard: list[list[Json]]) -> None:
    if sum(len(row) for row in keyboard) > _MOST_BUTTONS:
        raise bad_request("Reply markup is too long")


def _inline_button(button: object) -> Json:
    if not isinstance(button, dict):
        raise bad_request(
            "Can't parse inline keyboard button: InlineKeyboardButton must be an Object"
        )
    if not button.get("text"):
        raise bad_request("Can't parse inline keyboard button: Can't find field \"text\"")
    action = next((name for name in _ACTIONS if name in button), None)
    if action is None:
        raise bad_request("Text buttons are unallowed in the inline keyboard")
    _check_action(action, button[action])
    return {
        name: button[name]
        for name in ("text", action, "style", "icon_custom_emoji_id")
        if name in button
    }


def _check_action(action: str, value: object) -> None:
    if action == "callback_data":
        data = str(value).encode("utf-8", "surrogatepass")
        if not 1 <= len(data) <= _MOST_BYTES:
            raise bad_request("BUTTON_DATA_INVALID")
    if action == "url" and not checked_link(str(value)):
        raise bad_request(f"Inline keyboard button URL '{value}' is invalid: Wrong HTTP URL")
    if action == "copy_text" and isinstance(value, dict):
        text = str(value.get("text", ""))
        if not 1 <= len(text) <= _LONGEST_COPY:
            raise bad_request("BUTTON_COPY_TEXT_INVALID")


def _reply_button(button: object) -> Json:
    if isinstance(button, str):
        button = {"text": button}
    if not isinstance(button, dict):
        raise bad_request(
            "Can't parse keyboard button: KeyboardButton must be a String or an Object"
        )
    if not button.get("text"):
        raise bad_request("Can't parse keyboard button: Can't find field \"text\"")
    return button
