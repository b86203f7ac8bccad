"""A translation page on loopback that answers, misbehaves or keeps silent as a test wants it."""

from collections.abc import Iterator
from contextlib import contextmanager
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Lock, Thread
from urllib.parse import parse_qs, urlsplit

PAGE = (
    "<!DOCTYPE html><html><head><title>Translate</title></head><body>"
    '<form action="/m"><input name="q"></form>{}<a href="/">Home</a></body></html>'
)
BOX = '<div class="result-container">{}</div>'
GOOGLES_ERROR = "Error 500 (Server Error)!!1500.That’s an error.There was an error. Please try."


class TranslationServer(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.mode = "ok"
        self.retry_after = ""
        self.asked: list[dict[str, str]] = []
        self.paths: list[str] = []
        self.lock = Lock()
        self.over = Event()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/m"


@contextmanager
def translation_server() -> Iterator[TranslationServer]:
    with TranslationServer() as server:
        thread = Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        yield server
        server.over.set()
        server.shutdown()
        thread.join()


def answer_to(text: str) -> str:
    return f"Переклад: {text}"


class _Handler(BaseHTTPRequestHandler):
    server: TranslationServer

    def do_GET(self) -> None:
        asked = {name: values[0] for name, values in parse_qs(urlsplit(self.path).query).items()}
        with self.server.lock:
            self.server.asked.append(asked)
            self.server.paths.append(self.path)
        mode = self.server.mode
        if mode == "hang":
            self.server.over.wait(20)
        elif mode == "trickle":
            self._trickle()
        elif mode.isdecimal():
            self._send(int(mode), "Sorry")
        else:
            self._send(200, _body(mode, asked.get("q", "")))

    def log_message(self, *_: object) -> None:
        pass

    def _send(self, status: int, text: str) -> None:
        body = text.encode()
        self.send_response(status)
        if self.server.retry_after:
            self.send_header("Retry-After", self.server.retry_after)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _trickle(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "100000")
        self.end_headers()
        try:
            while not self.server.over.wait(0.02):
                self.wfile.write(b" ")
        except OSError:
            return


def _body(mode: str, text: str) -> str:
    boxes = {
        "ok": BOX.format(escape(answer_to(text))),
        "error_page": BOX.format(GOOGLES_ERROR),
        "quota": BOX.format("MYMEMORY WARNING: YOU USED ALL AVAILABLE FREE …"),
        "no_result": "",
        "empty": BOX.format(" "),
        "br": BOX.format("Перше речення.<br>Друге речення.<br/>Третє."),
    }
    return "\x00\x01{]<<<>" if mode == "garbage" else PAGE.format(boxes[mode])
