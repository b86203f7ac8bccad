"""Answers to taps."""

from sandbox.asking import Asked, Method
from sandbox.errors import bad_request

_LONGEST = 200


def answer_callback_query(asked: Asked) -> bool:
    text = asked.text("text")
    if len(text) > _LONGEST:
        raise bad_request("MESSAGE_TOO_LONG")
    alert = asked.flag("show_alert")
    answer = {"text": text, "show_alert": alert, "url": asked.text("url")}
    callback = asked.bot.callbacks.answer(asked.text("callback_query_id"), answer)
    told = {"callback_query_id": callback.id, "chat_id": callback.chat_id, **answer}
    asked.bot.tell("callback_answer", **told)
    return True


METHODS: dict[str, Method] = {"answerCallbackQuery": answer_callback_query}
