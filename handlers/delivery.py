"""What was sent, for coordinators: how far it has come, those in doubt, and taking it back."""

from telegram import Update

from bot.core import campaigns, news, news_decisions
from bot.core.ledger import Kind
from bot.core.news import Reading
from bot.core.news_decisions import Told
from handlers.answers import notice, send, show, tapped
from handlers.buttons import AskWithdrawNews, NewsProgress, ResendDoubtful, WithdrawNews
from handlers.context import Context, Visitor
from handlers.views import delivery as views


async def show_released(
    update: Update, context: Context, who: Visitor, news_id: int, result: Told
) -> None:
    told = views.told_to(result.recipients, who.texts, complete=result.complete)
    await notice(update, told)
    reading = await _reading(context, who, news_id)
    if reading:
        await send(update, views.released(reading, told, who.texts))


async def show_progress(update: Update, context: Context, who: Visitor) -> None:
    button = NewsProgress.read(tapped(update))
    await _show_progress(update, context, who, button.news_id if button else 0)


async def resend_doubtful(update: Update, context: Context, who: Visitor) -> None:
    """A second tap finds nobody uncertain any more."""
    button = ResendDoubtful.read(tapped(update))
    if button:
        services = context.services
        await campaigns.send_doubtful_again(
            services.store, Kind.NEWS, button.news_id, actor_id=who.person.id, clock=services.clock
        )
    await _show_progress(update, context, who, button.news_id if button else 0)


async def ask_withdraw(update: Update, context: Context, who: Visitor) -> None:
    button = AskWithdrawNews.read(tapped(update))
    reading = await _reading(context, who, button.news_id if button else 0)
    if reading is None:
        await _gone(update, who)
    else:
        await show(update, views.ask_withdraw(reading, who.texts))


async def withdraw(update: Update, context: Context, who: Visitor) -> None:
    """A second time it is refused, and nothing more happens."""
    button = WithdrawNews.read(tapped(update))
    news_id = button.news_id if button else 0
    services = context.services
    result = await news_decisions.withdraw(
        services.store, news_id, actor_id=who.person.id, clock=services.clock
    )
    reading = await _reading(context, who, news_id)
    if isinstance(result, Told) and reading:
        await show(update, views.taken_back(reading, result.recipients, who.texts))
    elif not isinstance(result, Told):
        await notice(update, views.decided(result, who.texts), alert=True)


async def _show_progress(update: Update, context: Context, who: Visitor, news_id: int) -> None:
    reading = await _reading(context, who, news_id)
    if reading is None:
        await _gone(update, who)
        return
    found = await campaigns.progress_of(context.services.store, Kind.NEWS, news_id)
    if found is None:
        await show(update, views.never_sent(reading, who.texts))
    else:
        await show(update, views.progress(reading, found, who.texts))


async def _gone(update: Update, who: Visitor) -> None:
    text = views.decided(news_decisions.Decided.UNKNOWN_ITEM, who.texts)
    await notice(update, text, alert=True)


async def _reading(context: Context, who: Visitor, news_id: int) -> Reading | None:
    return await news.read(context.services.store, news_id, who.texts.language)
