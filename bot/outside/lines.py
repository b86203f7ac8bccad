"""Line rules: what on an article's page is the article, and what is the page around it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.core.news_entry import Obstacle
from bot.outside.dates import DAY_FORMS

_I = re.IGNORECASE
_LONGEST_CHROME = 200
_LONGEST_WALL = 300
_LONGEST_TAG = 60
_FEWEST_TITLE_WORDS = 3
_NEAR_TITLE = 3
_ENOUGH_BESIDE_A_WALL = 200

_READ_ALSO = (
    r"read (?:more|also)|see also|related (?:news|articles|posts)|more on this topic|"
    r"читайте (?:також|ще|также|ещё|еще)|дивіться також|схожі (?:новини|матеріали)|інші новини|"
    r"останні новини|lesen sie auch|auch interessant|jetzt lesen|weitere (?:meldungen|artikel|"
    r"nachrichten)|ähnliche (?:artikel|beiträge)|mehr zum thema[^.!?]*|"
    r"das könnte sie auch interessieren|weitere informationen zum thema"
)
_TAIL = re.compile(
    rf"(?:{_READ_ALSO}|kommentare|comments|коментарі|комментарии)\s*[:.…]*"
    r"|_*STEADY_PAYWALL_*|unterstütze uns auf steady.*|powered by \w+"
    r"|the post .{0,300} appeared first on .{0,200}|der beitrag .{0,300} erschien zuerst auf .*",
    _I,
)
_CHROME = re.compile(
    rf"(?:{_READ_ALSO})\s*[:–-].+"
    r"|(?:share|teilen|поділити(?:ся|сь)|поширити|поделиться)\b[^.!?]{0,60}"
    r"|(?:кількість )?(?:views|aufrufe|переглядів|перегляди|просмотров|lesezeit|reading time|"
    r"час читання|зараз на сайті|візитів всього)\b\W*\d.{0,20}"
    r"|\(?(?:bild|foto|photo|фото|bildlizenz)\s*(?:\([^)]*\))?\s*(?:[:©].{0,120}|без опису)"
    r"|foto/text .{0,40}"
    r"|[©].{0,150}|.{0,80}(?:усі права захищен|all rights reserved|alle rechte vorbehalten).{0,80}"
    r"|(?:tags?|теги|мітки|schlagwörter|schlagworte)\s*:.{0,150}"
    r"|(?:einloggen|anmelden|log ?in|sign in|увійти|newsletter.{0,40}|abonnieren|drucken|print)"
    r"|(?:newsroom|nachrichtenportal|startseite|home|головна|новини|головне меню|гаряча лінія|"
    r"додати свою новину|пошук по сайту|прогноз погоди|ukrinform nachrichten)"
    r"|(?:слідкуйте за нами|підписуйтес\w|подписывайтесь|folgen sie uns|follow us)\b.{0,100}"
    r"|.{0,40}(?:ост[аa]в\w+|залиш\w+|leave a).{0,30}(?:комментарий|коментар|comment|reply)"
    r"|.{0,150}\b(?:mehr lesen|weiterlesen|детальніше|докладніше)(?:\s*(?:…|\.{3}|»|›|>|→))*"
    r"|.{0,80}(?:informationen zum datenschutz|datenschutzerklärung).{0,80}"
    r"|!\[.*\]\(.*\)|https?://\S+|[\W_]*",
    _I,
)
_COOKIES = re.compile(
    r"(?=.*\bcookies?\b).*(?:verwend|nutz|setz|gewährleist|zustimm|akzeptier|einwillig|\buse\b|"
    r"agree|accept|allow|використ|погодж|дозвол|используе|соглаша).*"
    r"|дозволити|allow(?: all)?|alle akzeptieren|accept all",
    _I,
)
_PAYWALL = re.compile(
    r".*(?:alle artikel frei|jetzt (?:kostenlos|gratis) testen|wochen gratis|"
    r"wochen für \d+ (?:euro|€)|"
    r"abo abschließen|jetzt abonnieren|plus-artikel|weiterlesen mit|nur für abonnent|"
    r"subscribe to (?:read|continue)|subscribers only|лише для передплатник|оформіть передплату).*",
    _I,
)
_ROBOT_CHECK = re.compile(
    r"just a moment\W*|.*(?:checking your browser|verify(?:ing)? (?:that )?you are (?:a )?human|"
    r"enable javascript and cookies to continue|ddos protection by|attention required).*",
    _I,
)
_NEEDS_SCRIPT = re.compile(r".{0,80}\bjavascript\b.{0,80}", _I)
_COOKIE_TITLE = re.compile(
    r".*\bcookies?\b.*(?:verwend|nutz|use)"
    r"|.*(?:verwendet|nutzt|uses?|використовує\w*)\b.*\bcookies?\b",
    _I,
)
_WALLS = (
    (_ROBOT_CHECK, Obstacle.ROBOT_CHECK),
    (_COOKIES, Obstacle.COOKIE_WALL),
    (_PAYWALL, Obstacle.PAYWALL),
    (_NEEDS_SCRIPT, Obstacle.NEEDS_SCRIPT),
)
_GRAVITY = [obstacle for _, obstacle in _WALLS]
_SENTENCE_END = re.compile(r"[.!?…:;][\"'»“”’)\]]*$")
_BULLET = re.compile(r"[-•–*·]\s")
_DAY = "|".join(re.sub(r"\?P<\w+>", "", form.pattern) for form in DAY_FORMS)
_COUNTER = r"(?:кількість )?(?:views|aufrufe|перегляд\w+|просмотров)\W*\d+"
_DATE_LINE = re.compile(
    r"(?P<said>(?:nachricht vom|veröffentlicht(?: am)?|erstellt(?: am)?|stand|datum|"
    r"published(?: on)?|опубліковано|дата(?: публікації)?|опубликовано)\W*)?"
    rf"(?:[^\W\d_]{{2,10}}\.?,?\s+)?(?:{_DAY})(?:\s*(?:р\.|року|г\.|года))?"
    r"(?P<clock>[\s,–|-]*(?:um |о |at )?\d\d?[:.]\d\d(?::\d\d)?(?:\s*uhr)?)?"
    rf"(?P<counted>[\s,–|-]*{_COUNTER})?\W*",
    _I,
)


@dataclass(frozen=True, slots=True)
class Reading:
    """`date_lines`: lines that say when the article was published, the best first."""

    title: str
    paragraphs: tuple[str, ...]
    date_lines: tuple[str, ...]
    obstacle: Obstacle | None


def read_lines(lines: Sequence[str], title: str | None) -> Reading:
    """`title` is known for a page; pasted text tells it by its first lines, often twice."""
    present = [line for line in (" ".join(line.split()) for line in lines) if line]
    heading = title or _title_of(present)
    body = list(_before_tail(_from_title(present, heading), heading))
    kept = [line for line in body if not _is_chrome(line) and not _same(line, heading)]
    text = tuple(_without_tags(_without_crumbs(kept)))
    return Reading(heading, text, tuple(_dates(body)), _obstacle(heading, present, text))


def without_chrome(lines: Sequence[str], title: str) -> tuple[str, ...]:
    """For texts that a feed has cut out already: only what is surely no text goes."""
    present = [line for line in lines if line.strip()]
    body = _before_tail(present, title)
    return tuple(line for line in body if not _is_chrome(line) and not _same(line, title))


def is_date_line(line: str) -> bool:
    return _DATE_LINE.fullmatch(line) is not None


def _title_of(lines: Sequence[str]) -> str:
    likely = [line for line in lines if not _is_chrome(line)]
    doubled = [line for line in likely if likely.count(line) > 1 and _long_enough(line)]
    whole = [line for line in likely if _long_enough(line) and not line.endswith(".")]
    return next(iter((*doubled[:1], *whole[:1], *likely[:1])), "")


def _long_enough(line: str) -> bool:
    return len(line.split()) >= _FEWEST_TITLE_WORDS


def _from_title(lines: Sequence[str], title: str) -> Sequence[str]:
    place = next((n for n, line in enumerate(lines) if _same(line, title)), None)
    return lines if place is None else lines[place:]


def _before_tail(lines: Sequence[str], title: str) -> Iterator[str]:
    """Up to the teasers of other articles; the title again after the text is their beginning."""
    told = False
    for line in lines:
        if told and (_TAIL.fullmatch(line) or _same(line, title)):
            return
        told = told or _is_paragraph(line)
        yield line


def _is_paragraph(line: str) -> bool:
    return bool(_SENTENCE_END.search(line)) and not _is_chrome(line)


def _is_chrome(line: str) -> bool:
    if len(line) <= _LONGEST_CHROME and (_CHROME.fullmatch(line) or is_date_line(line)):
        return True
    return bool(_TAIL.fullmatch(line)) or _wall(line) is not None


def _wall(line: str) -> Obstacle | None:
    """A long paragraph that mentions a subscription or a cookie is a paragraph."""
    if len(line) > _LONGEST_WALL:
        return None
    return next((obstacle for wall, obstacle in _WALLS if wall.fullmatch(line)), None)


def _without_crumbs(lines: list[str]) -> list[str]:
    """Without the path and the section above the first paragraph."""
    first = next((n for n, line in enumerate(lines) if _SENTENCE_END.search(line)), 0)
    return [line for line in lines[:first] if _long_enough(line)] + lines[first:]


def _without_tags(lines: list[str]) -> list[str]:
    """Without the short lines at the end that are no sentences."""
    while len(lines) > 1 and _is_tag(lines[-1]):
        lines = lines[:-1]
    return lines


def _is_tag(line: str) -> bool:
    short = len(line) <= _LONGEST_TAG
    return short and not _SENTENCE_END.search(line) and not _BULLET.match(line)


def _dates(body: Sequence[str]) -> Iterator[str]:
    """A bare date counts only beside the title: elsewhere it is today's or a teaser's."""
    found = [
        (n, line, match) for n, line in enumerate(body) if (match := _DATE_LINE.fullmatch(line))
    ]
    for _, line, match in found:
        if match["said"] or match["clock"] or match["counted"]:
            yield line
    yield from (line for n, line, _ in found if 0 < n <= _NEAR_TITLE)


def _obstacle(title: str, lines: Sequence[str], text: tuple[str, ...]) -> Obstacle | None:
    """A banner over a readable notice is no wall, however short the notice is."""
    if _COOKIE_TITLE.match(title):
        return Obstacle.COOKIE_WALL
    walls = sorted({wall for line in lines if (wall := _wall(line))}, key=_GRAVITY.index)
    if not text:
        return walls[0] if walls else Obstacle.EMPTY
    little = sum(map(len, text)) < _ENOUGH_BESIDE_A_WALL
    hiding = [wall for wall in walls if wall in {Obstacle.PAYWALL, Obstacle.ROBOT_CHECK}]
    return hiding[0] if hiding and little else None


def _same(one: str, other: str) -> bool:
    return one.casefold().strip(" .\"'«»„“”") == other.casefold().strip(" .\"'«»„“”")
