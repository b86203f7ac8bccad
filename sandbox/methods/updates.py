"""How updates reach the bot: polling or webhook."""

from sandbox.asking import Asked, Method
from sandbox.bots import Bot
from sandbox.errors import ApiError
from sandbox.wire import Encoded, Json

_WEBHOOK_ACTIVE = (
    "Conflict: can't use getUpdates method while webhook is active; "
    "use deleteWebhook to delete the webhook first"
)
_TERMINATED = "Conflict: terminated by setWebhook request"


async def get_updates(asked: Asked) -> Encoded:
    bot = asked.bot
    if bot.webhook.url:
        raise ApiError(409, _WEBHOOK_ACTIVE)
    _allow(asked)
    offset, limit = asked.number("offset"), asked.number("limit", 100)
    return await bot.polling.get(offset, limit, asked.number("timeout"))


def set_webhook(asked: Asked) -> bool:
    if not asked.text("url"):
        return delete_webhook(asked)
    bot = asked.bot
    connections = asked.number("max_connections", 40)
    bot.webhook.set(asked.text("url"), asked.text("secret_token"), connections)
    _allow(asked)
    if asked.flag("drop_pending_updates"):
        bot.updates.clear()
    bot.polling.end(ApiError(409, _TERMINATED))
    bot.tell("profile")
    bot.updates.bell.ring()
    asked.deliver(bot)
    return True


def delete_webhook(asked: Asked) -> bool:
    bot = asked.bot
    if asked.flag("drop_pending_updates"):
        bot.updates.clear()
    bot.webhook.url = ""
    bot.updates.bell.ring()
    bot.tell("profile")
    return True


def get_webhook_info(asked: Asked) -> Json:
    return webhook_info(asked.bot)


def webhook_info(bot: Bot) -> Json:
    hook = bot.webhook
    info: Json = {
        "url": hook.url,
        "has_custom_certificate": False,
        "pending_update_count": len(bot.updates),
    }
    if hook.url:
        info |= {"max_connections": hook.max_connections, "ip_address": "127.0.0.1"}
    if hook.last_error_date:
        info |= {
            "last_error_date": hook.last_error_date,
            "last_error_message": hook.last_error_message,
        }
    if bot.updates.allowed:
        info["allowed_updates"] = bot.updates.allowed
    return info


def _allow(asked: Asked) -> None:
    wanted = asked.json("allowed_updates")
    if isinstance(wanted, list):
        asked.bot.updates.allowed = [str(kind) for kind in wanted]


METHODS: dict[str, Method] = {
    "getUpdates": get_updates,
    "setWebhook": set_webhook,
    "deleteWebhook": delete_webhook,
    "getWebhookInfo": get_webhook_info,
}
