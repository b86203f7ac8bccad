"""What our engine is compared with: workers over send_message on the project's own transport.

No database, no pace, no memory: what is lost is lost. It runs on the project's Python.
"""

import asyncio

from telegram.ext import ExtBot

from bench.peers.workers import TEXT, Job, Ran, measured, tell, told
from bench.transport import project_transport


async def main(job: Job) -> Ran:
    bot: ExtBot[None] = ExtBot(
        job.token,
        base_url=f"{job.url}/bot",
        request=project_transport(job.url, connections=job.in_flight),
    )
    async with bot:

        async def send(chat: int) -> None:
            await bot.send_message(chat, TEXT, parse_mode="HTML")

        return await measured(job, send)


if __name__ == "__main__":
    tell(asyncio.run(main(told())))
