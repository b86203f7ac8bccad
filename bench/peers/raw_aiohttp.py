"""A bare HTTP client: aiohttp posts JSON and reads the answer. The least a library can do."""

import asyncio

import aiohttp

from bench.peers.workers import Job, Ran, measured, tell, told
from bench.wording import message_to


async def main(job: Job) -> Ran:
    address = f"{job.url}/bot{job.token}/sendMessage"
    connector = aiohttp.TCPConnector(limit=job.in_flight)
    async with aiohttp.ClientSession(connector=connector) as session:

        async def send(chat: int) -> None:
            message = {"chat_id": chat, "text": message_to(chat), "parse_mode": "HTML"}
            async with session.post(address, json=message) as answer:
                answer.raise_for_status()
                await answer.json()

        return await measured(job, send)


if __name__ == "__main__":
    tell(asyncio.run(main(told())))
