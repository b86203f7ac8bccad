"""What the bots registered."""

from sandbox.bots import Bot
from sandbox.control.orders import Handler, Order
from sandbox.methods.updates import webhook_info
from sandbox.wire import Json, decode


def one(order: Order) -> Json:
    return _shown(order.bot())


def all_bots(order: Order) -> list[Json]:
    """Last seen first."""
    seen = [bot for bot in order.world.bots.values() if bot.token]
    seen.sort(key=lambda bot: bot.last_seen, reverse=True)
    return [{**bot.as_user(), "last_seen": bot.last_seen} for bot in seen]


def _shown(bot: Bot) -> Json:
    profile = bot.profile
    return {
        "id": bot.id,
        "first_name": bot.as_user()["first_name"],
        "username": bot.username,
        "names": profile.names,
        "descriptions": profile.descriptions,
        "short_descriptions": profile.short_descriptions,
        "commands": [
            {"scope": decode(scope), "language_code": code, "commands": listed}
            for (scope, code), listed in profile.commands.items()
        ],
        "menu_buttons": profile.menu_buttons,
        "webhook": webhook_info(bot),
        "last_poll_at": bot.polling.last_at,
        "chats": [
            {"id": chat.id, "type": chat.type, "title": chat.title, "status": chat.status,
             "members": chat.members}
            for chat in bot.chats.values()
        ],
    }  # fmt: skip


ROUTES: list[tuple[str, str, Handler]] = [
    ("GET", "bot", one),
    ("GET", "bots", all_bots),
]
