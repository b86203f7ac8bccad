import re
import shutil
from collections.abc import Mapping
from pathlib import Path

import pytest

from bot import config
from bot.config import ConfigError
from bot.core.people import Language

ROOT = Path(__file__).parent.parent
SHIPPED = ROOT / "config"
SANDBOX = SHIPPED / "sandbox"
OTHER_PAIR = ROOT / "tests" / "inputs" / "other_pair"
ENVIRONMENT = {"SANDBOX_URL": "http://127.0.0.1:8090"}
CITIES = re.compile(r"Dortmund|Schytomyr|Zhytomyr|Житомир|Дортмунд", re.IGNORECASE)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the other pair, to be spoilt."""
    return Path(shutil.copytree(OTHER_PAIR, tmp_path / "config"))


def spoil(file: Path, old: str, new: str) -> None:
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), "utf-8")


def refusal(folder: Path, environment: Mapping[str, str] = ENVIRONMENT) -> str:
    with pytest.raises(ConfigError) as refused:
        config.load([folder], environment)
    return str(refused.value)


def test_the_shipped_configuration_loads_and_sends_nothing_away() -> None:
    found = config.load([SHIPPED], {})

    assert found.partnership.home.forms["de"].locative == "in Dortmund"
    assert found.partnership.partner.forms["uk"].genitive == "Житомира"
    assert [engine.kind for engine in found.engines] == ["none"]
    assert found.sources
    assert not [source.id for source in found.sources if source.publishes]
    assert not [source.id for source in found.sources if source.private_network]


def test_the_sandbox_brings_its_own_news_and_keeps_the_rest() -> None:
    found = config.load([SANDBOX, SHIPPED], ENVIRONMENT)

    assert found.partnership == config.load([SHIPPED], {}).partnership
    assert {source.url for source in found.sources} == {
        "http://127.0.0.1:8090/news/de.xml",
        "http://127.0.0.1:8090/news/uk.xml",
    }
    assert [engine.url for engine in found.engines] == ["http://127.0.0.1:8090/engine/m"]


def test_another_pair_of_cities_needs_only_its_files() -> None:
    found = config.load([OTHER_PAIR], ENVIRONMENT)

    assert found.partnership.names == {"de": "Brücke Musterstadt", "uk": "Місток Зразкове"}
    assert f"{found.partnership.home.forms['de']}" == "Musterstadt"
    assert found.partnership.zone == "Europe/Vienna"
    assert found.targets == tuple(Language)
    assert [topic.id for topic in found.partnership.topics] == ["aid", "schools"]
    assert len(found.memory) == 2


def test_the_first_folder_that_holds_a_file_wins(folder: Path, tmp_path: Path) -> None:
    first = tmp_path / "first"
    first.mkdir()
    (first / "sources.toml").write_text("sources = []\n")

    found = config.load([first, folder], ENVIRONMENT)

    assert found.sources == ()
    assert found.partnership.home.id == "musterstadt"


def test_memories_of_all_folders_add_up(folder: Path) -> None:
    alone = config.load([SHIPPED], {}).memory

    together = config.load([folder, SHIPPED], ENVIRONMENT).memory

    assert together == config.load([folder], ENVIRONMENT).memory + alone


def test_a_memory_is_not_required(folder: Path) -> None:
    (folder / "memory.toml").unlink()

    assert config.load([folder], ENVIRONMENT).memory == ()


@pytest.mark.parametrize("name", ["partnership.toml", "sources.toml", "translation.toml"])
def test_a_missing_file_is_named_with_where_it_was_sought(folder: Path, name: str) -> None:
    (folder / name).unlink()

    assert refusal(folder) == f"{name} was not found in {folder}"


def test_a_missing_placeholder_is_named_with_its_file(folder: Path) -> None:
    told = refusal(folder, {})

    assert told == f"{folder / 'sources.toml'}: SANDBOX_URL is not set in the environment"


def test_a_placeholder_in_a_comment_need_not_be_set(folder: Path) -> None:
    spoil(folder / "partnership.toml", "[names]", '# url = "${NOT_SET}"\n[names]')

    assert config.load([folder], ENVIRONMENT).partnership.home.id == "musterstadt"


@pytest.mark.parametrize(
    ("name", "old", "new", "place"),
    [
        ("partnership.toml", "not_these =", "not_thees =", "cities.home.not_thees"),
        ("partnership.toml", 'partner = "Europe/Kyiv"', 'partner = "Europe/Zrazkove"', "zone"),
        ("partnership.toml", 'partner = "Europe/Kyiv"', 'partner = "Europe"', "zone.partner"),
        ("partnership.toml", 'genitive = "Зразкового"', "", "cities.partner.uk.genitive"),
        ("partnership.toml", '"Зразкового"', '""', "cities.partner.uk.genitive"),
        ("partnership.toml", 'id = "aid"', 'id = "Aid: 1"', "topics.0.id"),
        ("partnership.toml", 'id = "schools"', 'id = "aid"', "topics"),
        ("partnership.toml", ', uk = "Місток Зразкове"', "", "names.bot.uk"),
        ("sources.toml", "every_minutes = 0.05", "every_minutes = 0", "sources.0.every_minutes"),
        ("sources.toml", 'policy = "publish"', 'policy = "publsh"', "sources.0.policy"),
        ("sources.toml", '"${SANDBOX_URL}/news/de.xml"', '"file:///etc"', "sources.0.url"),
        ("sources.toml", 'id = "zrazkove"', 'id = "musterstadt"', "sources"),
        ("translation.toml", '"deep_google"', '"oracle"', "engines.0.kind"),
        ("translation.toml", '["de", "uk"]', '["de", "fr"]', "targets.1"),
        ("memory.toml", "uk = ", "ua = ", "segments.0"),
        ("memory.toml", "en = ", "en_sha265 = ", "segments.0"),
        ("memory.toml", "en = ", "en_sha256 = ", "segments.0"),
    ],
)
def test_a_wrong_value_is_named_with_file_and_place(
    folder: Path, name: str, old: str, new: str, place: str
) -> None:
    spoil(folder / name, old, new)

    told = refusal(folder)

    assert told.startswith(f"{folder / name}: {place}"), told
    assert "\n" not in told


def test_every_wrong_value_of_a_file_has_its_line(folder: Path) -> None:
    spoil(folder / "partnership.toml", "not_these =", "not_thees =")
    spoil(folder / "partnership.toml", 'default = "Europe/Vienna"', 'default = "Mars"')

    assert len(refusal(folder).splitlines()) == 2


@pytest.mark.parametrize("content", [b"a = \n", b"[names\n", b"\xff\xfe\x00n", b"a = 1\na = 2\n"])
def test_a_file_that_is_no_toml_is_named(folder: Path, content: bytes) -> None:
    (folder / "sources.toml").write_bytes(content)

    told = refusal(folder)

    assert told.startswith(f"{folder / 'sources.toml'}: ")
    assert "\n" not in told


def test_topics_are_named_in_both_languages() -> None:
    for topic in config.load([SHIPPED], {}).partnership.topics:
        assert all(0 < len(topic.name[language]) <= 24 for language in Language)


def test_no_code_and_no_catalogue_names_a_city() -> None:
    files = [
        *(file for name in ("bot", "handlers", "storage") for file in (ROOT / name).rglob("*.py")),
        *(ROOT / "locales").glob("*.py"),
        *(ROOT / "locales").rglob("*.po*"),
    ]

    named = [
        f"{file.relative_to(ROOT)}:{number}"
        for file in files
        for number, line in enumerate(file.read_text("utf-8").splitlines(), start=1)
        if CITIES.search(line)
    ]

    assert files
    assert named == []
