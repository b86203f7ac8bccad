"""python-telegram-bot as installed: workers over Bot.send_message on its own HTTPXRequest."""

import asyncio

from telegram import Bot

from bench.peers.workers import Job, Ran, measured, tell, told
from bench.wording import message_to


async def main(job: Job) -> Ran:
    async with Bot(job.token, base_url=f"{job.url}/bot") as bot:

        async def send(chat: int) -> None:
            await bot.send_message(chat, message_to(chat), parse_mode="HTML")

        return await measured(job, send)


if __name__ == "__main__":
    tell(asyncio.run(main(told())))
