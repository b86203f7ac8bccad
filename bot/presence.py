"""Presence: how this process stands towards Telegram and whoever asks: receiving, /health."""

import asyncio
import socket
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Protocol

from bot import http, process
from bot.core import health
from bot.core.health import HealthRecords, Report, Role, Standing
from bot.core.leadership import LeaseRecords
from bot.core.ports import Clock, Store, StoreUnavailableError
from bot.settings import Settings
from handlers import application as telegram
from handlers.context import App
from handlers.intake import Intake
from handlers.reception import Reception
from handlers.registration import Registration

if TYPE_CHECKING:
    from starlette.routing import Route


class PresenceRecords(HealthRecords, LeaseRecords, Protocol):
    """What is looked up to say how things stand."""


class Presence:
    def __init__(
        self, settings: Settings, store: Store[PresenceRecords], clock: Clock, *, leader: str
    ) -> None:
        """`leader` names the lease."""
        self._store = store
        self._clock = clock
        self._leader = leader
        self._token = settings.bot_token.get_secret_value() if settings.bot_token else ""
        self._webhook = settings.webhook_url
        self._role = Role.STARTING
        self._reception: Reception | None = None
        self._registration: Registration | None = None
        self._settled = asyncio.Event()  # whoever posts to us gets an answer that lasts

    async def serve(self, ours: socket.socket, stop: asyncio.Event) -> None:
        """/health and the webhook, whether we lead or not."""
        await http.serve(ours, self._look, self._routes, settled=self._settled, stop=stop)

    def stand_by(self) -> None:
        self._role, self._reception, self._registration = Role.STANDBY, None, None
        self._settled.set()

    async def lead(self, app: App) -> Reception:
        """As the leader we receive, by polling or by webhook; `receive` does it."""
        if self._webhook is None:
            await telegram.begin_polling(app)
        else:
            self._registration = Registration(app, str(self._webhook), self._token)
        self._role = Role.LEADING
        self._reception = Reception(app, None if self._registration else telegram.calls_of(app))
        return self._reception

    async def receive(self, reception: Reception, ended: asyncio.Event) -> None:
        """One term."""
        async with asyncio.TaskGroup() as group:
            group.create_task(reception.run(ended))
            # Only when the doors are open: whom we turn away stays away for seconds.
            await reception.begun.wait()
            self._settled.set()
            if self._registration is not None:
                await self._registration.keep(ended)

    def _intake(self) -> Intake | None:
        """The leader's."""
        return self._reception.intake if self._reception else None

    def _routes(self) -> Sequence["Route"]:
        if self._webhook is None:
            return ()
        from handlers.webhook import route

        return (route(self._webhook.path or "/", self._token, self._intake),)

    async def _look(self) -> Report:
        receiving = self._reception.facts if self._reception else None
        if receiving and self._registration:
            receiving = replace(receiving, webhook_trouble=self._registration.trouble)
        why = await self._who_leads() if self._role is Role.STANDBY else None
        return await health.examine(self._store, Standing(self._role, why, receiving), self._clock)

    async def _who_leads(self) -> str:
        try:
            async with self._store.reading() as records:
                lease = await records.lease(self._leader)
        except StoreUnavailableError:
            lease = None
        return f"another process leads: {process.told(lease.owner)}" if lease else "nobody leads"
