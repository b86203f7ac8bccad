"""Screens about what was sent: how far it has come, what was taken back, what went wrong."""

import html
from typing import assert_never

from bot.core.alerts import Alert, AlertKind
from bot.core.campaigns import Progress
from bot.core.ledger import DeliveryState
from bot.core.news import Reading
from bot.core.news_decisions import Decided
from bot.core.text import shorten
from handlers.buttons import (
    AskWithdrawNews,
    NewsProgress,
    ResendDoubtful,
    Review,
    ShowMenu,
    WithdrawNews,
)
from handlers.views.news import SourceNames, source_and_day, title
from handlers.views.screen import Screen, column, rows
from locales.texts import Texts

NAMED = 80  # UTF-16 units of a title in a sentence


def alert(about: Alert, texts: Texts) -> Screen:
    match about.kind:
        case AlertKind.DEAD_UPDATE:
            told = texts.h(
                "<b>For the operators</b>\n"
                "A message to this bot could not be processed, although we tried several times. "
                "Number of the fault: {reference}\n"
                "What to do: “python -m bot inbox” shows it, “python -m bot inbox retry” tries "
                "again once the fault is mended.",
                reference=about.reference,
            )
        case AlertKind.STOPPED_CAMPAIGN:
            told = texts.h(
                "<b>Sending was stopped</b>\n"
                "Telegram does not accept the text, so nobody else gets it. Nobody needs to do "
                "anything at once; please pass this on to those who run the bot: {reference}",
                reference=about.reference,
            )
    return Screen(told)


def withdrawn(reading: Reading, texts: Texts, sources: SourceNames) -> Screen:
    """In place of the item, in the chats that have it."""
    told = texts.h("This news item has been withdrawn. Please do not rely on it any more.")
    return Screen("\n\n".join([title(reading), told, source_and_day(reading, texts, sources)]))


def released(reading: Reading, told: str, texts: Texts) -> Screen:
    """After a release: from here a coordinator follows it, or takes it back."""
    news_id = reading.item.id
    return Screen(
        f"{_named(reading)}\n\n{html.escape(told, quote=False)}",
        column(
            (texts.t("Who has it?"), NewsProgress(news_id)),
            (texts.t("Withdraw"), AskWithdrawNews(news_id)),
        ),
    )


def told_to(recipients: int, texts: Texts, *, complete: bool) -> str:
    if not complete:
        return texts.t("Released. Many people get it; they are being counted.")
    return texts.tn(
        "Released. {n} person gets it now.", "Released. {n} people get it now.", recipients
    )


def progress(reading: Reading, found: Progress, texts: Texts) -> Screen:
    """Counted from the ledger at this moment; only what there is at least one of."""
    told = "\n".join([_heading(found, texts), *_counted(found, texts)])
    news_id = reading.item.id
    again = [(texts.t("Send to the uncertain again"), ResendDoubtful(news_id))]
    return Screen(
        f"{_named(reading)}\n\n{told}",
        rows(
            [(texts.t("Refresh"), NewsProgress(news_id))],
            again if found.in_doubt else [],
            [(texts.t("Withdraw"), AskWithdrawNews(news_id))],
            [(texts.t("Menu"), ShowMenu())],
        ),
    )


def never_sent(reading: Reading, texts: Texts) -> Screen:
    """Released without telling anybody."""
    told = texts.h("Nobody was notified. It stands under /news.")
    news_id = reading.item.id
    return Screen(
        f"{_named(reading)}\n\n{told}",
        column((texts.t("Withdraw"), AskWithdrawNews(news_id)), (texts.t("Menu"), ShowMenu())),
    )


def ask_withdraw(reading: Reading, texts: Texts) -> Screen:
    """The safe choice first."""
    told = texts.h(
        "Withdraw this news item? Whoever has it sees in its place that it was withdrawn. "
        "It goes to nobody else and no longer stands under /news. This cannot be undone."
    )
    news_id = reading.item.id
    return Screen(
        f"{_named(reading)}\n\n{told}",
        column(
            (texts.t("No, keep it"), NewsProgress(news_id)),
            (texts.t("Yes, withdraw it"), WithdrawNews(news_id)),
        ),
    )


def taken_back(reading: Reading, recipients: int, texts: Texts) -> Screen:
    told = texts.tn(
        "Withdrawn. It is changed in {n} chat.",
        "Withdrawn. It is changed in {n} chats.",
        recipients,
    )
    return Screen(
        f"{_named(reading)}\n\n{html.escape(told)}",
        column((texts.t("Review"), Review(0)), (texts.t("Menu"), ShowMenu())),
    )


def decided(result: Decided, texts: Texts) -> str:
    """Somebody was quicker, or it is too early."""
    match result:
        case Decided.ALREADY_RELEASED:
            return texts.t("Somebody has released this news item already.")
        case Decided.ALREADY_DROPPED:
            return texts.t("Somebody has rejected this news item already.")
        case Decided.ALREADY_WITHDRAWN:
            return texts.t("Somebody has withdrawn this news item already.")
        case Decided.NOT_RELEASED:
            return texts.t("This news item has not been released yet.")
        case Decided.UNKNOWN_ITEM:
            return texts.t("This news item no longer exists.")
        case _:
            assert_never(result)


def _heading(found: Progress, texts: Texts) -> str:
    if found.stopped:
        return texts.h("<b>Stopped</b>")
    return texts.h("<b>Finished</b>") if found.finished else texts.h("<b>On its way</b>")


def _named(reading: Reading) -> str:
    return f"<b>{html.escape(shorten(reading.title, NAMED), quote=False)}</b>"


def _counted(found: Progress, texts: Texts) -> list[str]:
    """Arrived always; of the others only what there is at least one of."""
    n = {state: found.counts.get(state, 0) for state in DeliveryState}
    lines = [
        (1, texts.h("Arrived: {n}", n=n[DeliveryState.SENT])),
        (found.open, texts.h("Still waiting: {n}", n=found.open)),
        (n[DeliveryState.BLOCKED], texts.h("Blocked the bot: {n}", n=n[DeliveryState.BLOCKED])),
        (n[DeliveryState.CANCELLED], texts.h("Cancelled: {n}", n=n[DeliveryState.CANCELLED])),
        (n[DeliveryState.EXPIRED], texts.h("Too late: {n}", n=n[DeliveryState.EXPIRED])),
        (n[DeliveryState.FAILED], texts.h("Refused by Telegram: {n}", n=n[DeliveryState.FAILED])),
        (
            found.in_doubt,
            texts.h(
                "Uncertain: {n} (the connection broke off while sending, perhaps it arrived)",
                n=found.in_doubt,
            ),
        ),
    ]
    return [line for count, line in lines if count]
