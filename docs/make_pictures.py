"""Makes the pictures of the README with the app itself: python docs/make_pictures.py"""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ.pop("NO_COLOR", None)

import asyncio
from pathlib import Path

from tuinn.app import TuinnApp
from tuinn.screens.lab import Lab

FOLDER = Path(__file__).parent
PICTURES = (
    ("lab.svg", "digits-cross-entropy", (120, 40), 2_600),
    ("surface.svg", "spiral", (200, 50), 60_000),
)
"""File, preset, cells, and the update at which the picture is taken."""


async def picture(name: str, preset: str, size: tuple[int, int], update: int) -> None:
    app = TuinnApp(preset)
    async with app.run_test(size=size) as pilot:
        lab = app.screen
        assert isinstance(lab, Lab)
        while lab.session.status != "ready":
            await pilot.pause(0.1)
        lab.session.start()
        while lab.session.report.update < update and lab.session.status in ("ready", "training"):
            await asyncio.sleep(0.05)
        (FOLDER / name).write_text(app.export_screenshot(title="tuinn"), encoding="utf-8")


async def walks(name: str, size: tuple[int, int], steps: int) -> None:
    """The Surface screen with its first preset, and a swarm beside."""
    app = TuinnApp("circle")
    async with app.run_test(size=size) as pilot:
        await pilot.press("g")
        # three above the first, round the end of the list, is the swarm; then back to the first
        await pilot.press(*"kkkajjj")
        for _ in range(steps):
            await pilot.press("s")
        (FOLDER / name).write_text(app.export_screenshot(title="tuinn"), encoding="utf-8")


def main() -> None:
    for each in PICTURES:
        asyncio.run(picture(*each))
    asyncio.run(walks("descent.svg", (120, 40), 60))


if __name__ == "__main__":
    main()
