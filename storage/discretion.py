"""Errors without values: what PostgreSQL quotes of a row must not get into a log."""

from sqlalchemy import event
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.ext.asyncio import AsyncEngine

QUOTES_A_VALUE = "invalid input"  # "for query argument $1: …", "syntax for type bigint: …"


def hide_values(engine: AsyncEngine) -> AsyncEngine:
    """SQLAlchemy's hide_parameters hides what we sent. The driver's errors underneath quote the
    row ("Key (telegram_id)=(…) already exists"), and a traceback prints them, too.
    """
    event.listen(engine.sync_engine, "handle_error", _without_values)
    return engine


def _without_values(context: ExceptionContext) -> None:
    error: BaseException | None = context.sqlalchemy_exception or context.original_exception
    while error is not None:
        if getattr(error, "detail", None):
            setattr(error, "detail", None)  # noqa: B010 - only the driver's own errors have one
        if QUOTES_A_VALUE in str(error):
            error.args = (f"{type(error).__name__}: a value does not fit",)
        error = error.__cause__ or getattr(error, "orig", None)
