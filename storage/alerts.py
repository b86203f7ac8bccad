"""Alerts to operators."""

from datetime import datetime

from sqlalchemy import ColumnElement, select

from bot.core.alerts import Alert, AlertKind
from storage.queries import Queries
from storage.tables import alerts


class AlertQueries(Queries):
    async def recent_alert(self, kind: AlertKind, *, since: datetime) -> Alert | None:
        return await self._alert(alerts.c.kind == kind.value, alerts.c.at > since)

    async def alert(self, alert_id: int) -> Alert | None:
        return await self._alert(alerts.c.id == alert_id)

    async def put_alert(self, alert: Alert) -> None:
        row = {column.name: getattr(alert, column.name) for column in alerts.columns}
        await self._put(alerts, [row | {"kind": alert.kind.value}], ["id"])

    async def _alert(self, *which: ColumnElement[bool]) -> Alert | None:
        found = await self._connection.execute(
            select(alerts).where(*which).order_by(alerts.c.at.desc()).limit(1)
        )
        row = found.mappings().first()
        return Alert(**{**row, "kind": AlertKind(row["kind"])}) if row else None
