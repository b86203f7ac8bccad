"""News: the latest five with paging, and the review for coordinators."""

from telegram import Update

from bot.core import news, news_decisions
from bot.core.news_decisions import Told
from handlers import delivery
from handlers.answers import notice, show, tapped
from handlers.buttons import NewsPage, RejectNews, ReleaseNews, Review
from handlers.context import Context, Visitor
from handlers.views import news as views
from handlers.views.delivery import decided


async def show_latest(update: Update, context: Context, who: Visitor) -> None:
    await _show_page(update, context, who, skip=0)


async def turn_page(update: Update, context: Context, who: Visitor) -> None:
    button = NewsPage.read(tapped(update))
    await _show_page(update, context, who, skip=max(button.skip, 0) if button else 0)


async def show_review(update: Update, context: Context, who: Visitor) -> None:
    button = Review.read(tapped(update))
    await _show_held(update, context, who, place=button.place if button else 0)


async def release(update: Update, context: Context, who: Visitor) -> None:
    """May be repeated: what is decided stays decided, and the answer says so. So is reject."""
    button = ReleaseNews.read(tapped(update))
    if button:
        services = context.services
        result = await news_decisions.release(
            services.store,
            button.news_id,
            actor_id=who.person.id,
            clock=services.clock,
            notify=bool(button.tell),
        )
        if isinstance(result, Told):
            await delivery.show_released(update, context, who, button.news_id, result)
        else:
            await notice(update, decided(result, who.texts), alert=True)
    await _show_held(update, context, who, place=0)


async def reject(update: Update, context: Context, who: Visitor) -> None:
    button = RejectNews.read(tapped(update))
    if button:
        services = context.services
        result = await news_decisions.reject(
            services.store, button.news_id, actor_id=who.person.id, clock=services.clock
        )
        await notice(
            update,
            who.texts.t("Rejected.") if isinstance(result, Told) else decided(result, who.texts),
        )
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
