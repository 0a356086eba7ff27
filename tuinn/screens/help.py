"""The help: the keys by group, and what every panel shows."""

from __future__ import annotations

from typing import Any, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from tuinn.screens.actions import APP_ACTIONS, GROUPS, LAB_ACTIONS

PANELS = (
    (
        "1 loss",
        "C = C₀ + α/2m Σ w²",
        "What training makes small: the cost on the training set and on the validation set, "
        "which training never sees. When the second rises while the first falls, the network "
        "learns its examples by heart.",
    ),
    (
        "2 accuracy",
        "right answers / all answers",
        "The share of examples whose class is told right; for regression R², the share of the "
        "variance that is explained (1 is perfect, 0 is no better than the mean).",
    ),
    (
        "3 ‖δ‖ by layer",
        "δᴸ = ∇ₐC ⊙ σ′(zᴸ)     δˡ = (Wˡ⁺¹)ᵀ δˡ⁺¹ ⊙ σ′(zˡ)",
        "The error of each layer, as backpropagation computes it: its mean length over the "
        "examples. δˡ is what layer l has to learn from; where it is small, the layer learns "
        "slowly. In deep sigmoid networks it shrinks from layer to layer towards the input.",
    ),
    (
        "4 ‖W‖ by layer",
        "‖Wˡ‖ = √ Σ w²",
        "How large the weights of each layer are. They grow while a network becomes sure of "
        "itself; weight decay holds them back, and too much of it makes them vanish.",
    ),
    (
        "5 saturated units",
        "σ′(z) ≈ 0:  a < 0.1 or a > 0.9",
        "The share of units on a plateau of their activation, low and high. σ′ is nearly 0 "
        "there, so δ is, and the unit hardly learns, however wrong it is. For relu, low means "
        "z ≤ 0: the unit is off.",
    ),
    (
        "6 decay against gradient",
        "w ← (1 − ηα/m) w − η ∂C₀/∂w",
        "The two parts of one update, side by side: ‖ηα/m W‖, by which decay draws the weights "
        "to 0, and ‖η ∂C₀/∂W‖, the step of the gradient. Where they cancel (cosine −1), the "
        "weights have found their balance.",
    ),
    (
        "7 decision surface",
        "aᴸ(x1, x2)",
        "What the network answers at every point of the plane, with the examples over it. Only "
        "for data with two coordinates.",
    ),
)


class Help(ModalScreen[None]):
    """Scrolls with the arrows; any of esc, q, ? or enter closes it."""

    BINDINGS: ClassVar[list[Any]] = [
        Binding("escape,q,question_mark,f1,enter", "dismiss", "back", id="help.back")
    ]

    DEFAULT_CSS = """
    Help { align: center middle; background: $background 60%; }
    Help > Vertical {
        width: 84; max-width: 100%; height: 100%; max-height: 46; margin: 1 2;
        background: $surface; border: round $border; padding: 0 1;
        border-title-color: $text; border-subtitle-color: $text-muted;
    }
    Help VerticalScroll { scrollbar-size-vertical: 1; padding: 0 1; }
    Help Static { margin: 0 0 1 0; }
    """

    def compose(self) -> ComposeResult:
        with Vertical() as box:
            box.border_title = "help"
            box.border_subtitle = "↑↓ scroll   esc back"
            with VerticalScroll():
                yield Static(
                    "Choose data, network and training in the form, press space, and watch "
                    "gradient descent work. η, α and the mini-batch may be changed while it "
                    "runs; everything else waits for r.",
                    markup=False,
                )
                for group in GROUPS:
                    yield Static(keys_of(group))
                yield Static(Content.styled("Panels", "bold $text-primary"))
                for name, equation, text in PANELS:
                    yield Static(
                        Content.assemble(
                            (name, "bold $foreground"),
                            "   ",
                            (equation, "$text-accent"),
                            f"\n{text}",
                        )
                    )

    def on_mount(self) -> None:
        self.query_one(VerticalScroll).focus()


def keys_of(group: str) -> Content:
    """The keys of a group, one to a line."""
    actions = [action for action in (*LAB_ACTIONS, *APP_ACTIONS) if action.group == group]
    lines = [
        Content.assemble((f"{action.shown:>10}", "bold $footer-key-foreground"), f"  {action.help}")
        for action in actions
    ]
    return Content("\n").join([Content.styled(group, "bold $text-primary"), *lines])
