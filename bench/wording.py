"""What is sent: one item in both languages, the same words for our engine and for every peer."""

TITLE = {
    "de": "Sommerfest der Städtepartnerschaft im Westfalenpark",
    "uk": "Літнє свято партнерства міст у Вестфаленпарку",
}
LEAD = {
    "de": "Die Familien aus Dortmund und Zhytomyr treffen sich am Samstag um 15 Uhr am Eingang "
    "Florianstraße. Es gibt Musik, Spiele für Kinder und etwas zu essen.\n\n"
    "Bitte bringen Sie Decken mit. Bei Regen findet das Fest in der Halle statt.",
    "uk": "Родини з Дортмунда та Житомира зустрічаються в суботу о 15:00 біля входу з "
    "Флоріанштрасе. Буде музика, ігри для дітей та частування.\n\n"
    "Візьміть із собою, будь ласка, пледи. Якщо піде дощ, свято відбудеться в залі.",
}
FOOTER = {
    "de": '1. Juni 2026\n<a href="https://example.org/news/383369923441326588">Weiterlesen</a>',
    "uk": "1 червня 2026\u202fр.\n<i>Перекладено автоматично</i>\n"
    '<a href="https://example.org/news/383369923441326588">Читати оригінал (німецькою)</a>',
}
MESSAGE = {
    language: f"<b>{TITLE[language]}</b>\n\n{LEAD[language]}\n\n{FOOTER[language]}"
    for language in TITLE
}


def language_of(chat: int) -> str:
    """Half read German, half Ukrainian."""
    return "uk" if chat % 2 else "de"


def message_to(chat: int) -> str:
    """As our engine renders it, in HTML."""
    return MESSAGE[language_of(chat)]
