"""Handling: from an update's JSON to the handler that fits."""

import json

from telegram import Update

from bot.core.flood import Floods
from bot.core.inbox import Incoming
from handlers import errors
from handlers.context import App


class Handling:
    """The desk that handlers.lines brings updates to."""

    def __init__(self, app: App, floods: Floods) -> None:
        self._app = app
        self._floods = floods

    async def handle(self, one: Incoming) -> None:
        """Raises what the handler raises."""
        await dispatch(self._app, Update.de_json(json.loads(one.payload), self._app.bot))

    async def apologise(self, one: Incoming, error_id: str) -> None:
        await errors.apologise(self._app, one, error_id)

    def came_to_an_end(self, one: Incoming) -> None:
        if one.telegram_id is not None:
            self._floods.left(one.telegram_id)


async def dispatch(app: App, update: Update) -> None:
    """The first handler that fits, and only that one. Application.process_update would hand its
    fault to an error handler and call the update handled.
    """
    for handlers in app.handlers.values():
        for handler in handlers:
            fits = handler.check_update(update)
            if fits is not None and fits is not False:
                context = app.context_types.context.from_update(update, app)
                await handler.handle_update(update, app, fits, context)
                return
