"""People: who there is, new ones, and many at once for benchmarks."""

from sandbox.control.orders import Handler, Order
from sandbox.errors import ControlError
from sandbox.people import Person
from sandbox.wire import Json

_TEXTS = ("first_name", "last_name", "username", "language_code", "note")


def everyone(order: Order) -> list[Json]:
    return [person.as_shown() for person in order.world.people.all()]


def add(order: Order) -> Json:
    people = order.world.people
    person = Person(order.number("id", people.free_id()), order.text("first_name"))
    if not person.first_name or person.id <= 0:
        raise ControlError(400, "A person needs a first name and a positive id.")
    for name in _TEXTS:
        setattr(person, name, order.text(name))
    people.keep(person)
    return person.as_shown()


def crowd(order: Order) -> Json:
    """`count` people from `first_id` on who have started the bot, without updates."""
    bot, first, count = order.bot(), order.number("first_id"), order.number("count")
    for person_id in range(first, first + count):
        code = "uk" if person_id % 2 else "de"
        order.world.people.keep(Person(person_id, f"Person {person_id}", code))
        bot.chat(person_id, "private")
    return {"first_id": first, "count": count}


def deactivate(order: Order) -> Json:
    person = order.person()
    person.deactivated = True
    order.world.people.keep(person)
    return person.as_shown()


ROUTES: list[tuple[str, str, Handler]] = [
    ("GET", "people", everyone),
    ("POST", "people", add),
    ("POST", "crowd", crowd),
    ("POST", "deactivate", deactivate),
]
