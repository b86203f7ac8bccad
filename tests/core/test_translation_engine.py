"""The gate: broken answers are named, good ones pass."""

import pytest

from bot.core.translation_engine import EngineFailed, FailureKind, suspicious

GERMAN = "Die Stadt Dortmund lädt am 14. August alle Familien in den Westfalenpark ein."
UKRAINIAN = "Місто Дортмунд запрошує 14 серпня всі родини до Вестфаленпарку."

BROKEN = [
    (GERMAN, None, "uk", "empty"),
    (GERMAN, " \n", "uk", "empty"),
    (
        GERMAN,
        "Error 500 (Server Error)!!1500.That’s an error.There was an error.",
        "de",
        "error page",
    ),
    (GERMAN, "MYMEMORY WARNING: YOU USED ALL AVAILABLE FREE TRANSLATIONS", "uk", "quota text"),
    (GERMAN, "Quota exceeded for this project.", "uk", "quota text"),
    (GERMAN, "Daily limit exceeded", "uk", "quota text"),
    (GERMAN, "<div class=x>" + UKRAINIAN, "uk", "html"),
    (GERMAN, UKRAINIAN.replace("Місто", "&quot;Місто&quot;"), "uk", "html entity"),
    (GERMAN, UKRAINIAN.encode().decode("latin-1"), "uk", "mojibake"),
    (GERMAN, UKRAINIAN.encode().decode("cp1251", "replace"), "uk", "mojibake"),
    (UKRAINIAN, GERMAN.encode().decode("cp1252"), "de", "mojibake"),
    (UKRAINIAN, "Die Stadt l\ufffddt am 14. August ein.", "de", "mojibake"),
    (GERMAN, "????? ???????? ???????? 14 ??????", "uk", "mojibake"),
    (GERMAN, GERMAN, "uk", "unchanged"),
    ("Please come over", "please  come over", "de", "unchanged"),
    (GERMAN, "The city of Dortmund invites all families on 14 August.", "uk", "wrong script"),
    ("Kommen Sie gern vorbei", "Please come over", "uk", "wrong script"),
    (UKRAINIAN, "Мiсто Дортмунд запрошує: Stadtfest 14 серпня", "de", "wrong script"),
    (GERMAN, "Мы приглашаем 14 августа все семьи в парк.", "uk", "russian letters"),
    ("Im Jahr 2026 kamen 480 Kinder.", "Того року приїхало 480 дітей.", "uk", "lost number"),
    ("Es kamen 25.300 Gäste zum Fest.", "На свято прийшли 2450 гостей.", "uk", "lost number"),
    (GERMAN, "Місто місто місто місто місто місто 14 серпня", "uk", "repetition"),
    (GERMAN, "Місто Дортмунд запрошує " * 4 + "14 серпня", "uk", "repetition"),
    ("Guten Tag zusammen", "Добрий день, " + UKRAINIAN, "uk", "too long"),
]

GOOD = [
    (GERMAN, UKRAINIAN, "uk"),
    (UKRAINIAN, GERMAN, "de"),
    ("", "", "uk"),
    ("🎉", "🎉", "uk"),
    ("Dortmund", "Dortmund", "uk"),
    ("Zoom-Meeting, dortmund.de", "Zoom-зустріч, dortmund.de", "uk"),
    ("Konzert im Dietrich-Keuning-Haus", "Концерт у Dietrich-Keuning-Haus", "uk"),
    ("Beginn ist um 6:30 p.m.", "Beginn ist um 18:30 Uhr.", "de"),
    ("480 тис. євро та 1,2 млн", "480.000 Euro und 1,2 Millionen", "de"),
    ("25.000 Euro, 12.500 Gäste", "25 000 євро, 12\u00a0500 гостей", "uk"),
    ("25.000 Menschen kamen.", "Прийшло 25 тис. людей.", "uk"),
    ("Die 1990er Jahre in Dortmund", "90-ті роки в Дортмунді", "uk"),
    ("500 Kinder kamen.", "Приїхало п’ятсот дітей.", "uk"),
    ("10 Kinder und 12 Eltern", "Десять дітей і дванадцять батьків", "uk"),
    ("Sehr, sehr, sehr schön!", "Дуже, дуже, дуже гарно!", "uk"),
    ("OB", "обербургомістр", "uk"),
    ("Der Text „<b>neu</b>“ &amp; mehr", "Текст «<b>новий</b>» &amp; більше", "uk"),
    (
        "Internal Server Error: Rathaus war offline",
        "Internal Server Error: сервер ратуші мовчав",
        "uk",
    ),
    ("Der Server meldete: too many requests", "Сервер повідомив: too many requests", "uk"),
    ("Wer kommt mit??", "Хто з нами???", "uk"),
    ("Рівне, Київ і Суми", "Riwne, Kyjiw und Sumy", "de"),
    ("In Rîbniţa und Ñandú", "У Рибниці та Ñandú", "uk"),
]


@pytest.mark.parametrize(("source", "answer", "target", "reason"), BROKEN)
def test_a_broken_answer_is_named(
    source: str, answer: str | None, target: str, reason: str
) -> None:
    assert suspicious(source, answer, target) == reason


@pytest.mark.parametrize(("source", "answer", "target"), GOOD)
def test_a_good_answer_passes(source: str, answer: str, target: str) -> None:
    assert suspicious(source, answer, target) is None


def test_a_failure_says_only_its_kind() -> None:
    assert str(EngineFailed(FailureKind.QUOTA, retry_after=60)) == "quota"
