"""The partnership as its configuration describes it: two cities, topics, whom to ask."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class CityName:
    """A city's name in one language, in the forms that sentences need.

    "{home}" in a sentence gives the nominative, "{home.locative}" another form ("in the city").
    """

    nominative: str
    genitive: str = ""
    locative: str = ""
    adjective: str = ""

    def __str__(self) -> str:
        return self.nominative

    def __format__(self, spec: str) -> str:
        return format(self.nominative, spec)


@dataclass(frozen=True, slots=True)
class City:
    """`spellings`, `not_these` and `others` are keywords as in Topic.

    `not_these` name something else that contains a spelling (the region, a football club) and
    are taken out first; `others` are further partner cities, by which passing mentions are known.
    """

    id: str
    spellings: tuple[str, ...]
    not_these: tuple[str, ...]
    forms: Mapping[str, CityName]
    others: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Topic:
    """`keywords` by language; `*` at the end of a word stands for any ending, at its beginning for
    any beginning; several words are a phrase.
    """

    id: str
    name: Mapping[str, str]
    keywords: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Contact:
    """Whom people can ask, by language; an office, never a private person."""

    office: Mapping[str, str] = field(default_factory=dict)
    address: Mapping[str, str] = field(default_factory=dict)
    email: Mapping[str, str] = field(default_factory=dict)
    phone: Mapping[str, str] = field(default_factory=dict)
    hours: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Partnership:
    """`zone` is where the home city's clocks are, `partner_zone` the partner's (IANA names)."""

    names: Mapping[str, str]
    zone: str
    partner_zone: str
    home: City
    partner: City
    topics: tuple[Topic, ...]
    contact: Contact
    impressum: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    privacy_url: str | None = None

    def topic(self, topic_id: str) -> Topic | None:
        return next((topic for topic in self.topics if topic.id == topic_id), None)
