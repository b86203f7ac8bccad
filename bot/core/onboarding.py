"""Onboarding: from the first language to the first choice of topics, whenever it is finished.

The topics are kept where all topics are kept (bot.core.people); the conversation only knows that
the question stands, so that /start goes on there.
"""

from dataclasses import replace
from typing import Protocol

from bot.core import conversations, people
from bot.core.conversations import Cause, ConversationRecords
from bot.core.forms import Form, Task
from bot.core.people import Language, PeopleRecords, Person
from bot.core.ports import Clock, Store

FORM = Form("onboarding", (Task("topics"),))


class OnboardingRecords(PeopleRecords, ConversationRecords, Protocol):
    pass


async def choose_language(
    store: Store[OnboardingRecords],
    telegram_id: int,
    language: Language,
    *,
    update_id: int,
    clock: Clock,
) -> Person:
    """A newcomer is asked for topics next. May be repeated: the language comes last, so whoever
    has one has been asked.
    """
    person = await people.meet(store, telegram_id, clock)
    if person.language is None:
        async with store.transaction() as records:
            cause = Cause(person.id, update_id, clock.now())
            await conversations.begin(records, FORM, cause)
    await people.choose_language(store, person.id, language)
    return replace(person, language=language)


async def is_open(store: Store[ConversationRecords], person_id: int) -> bool:
    known = await conversations.standing(store, person_id)
    return known is not None and known.form == FORM.id


async def finish(store: Store[ConversationRecords], person_id: int) -> None:
    """Done: leaves another form that may be open meanwhile as it is."""
    async with store.transaction() as records:
        known = await records.locked_conversation(person_id)
        if known and known.form == FORM.id:
            await records.end_conversation(person_id)
