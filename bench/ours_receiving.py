"""Our receiving, as a program: polls, the durable inbox, lines of chats, the handlers.

The one place where a benchmark of receiving starts our side. With `echo` the handlers are replaced
by the one that the peers have; otherwise it is the bot's own.
"""

import asyncio
import json
import signal
import sys
from dataclasses import dataclass

from telegram import Update
from telegram.ext import MessageHandler, filters

from bench.ours import parts_of
from bot import app, logs
from handlers import application as telegram
from handlers.context import Context
from handlers.reception import Reception


@dataclass(frozen=True, slots=True)
class Task:
    url: str  # of Telegram
    token: str
    database: str
    echo: bool


async def echo(update: Update, context: Context) -> None:
    del context
    if update.message and update.message.text:
        await update.message.reply_text(update.message.text)


async def main(task: Task) -> None:
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    parts = parts_of(task.database, token=task.token, api=task.url)
    async with parts.database:
        bot = app.application(parts)
        if task.echo:
            bot.handlers.clear()
            bot.add_handler(MessageHandler(filters.TEXT, echo))
        await bot.initialize()
        await Reception(bot, telegram.calls_of(bot)).run(stop)
        await bot.bot.shutdown()


if __name__ == "__main__":
    logs.set_up("WARNING", "text")
    asyncio.run(main(Task(**json.loads(sys.argv[1]))))
