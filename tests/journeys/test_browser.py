"""The sandbox page in a real browser: subscribe by clicking, receive news, switch language."""

import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Locator, Page, async_playwright, expect

from tests.journeys.steps import publishes
from tests.people import Desk, World

CHROMIUM = Path("/usr/bin/chromium")
QUIET = ["--no-sandbox", "--disable-quic", "--disable-background-networking", "--no-first-run"]
SECONDS = 1_000  # Playwright counts in milliseconds

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
    pytest.mark.skipif(
        not CHROMIUM.exists() and os.environ.get("CI") != "true", reason="there is no chromium"
    ),
]


@pytest.fixture
async def page(desk: Desk, sandbox_url: str) -> AsyncIterator[Page]:
    await desk.waits_for_poll()
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        page = await browser.new_page(viewport={"width": 1400, "height": 1000})
        await page.goto(sandbox_url)
        if await page.locator("#bot").is_visible():
            await page.select_option("#bot", str(desk.id))
        yield page
        await browser.close()


async def test_subscribe_by_clicking_receive_news_switch_the_language(
    page: Page, world: World
) -> None:
    olena, juergen = phone(page, "Olena Kovalenko"), phone(page, "Jürgen Brandt")
    await subscribes(olena, "Українська", "Усі теми", "Готово")
    await subscribes(juergen, "Deutsch", "Alle Themen", "Fertig")

    title = "Ein Garten für Dortmund und Schytomyr"
    text = "Kinder legen ihn gemeinsam an."
    pairs = {title: "Сад для Дортмунда й Житомира", text: "Діти закладають його разом."}
    await world.post("engine/add", source_language="de", target_language="uk", pairs=pairs)
    await publishes(world, title=title, text=text)

    await expect(juergen.get_by_text(title)).to_be_visible(timeout=20 * SECONDS)
    await expect(olena.get_by_text(pairs[title])).to_be_visible(timeout=20 * SECONDS)
    await expect(olena.get_by_text("Перекладено автоматично")).to_be_visible()
    await picture(page, "news-in-two-languages")

    await olena.get_by_role("button", name="Мова", exact=True).click()
    await olena.get_by_role("button", name="Deutsch").last.click()
    await expect(olena.get_by_text("Ab jetzt schreiben wir Ihnen")).to_be_visible()
    await expect(olena.get_by_role("button", name="Neuigkeiten", exact=True)).to_be_visible()
    await picture(page, "language-switched")


async def test_a_family_can_do_it_on_a_phone(page: Page) -> None:
    await page.set_viewport_size({"width": 390, "height": 844})
    olena = phone(page, "Olena Kovalenko")

    await subscribes(olena, "Українська", "Культура", "Готово")

    await expect(olena.get_by_role("button", name="Новини", exact=True)).to_be_visible()
    overflow = await page.evaluate("document.documentElement.scrollWidth > innerWidth")
    assert not overflow
    await picture(page, "on-a-phone")


def phone(page: Page, name: str) -> Locator:
    return page.get_by_label(f"Phone of {name}", exact=True)


async def subscribes(chat: Locator, language: str, topics: str, done: str) -> None:
    await chat.get_by_role("button", name="START").click()
    await chat.get_by_role("button", name=language, exact=True).click()
    await chat.get_by_role("button", name=topics, exact=True).click()
    await chat.get_by_role("button", name=done, exact=True).click()
    await expect(chat.get_by_text("/stop")).to_be_visible(timeout=15 * SECONDS)


async def picture(page: Page, name: str) -> None:
    """Kept where SCREENSHOTS names a folder, for people to look at."""
    folder = os.environ.get("SCREENSHOTS")
    if folder:
        await page.screenshot(path=Path(folder) / f"{name}.png")
