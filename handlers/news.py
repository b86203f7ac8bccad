"""News: the latest five with paging, and the review for coordinators."""

from typing import assert_never

from telegram import Update

from bot.core import news
from bot.core.news import Decided, Told
from handlers.answers import notice, show, tapped
from handlers.buttons import NewsPage, RejectNews, ReleaseNews, Review
from handlers.context import Context, Visitor
from handlers.views import news as views
from locales.texts import Texts


async def show_latest(update: Update, context: Context, who: Visitor) -> None:
    await _show_page(update, context, who, skip=0)


async def turn_page(update: Update, context: Context, who: Visitor) -> None:
    button = NewsPage.read(tapped(update))
    await _show_page(update, context, who, skip=max(button.skip, 0) if button else 0)


async def show_review(update: Update, context: Context, who: Visitor) -> None:
    button = Review.read(tapped(update))
    await _show_held(update, context, who, place=button.place if button else 0)


async def release(update: Update, context: Context, who: Visitor) -> None:
    button = ReleaseNews.read(tapped(update))
    if button:
        services = context.services
        result = await news.release(
            services.store,
            button.news_id,
            actor_id=who.person.id,
            clock=services.clock,
            notify=bool(button.tell),
        )
        await notice(update, _released(result, who.texts), alert=True)
    await _show_held(update, context, who, place=0)


async def reject(update: Update, context: Context, who: Visitor) -> None:
    button = RejectNews.read(tapped(update))
    if button:
        services = context.services
        result = await news.reject(
            services.store, button.news_id, actor_id=who.person.id, clock=services.clock
        )
        told = isinstance(result, Told)
        await notice(update, who.texts.t("Rejected.") if told else _refused(result, who.texts))
    await _show_held(update, context, who, place=0)


async def _show_page(update: Update, context: Context, who: Visitor, *, skip: int) -> None:
    services = context.services
    readings = await news.latest(
        services.store, who.person.topics, who.texts.language, skip=skip, limit=views.PAGE + 1
    )
    await show(update, views.page(readings, who.texts, services.sources, skip=skip))


async def _show_held(update: Update, context: Context, who: Visitor, *, place: int) -> None:
    held = await news.held(context.services.store, place)
    if held is None:
        await show(update, views.nothing_held(who.texts))
        return
    count, readings = held
    screen = views.review(count, place % count, readings, who.texts, context.services.sources)
    await show(update, screen)


def _released(result: Told | Decided, texts: Texts) -> str:
    if isinstance(result, Decided):
        return _refused(result, texts)
    return texts.tn(
        "Released. {n} person gets it now.",
        "Released. {n} people get it now.",
        result.recipients,
    )


def _refused(result: Told | Decided, texts: Texts) -> str:
    match result:
        case Decided.ALREADY_RELEASED:
            return texts.t("Somebody has released this news item already.")
        case Decided.ALREADY_DROPPED:
            return texts.t("Somebody has rejected this news item already.")
        case Decided.UNKNOWN_ITEM:
            return texts.t("This news item no longer exists.")
        case Told():
            return ""
        case _:
            assert_never(result)
