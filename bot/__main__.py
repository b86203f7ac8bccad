"""python -m bot: run, sandbox, migrate, doctor, news import, role, inbox."""

import asyncio
import gc
import sys
from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot import __version__, logs
from bot.settings import Settings, SettingsError, load

gc.disable()  # what is imported from here on stays, and looking through it takes a sixth of a start

if TYPE_CHECKING:
    from bot.app import Parts

SANDBOX_PORT = 8090
SANDBOX_PUBLISHES_EVERY = 30  # seconds

TelegramId = Annotated[int, typer.Argument(min=1, max=2**52)]

cli = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Brückenbot: the news of a city partnership, in a Telegram chat.",
)
news_cli = typer.Typer(no_args_is_help=True, help="News items by hand.")
role_cli = typer.Typer(no_args_is_help=True, help="Who may review and release.")
cli.add_typer(news_cli, name="news")
cli.add_typer(role_cli, name="role")
inbox_cli = typer.Typer(help="Updates that could not be handled.")
cli.add_typer(inbox_cli, name="inbox")


def _show_version(wanted: bool) -> None:  # noqa: FBT001 - typer's way
    if wanted:
        typer.echo(f"Brückenbot {__version__}")
        raise typer.Exit


@cli.callback(invoke_without_command=True)
def main(
    _version: Annotated[
        bool | None,
        typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version."),
    ] = None,
) -> None:
    """Show what can be done."""


@cli.command()
def run() -> None:
    """Start the bot; without a token, in the sandbox."""
    settings = _settings()
    if settings.bot_token is None:
        typer.echo("No BOT_TOKEN is set: this is the sandbox, a Telegram to try the bot with.")
        _sandbox(settings, SANDBOX_PORT, SANDBOX_PUBLISHES_EVERY)
        return

    from bot import app, keys

    _do(lambda: app.run(keys.with_key(settings)))


@cli.command()
def sandbox(
    port: Annotated[int, typer.Option(help="Of the page in the browser.")] = SANDBOX_PORT,
    publish_every: Annotated[
        int, typer.Option(help="Seconds between two articles; 0: only by hand.")
    ] = SANDBOX_PUBLISHES_EVERY,
) -> None:
    """Start a Telegram of our own, and the bot in it."""
    _sandbox(_settings(), port, publish_every)


@cli.command()
def migrate() -> None:
    """Bring the database to the newest version."""
    from bot.commands.sandbox import meant
    from bot.keys import with_key
    from storage import schema

    async def work() -> None:
        # The key belongs to the database from the first moment: later none would be made.
        settings = with_key(meant(_settings()))
        done = await schema.migrate(settings.database_url.get_secret_value())
        typer.echo(f"{'Now at' if done else 'Already at'} {schema.newest()}.")

    _do(work)


@cli.command()
def doctor() -> None:
    """Check settings, keys, database, Telegram and sources."""
    from rich.console import Console

    from bot.commands.doctor import examine
    from bot.commands.sandbox import meant
    from bot.keys import with_known_key

    async def work() -> None:
        if not await examine(with_known_key(meant(_settings())), Console()):
            raise typer.Exit(1)

    _do(work)


@news_cli.command("import")
def news_import(
    what: Annotated[
        str, typer.Argument(metavar="FILE|URL", help="A text, a page, or its address.")
    ],
    url: Annotated[str | None, typer.Option(help="The article's address, for a file.")] = None,
    notify: Annotated[bool, typer.Option("--notify", help="Tell followers on release.")] = False,  # noqa: FBT002
    release: Annotated[bool, typer.Option("--release", help="Release it at once.")] = False,  # noqa: FBT002
) -> None:
    """Read one article, store it once, show what was found."""
    from rich.console import Console

    from bot.app import opened
    from bot.commands.news_import import NotImportedError, import_news
    from bot.commands.sandbox import meant
    from bot.keys import with_key

    async def work() -> None:
        try:
            async with opened(with_key(meant(_settings()))) as parts:
                await import_news(
                    parts, what, url=url, notify=notify, release=release, console=Console()
                )
        except NotImportedError as failed:
            _give_up(str(failed))

    _do(work)


@role_cli.command("grant")
def role_grant(telegram_id: TelegramId) -> None:
    """Make a person a coordinator for a year. The person must have started the bot."""
    _role(telegram_id, grant=True)


@role_cli.command("revoke")
def role_revoke(telegram_id: TelegramId) -> None:
    """Take the role back at once."""
    _role(telegram_id, grant=False)


@inbox_cli.callback(invoke_without_command=True)
def inbox(context: typer.Context) -> None:
    """List the updates that were put aside: number, time, error id."""
    if context.invoked_subcommand is None:
        from bot.commands.inbox import list_dead

        _tell(list_dead)


@inbox_cli.command("retry")
def inbox_retry(
    which: Annotated[
        str, typer.Argument(metavar="NUMBER|all", help="Which one, or all of them.")
    ] = "all",
) -> None:
    """Hand it to the bot again, with three new tries."""
    from bot.commands.inbox import retry

    _tell(lambda parts: retry(parts, which))


def _tell(command: Callable[["Parts"], Coroutine[Any, Any, object]]) -> None:
    from rich.console import Console

    from bot.app import opened
    from bot.commands.sandbox import meant
    from bot.keys import with_key

    async def work() -> None:
        async with opened(with_key(meant(_settings()))) as parts:
            Console().print(await command(parts), soft_wrap=True)

    _do(work)


def _role(telegram_id: int, *, grant: bool) -> None:
    from bot.app import opened
    from bot.commands.role import change_role
    from bot.commands.sandbox import meant
    from bot.keys import with_key

    async def work() -> None:
        async with opened(with_key(meant(_settings()))) as parts:
            typer.echo(await change_role(parts, telegram_id, grant=grant))

    _do(work)


def _sandbox(settings: Settings, port: int, publish_every: int) -> None:
    from rich.console import Console

    from bot.commands.sandbox import run_sandbox

    _collect_from_now_on()
    try:
        run_sandbox(settings, port=port, publish_every=publish_every, console=Console())
    except SettingsError as wrong:
        _give_up(str(wrong))


def _settings() -> Settings:
    try:
        settings = load()
    except SettingsError as wrong:
        _give_up(str(wrong))
        raise
    logs.set_up(settings.log_level, settings.log_format)
    return settings


def _do(work: Callable[[], Coroutine[Any, Any, None]]) -> None:
    from bot.config import ConfigError
    from storage.schema import UnreachableError

    _collect_from_now_on()
    try:
        asyncio.run(work())
    except (SettingsError, ConfigError) as wrong:
        _give_up(str(wrong))
    except UnreachableError as wrong:
        _give_up(f"DATABASE_URL: the database cannot be opened: {wrong}")


def _collect_from_now_on() -> None:
    """What has been imported is left out for good."""
    gc.freeze()
    gc.enable()


def _give_up(lines: str) -> None:
    """One clear line for each thing that is wrong, and no traceback."""
    for line in lines.splitlines():
        typer.echo(logs.without_token(line), err=True)
    sys.exit(1)


if __name__ == "__main__":
    cli()
