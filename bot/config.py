"""The partnership's configuration: TOML files, checked by pydantic, turned into core's values."""

import os
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TypeVar

from pydantic import ValidationError

from bot import config_forms as forms
from bot.core.memory import segment_hash
from bot.core.partnership import City, CityName, Contact, Partnership, Topic
from bot.core.people import Language
from bot.core.sources import Source
from bot.core.translation import HumanSegment
from bot.core.translation_engine import EngineConfig

PLACEHOLDER = re.compile(r"\$\{(\w+)\}")
HASHED = "_sha256"

Form = TypeVar("Form", bound=forms.Strict)


class ConfigError(Exception):
    """One line for each thing that is wrong, with file and place."""


@dataclass(frozen=True, slots=True)
class Configuration:
    partnership: Partnership
    sources: tuple[Source, ...]
    targets: tuple[Language, ...]
    engines: tuple[EngineConfig, ...]
    memory: tuple[HumanSegment, ...]


def load(folders: Sequence[Path], environment: Mapping[str, str] = os.environ) -> Configuration:
    """Raises ConfigError."""
    partnership = _read(forms.PartnershipFile, "partnership.toml", folders, environment)
    sources = _read(forms.SourcesFile, "sources.toml", folders, environment)
    translation = _read(forms.TranslationFile, "translation.toml", folders, environment)
    memories = [
        _parse(forms.MemoryFile, path, environment) for path in _all("memory.toml", folders)
    ]
    return Configuration(
        _partnership(partnership),
        tuple(_source(source) for source in sources.sources),
        tuple(translation.targets),
        tuple(EngineConfig(**engine.model_dump()) for engine in translation.engines),
        tuple(_segment(segment) for memory in memories for segment in memory.segments),
    )


def _all(name: str, folders: Sequence[Path]) -> list[Path]:
    """Memories add up; of the other files the first one found counts."""
    return [folder / name for folder in folders if (folder / name).is_file()]


def _read(
    form: type[Form], name: str, folders: Sequence[Path], environment: Mapping[str, str]
) -> Form:
    found = _all(name, folders)
    if not found:
        looked = ", ".join(str(folder) for folder in folders)
        raise ConfigError(f"{name} was not found in {looked}")
    return _parse(form, found[0], environment)


def _parse(form: type[Form], path: Path, environment: Mapping[str, str]) -> Form:
    try:
        return form.model_validate(tomllib.loads(_filled(path.read_text("utf-8"), environment)))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as wrong:
        raise ConfigError(f"{path}: {wrong}") from None
    except KeyError as missing:
        raise ConfigError(f"{path}: {missing.args[0]} is not set in the environment") from None
    except ValidationError as wrong:
        lines = [
            f"{path}: {'.'.join(str(part) for part in error['loc'])}: "
            f"{error['msg'].removeprefix('Value error, ')}"
            for error in wrong.errors()
        ]
        raise ConfigError("\n".join(lines)) from None


def _filled(text: str, environment: Mapping[str, str]) -> str:
    """${NAME} from the environment, outside comments."""
    return "\n".join(
        line
        if line.lstrip().startswith("#")
        else PLACEHOLDER.sub(lambda found: environment[found[1]], line)
        for line in text.split("\n")
    )


def _partnership(file: forms.PartnershipFile) -> Partnership:
    return Partnership(
        names=file.names.bot.model_dump(),
        zone=file.zone.default,
        partner_zone=file.zone.partner,
        home=_city(file.cities.home),
        partner=_city(file.cities.partner),
        topics=tuple(_topic(topic) for topic in file.topics),
        contact=Contact(
            **{
                name: _in_both(getattr(file.contact, name))
                for name in type(file.contact).model_fields
            }
        ),
        impressum={
            language: tuple(lines) for language, lines in file.impressum.lines.model_dump().items()
        },
        privacy_url=file.privacy.url,
    )


def _city(file: forms.CityFile) -> City:
    names = {"de": file.de, "uk": file.uk} | ({"en": file.en} if file.en else {})
    return City(
        file.id,
        tuple(file.spellings),
        tuple(file.not_these),
        {language: CityName(**forms.model_dump()) for language, forms in names.items()},
        tuple(file.others),
    )


def _topic(file: forms.TopicFile) -> Topic:
    keywords = {language: tuple(words) for language, words in file.keywords.model_dump().items()}
    return Topic(file.id, file.name.model_dump(), keywords)


def _in_both(said: forms.BothLanguages | str) -> Mapping[str, str]:
    return {"de": said, "uk": said} if isinstance(said, str) else said.model_dump()


def _source(file: forms.SourceFile) -> Source:
    return Source(
        id=file.id,
        name=file.name.model_dump(),
        url=file.url,
        language=file.language,
        zone=file.zone,
        every=timedelta(minutes=file.every_minutes),
        publishes=file.policy == "publish",
        about_all=file.about == "all",
        names_city=file.names_city,
        private_network=file.private_network,
    )


def _segment(file: forms.SegmentFile) -> HumanSegment:
    given = file.model_extra or {}
    texts = {name: text for name, text in given.items() if not name.endswith(HASHED)}
    hashes = {
        name.removesuffix(HASHED): text if name.endswith(HASHED) else segment_hash(text)
        for name, text in given.items()
    }
    return HumanSegment(hashes, texts)
