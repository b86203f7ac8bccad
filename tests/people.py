"""People for tests: they write, tap and look on through the sandbox's control interface."""

import asyncio
import base64
import sys
from collections.abc import Callable
from typing import Any

from tests.control import Control
from tests.seen import Json, Message

OLENA, JUERGEN, ANNA = 1001, 1002, 1003
PATIENCE = 5.0  # seconds
Fits = Callable[[Message], bool]


class World(Control):
    """The sandbox at `url`; use it as `async with`."""

    def bot(self, token: str) -> "Desk":
        return Desk(self, token)

    async def invite(self, first_name: str, language_code: str = "", **more: object) -> Json:
        """A new person."""
        about = {"first_name": first_name, "language_code": language_code, **more}
        person: Json = await self.post("people", **about)
        return person


class Desk:
    """One bot, seen from Telegram's side."""

    def __init__(self, world: World, token: str) -> None:
        self.world = world
        self.token = token
        self.id = int(token.partition(":")[0])
        self._people: dict[int, Person] = {}
        self.base_url = f"{world.url}/bot"
        self.base_file_url = f"{world.url}/file/bot"

    def person(self, person_id: int) -> "Person":
        """Always the same object: it remembers what the person did last."""
        return self._people.setdefault(person_id, Person(self, person_id))

    @property
    def olena(self) -> "Person":
        return self.person(OLENA)

    @property
    def juergen(self) -> "Person":
        return self.person(JUERGEN)

    @property
    def anna(self) -> "Person":
        return self.person(ANNA)

    async def invite(self, first_name: str, language_code: str = "", **more: object) -> "Person":
        return self.person((await self.world.invite(first_name, language_code, **more))["id"])

    async def group(self, title: str, *members: "Person", kind: str = "group") -> int:
        """The new chat's id; the first member owns it."""
        ids = [member.id for member in members]
        chat = await self.post("chats", type=kind, title=title, members=ids)
        return int(chat["id"])

    async def limits(self, *, on: bool, **figures: float) -> None:
        await self.post("limits", on=on, **figures)

    async def misbehaves(self, kind: str, method: str = "*", **how: object) -> None:
        await self.post("faults", kind=kind, method=method, **how)

    async def behaves(self) -> None:
        await self.world.delete("faults", bot=self.id)

    async def registered(self) -> Json:
        found: Json = await self.get("bot")
        return found

    async def calls(self, method: str = "", after: int = 0, wait: float = 0) -> list[Json]:
        """What the bot asked of Telegram, oldest first."""
        found: list[Json] = await self.get("calls", method=method, after=after, wait=wait)
        return found

    async def waits_for_calls(
        self, method: str, count: int = 1, patience: float = PATIENCE
    ) -> list[Json]:
        found: list[Json] = []
        async with asyncio.timeout(patience):
            while len(found) < count:
                after = found[-1]["n"] if found else 0
                found += await self.calls(method, after, patience)
        return found

    async def waits_for_poll(self) -> None:
        """Until the bot waits for updates."""
        state = await self.get("polling", wait=PATIENCE)
        assert state["polling"], "the bot does not poll"

    async def waits_for_no_updates(self, but: int = 0) -> None:
        """Until the bot has confirmed every update, or all `but` so many."""
        state = await self.get("updates", wait=PATIENCE, at_most=but)
        assert state["pending"] <= but, f"{state['pending']} updates were not taken"

    async def download(self, file_id: str) -> bytes:
        """A file from a chat, as the person who got it opens it."""
        return await self.world.download(bot=self.id, file_id=file_id)

    async def get(self, path: str, **query: Any) -> Any:
        return await self.world.get(path, bot=self.id, **query)

    async def post(self, path: str, **body: Any) -> Any:
        return await self.world.post(path, bot=self.id, **body)


class Person:
    """Someone with a chat open: a private one with the bot, or another by `in_chat`."""

    def __init__(self, desk: Desk, person_id: int, chat_id: int | None = None) -> None:
        self.desk = desk
        self.id = person_id
        self.chat_id = person_id if chat_id is None else chat_id
        self._since = 0  # the version when this person last did something
        self._tapped = ""

    def in_chat(self, chat_id: int) -> "Person":
        return Person(self.desk, self.id, chat_id)

    async def says(self, text: str, **more: object) -> Json:
        """Text, or with `reply_to=message_id` a reply."""
        return await self.sends(text=text, **more)

    async def sends(self, **content: object) -> Json:
        """A sticker, photo, voice, contact, location, text … as the control interface takes it."""
        sent: Json = await self._does("send", **content)
        return sent

    async def sends_document(self, name: str, content: bytes) -> Json:
        encoded = base64.b64encode(content).decode()
        return await self.sends(document={"name": name, "content_base64": encoded})

    async def shares_contact(self, phone_number: str) -> Json:
        about = {"phone_number": phone_number, "user_id": self.id}
        return await self.sends(contact=about)

    async def corrects(self, message_id: int, text: str) -> Json:
        return await self.sends(edit=message_id, text=text)

    async def taps(self, label: str, patience: float = PATIENCE) -> Json:
        """The newest button with this label, in a message or in place of the letters."""
        message, button = await self._finds_button(label, patience)
        if message.is_inline:
            return await self._taps(message.id, data=button.get("callback_data"), label=label)
        if button.get("request_contact"):
            return await self.shares_contact(f"+4923100{self.id}")
        return await self.says(button["text"])

    async def taps_again(self, message: Message, label: str) -> Json:
        """A button of a certain message, however old."""
        button = message.button(label)
        assert button, f"no button {label!r} in: {message}"
        return await self._taps(message.id, data=button["callback_data"])

    async def forges(self, message: Message, data: str) -> Json:
        """A tap on a button that never existed."""
        return await self._taps(message.id, data=data, forge=True)

    async def is_told(self, text: str = "", patience: float = PATIENCE) -> Json:
        """The notice or alert that answers the last tap contains `text`."""
        path = f"callbacks/{self._tapped}"
        answer: Json = await self.desk.world.get(path, wait=patience)
        assert answer["answered"], "the bot did not answer the tap"
        assert text in answer["text"], f"told {answer['text']!r} instead of {text!r}"
        return answer

    async def sees(self, text: str = "", patience: float = PATIENCE) -> Message:
        """Waits for a message of the bot, new or changed since this person last did something."""
        found = await self._waits(lambda m: m.from_bot and text in m.text, self._since, patience)
        if found is None:
            raise AssertionError(f"does not see {text!r} but {await self._view()}")
        return found

    async def sees_button(self, label: str, patience: float = PATIENCE) -> Message:
        return (await self._finds_button(label, patience))[0]

    async def does_not_see(self, text: str) -> None:
        """At this moment, in no message of the bot."""
        found = [m for m in await self.messages() if m.from_bot and text in m.text]
        assert not found, f"sees {text!r} in {await self._view()}"

    async def last(self) -> Message:
        """The bot's newest message that was not deleted."""
        every = [message for message in await self.messages() if message.from_bot]
        assert every, "the bot has written nothing"
        return every[-1]

    async def messages(self, after: int = 0) -> list[Message]:
        """Oldest first, without deleted ones."""
        found, _ = await self._look(after, 0)
        return [message for message in found if not message.deleted]

    async def blocks(self) -> None:
        await self._does("block")

    async def unblocks(self) -> None:
        await self._does("unblock")

    async def deletes_account(self) -> None:
        await self._does("deactivate")

    async def _taps(self, message_id: int, **how: object) -> Json:
        tapped: Json = await self._does("tap", message_id=message_id, **how)
        self._tapped = tapped["callback_query_id"]
        return tapped

    async def _does(self, path: str, **body: object) -> Any:
        _, self._since = await self._look(sys.maxsize, 0)
        return await self.desk.post(path, **{"from": self.id, "chat": self.chat_id}, **body)

    async def _finds_button(self, label: str, patience: float) -> tuple[Message, Json]:
        """In the newest message that has it."""
        for message in reversed(await self.messages()):
            if button := message.button(label):
                return message, button
        found = await self._waits(lambda m: m.button(label) is not None, 0, patience)
        button = found.button(label) if found else None
        if found is None or button is None:
            raise AssertionError(f"no button {label!r} in {await self._view()}")
        return found, button

    async def _waits(self, fits: Fits, version: int, patience: float) -> Message | None:
        """The newest that fits."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + patience
        while (left := deadline - loop.time()) > 0:
            found, version = await self._look(version, left)
            for message in reversed(found):
                if not message.deleted and fits(message):
                    return message
        return None

    async def _look(self, after: int, wait: float) -> tuple[list[Message], int]:
        answer = await self.desk.get("messages", chat=self.chat_id, after=after, wait=wait)
        return [Message(raw) for raw in answer["messages"]], answer["version"]

    async def _view(self) -> str:
        lines = [f"  {message}" for message in (await self.messages())[-10:]]
        return "\n".join(["this:", *lines]) if lines else "an empty chat"
