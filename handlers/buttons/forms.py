"""Buttons of forms: answers, the way through, and feedback itself."""

from dataclasses import dataclass

from handlers.buttons.wire import Button


@dataclass(frozen=True, slots=True)
class GiveFeedback(Button):
    prefix = "feedback"


@dataclass(frozen=True, slots=True)
class ChooseAnswer(Button):
    """Places are counted from 0 within the form; `draft` says in whose conversation."""

    prefix = "answer"
    draft: int
    place: int
    value: int


@dataclass(frozen=True, slots=True)
class SkipQuestion(Button):
    prefix = "skip"
    draft: int
    place: int


@dataclass(frozen=True, slots=True)
class QuestionBefore(Button):
    prefix = "before"
    draft: int
    place: int


@dataclass(frozen=True, slots=True)
class ChangeAnswer(Button):
    prefix = "change"
    draft: int
    place: int


@dataclass(frozen=True, slots=True)
class GoOn(Button):
    prefix = "go_on"
    draft: int


@dataclass(frozen=True, slots=True)
class BeginAnew(Button):
    """Begins `form` in place of `draft`."""

    prefix = "anew"
    draft: int
    form: str


@dataclass(frozen=True, slots=True)
class CancelForm(Button):
    prefix = "cancel"
    draft: int


@dataclass(frozen=True, slots=True)
class SendForm(Button):
    """`shown` is the update_id of the answers that stand above the button."""

    prefix = "send"
    draft: int
    shown: int
