import re
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_keywords, parse_mapping_cfg
from babel.messages.pofile import read_po

from bot.core.partnership import Partnership
from bot.core.people import Language
from handlers import profile
from tests.handlers.examples import other_pair, shipped, texts_of
from tests.handlers.telegram_html import Parsed

ROOT = Path(__file__).parents[2]
LOCALES = ROOT / "locales"
KEYWORDS = parse_keywords(["t", "tn:1,2", "h"])  # as `make texts` gives them
FORMS = {Language.DE: 2, Language.UK: 3}

TAG = re.compile(r"</?\w+")
COMMAND = re.compile(r"(?<![\w/<])/[a-z]+")
DU = re.compile(r"\b(du|dir|dich|dein\w*|euch|euer\w*|eure\w*|ihr)\b")
TY = re.compile(r"\b(ти|тебе|тобі|тобою|твій|твоя|твоє|твої|твого|твоїх|ваш\w*|ви|вам|вас|вами)\b")
GENDERED = re.compile(r"\bВи\s+(?:не\s+|вже\s+)?\w+(?:ли|лися|в|вся|ла|лася)\b")
RUSSIAN = re.compile(r"[ыэёъЫЭЁЪ]")
CITIES = re.compile(r"Dortmund|Schytomyr|Zhytomyr|Житомир|Дортмунд", re.IGNORECASE)

in_both = pytest.mark.parametrize("language", list(Language))
each_profile = pytest.mark.parametrize(
    "partnership", [shipped().partnership, other_pair().partnership], ids=lambda p: p.home.id
)


def catalogue(language: Language) -> Catalog:
    with (LOCALES / language / "LC_MESSAGES" / "bot.po").open("rb") as file:
        return read_po(file, locale=language.value, abort_invalid=True)


def messages(language: Language) -> list[Message]:
    return [message for message in catalogue(language) if message.id]


def forms(text: str | tuple[str, ...] | list[str]) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text)


def pairs(language: Language) -> Iterator[tuple[str, str]]:
    """Each form of a translation with the English sentence it stands for."""
    for message in messages(language):
        one, *many = forms(message.id)
        for place, form in enumerate(forms(message.string)):
            yield (many[0] if many and place else one), form


def names(sentence: str) -> set[str]:
    """Placeholders without the grammatical form after the dot."""
    found = {name for _, name, _, _ in Formatter().parse(sentence) if name is not None}
    return {name.partition(".")[0] for name in found}


def in_code() -> set[str | tuple[str, ...]]:
    """What the program can say, collected as `make texts` does it."""
    with (ROOT / "babel.cfg").open() as file:
        methods, options = parse_mapping_cfg(file)
    collected = Catalog()
    for *_, sentence, _comments, context in extract_from_dir(
        ROOT, methods, options, keywords=KEYWORDS
    ):
        collected.add(sentence, context=context)
    return {_key(message) for message in collected if message.id}


def _key(message: Message) -> str | tuple[str, ...]:
    return message.id if isinstance(message.id, str) else tuple(message.id)


def test_the_template_lists_what_the_code_says() -> None:
    with (LOCALES / "bot.pot").open("rb") as file:
        template = {_key(message) for message in read_po(file) if message.id}

    assert template == in_code(), "run `make texts`"


@in_both
def test_every_sentence_is_translated(language: Language) -> None:
    translated = {_key(message) for message in messages(language) if all(forms(message.string))}

    assert translated == in_code()


@in_both
def test_no_translation_is_a_guess_or_left_over(language: Language) -> None:
    assert not [message.id for message in messages(language) if message.fuzzy]
    assert not catalogue(language).obsolete


@in_both
def test_what_counts_has_every_form_its_language_needs(language: Language) -> None:
    counting = [message for message in messages(language) if message.pluralizable]

    assert counting
    assert {len(forms(message.string)) for message in counting} == {FORMS[language]}
    assert catalogue(language).num_plurals == FORMS[language]


@in_both
def test_a_translation_has_the_placeholders_of_its_sentence(language: Language) -> None:
    assert [english for english, said in pairs(language) if names(english) != names(said)] == []


@in_both
def test_a_translation_has_the_tags_of_its_sentence(language: Language) -> None:
    for english, said in pairs(language):
        assert sorted(TAG.findall(english)) == sorted(TAG.findall(said))
        if "<" in said:
            Parsed(said)


@in_both
def test_a_translation_names_the_same_commands(language: Language) -> None:
    for english, said in pairs(language):
        assert sorted(COMMAND.findall(english)) == sorted(COMMAND.findall(said))


@in_both
def test_the_bots_name_stays_the_configured_one(language: Language) -> None:
    assert dict(pairs(language))["{bot}"] == "{bot}"


@in_both
def test_a_translation_begins_and_ends_like_its_sentence(language: Language) -> None:
    for english, said in pairs(language):
        assert said == said.strip()
        assert english.count("\n") == said.count("\n")
        assert not re.search(r"  |\.{3}|!{2}", said)


@in_both
def test_no_catalogue_names_a_city(language: Language) -> None:
    assert not [said for _, said in pairs(language) if CITIES.search(said)]


@in_both
def test_the_header_names_the_language_and_no_one_to_fill_in(language: Language) -> None:
    header = dict(catalogue(language).mime_headers)

    assert header["Language"] == language
    assert not [value for value in header.values() if "EMAIL@" in value or "LANGUAGE" in value]


def test_german_says_sie() -> None:
    assert not [said for _, said in pairs(Language.DE) if DU.search(said)]


def test_german_quotes_as_germans_do() -> None:
    for _, said in pairs(Language.DE):
        assert not re.search(r"[\"'«»]", said)
        assert said.count("„") == said.count("“")


def test_ukrainian_says_vy_with_a_capital_letter() -> None:
    assert not [said for _, said in pairs(Language.UK) if TY.search(said)]


def test_ukrainian_says_nothing_gendered_about_the_reader() -> None:
    assert not [said for _, said in pairs(Language.UK) if GENDERED.search(said)]


def test_ukrainian_has_ukrainian_letters_and_signs() -> None:
    for _, said in pairs(Language.UK):
        assert not RUSSIAN.search(said), said
        assert not re.search(r"[\"'`„“”ʼ]", said), said
        assert said.count("«") == said.count("»")


@in_both
@each_profile
def test_the_profile_fits_into_telegrams_limits(
    language: Language, partnership: Partnership
) -> None:
    texts = texts_of(partnership, language)

    name, short, full = profile._descriptions(texts)
    listed = profile.commands(texts, coordinator=True)

    assert 0 < len(name) <= 64
    assert 0 < len(short) <= 120
    assert 0 < len(full) <= 512
    assert all(0 < len(command.description) <= 256 for command in listed)


@in_both
def test_topics_fit_on_a_button(language: Language) -> None:
    long = [t.name[language] for t in shipped().partnership.topics if len(t.name[language]) > 22]

    assert not long, "with a tick at most 24 characters"
