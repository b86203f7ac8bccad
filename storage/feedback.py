"""Feedback, its words sealed and bound to its row."""

from datetime import datetime

import structlog
from sqlalchemy import insert, select

from bot.core.feedback import About, Feedback, Rating
from bot.core.people import Language
from storage.queries import Queries
from storage.sealing import SealError
from storage.tables import feedback as table

log = structlog.get_logger()

CELL = {"table": "feedback", "column": "words"}


class FeedbackQueries(Queries):
    async def add_feedback(self, feedback: Feedback) -> None:
        words = feedback.words and self._seal.seal(feedback.words, **CELL, row=feedback.id)
        row = {
            "id": feedback.id,
            "person_id": feedback.person_id,
            "reference": feedback.reference,
            "about": feedback.about.value,
            "rating": feedback.rating.value,
            "words": words or None,
            "language": feedback.language.value,
            "created_at": feedback.created_at,
        }
        await self._connection.execute(insert(table).values(row))

    async def feedback_of(self, feedback_id: int) -> Feedback | None:
        found = await self._connection.execute(select(table).where(table.c.id == feedback_id))
        row = found.mappings().first()
        if row is None:
            return None
        return Feedback(
            row["id"],
            row["person_id"],
            row["reference"],
            About(row["about"]),
            Rating(row["rating"]),
            self._words(row["id"], row["words"]),
            Language(row["language"]),
            row["created_at"],
        )

    async def feedback_times(self, person_id: int, *, since: datetime) -> list[datetime]:
        found = await self._connection.scalars(
            select(table.c.created_at)
            .where(table.c.person_id == person_id, table.c.created_at > since)
            .order_by(table.c.created_at)
        )
        return list(found)

    def _words(self, feedback_id: int, sealed: bytes | None) -> str:
        if sealed is None:
            return ""
        try:
            return self._seal.open(sealed, **CELL, row=feedback_id)
        except SealError as error:  # the rest of it still reaches the team
            log.warning("feedback cannot be opened", feedback=feedback_id, error=str(error))
            return ""
