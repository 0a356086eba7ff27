"""tuinn's own theme: calm and dark, with colours that colour-blind people can tell apart."""

from textual.theme import Theme

THEME = Theme(
    name="tuinn",
    dark=True,
    primary="#7fa8d9",
    secondary="#8fb8a8",
    accent="#d9b26f",
    success="#7fb98c",
    warning="#e0a85a",
    error="#e5786d",
    foreground="#c9d1dc",
    background="#0f1319",
    surface="#151a22",
    panel="#1c232e",
    variables={
        "border": "#4d6a8f",
        "border-blurred": "#2a3341",
        "block-cursor-background": "#2d4668",
        "block-cursor-foreground": "#eef2f7",
        "block-cursor-text-style": "none",
        "input-selection-background": "#7fa8d9 35%",
        "scrollbar": "#2a3341",
        "scrollbar-hover": "#3b4860",
        "scrollbar-active": "#4d6a8f",
        "scrollbar-background": "#12161d",
        "scrollbar-corner-color": "#12161d",
        "footer-key-foreground": "#d9b26f",
    },
)
