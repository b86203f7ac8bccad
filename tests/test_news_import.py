import functools
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from bot import config, settings
from bot.app import Parts
from bot.commands.news_import import NotImportedError, import_news
from bot.core.news import NewsState
from storage.store import Database
from tests.clock import StoppedClock

INPUTS = Path(__file__).parent / "inputs"
NOBODY = "http://127.0.0.1:9"  # a port where nothing listens

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


class Operator:
    def __init__(self, store: Database, clock: StoppedClock) -> None:
        loaded = config.load([INPUTS / "other_pair"], {"SANDBOX_URL": NOBODY})
        self.store = store
        self.clock = clock
        self._parts = Parts(settings.load(_env_file=None), loaded, store, clock)

    async def imports(self, what: object, *, url: str | None = None, notify: bool = False) -> str:
        """What is shown on the console."""
        console = Console(file=StringIO(), width=200)
        await import_news(
            self._parts, str(what), url=url, notify=notify, release=False, console=console
        )
        assert isinstance(console.file, StringIO)
        return console.file.getvalue()

    async def held(self) -> list[str]:
        async with self.store.reading() as records:
            found = [await records.news_item(one) for one in await records.held_news()]
        return [item.title for item in found if item and item.state is NewsState.HELD]


@pytest.fixture
def operator(
    store: Database, clock: StoppedClock, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Operator:
    monkeypatch.chdir(tmp_path)
    return Operator(store, clock)


async def test_the_same_article_is_stored_once(operator: Operator) -> None:
    first = await operator.imports(INPUTS / "article.txt")
    again = await operator.imports(INPUTS / "article.txt")

    assert "Stored." in first
    assert "Known already, nothing stored." in again
    assert await operator.held() == ["Мустерштадт подарує Зразковому сорок шкільних парт"]


async def test_an_article_is_found_in_each_kind_of_file(operator: Operator) -> None:
    text = await operator.imports(INPUTS / "article.txt")
    page = await operator.imports(INPUTS / "article.html")

    assert [word in text for word in ("2026-11-12", " uk", "schools", "held")] == [True] * 4
    assert [word in page for word in ("2026-11-12", " de", "schools", "held")] == [True] * 4


async def test_a_text_saved_on_windows_is_read(operator: Operator, tmp_path: Path) -> None:
    text = (INPUTS / "article.txt").read_text("utf-8").replace("\n", "\r\n")
    (tmp_path / "windows.txt").write_bytes(text.encode("utf-8-sig"))
    (tmp_path / "older.txt").write_bytes(text.encode("cp1251"))

    await operator.imports("windows.txt")
    again = await operator.imports("older.txt")

    assert "Known already, nothing stored." in again


async def test_followers_are_told_of_what_is_new_or_when_asked(operator: Operator) -> None:
    untold = "are not told"
    operator.clock.set(operator.clock.now().replace(year=2027))
    old = functools.partial(operator.imports, INPUTS / "article.txt")

    assert untold in await old()
    assert untold not in await operator.imports(INPUTS / "article.html", notify=True)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("empty.txt", b""),
        ("blank.txt", b" \n\n \t\n"),
        ("noise.txt", bytes(range(256)) * 20),
        ("page.html", b"<html><body></body></html>"),
        ("numbers.txt", b"1 2 3\n\n4 5 6\n"),
        ("picture.txt", b"\x89PNG\r\n\x1a\n" + bytes(2_000)),
    ],
)
async def test_what_holds_no_article_is_refused(
    operator: Operator, tmp_path: Path, name: str, content: bytes
) -> None:
    (tmp_path / name).write_bytes(content)

    with pytest.raises(NotImportedError, match=name):
        await operator.imports(name)

    assert await operator.held() == []


@pytest.mark.parametrize(
    "what",
    [".", "nowhere.txt", "", "ftp://127.0.0.1/a", "http://", "http://[::1", "HTTP://127.0.0.1:9/a"],
)
async def test_what_is_neither_a_file_nor_an_address_is_refused(
    operator: Operator, what: str
) -> None:
    with pytest.raises(NotImportedError):
        await operator.imports(what)


async def test_an_address_given_by_hand_is_kept(operator: Operator) -> None:
    url = "https://musterstadt.example/another"

    assert url in await operator.imports(INPUTS / "article.txt", url=url)


async def test_an_address_that_is_no_web_page_is_not_kept(operator: Operator) -> None:
    told = await operator.imports(INPUTS / "article.txt", url="javascript:alert(1)")

    assert "javascript" not in told
