"""How reports look: on light and on dark ground, on a screen and on paper."""

from __future__ import annotations

from tuinn.widgets.look import INKS, palette

_LIGHT = {
    "paper": "#ffffff", "ink": "#1b1f24", "dim": "#59636e", "grid": "#e4e8ec",
    "axis": "#9aa4af", "ghost": "#9aa4af", "panel": "#f6f8fa", "best": "#fff3c4",
}  # fmt: skip
_DARK = {
    "paper": "#0f1318", "ink": "#e6e9ed", "dim": "#9aa4af", "grid": "#252c35",
    "axis": "#5b6672", "ghost": "#6d7884", "panel": "#171d24", "best": "#4a3d10",
}  # fmt: skip


def _variables(*, light: bool) -> str:
    neutral = _LIGHT if light else _DARK
    curves = palette(light=light)
    colours = {name: curves.get(name, neutral["dim"]) for name in INKS} | neutral
    return "".join(f"--{name}:{colour};" for name, colour in colours.items())


def colours(scope: str = ":root") -> str:
    """The colours as variables; those of the reader's own theme, light on paper."""
    light, dark = _variables(light=True), _variables(light=False)
    return (
        f"{scope}{{{light}color-scheme:light dark}}\n"
        f"@media screen and (prefers-color-scheme:dark){{{scope}{{{dark}}}}}\n"
    )


def chart() -> str:
    """Rules for the parts of a chart."""
    inks = "".join(f".{name}{{--own:var(--{name})}}" for name in INKS)
    return f"""\
.chart{{font:12px system-ui,-apple-system,"Segoe UI","DejaVu Sans",sans-serif}}
.chart text{{fill:var(--dim)}}
.chart .legend,.chart .title{{fill:var(--ink);white-space:pre}}
.chart .title{{font-weight:600;font-size:14px}}
.chart .value{{fill:var(--dim);font-variant-numeric:tabular-nums}}
.chart .end{{text-anchor:end}}
.chart .middle{{text-anchor:middle}}
.chart .tick{{font-size:11px;font-variant-numeric:tabular-nums}}
.chart path{{fill:none}}
.grid{{stroke:var(--grid);stroke-width:1}}
.axis{{stroke:var(--axis);stroke-width:1}}
.change path{{stroke:var(--dim);stroke-width:1;stroke-dasharray:2 3}}
.chart .band{{fill:var(--own);opacity:.14}}
.line,.thin{{stroke:var(--own);stroke-linejoin:round;stroke-linecap:butt}}
.line{{stroke-width:1.9}}
.thin{{stroke-width:1}}
.chart .full{{fill:var(--own);stroke:var(--own)}}
.chart .hollow{{fill:var(--paper);stroke:var(--own);stroke-width:1.5}}
{inks}
"""


PAGE = """\
*{box-sizing:border-box}
body{margin:0 auto;padding:28px 24px 60px;max-width:1280px;background:var(--paper);color:var(--ink);
font:15px/1.5 system-ui,-apple-system,"Segoe UI","DejaVu Sans",sans-serif}
h1{font-size:24px;line-height:1.25;margin:0 0 2px}
h2{font-size:18px;margin:36px 0 10px;padding-bottom:4px;border-bottom:1px solid var(--grid)}
h3{font-size:15px;margin:22px 0 6px}
p{margin:6px 0}
.under,figcaption small,footer{color:var(--dim)}
.charts{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,480px),1fr));
gap:18px 22px;margin:14px 0}
.small{grid-template-columns:repeat(auto-fill,minmax(min(100%,350px),1fr))}
figure{margin:0;padding:10px 12px 6px;background:var(--panel);border:1px solid var(--grid);
border-radius:6px;break-inside:avoid}
figcaption{font-weight:600;margin:0 0 4px}
figcaption small{font-weight:400;margin-left:8px}
.chart{display:block;width:100%;height:auto}
.chart .hollow{fill:var(--panel)}
.wide{overflow-x:auto}
table{border-collapse:collapse;font-variant-numeric:tabular-nums;margin:8px 0}
th,td{padding:3px 14px 3px 8px;text-align:left;vertical-align:top;white-space:nowrap}
th{font-weight:600}
tbody th{padding-left:0;font-weight:400;color:var(--dim)}
tbody td{border-top:1px solid var(--grid)}
tbody th{border-top:1px solid var(--grid)}
tbody.results tr:first-child>*{border-top:2px solid var(--axis)}
td.best{background:var(--best)}
td.text{white-space:normal;overflow-wrap:break-word;max-width:36em}
tbody.results td.text{max-width:17em}
.compared th,.compared td{white-space:normal;padding-right:10px}
.compared tbody th{min-width:6.5em}
.compared thead th,.compared tbody td{overflow-wrap:anywhere;min-width:5.6em}
.compared thead .key{display:block;margin:0 0 3px}
.compared tbody.results td.text{max-width:none}
.chart.key{display:inline-block;width:44px;height:14px;vertical-align:-2px;margin-right:6px}
code,pre{font:13px/1.45 ui-monospace,"SF Mono",Menlo,Consolas,"DejaVu Sans Mono",monospace}
pre,.string{padding:10px 12px;overflow-x:auto;background:var(--panel);
border:1px solid var(--grid);border-radius:6px}
.string{display:block;overflow-wrap:anywhere;user-select:all}
.note{white-space:pre-wrap;overflow-wrap:anywhere;padding-left:12px;
border-left:3px solid var(--axis)}
.tag{display:inline-block;padding:0 8px;margin-right:6px;border:1px solid var(--axis);
border-radius:10px;font-size:13px}
details{margin:8px 0}
summary{cursor:pointer;color:var(--dim)}
footer{margin-top:40px;font-size:13px}
@media print{body{max-width:none;padding:0}details>pre{display:block}}
"""
