"""News from the site to the chats: in both languages, once, with honest labels."""

import secrets

from tests.journeys.steps import family_and_volunteer, publishes, subscribes, teaches
from tests.people import Desk, World

PATIENCE = 20.0


async def test_an_article_reaches_each_reader_in_her_language(desk: Desk, world: World) -> None:
    olena, juergen = await family_and_volunteer(desk)

    listed = await world.get("news")
    slug = next(entry["slug"] for entry in listed if "hilfstransport" in entry["slug"])
    article = await world.post("news/publish", slug=slug)

    german = await juergen.sees("Hilfstransport", PATIENCE)
    ukrainian = await olena.sees("Житомир", PATIENCE)
    assert f'href="{article["url"]}"' in german.html
    assert f'href="{article["url"]}"' in ukrainian.html
    assert "Weiterlesen" in german.text
    assert "Читати оригінал (німецькою)" in ukrainian.text
    for message in (german, ukrainian):  # a person translated this one
        assert "Automatisch" not in message.text
        assert "автоматично" not in message.text


async def test_a_machine_translation_says_so_and_links_the_original(
    desk: Desk, world: World
) -> None:
    olena, _ = await family_and_volunteer(desk)
    title, text = "Neue Bäume für Dortmund", "Kinder aus Schytomyr pflanzen zehn Bäume."
    learnt = {title: "Нові дерева для Дортмунда", text: "Діти з Житомира садять десять дерев."}
    await teaches(world, "de", "uk", learnt)

    url = await publishes(world, title=title, text=text)

    message = await olena.sees("Нові дерева для Дортмунда", PATIENCE)
    assert "Діти з Житомира садять десять дерев." in message.text
    assert "Перекладено автоматично" in message.text
    assert f'href="{url}"' in message.html


async def test_the_original_comes_at_once_and_is_edited_when_the_translation_arrives(
    desk: Desk, world: World
) -> None:
    olena, juergen = await family_and_volunteer(desk)
    mark = secrets.token_hex(3)  # the engine remembers what another journey taught it
    title, text = f"Brief {mark} aus Schytomyr", f"Die Schule liest den Brief {mark} gemeinsam."

    await publishes(world, title=title, text=text)
    first = await olena.sees(title, PATIENCE)
    assert "є лише німецькою" in first.text
    assert "folgt" not in (await juergen.sees(title, PATIENCE)).text
    learnt = {title: f"Лист {mark} із Житомира", text: f"Школа разом читає лист {mark}."}
    await teaches(world, "de", "uk", learnt)

    edited = await olena.sees(learnt[title], patience=40)
    assert edited.id == first.id
    assert "є лише німецькою" not in edited.text
    assert "Перекладено автоматично" in edited.text


async def test_news_of_other_topics_do_not_come(desk: Desk, world: World) -> None:
    await subscribes(desk.juergen, "de", "Sport")
    await subscribes(desk.anna, "de", "Kultur")

    await publishes(world, title="Konzert in Dortmund", text="Ein Orchester aus Schytomyr spielt.")

    await desk.anna.sees("Konzert in Dortmund", PATIENCE)
    await desk.juergen.does_not_see("Konzert in Dortmund")


async def test_who_blocked_the_bot_is_left_alone_and_found_again(desk: Desk, world: World) -> None:
    olena, juergen = await family_and_volunteer(desk)
    await olena.blocks()

    await publishes(world, title="Erste Nachricht", text="Aus Dortmund und Schytomyr.")
    await juergen.sees("Erste Nachricht", PATIENCE)
    sent = [c for c in await desk.calls("sendMessage") if c["params"]["chat_id"] == olena.id]
    refused = [call for call in sent if call["status"] == 403]
    assert len(refused) <= 1

    await olena.unblocks()
    await publishes(world, title="Zweite Nachricht", text="Aus Dortmund und Schytomyr.")
    await olena.sees("Zweite Nachricht", PATIENCE)


async def test_the_latest_news_come_in_pages_of_five(desk: Desk, world: World) -> None:
    await subscribes(desk.juergen, "de")
    for number in range(6):
        await publishes(world, title=f"Meldung {number}", text="Aus Dortmund und Schytomyr.")
    await desk.juergen.sees("Meldung 5", PATIENCE)

    await desk.juergen.says("/news")
    first = await desk.juergen.sees("Neuigkeiten für Sie")
    await desk.juergen.taps("Ältere")
    second = await desk.juergen.sees("Ältere Nachrichten")

    assert [f"Meldung {n}" in first.text for n in range(6)] == [False] + [True] * 5
    assert "Meldung 0" in second.text
    assert "Neuere" in second.buttons
