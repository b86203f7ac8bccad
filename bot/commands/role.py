"""role grant/revoke: who is a coordinator besides the owners."""

from bot.app import Parts
from bot.core import roles
from bot.core.people import Role


async def change_role(parts: Parts, telegram_id: int, *, grant: bool) -> str:
    async with parts.database.reading() as records:
        person = await records.person_of(telegram_id)
    if person is None:
        return f"{telegram_id} is not known: the person must choose a language in the bot first."
    change = roles.appoint if grant else roles.dismiss
    await change(parts.database, person.id, Role.COORDINATOR, parts.clock)
    return f"{telegram_id} is {'now' if grant else 'no longer'} a coordinator."
