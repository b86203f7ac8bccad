"""aiogram as installed: workers over Bot.send_message."""

import asyncio

# Only the peers' own Python has it.
from aiogram import Bot  # type: ignore[import-not-found]
from aiogram.client.session.aiohttp import AiohttpSession  # type: ignore[import-not-found]
from aiogram.client.telegram import TelegramAPIServer  # type: ignore[import-not-found]

from bench.peers.workers import Job, Ran, measured, tell, told
from bench.wording import message_to


async def main(job: Job) -> Ran:
    session = AiohttpSession(api=TelegramAPIServer.from_base(job.url))
    async with Bot(job.token, session) as bot:

        async def send(chat: int) -> None:
            await bot.send_message(chat, message_to(chat), parse_mode="HTML")

        return await measured(job, send)


if __name__ == "__main__":
    tell(asyncio.run(main(told())))
