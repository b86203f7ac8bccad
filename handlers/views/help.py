"""Screens that explain: help, a person to talk to, privacy, legal notice, and what went wrong."""

import html
from collections.abc import Mapping

from telegram import ReplyKeyboardRemove

from bot.core.partnership import Contact, Partnership
from handlers.buttons import ForgetMe, GiveFeedback, MyData, ShowHelp, ShowMenu, ShowPrivacy
from handlers.views.screen import Screen, column
from locales.texts import Texts


def help_and_contact(texts: Texts, partnership: Partnership) -> Screen:
    commands = texts.h(
        "<b>What you can do here</b>\n"
        "/news – the latest news for you\n"
        "/topics – choose topics\n"
        "/language – change the language\n"
        "/pause – take a break\n"
        "/stop – no more messages\n"
        "/feedback – tell us what you think\n"
        "/privacy – what we keep about you\n"
        "/impressum – who is responsible"
    )
    return Screen(
        f"{commands}\n\n{contact(texts, partnership.contact)}",
        column(
            (texts.t("Give feedback"), GiveFeedback()),
            (texts.t("Privacy"), ShowPrivacy()),
            (texts.t("Menu"), ShowMenu()),
        ),
    )


def contact(texts: Texts, who: Contact) -> str:
    lines = [
        texts.h("<b>Talk to a person</b>"),
        *(
            html.escape(line, quote=False)
            for line in (
                _said(who.office, texts),
                _said(who.phone, texts),
                _said(who.email, texts),
                _said(who.address, texts),
                _said(who.hours, texts),
            )
            if line
        ),
    ]
    return "\n".join(lines)


def impressum(texts: Texts, partnership: Partnership) -> Screen:
    lines = partnership.impressum.get(texts.language, ())
    body = "\n".join(html.escape(line, quote=False) for line in lines)
    heading = texts.h("<b>Legal notice</b>")
    return Screen(f"{heading}\n{body}", column((texts.t("Menu"), ShowMenu())))


def privacy(texts: Texts, partnership: Partnership) -> Screen:
    told = texts.h(
        "<b>What we keep about you</b>\n"
        "• your Telegram number, so that we can write to you\n"
        "• your language and your topics\n"
        "• which news we sent you, for 180 days\n"
        "• a form you have begun, encrypted, for 30 days after your last answer\n"
        "• your feedback, its words encrypted, for one year; the team reads it without your name\n"
        "We do not keep your name. Anything else you write here is encrypted, is only used for "
        "the answer and is erased after that.\n\n"
        "We do this because you asked for messages. With /stop you end that at any time. "
        "Messages in Telegram pass through Telegram’s own servers; please write nothing "
        "about health here.\n\n"
        "/mydata shows everything we keep. /deleteme erases it."
    )
    more = f"\n\n{html.escape(partnership.privacy_url)}" if partnership.privacy_url else ""
    return Screen(
        told + more,
        column(
            (texts.t("Show my data"), MyData()),
            (texts.t("Help and contact"), ShowHelp()),
            (texts.t("Menu"), ShowMenu()),
        ),
    )


def ask_forget(texts: Texts, at: int) -> Screen:
    """The safe choice first."""
    return Screen(
        texts.h(
            "Shall we erase everything we keep about you? Language, topics, forms, feedback and "
            "the list of news sent to you go at once and cannot be brought back. The messages in "
            "this chat stay until you delete the chat in Telegram."
        ),
        column(
            (texts.t("No, keep everything"), ShowMenu()),
            (texts.t("Yes, erase everything"), ForgetMe(at)),
        ),
    )


def forgotten(texts: Texts) -> Screen:
    return Screen(texts.h("Everything we kept about you is erased."))


def goodbye(texts: Texts) -> Screen:
    return Screen(
        texts.h("You get no more messages. If you want to come back one day: /start"),
        menu=ReplyKeyboardRemove(),
    )


def my_data_caption(texts: Texts) -> str:
    return texts.t("This file holds everything we keep about you. /deleteme erases it.")


def not_understood(texts: Texts) -> Screen:
    return Screen(
        texts.h(
            "Thank you for your message. This program can only answer taps and commands. "
            "Choose below what you would like to do, or talk to a person: /help"
        )
    )


def cannot_read(texts: Texts) -> Screen:
    return Screen(
        texts.h(
            "Thank you. Pictures, voice messages and files cannot be read here. "
            "Please choose below, or talk to a person: /help"
        )
    )


def unknown_command(texts: Texts) -> Screen:
    return Screen(texts.h("There is no such command. All commands are listed under /help"))


def old_button(texts: Texts) -> str:
    return texts.t("This button no longer works. This is how things stand now:")


def our_fault(texts: Texts, error_id: str) -> Screen:
    return Screen(
        texts.h(
            "That did not work. The fault is ours, we are sorry. Please tap again in a minute. "
            "If it happens again, tell us this number: {number}. Contact: /help",
            number=error_id,
        )
    )


def one_by_one(texts: Texts) -> Screen:
    return Screen(
        texts.h(
            "Many messages from you have arrived at once. They are answered one after the other. "
            "Please wait for the answers before you write or tap again."
        )
    )


def _said(by_language: Mapping[str, str], texts: Texts) -> str:
    return by_language.get(texts.language, "")
