"""Dates as German, Ukrainian, Russian and English sites and feeds write them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

_MONTHS: Mapping[str, int] = {
    stem: number
    for number, stems in enumerate(
        (
            "jan jän січ янв",
            "feb лют фев",
            "mar mär mrz maer бер мар",
            "apr кві апр",
            "may mai тра май мая",
            "jun чер июн",
            "jul лип июл",
            "aug сер авг",
            "sep вер сен",
            "oct okt жов окт",
            "nov лис ноя",
            "dec dez гру дек",
        ),
        start=1,
    )
    for stem in stems.split()
}
_ISO = re.compile(r"(?P<year>\d{4})-(?P<month>\d\d?)-(?P<day>\d\d?)")
_DOTTED = re.compile(r"\b(?P<day>\d\d?)\.\s?(?P<month>\d\d?)\.\s?(?P<year>\d{4})(?!\d)")
_DAY_FIRST = re.compile(
    r"\b(?P<day>\d\d?)\.?\s+(?P<name>[^\W\d_]{3,})\.?,?\s+(?P<year>\d{4})(?!\d)"
)
_MONTH_FIRST = re.compile(r"\b(?P<name>[^\W\d_]{3,})\.?\s+(?P<day>\d\d?),?\s+(?P<year>\d{4})(?!\d)")
DAY_FORMS = (_ISO, _DOTTED, _DAY_FIRST, _MONTH_FIRST)

_TIME = re.compile(
    r"(?<![\d+:-])(?P<hour>\d\d?)[:.](?P<minute>\d\d)(?::(?P<second>\d\d))?(?:[.,]\d+)?"
    r"(?:\s?(?P<half>[ap])\.?m\b)?",
    re.IGNORECASE,
)
_OFFSET = re.compile(r"(?P<sign>[+-])(?P<hours>\d\d):?(?P<minutes>\d\d)\s*Z?\s*$")
_NAMED_ZONE = re.compile(r"(?:\b|\d)(?P<zone>Z|UTC?|GMT|CES?T|MES?Z|EES?T)\s*$")
_ZONE_HOURS: Mapping[str, int] = {
    "Z": 0, "UT": 0, "UTC": 0, "GMT": 0, "CET": 1, "MEZ": 1, "CEST": 2, "MESZ": 2, "EET": 2,
    "EEST": 3,
}  # fmt: skip
_UNIX = re.compile(r"\s*\d{9,10}\s*")
_OLDEST = timedelta(days=3653)
_NEWEST = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Moment:
    """`day` as written; `at` is aware UTC and None where no time of day is written."""

    day: date
    at: datetime | None


def parse_moment(written: str, zone: ZoneInfo) -> Moment | None:
    """The first date in `written`; without an offset its clock is the one of `zone`."""
    if _UNIX.fullmatch(written):
        at = datetime.fromtimestamp(int(written), UTC)
        return Moment(at.astimezone(zone).date(), at)
    found = min(
        (match for form in DAY_FORMS if (match := form.search(written))),
        key=lambda match: match.start(),
        default=None,
    )
    day = _day(found) if found else None
    if day is None or found is None:
        return None
    rest = written[found.end() :]
    return Moment(day, _at(day, rest, zone))


def moment_in_feed(written: str, zone: ZoneInfo, now: datetime) -> datetime | None:
    """Aware UTC; None for what cannot be read, is older than ten years or lies in the future."""
    moment = parse_moment(written, zone)
    if moment is None:
        return None
    at = moment.at or datetime.combine(moment.day, time(), zone).astimezone(UTC)
    return at if now - _OLDEST <= at <= now + _NEWEST else None


def _day(found: re.Match[str]) -> date | None:
    parts = found.groupdict()
    month = _MONTHS.get(parts["name"][:3].lower()) if "name" in parts else int(parts["month"])
    try:
        return date(int(parts["year"]), month or 0, int(parts["day"]))
    except ValueError:
        return None


def _at(day: date, rest: str, zone: ZoneInfo) -> datetime | None:
    found = _TIME.search(rest)
    if found is None:
        return None
    hour = int(found["hour"]) % 12 if found["half"] else int(found["hour"])
    if (found["half"] or "").lower() == "p":
        hour += 12
    try:
        clock = time(hour, int(found["minute"]), int(found["second"] or 0))
    except ValueError:
        return None
    return datetime.combine(day, clock, _zone(rest[found.end() :]) or zone).astimezone(UTC)


def _zone(rest: str) -> timezone | None:
    if found := _OFFSET.search(rest):
        offset = timedelta(hours=int(found["hours"]), minutes=int(found["minutes"]))
        offset = -offset if found["sign"] == "-" else offset
        return timezone(offset) if abs(offset) < timedelta(hours=24) else None
    if named := _NAMED_ZONE.search(rest):
        return timezone(timedelta(hours=_ZONE_HOURS[named["zone"]]))
    return None
