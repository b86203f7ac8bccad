"""The sandbox's control interface over HTTP."""

from types import TracebackType
from typing import Any, Self

import httpx


class Control:
    """A refusal of the sandbox is an AssertionError that says which."""

    def __init__(self, url: str) -> None:
        self.url = url.rstrip("/")
        self._client = httpx.AsyncClient(
            base_url=self.url,
            transport=httpx.AsyncHTTPTransport(verify=False),
            trust_env=False,
            timeout=70,
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        problem: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._client.aclose()

    async def get(self, path: str, **query: Any) -> Any:
        answer = await self._client.get(f"/control/{path}", params=query)
        return _content(answer)

    async def download(self, **query: Any) -> bytes:
        answer = await self._client.get("/control/file", params=query)
        assert answer.is_success, answer.text
        return answer.content

    async def post(self, path: str, **body: Any) -> Any:
        answer = await self._client.post(f"/control/{path}", json=body)
        return _content(answer)

    async def delete(self, path: str, **query: Any) -> Any:
        answer = await self._client.delete(f"/control/{path}", params=query)
        return _content(answer)


def _content(answer: httpx.Response) -> Any:
    if answer.is_error:
        raise AssertionError(f"{answer.request.url.path}: {answer.status_code} {answer.text}")
    return answer.json()
