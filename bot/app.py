"""The composition root: the one file that knows every other."""

import asyncio
import signal
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from functools import partial

import httpx
import structlog

from bot import config, http, keys, process
from bot.clock import FileClock, SystemClock
from bot.config import Configuration
from bot.core import courtesy, delivery, leadership, translation
from bot.core.ids import new_reference
from bot.core.leadership import Lease
from bot.core.people import Language
from bot.core.ports import Clock, StoreUnavailableError
from bot.core.sender import IN_FLIGHT, Sender
from bot.presence import Presence
from bot.runner import Runner
from bot.schedule import FeedReader, jobs
from bot.settings import Settings, SettingsError, share_network
from handlers import application as telegram
from handlers import profile
from handlers.context import App, Services
from handlers.messenger import TelegramMessenger
from handlers.receiving import TokenRefusedError
from locales.texts import Texts
from storage import schema
from storage.store import Database

log = structlog.get_logger()

LEADER = "leader"
STANDBY_SECONDS = 2.0
IN_FLIGHT_PAID = 64  # places that 1000 messages a second need at 40 ms each
REFUSED = "BOT_TOKEN: Telegram does not know this token (any more)"


@dataclass(frozen=True, slots=True)
class Parts:
    """What every command needs: settings, configuration, the store."""

    settings: Settings
    configuration: Configuration
    database: Database
    clock: Clock


@asynccontextmanager
async def opened(settings: Settings) -> AsyncIterator[Parts]:
    """With the schema brought up to date. Raises SettingsError or ConfigError."""
    share_network(settings)
    configuration = config.load(settings.config_folders)
    seal = keys.seal_of(settings)
    url = settings.database_url.get_secret_value()
    if await schema.migrate(url):
        log.info("the database is up to date", version=schema.newest())
    async with Database(url, seal) as database:
        yield Parts(settings, configuration, database, clock_of(settings))


async def run(settings: Settings) -> None:
    """Until SIGTERM or Ctrl-C. Raises SettingsError where Telegram refuses the token."""
    courtesy.take_short_turns()
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    async with opened(settings) as parts:
        await serve(parts, stop)


async def serve(parts: Parts, stop: asyncio.Event) -> None:
    """Leads when nobody else does, stands by otherwise; says on /health which, and why."""
    app = application(parts)
    presence = Presence(parts.settings, parts.database, parts.clock, leader=LEADER)
    try:
        with http.listening(parts.settings) as ours:
            async with asyncio.TaskGroup() as group:
                if ours is not None:
                    group.create_task(presence.serve(ours, stop))
                await _lead_or_stand_by(app, parts, presence, stop)
    except BaseExceptionGroup as faults:
        if faults.subgroup(TokenRefusedError):
            raise SettingsError(REFUSED) from None
        raise
    finally:
        await app.bot.shutdown()


async def _lead_or_stand_by(
    app: App, parts: Parts, presence: Presence, stop: asyncio.Event
) -> None:
    owner = process.identity()
    await telegram.connect(app, stop)
    while not stop.is_set():
        lease = await _lease(parts, owner)
        if lease is None:
            log.info("another process leads, standing by")
            presence.stand_by()
            await telegram.pause(stop, STANDBY_SECONDS)
            continue
        await _lead(app, parts, lease, presence, stop)
        with suppress(StoreUnavailableError):  # the lease ends by itself
            await leadership.resign(parts.database, lease, parts.clock)


def application(parts: Parts) -> App:
    """Raises SettingsError where no token is set."""
    settings = parts.settings
    if settings.bot_token is None:
        raise SettingsError("BOT_TOKEN: no token is set")
    return telegram.build(
        settings.bot_token.get_secret_value(),
        str(settings.telegram_api_url).rstrip("/"),
        bulk_rate=settings.bulk_rate,
        paid=settings.paid_broadcast,
        services=partial(services, parts),
    )


def services(parts: Parts) -> Services:
    partnership = parts.configuration.partnership
    return Services(
        store=parts.database,
        clock=parts.clock,
        partnership=partnership,
        texts={
            language: Texts(
                language,
                {
                    "home": partnership.home.forms[language],
                    "partner": partnership.partner.forms[language],
                    "bot": partnership.names[language],
                },
            )
            for language in Language
        },
        owners=parts.settings.owner_ids,
        sources=source_names(parts.configuration),
    )


def sender(app: App, parts: Parts, *, in_flight: int = IN_FLIGHT) -> Sender:
    """What takes the ledger's rows to Telegram."""
    known = app.bot_data
    messenger = TelegramMessenger(
        telegram.calls_of(app), telegram.gateway_of(app), known.texts, known.sources
    )
    return Sender(
        parts.database,
        messenger,
        parts.clock,
        owners=parts.settings.owner_ids,
        in_flight=in_flight,
    )


def source_names(configuration: Configuration) -> Mapping[str, Mapping[str, str]]:
    return {source.id: source.name for source in configuration.sources}


def clock_of(settings: Settings) -> Clock:
    return FileClock(settings.clock_file) if settings.clock_file else SystemClock()


async def _lead(
    app: App, parts: Parts, lease: Lease, presence: Presence, stop: asyncio.Event
) -> None:
    """One term: ends with `stop` or with the lease."""
    abandoned = await delivery.take_over(parts.database, parts.clock)
    log.info("leading", fence=lease.fence, abandoned=abandoned)
    reception = await presence.lead(app)
    ended = asyncio.Event()
    each = list(app.bot_data.texts.values())
    async with asyncio.TaskGroup() as group:
        group.create_task(_keep_lease(parts, lease, stop, ended))
        group.create_task(presence.receive(reception, ended))
        await reception.begun.wait()  # what people wait for begins first
        group.create_task(profile.keep_registered(app.bot, parts.database, each))
        group.create_task(_run_schedule(parts, ended))
        group.create_task(_keep_sending(app, parts, ended))


async def _run_schedule(parts: Parts, ended: asyncio.Event) -> None:
    from bot.outside.translators import build

    configuration = parts.configuration
    await _teach(parts, ended)
    engines = build(configuration.engines)
    async with AsyncExitStack() as stack:
        client = await stack.enter_async_context(httpx.AsyncClient(timeout=10))
        for engine in engines:
            stack.push_async_callback(engine.close)
        periodic = jobs(
            parts.database,
            configuration,
            reader=FeedReader(client, parts.clock),
            engines=engines,
            clock=parts.clock,
        )
        await Runner(periodic).run(ended)


async def _keep_sending(app: App, parts: Parts, ended: asyncio.Event) -> None:
    """A fault must not end it for good; what it had claimed is recovered when the lease is over."""
    places = IN_FLIGHT_PAID if parts.settings.paid_broadcast else IN_FLIGHT
    while not ended.is_set():
        try:
            await sender(app, parts, in_flight=places).run(ended)
        except Exception as error:
            log.exception("sending failed", error_id=new_reference(), error=type(error).__name__)
            await telegram.pause(ended, STANDBY_SECONDS)


async def _teach(parts: Parts, ended: asyncio.Event) -> None:
    """Before the first translation: what people wrote wins over every engine."""
    while not ended.is_set():
        try:
            await translation.teach(parts.database, parts.configuration.memory, parts.clock)
        except StoreUnavailableError:
            await telegram.pause(ended, STANDBY_SECONDS)
        else:
            return


async def _keep_lease(
    parts: Parts, lease: Lease, stop: asyncio.Event, ended: asyncio.Event
) -> None:
    """Ends the term in time: a lease that could not be renewed is as good as lost."""
    until = lease.until
    while not stop.is_set() and parts.clock.now() + leadership.RENEWED_EVERY < until:
        await telegram.pause(stop, leadership.RENEWED_EVERY.total_seconds())
        renewed = await _lease(parts, lease.owner)
        if renewed is not None and renewed.fence != lease.fence:
            break
        until = renewed.until if renewed else until
    if not stop.is_set():
        log.error("the lease was lost")
    ended.set()


async def _lease(parts: Parts, owner: str) -> Lease | None:
    """Taken or renewed; None where somebody else has it or the store does not answer."""
    try:
        return await leadership.lead(
            parts.database, LEADER, owner, clock=parts.clock, is_gone=process.is_gone
        )
    except StoreUnavailableError:
        return None
