"""What every handler is given: the services, and the person who wrote or tapped."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from telegram import Update
from telegram.ext import Application, CallbackContext, ExtBot

from bot.core import people, roles
from bot.core.partnership import Partnership
from bot.core.people import Language, Person, Role
from bot.core.ports import Clock, Store
from bot.core.records import Records
from handlers.gateway import Lane
from locales.texts import Texts


@dataclass(frozen=True, slots=True)
class Services:
    store: Store[Records]
    clock: Clock
    partnership: Partnership
    texts: Mapping[Language, Texts]
    owners: Collection[int]
    sources: Mapping[str, Mapping[str, str]]  # names by language, by source id


class Context(CallbackContext[ExtBot[Lane], dict[Any, Any], dict[Any, Any], Services]):
    @property
    def services(self) -> Services:
        return self.application.bot_data


App = Application[ExtBot[Lane], Context, dict[Any, Any], dict[Any, Any], Services, None]


STRANGER = 0


@dataclass(frozen=True, slots=True)
class Visitor:
    """The person in front of us, with the texts to speak to them."""

    person: Person
    texts: Texts


async def visitor(update: Update, context: Context) -> Visitor:
    """Private chats only. Nobody is remembered before choosing a language: until then the
    person has no language, and an id that stands in no table.
    """
    user = update.effective_user
    if user is None:
        raise LookupError("an update in a private chat has no sender")
    services = context.services
    async with services.store.reading() as records:
        person = await records.person_of(user.id)
    if person and person.blocked_at:
        await people.note_returned(services.store, user.id)
    person = person or Person(STRANGER, user.id, None, frozenset())
    return Visitor(person, services.texts[spoken(person, user.language_code)])


async def is_coordinator(who: Person, context: Context) -> bool:
    services = context.services
    return await roles.may(
        services.store, who, Role.COORDINATOR, owners=services.owners, clock=services.clock
    )


def spoken(person: Person, language_code: str | None) -> Language:
    """The language chosen; before that what the app is set to, German where it is neither."""
    if person.language:
        return person.language
    code = (language_code or "")[:2].lower()
    return Language.UK if code in {"uk", "ru"} else Language.DE
