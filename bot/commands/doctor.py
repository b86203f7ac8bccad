"""doctor: is everything there that the bot needs? A table with ticks, and what to mend."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import httpx
from rich.console import Console
from rich.progress import track
from rich.table import Table

from bot import config, keys
from bot.app import Parts, application, clock_of
from bot.config import ConfigError
from bot.core.ledger import DeliveryState
from bot.core.news_entry import FeedRead, FeedUnchanged
from bot.core.sources import Source, Visits
from bot.schedule import FeedReader
from bot.settings import Settings, SettingsError, share_network
from handlers import application as telegram
from storage import address, schema
from storage.schema import UnreachableError
from storage.store import Database, StoreError

SQLITE_PROMISES = {
    "journal_mode": "wal",
    "synchronous": "2",
    "foreign_keys": "1",
    "quick_check": "ok",
}


@dataclass(frozen=True, slots=True)
class Finding:
    what: str
    fine: bool
    told: str


Check = Callable[[Settings], Awaitable[str]]


class NotFineError(Exception):
    """The sentence says what to mend."""


async def examine(settings: Settings, console: Console) -> bool:
    """True where all is well."""
    share_network(settings)
    checks: list[tuple[str, Check]] = [
        ("configuration", _configuration),
        ("encryption keys", _keys),
        ("database", _database),
        ("Telegram", _telegram),
    ]
    checks += [(f"source {source.id}", _source(source)) for source in _sources(settings)]
    findings = [
        await _finding(name, check, settings)
        for name, check in track(checks, "Looking …", console=console, transient=True)
    ]
    table = Table("", "what", "", box=None)
    for finding in findings:
        mark = "[green]✓[/green]" if finding.fine else "[red]✗[/red]"
        table.add_row(mark, finding.what, finding.told)
    console.print(table)
    return all(finding.fine for finding in findings)


async def _finding(what: str, check: Check, settings: Settings) -> Finding:
    try:
        return Finding(what, fine=True, told=await check(settings))
    except (NotFineError, SettingsError, ConfigError, UnreachableError) as wrong:
        return Finding(what, fine=False, told=str(wrong))
    except (StoreError, OSError) as wrong:
        return Finding(what, fine=False, told=type(wrong).__name__)


async def _configuration(settings: Settings) -> str:
    found = config.load(settings.config_folders)
    names = f"{found.partnership.home.id} and {found.partnership.partner.id}"
    engines = ", ".join(engine.name for engine in found.engines if engine.kind != "none")
    return (
        f"{names}, {len(found.partnership.topics)} topics, {len(found.sources)} sources, "
        f"translation: {engines or 'by people only'}"
    )


async def _keys(settings: Settings) -> str:
    seal = keys.seal_of(settings)
    sealed = seal.seal("doctor", table="doctor", column="check", row=1)
    if seal.open(sealed, table="doctor", column="check", row=1) != "doctor":
        raise NotFineError("what is sealed does not open")
    return "seal and open"


async def _database(settings: Settings) -> str:
    url = settings.database_url.get_secret_value()
    file = address.file_of(url)
    if file is not None and not file.is_file():
        raise NotFineError(f"{file} is not there yet: python -m bot migrate")
    found = await schema.version(url)
    if found != schema.newest():
        raise NotFineError(f"has version {found}, needs {schema.newest()}: python -m bot migrate")
    async with Database(url, keys.seal_of(settings)) as database:
        told = await database.settings()
        wrong = {n: told[n] for n, right in SQLITE_PROMISES.items() if told.get(n, right) != right}
        if wrong:
            raise NotFineError(f"wrong settings: {wrong}")
        async with database.reading() as records:
            ledger = await records.ledger()
        told["deliveries in doubt"] = str(
            sum(n for (_, state), n in ledger.items() if state == DeliveryState.UNKNOWN)
        )
    return f"version {found}, " + ", ".join(f"{name} {value}" for name, value in told.items())


async def _telegram(settings: Settings) -> str:
    if settings.bot_token is None:
        raise NotFineError("BOT_TOKEN is not set; without it `make run` starts the sandbox")
    url = settings.database_url.get_secret_value()
    async with Database(url, keys.seal_of(settings)) as database:
        loaded = config.load(settings.config_folders)
        name = await telegram.username(
            application(Parts(settings, loaded, database, clock_of(settings)))
        )
    if name is None:
        raise NotFineError("no answer; is the token right, is the network there?")
    return f"reachable as @{name}"


def _sources(settings: Settings) -> tuple[Source, ...]:
    try:
        return config.load(settings.config_folders).sources
    except ConfigError:
        return ()


def _source(source: Source) -> Check:
    async def check(settings: Settings) -> str:
        async with httpx.AsyncClient(timeout=10) as client:
            reader = FeedReader(client, clock_of(settings))
            answer = await reader.read(source, Visits(source.id, source.url, source.url))
        match answer:
            case FeedRead(entries=entries):
                return f"{len(entries)} items"
            case FeedUnchanged():
                return "unchanged"
            case _:
                raise NotFineError(str(getattr(answer, "problem", type(answer).__name__)))

    return check
