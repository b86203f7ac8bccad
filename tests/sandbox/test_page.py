"""The page in the browser: every file it asks for is there, and nothing comes from outside."""

import re
from pathlib import Path

import pytest

PAGE = Path(__file__).parents[2] / "sandbox" / "page"
FILES = sorted(path for path in PAGE.iterdir() if path.suffix in {".html", ".css", ".js"})
REFERENCE = re.compile(r"""(?:from |src=|href=|url\()["']([^"'$]+)["']""")

each_file = pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)


@each_file
def test_what_a_file_asks_for_is_in_the_folder(path: Path):
    for address in REFERENCE.findall(path.read_text("utf-8")):
        assert address.startswith(("data:", "/news/")) or (PAGE / address).is_file(), address


@each_file
def test_html_of_others_is_used_in_one_place_only(path: Path):
    uses = re.findall(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write", path.read_text())

    assert uses == (["innerHTML"] if path.name == "message.js" else [])


def test_no_file_hides_behind_the_bot_api():
    assert not [path.name for path in PAGE.iterdir() if path.name.startswith(("bot", "control"))]


def test_the_browser_refuses_what_comes_from_outside():
    html = (PAGE / "index.html").read_text("utf-8")

    assert "Content-Security-Policy\" content=\"default-src 'self'" in html
