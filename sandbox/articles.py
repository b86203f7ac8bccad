"""The invented news site's articles: read from TOML and checked."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "articles"
LANGUAGES = ("de", "uk")


class ArticleError(ValueError):
    """An article file that cannot be used; the text says which and why."""


@dataclass(frozen=True, slots=True)
class Wording:
    """A title and its paragraphs in one language, each a single line."""

    title: str
    paragraphs: tuple[str, ...]

    @property
    def lines(self) -> tuple[str, ...]:
        return (self.title, *self.paragraphs)


@dataclass(frozen=True, slots=True)
class Article:
    slug: str
    order: int
    language: str
    wording: Wording
    published_before_start: bool = False
    late_seconds: float = 0
    engine: Mapping[str, Wording] = field(default_factory=dict)

    def pairs(self, target: str) -> dict[str, str]:
        """What the engine knows: each line of the article and its translation."""
        known = self.engine.get(target)
        return {} if known is None else dict(zip(self.wording.lines, known.lines, strict=True))


def one_line(text: str) -> str:
    return " ".join(text.split())


def wording(title: str, text: str) -> Wording:
    """Paragraphs are separated by blank lines; line breaks within one do not count."""
    parts = (one_line(part) for part in re.split(r"\n\s*\n", text))
    return Wording(one_line(title), tuple(part for part in parts if part))


def article(values: Mapping[str, Any]) -> Article:
    """Raises ArticleError when something is missing or does not fit."""
    try:
        engine = values.get("engine", {})
        made = Article(
            slug=values["slug"],
            order=int(values.get("order", 0)),
            language=values["language"],
            wording=wording(values["title"], values["text"]),
            published_before_start=bool(values.get("published_before_start", False)),
            late_seconds=float(engine.get("late_seconds", 0)),
            engine={
                language: wording(table["title"], table["text"])
                for language, table in engine.items()
                if isinstance(table, Mapping)
            },
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise ArticleError(f"article {values.get('slug', '?')}: {error!r}") from error
    if problem := _problem(made):
        raise ArticleError(f"article {made.slug}: {problem}")
    return made


def load(folder: Path = FOLDER) -> list[Article]:
    """All articles in their order; raises ArticleError."""
    found = sorted(
        (article(tomllib.loads(path.read_text("utf-8"))) for path in folder.glob("*.toml")),
        key=lambda each: each.order,
    )
    for unique in ("slug", "order"):
        if len({getattr(each, unique) for each in found}) < len(found):
            raise ArticleError(f"two articles have the same {unique}")
    return found


def _problem(made: Article) -> str | None:
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", made.slug):
        return "the slug may hold a-z, 0-9 and single hyphens"
    if made.language not in LANGUAGES:
        return f"the language must be one of {', '.join(LANGUAGES)}"
    if not all(made.wording.lines) or not made.wording.paragraphs:
        return "title and text must not be empty"
    for language, translated in made.engine.items():
        if language not in LANGUAGES or language == made.language:
            return f"[engine.{language}] is not another language"
        if len(translated.lines) != len(made.wording.lines):
            return f"[engine.{language}] has another number of paragraphs"
    return None
