"""Refusals in Telegram's words."""

from sandbox.wire import Json

_PREFIXES = {
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden",
    500: "Internal Server Error",
}


class ApiError(Exception):
    """An answer with ok = false. `text` without the prefix that the code brings along."""

    def __init__(self, code: int, text: str, parameters: Json | None = None) -> None:
        super().__init__(text)
        self.code = code
        self.description = described(code, text)
        self.parameters = parameters


def described(code: int, text: str) -> str:
    """Telegram's rule: `Bad Request: chat not found`, but `Bad Request: BUTTON_DATA_INVALID`."""
    prefix = _PREFIXES.get(code)
    if prefix is None or text.startswith(prefix):
        return text
    if not text:
        return prefix
    constant = len(text) > 1 and (text[1] == "_" or "A" <= text[1] <= "Z")
    return f"{prefix}: {text if constant else text[0].lower() + text[1:]}"


def bad_request(text: str) -> ApiError:
    return ApiError(400, text)


def forbidden(text: str) -> ApiError:
    return ApiError(403, text)


def too_many_requests(seconds: int) -> ApiError:
    return ApiError(429, f"Too Many Requests: retry after {seconds}", {"retry_after": seconds})


def migrated(chat_id: int) -> ApiError:
    text = "Group chat was upgraded to a supergroup chat"
    return ApiError(400, text, {"migrate_to_chat_id": chat_id})


class ControlError(Exception):
    """A refusal of the control interface: a sentence for the person at the page."""

    def __init__(self, code: int, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code
        self.sentence = sentence
