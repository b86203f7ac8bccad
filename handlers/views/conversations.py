"""Forms as people see them: a question, the summary, and what to do with a draft."""

import html
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import assert_never

from bot.core.conversations import Conversation, step_before
from bot.core.forms import SKIPPED, SUMMARY, Choice, Form, Objection, Step, TooLong, Unfit
from handlers.buttons import (
    BeginAnew,
    CancelForm,
    ChangeAnswer,
    ChooseAnswer,
    GoOn,
    QuestionBefore,
    SendForm,
    ShowMenu,
    SkipQuestion,
)
from handlers.views.screen import TICK, Labelled, Screen, column, rows, two_abreast
from locales.texts import Texts


@dataclass(frozen=True, slots=True)
class Wording:
    """What a form says in one language. Questions are HTML, the rest is plain; by step's id."""

    title: str
    questions: Mapping[str, str]
    fields: Mapping[str, str]  # what a step is called in the summary
    labels: Mapping[str, Mapping[str, str]]  # of the values of a choice


def ask(texts: Texts, form: Form, wording: Wording, now: Conversation) -> Screen:
    """The question that stands, or the summary after the last. Back from the first question
    leads to the menu; the draft stays meanwhile.
    """
    place = form.place(now.step)
    step = form.at(place)
    if step is None:
        return _summary(texts, form, wording, now)
    heading = f"<b>{_safe(wording.title)} · {place + 1}/{len(form.steps)}</b>"
    parts = [heading, wording.questions[step.id], _so_far(texts, step, now)]
    skip = [(texts.t("Skip"), SkipQuestion(now.draft, place))] if step.optional else []
    back = ShowMenu() if step_before(form, now) == now.step else QuestionBefore(now.draft, place)
    return Screen(
        "\n\n".join(part for part in parts if part),
        rows(
            *two_abreast(_values(step, wording, now, place)),
            skip,
            [(texts.t("Back"), back), (texts.t("Cancel"), CancelForm(now.draft))],
        ),
    )


def again(why: str, screen: Screen) -> Screen:
    """The same question once more; `why` is plain, empty where nothing need be said."""
    return Screen(f"{_safe(why)}\n\n{screen.text}" if why else screen.text, screen.keyboard)


def objection_to(texts: Texts, objection: Objection) -> str:
    match objection:
        case TooLong(length=length, limit=limit):
            return texts.t(
                "Your text is too long: it has {length} characters, and {limit} fit here. "
                "Please send it again, a little shorter.",
                length=length,
                limit=limit,
            )
        case Unfit.NOT_A_CHOICE:
            return texts.t("Thank you. This question needs a tap on one of the buttons below.")
        case Unfit.EMPTY:
            return texts.t("We could not read any words in that. Please write a few.")
        case Unfit.PASSED:
            return texts.t("That question has been answered. Here is the one that is open:")
        case Unfit.CHANGED:
            return texts.t("The answers have changed since. Please look at them once more:")
        case _:
            assert_never(objection)


def cannot_read(texts: Texts) -> str:
    return texts.t(
        "Thank you. Pictures, voice messages and files cannot be read here. Your answers so far "
        "are kept. The open question:"
    )


def not_reread(texts: Texts) -> str:
    return texts.t(
        "You have changed a message. We read a message only once. To change an answer, use the "
        "buttons below or write it anew."
    )


def offer(
    texts: Texts,
    form: Form,
    title: str,
    now: Conversation,
    *,
    until: date,
    other: tuple[str, str] | None = None,
) -> Screen:
    """Go on, begin anew or let it be. `other` is the form (id, title) that was asked for."""
    place = form.place(now.step)
    if now.step == SUMMARY:
        where = texts.h("“{title}” is filled in, but not sent yet.", title=title)
    else:
        where = texts.h(
            "“{title}” is still open: question {place} of {count}.",
            title=title,
            place=place + 1,
            count=len(form.steps),
        )
    kept = texts.h("Your answers are kept until {day}.", day=texts.weekday(until))
    anew = (texts.t("Start anew"), BeginAnew(now.draft, form.id))
    if other:
        anew = (other[1], BeginAnew(now.draft, other[0]))
    return Screen(
        f"{where}\n{kept}",
        column(
            (texts.t("Go on"), GoOn(now.draft)), anew, (texts.t("Cancel"), CancelForm(now.draft))
        ),
    )


def cancelled(texts: Texts) -> Screen:
    return Screen(
        texts.h("Cancelled. Nothing was sent, and the draft is erased."),
        column((texts.t("Menu"), ShowMenu())),
    )


def nothing_open(texts: Texts) -> Screen:
    return Screen(
        texts.h("There is nothing to cancel: no form is open and no draft is kept."),
        column((texts.t("Menu"), ShowMenu())),
    )


def closed(texts: Texts) -> Screen:
    return Screen(
        texts.h(
            "This form is not open any more, and no draft of it is kept. "
            "You can begin a new one: /feedback"
        ),
        column((texts.t("Menu"), ShowMenu())),
    )


def _summary(texts: Texts, form: Form, wording: Wording, now: Conversation) -> Screen:
    answers = [_field(texts, step, wording, now) for step in form.steps]
    change = [
        (
            texts.t("Change: {field}", field=wording.fields[step.id]),
            ChangeAnswer(now.draft, form.place(step.id)),
        )
        for step in form.steps
    ]
    return Screen(
        "\n\n".join(
            [
                f"<b>{_safe(wording.title)}</b>",
                "\n".join(answers),
                texts.h("Is everything right? Nothing is sent before you tap “Send”."),
            ]
        ),
        column(
            (texts.t("Send"), SendForm(now.draft, now.update_id)),
            *change,
            (texts.t("Cancel"), CancelForm(now.draft)),
        ),
    )


def _field(texts: Texts, step: Step, wording: Wording, now: Conversation) -> str:
    answer = now.answers.get(step.id, SKIPPED)
    said = wording.labels[step.id].get(answer) if isinstance(step, Choice) else answer
    shown = said or texts.t("no answer")
    return f"<b>{_safe(wording.fields[step.id])}:</b> {_safe(shown)}"


def _so_far(texts: Texts, step: Step, now: Conversation) -> str:
    """The words that stand; a choice shows its tick."""
    words = now.answers.get(step.id, "")
    if isinstance(step, Choice) or not words:
        return ""
    return texts.h("So far: {words}", words=words)


def _values(step: Step, wording: Wording, now: Conversation, place: int) -> list[Labelled]:
    if not isinstance(step, Choice):
        return []
    labels, answer = wording.labels[step.id], now.answers.get(step.id)
    return [
        ((TICK if value == answer else "") + labels[value], ChooseAnswer(now.draft, place, number))
        for number, value in enumerate(step.values)
    ]


def _safe(text: str) -> str:
    return html.escape(text, quote=False)
