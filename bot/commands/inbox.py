"""inbox: updates that could not be handled, without a word of what stands in them."""

from rich.table import Table

from bot.app import Parts

ALL = "all"


async def list_dead(parts: Parts) -> Table | str:
    async with parts.database.reading() as records:
        dead = await records.dead()
    if not dead:
        return "No update was put aside."
    table = Table("number", "came at (UTC)", "error", box=None)
    for update in dead:
        table.add_row(str(update.update_id), f"{update.received_at:%Y-%m-%d %H:%M}", update.error)
    return table


async def retry(parts: Parts, which: str) -> str:
    """`which`: a number, or ALL. The bot that runs finds it within seconds."""
    if which != ALL and not which.isdecimal():
        return f"{which} is no number: python -m bot inbox shows which there are."
    async with parts.database.transaction() as records:
        count = await records.put_back(None if which == ALL else int(which))
    if not count:
        return "There is no such update; python -m bot inbox shows which there are."
    return f"{count} put back; the bot tries again within seconds, or at its next start."
