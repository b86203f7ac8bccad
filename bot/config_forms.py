"""What the configuration files may hold; pydantic refuses everything else."""

import re
from typing import Annotated, Literal, Self, TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from bot.core.people import Language

SEGMENT = re.compile(r"(de|uk|en|pl|ru)(_sha256)?")
SHA256 = re.compile(r"[0-9a-f]{64}")
FEWEST_LANGUAGES = 2  # a translation has two sides


class Strict(BaseModel):
    """A misspelt name is an error, not a setting that silently does nothing."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def _known_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as wrong:
        raise ValueError(f"{name} is no time zone; take one like Europe/Berlin") from wrong
    return name


Zone = Annotated[str, AfterValidator(_known_zone)]
Word = Annotated[str, Field(min_length=1)]
Identifier = Annotated[str, Field(pattern=r"^[a-z0-9_-]{1,40}$")]


class Identified(Strict):
    id: Identifier


Each = TypeVar("Each", bound=Identified)


def _each_once(files: list[Each]) -> list[Each]:
    ids = [file.id for file in files]
    twice = sorted({one for one in ids if ids.count(one) > 1})
    if twice:
        raise ValueError(f"the same id stands here twice: {', '.join(twice)}")
    return files


class BothLanguages(Strict):
    de: str
    uk: str


class Trilingual(BothLanguages):
    en: str = ""


class NameForms(Strict):
    nominative: Word
    genitive: str = ""
    locative: str = ""
    adjective: str = ""


class AllNameForms(NameForms):
    """In the languages we write, sentences need each of them."""

    genitive: Word
    locative: Word
    adjective: Word


class CityFile(Identified):
    spellings: list[str] = Field(min_length=1)
    not_these: list[str] = []
    others: list[str] = []
    de: AllNameForms
    uk: AllNameForms
    en: NameForms | None = None


class TopicKeywords(Strict):
    de: list[str] = []
    uk: list[str] = []
    en: list[str] = []


class TopicFile(Identified):
    name: Trilingual
    keywords: TopicKeywords


class ContactFile(Strict):
    office: BothLanguages | str = ""
    address: BothLanguages | str = ""
    email: BothLanguages | str = ""
    phone: BothLanguages | str = ""
    hours: BothLanguages | str = ""


class Lines(Strict):
    de: list[str]
    uk: list[str]


class Names(Strict):
    bot: BothLanguages


class Zones(Strict):
    default: Zone
    partner: Zone


class Cities(Strict):
    home: CityFile
    partner: CityFile


class Impressum(Strict):
    lines: Lines


class Privacy(Strict):
    url: str | None = None


class PartnershipFile(Strict):
    names: Names
    zone: Zones
    cities: Cities
    contact: ContactFile
    impressum: Impressum
    privacy: Privacy = Privacy()
    topics: Annotated[list[TopicFile], AfterValidator(_each_once)] = Field(min_length=1)


class SourceFile(Identified):
    name: BothLanguages
    url: str = Field(pattern=r"^https?://")
    kind: Literal["rss"] = "rss"
    language: str = Field(pattern=r"^[a-z]{2,3}$")
    zone: Zone
    every_minutes: float = Field(gt=0)
    policy: Literal["hold", "publish"] = "hold"
    about: Literal["filter", "all"] = "filter"
    names_city: Literal["home", "partner", ""] = ""
    private_network: bool = False


class SourcesFile(Strict):
    sources: Annotated[list[SourceFile], AfterValidator(_each_once)] = []


class EngineFile(Strict):
    name: Identifier
    kind: Literal["deep_google", "none"]
    url: str | None = None
    timeout_seconds: float = Field(default=15.0, gt=0)
    max_chars: int = Field(default=2000, ge=100)
    per_second: float = Field(default=1.0, gt=0)


class TranslationFile(Strict):
    targets: list[Language] = list(Language)
    engines: list[EngineFile] = []


class SegmentFile(Strict):
    """A text by language; `en_sha256` and the like stand for a text that is not kept here."""

    model_config = ConfigDict(extra="allow", frozen=True)
    __pydantic_extra__: dict[str, str]

    @model_validator(mode="after")
    def _is_a_translation(self) -> Self:
        given = self.model_extra or {}
        for name, text in given.items():
            known = SEGMENT.fullmatch(name)
            if not known:
                raise ValueError(f"{name} is no language; take de, uk, en, pl or ru")
            if known[2] and not SHA256.fullmatch(text):
                raise ValueError(f"{name} is no SHA-256 in 64 hexadecimal digits")
        if len(given) < FEWEST_LANGUAGES:
            raise ValueError("a segment needs at least two languages")
        return self


class MemoryFile(Strict):
    segments: list[SegmentFile] = []
