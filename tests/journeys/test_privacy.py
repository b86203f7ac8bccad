"""What we keep, shown as a file, and its erasure."""

from tests.journeys.steps import gets_my_data, subscribes
from tests.people import Desk


async def test_privacy_is_explained_before_anything_is_asked(desk: Desk) -> None:
    await desk.olena.says("/privacy")

    told = await desk.olena.sees("Які дані про Вас ми зберігаємо")

    assert "/deleteme" in told.text


async def test_my_data_is_a_file_with_everything(desk: Desk) -> None:
    await subscribes(desk.juergen, "de", "Kultur")

    rows = await gets_my_data(desk.juergen)

    assert rows["persons"][0]["telegram_id"] == desk.juergen.id
    assert rows["persons"][0]["language"] == "de"
    assert rows["follows"][0]["topic"] == "culture"


async def test_delete_me_asks_first_and_keeps_by_default(desk: Desk) -> None:
    await subscribes(desk.juergen, "de")

    await desk.juergen.says("/deleteme")
    question = await desk.juergen.sees("Sollen wir alles löschen")
    await desk.juergen.taps("Nein, alles behalten")
    await desk.juergen.sees("Guten Tag!")

    assert question.buttons[0] == "Nein, alles behalten"
    assert (await gets_my_data(desk.juergen))["follows"]


async def test_delete_me_erases_everything_and_the_bot_knows_nobody(desk: Desk) -> None:
    await subscribes(desk.juergen, "de")
    assert (await gets_my_data(desk.juergen))["persons"]

    await desk.juergen.says("/deleteme")
    await desk.juergen.taps("Ja, alles löschen")
    await desk.juergen.sees("Alles, was wir über Sie gespeichert hatten, ist gelöscht")
    await desk.juergen.sees("/start")
    await desk.juergen.says("/news")

    await desk.juergen.sees("In welcher Sprache")
    rows = await gets_my_data(desk.juergen)
    assert not {"persons", "follows", "deliveries"} & set(rows)


async def test_nobody_is_remembered_before_choosing_a_language(desk: Desk) -> None:
    await desk.juergen.says("/start")
    await desk.juergen.sees("In welcher Sprache")
    await desk.juergen.says("/privacy")
    await desk.juergen.sees("Was wir über Sie speichern")

    assert "persons" not in await gets_my_data(desk.juergen)


async def test_an_erasure_never_looks_as_if_it_had_failed(desk: Desk) -> None:
    await subscribes(desk.juergen, "de")
    await desk.juergen.says("/deleteme")
    await desk.juergen.sees_button("Ja, alles löschen")
    await desk.misbehaves("error", "editMessageText", code=502, description="Bad Gateway")

    await desk.juergen.taps("Ja, alles löschen")

    await desk.juergen.sees("Sie bekommen keine Nachrichten mehr")
    await desk.juergen.does_not_see("Der Fehler liegt bei uns")
    assert "persons" not in await gets_my_data(desk.juergen)


async def test_the_audit_names_whoever_asked_only_by_a_number(desk: Desk) -> None:
    await subscribes(desk.anna, "de")

    await desk.anna.says("/deleteme")
    await desk.anna.taps("Ja, alles löschen")
    await desk.anna.sees("ist gelöscht")

    await desk.anna.says("/start")
    await desk.anna.sees("In welcher Sprache")
    assert "audit" not in await gets_my_data(desk.anna)
