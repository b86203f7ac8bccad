"""Logs: one line an event, as text or JSON, and never the token."""

import logging
import re
import sys
from types import TracebackType

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

TOKEN = re.compile(r"\d+(?::|%3A)[\w-]{30,}")
HIDDEN = "<token>"
# These write addresses (with the token in them) or what people wrote, below these levels.
QUIET = {
    "httpx": logging.WARNING,
    "httpcore": logging.WARNING,
    "alembic": logging.WARNING,
    "telegram": logging.INFO,
    "telegram.ext": logging.INFO,
    "aiosqlite": logging.WARNING,
    "sqlalchemy": logging.WARNING,
    "apscheduler": logging.ERROR,
    "asyncio": logging.INFO,
    "trafilatura": logging.ERROR,
    "htmldate": logging.ERROR,
    "urllib3": logging.WARNING,
}


def without_token(text: str) -> str:
    return TOKEN.sub(HIDDEN, text)


class _Redacting(logging.Formatter):
    """The last thing that happens to a line, traceback and all."""

    def __init__(self, inner: logging.Formatter) -> None:
        super().__init__()
        self._inner = inner

    def format(self, record: logging.LogRecord) -> str:
        return without_token(self._inner.format(record))


def set_up(level: str, form: str) -> None:
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _in_order,
    ]
    renderer = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if form == "json"
        else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    )
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared,
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.format_exc_info,
            renderer,
        ],
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Redacting(formatter))
    logging.basicConfig(handlers=[handler], level=level, force=True)
    for name, floor in QUIET.items():
        logging.getLogger(name).setLevel(max(floor, logging.getLevelName(level)))
    sys.excepthook = _last_words


def _last_words(kind: type[BaseException], error: BaseException, at: TracebackType | None) -> None:
    """A fault that ends the program is a line like the others, without the token."""
    if issubclass(kind, KeyboardInterrupt):
        sys.__excepthook__(kind, error, at)
        return
    structlog.get_logger(__name__).critical("ended by a fault", exc_info=(kind, error, at))


def _in_order(logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
    """The event first: what happened, then to what."""
    del logger, method
    first = {key: event.pop(key) for key in ("timestamp", "level", "event") if key in event}
    return {**first, **event}
