"""The news site and the engine alone, over real HTTP on loopback."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import httpx
import uvicorn
from starlette.applications import Starlette

from sandbox import engine, news
from sandbox.events import Events
from sandbox.store import Store


@dataclass(frozen=True, slots=True)
class Newsroom:
    url: str
    http: httpx.Client
    events: Events

    def start_over(self) -> None:
        self.http.post("/control/news/reset").raise_for_status()
        self.engine(mode="ok")

    def publish(self, slug: str) -> None:
        self.http.post("/control/news/publish", json={"slug": slug}).raise_for_status()

    def engine(self, **behaviour: object) -> None:
        self.http.post("/control/engine", json=behaviour).raise_for_status()


@contextmanager
def open_newsroom() -> Iterator[Newsroom]:
    store, events = Store(":memory:"), Events()
    app = Starlette(routes=[*news.routes(store, events), *engine.routes(store)])
    # TCP by name, or asyncio leaves Nagle's algorithm on and every answer takes 40 ms
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP) as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()  # before the server runs: nobody has to wait for it
        config = uvicorn.Config(app, log_level="error", lifespan="off", ws="none")
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        url = f"http://127.0.0.1:{listening.getsockname()[1]}"
        try:
            with httpx.Client(base_url=url, trust_env=False) as http:
                yield Newsroom(url, http, events)
        finally:
            server.should_exit = True
            thread.join()
            store.close()
