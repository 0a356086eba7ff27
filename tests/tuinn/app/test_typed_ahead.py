"""Keys that come faster than the screens they are meant for."""

from app_driver import ready, until
from descent_driver import app
from textual.events import Key
from textual.keys import _character_to_key
from textual.pilot import Pilot

from tuinn.screens.descent import SurfaceScreen


def type_ahead(pilot: Pilot[None], *keys: str) -> None:
    """Press keys without waiting for what they do."""
    for key in keys:
        character = key if len(key) == 1 else None
        name = _character_to_key(key) if character else key
        pilot.app.post_message(Key(name, "\r" if key == "enter" else character))


async def test_keys_wait_for_the_screen_that_the_one_before_them_opens() -> None:
    async with app().run_test(size=(120, 40)) as pilot:
        await ready(pilot)
        type_ahead(pilot, "g", "f", *"ravine", "enter")
        await until(
            pilot,
            lambda: (
                isinstance(screen := pilot.app.screen, SurfaceScreen)
                and screen.walks.surface.name == "ravine"
            ),
            "the surface that was typed ahead",
        )
        screen = pilot.app.screen
        assert isinstance(screen, SurfaceScreen)
        # none of its letters has done anything else
        assert screen.angle == 45
        assert "sgd" in screen.walks.chosen
        type_ahead(pilot, "p", *"local", "enter")
        await until(pilot, lambda: screen.preset.name == "local-minimum", "the preset")
        type_ahead(pilot, "s", "g", "G", "s")
        await until(pilot, lambda: screen.walks.walks["sgd"].update == 2, "two steps")
