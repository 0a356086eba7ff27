"""The page of the gallery and its pictures belong together."""

from __future__ import annotations

import re
from pathlib import Path

from tuinn.widgets.paging import KEYS, SATURATION

DOCS = Path(__file__).parents[1] / "docs"
PAGE = (DOCS / "gallery.md").read_text(encoding="utf-8")
MOST_BYTES = 4_000_000


def test_every_picture_is_on_the_page_and_there_is_every_picture_of_the_page() -> None:
    shown = re.findall(r"!\[[^\]]+\]\(gallery/([^)]+)\)", PAGE)
    assert sorted(shown) == sorted(file.name for file in (DOCS / "gallery").iterdir())


def test_every_view_from_the_saturation_on_has_a_section_that_is_linked() -> None:
    sections = re.findall(r"^## (.+)$", PAGE, flags=re.MULTILINE)
    for key in KEYS[SATURATION - 1 :]:
        assert any(section.startswith(f"{key} ") for section in sections), key
    assert re.findall(r"^- \[(.+)\]\(#", PAGE, flags=re.MULTILINE) == sections


def test_links_within_the_documents_lead_somewhere() -> None:
    for file in (DOCS / "gallery.md", DOCS.parent / "README.md"):
        text = file.read_text(encoding="utf-8")
        for link in re.findall(r"\]\(([^)#:]+)\)", text):
            assert (file.parent / link).exists(), (file.name, link)


def test_the_pictures_stay_small() -> None:
    files = [*(DOCS / "gallery").iterdir(), *DOCS.glob("*.svg")]
    assert sum(file.stat().st_size for file in files) < MOST_BYTES
