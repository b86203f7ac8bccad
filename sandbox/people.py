"""The people one can play; everyone knows the same people, whatever the bot."""

from dataclasses import asdict, dataclass

from sandbox.store import Store
from sandbox.wire import Json


@dataclass(slots=True)
class Person:
    id: int
    first_name: str
    language_code: str = ""
    last_name: str = ""
    username: str = ""
    note: str = ""
    deactivated: bool = False

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()

    def as_user(self) -> Json:
        """Telegram's `User`, as it stands in `from`."""
        user: Json = {"id": self.id, "is_bot": False, "first_name": self.first_name}
        optional = ("last_name", "username", "language_code")
        return user | {name: getattr(self, name) for name in optional if getattr(self, name)}

    def as_chat(self) -> Json:
        user = self.as_user()
        chat = {
            name: user[name]
            for name in ("id", "first_name", "last_name", "username")
            if name in user
        }
        return chat | {"type": "private"}

    def as_shown(self) -> Json:
        shown = self.as_user() | {"language_code": self.language_code, "note": self.note}
        del shown["is_bot"]
        return shown | ({"deactivated": True} if self.deactivated else {})


_FIRST = (
    Person(1001, "Olena", "uk", "Kovalenko", note="Ukrainian mother in Dortmund"),
    Person(1002, "Jürgen", "de", "Brandt", note="volunteer"),
    Person(1003, "Anna", "de", "Weber", note="coordinator"),
)


class People:
    def __init__(self, store: Store) -> None:
        self._store = store
        kept = [Person(**value) for _, value in store.all("person")]
        self._people = {person.id: person for person in kept}
        if not kept:
            for person in _FIRST:
                self.keep(Person(**asdict(person)))

    def get(self, person_id: int) -> Person | None:
        return self._people.get(person_id)

    def all(self) -> list[Person]:
        return sorted(self._people.values(), key=lambda person: person.id)

    def keep(self, person: Person) -> None:
        self._people[person.id] = person
        self._store.put("person", str(person.id), asdict(person))

    def free_id(self) -> int:
        return max(self._people, default=1000) + 1
