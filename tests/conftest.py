"""What every test may ask for: a store on either database, a clock, our texts."""

import asyncio
import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path

import pytest
from hypothesis import settings

from bot import config
from bot.core.people import Language
from locales.texts import Texts
from storage import schema
from storage.sealing import Seal
from storage.store import Database
from tests.builders import ENCRYPTION_KEY
from tests.clock import StoppedClock
from tests.loopback import stay_on_this_machine
from tests.memory import folder_in_memory
from tests.postgres import NoPostgres, Server, running_server

stay_on_this_machine()

CONFIG = Path(__file__).parent.parent / "config"
DATABASES = ["sqlite", "postgres"]

settings.register_profile("patient", deadline=None)  # a busy machine is not a failure
settings.load_profile("patient")


@pytest.fixture
def clock() -> StoppedClock:
    return StoppedClock()


@pytest.fixture(scope="session")
def texts() -> Mapping[Language, Texts]:
    """In both languages, with the names of the partnership that we ship."""
    partnership = config.load([CONFIG]).partnership
    return {
        language: Texts(
            language,
            {
                "home": partnership.home.forms[language],
                "partner": partnership.partner.forms[language],
                "bot": partnership.names[language],
            },
        )
        for language in Language
    }


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    with ExitStack() as stack:
        try:
            server = stack.enter_context(running_server())
        except NoPostgres as missing:
            if os.environ.get("CI") == "true":
                pytest.fail(f"CI must test PostgreSQL: {missing}")
            pytest.skip(f"PostgreSQL is not tested here: {missing}")
        yield server


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("template") / "bot.db"
    with asyncio.Runner(loop_factory=asyncio.new_event_loop) as runner:
        runner.run(schema.migrate(f"sqlite:///{file}"))
    return file


@pytest.fixture
def sqlite_folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="bb-", dir=folder_in_memory()) as folder:
        yield Path(folder)


@pytest.fixture(params=DATABASES)
def database_url(request: pytest.FixtureRequest, sqlite_folder: Path) -> Iterator[str]:
    """A migrated database of the test's own.

    For one of the two: @pytest.mark.parametrize("database_url", ["sqlite"], indirect=True).
    """
    if request.param == "sqlite":
        file = sqlite_folder / "bot.db"
        shutil.copy(request.getfixturevalue("sqlite_template"), file)
        yield f"sqlite:///{file}"
        return
    server: Server = request.getfixturevalue("postgres")
    name = server.create()
    yield server.url_of(name)
    server.drop(name)


@pytest.fixture(params=DATABASES)
def empty_database_url(request: pytest.FixtureRequest, sqlite_folder: Path) -> Iterator[str]:
    """A database without a schema."""
    if request.param == "sqlite":
        yield f"sqlite:///{sqlite_folder}/empty.db"
        return
    server: Server = request.getfixturevalue("postgres")
    name = server.create(empty=True)
    yield server.url_of(name)
    server.drop(name)


@pytest.fixture
async def store(database_url: str) -> AsyncIterator[Database]:
    async with Database(database_url, Seal([ENCRYPTION_KEY])) as database:
        yield database
