"""Steps that many journeys share."""

import json
import secrets

from tests.people import Desk, Person, World

WORDS = {
    "uk": {"language": "Українська", "all": "Усі теми", "done": "Готово", "saved": "Збережено"},
    "de": {"language": "Deutsch", "all": "Alle Themen", "done": "Fertig", "saved": "Gespeichert"},
}


async def subscribes(person: Person, language: str, *topics: str) -> None:
    """From /start to the main menu; without topics to all of them."""
    words = WORDS[language]
    await person.says("/start")
    await person.taps(words["language"])
    for topic in topics:
        await person.taps(topic)
        await person.sees_button(f"✓ {topic}")
    if not topics:
        await person.taps(words["all"])
    await person.taps(words["done"])
    await person.sees(words["saved"])
    await person.sees_button("Новини" if language == "uk" else "Neuigkeiten")


async def family_and_volunteer(desk: Desk) -> tuple[Person, Person]:
    """Olena reads Ukrainian, Jürgen German; both follow everything."""
    await subscribes(desk.olena, "uk")
    await subscribes(desk.juergen, "de")
    return desk.olena, desk.juergen


async def publishes(world: World, *, title: str, text: str, language: str = "de") -> str:
    """A new article on the sandbox's news site, by a title nobody else uses; its address."""
    slug = f"a-{secrets.token_hex(6)}"
    await world.post("news/add", slug=slug, language=language, title=title, text=text)
    return str((await world.post("news/publish", slug=slug))["url"])


async def teaches(world: World, source: str, target: str, pairs: dict[str, str]) -> None:
    """The sandbox's translation engine learns these lines."""
    await world.post("engine/add", source_language=source, target_language=target, pairs=pairs)


async def gets_my_data(person: Person) -> dict[str, list[dict[str, object]]]:
    """The file that /mydata sends, read."""
    await person.says("/mydata")
    message = await person.sees("/deleteme")
    assert message.raw["document"]["file_name"] == "mydata.json"
    rows: dict[str, list[dict[str, object]]] = json.loads(
        await person.desk.download(message.raw["document"]["file_id"])
    )
    return rows
