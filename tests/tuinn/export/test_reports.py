"""Reports: whole, self-contained, safe, and their curves where the numbers are."""

import re
import xml.etree.ElementTree as ET
from html.parser import HTMLParser

import numpy as np
import pytest
from kept_runs import ALONE, CIRCLE, DIVERGED, NASTY, SWARM

from tuinn.export import export
from tuinn.export.figures import Figure, groups, overlay
from tuinn.export.markup import escaped
from tuinn.export.reported import of_store
from tuinn.export.svg_chart import LARGE, chart
from tuinn.run_string import decode
from tuinn.widgets.series import Mark, Series

VOID = {"meta"}
SVG = "{http://www.w3.org/2000/svg}"


class Page(HTMLParser):
    """The elements of a page; fails where they are not nested."""

    def __init__(self, text):
        super().__init__()
        self.open, self.tags, self.attributes, self.texts = [], [], [], []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        self.attributes += attributes
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attributes):
        self.tags.append(tag)
        self.attributes += attributes

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if self.open and self.open[-1] != "style":
            self.texts.append(data)

    @property
    def text(self):
        return "\n".join(self.texts)


def page_of(store, ids, folder):
    (path,) = export(store, ids, folder / "report.html")
    return Page(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("ids", [[CIRCLE], [SWARM], [DIVERGED], [CIRCLE, SWARM, DIVERGED, ALONE]])
def test_a_page_is_well_formed_and_needs_nothing_else(store, tmp_path, ids):
    page = page_of(store, ids, tmp_path)
    assert "svg" in page.tags
    assert not {"script", "link", "img", "iframe", "image", "object"} & set(page.tags)
    names = {name for name, _ in page.attributes}
    assert not names & {"src", "href", "xlink:href", "onload", "onclick"}
    assert "url(" not in (tmp_path / "report.html").read_text()


def test_a_report_of_one_run_tells_what_repeats_it_and_what_was_changed(store, tmp_path):
    text = page_of(store, [CIRCLE], tmp_path).text
    run = store.run(CIRCLE)
    (line,) = re.findall(r"tuinn1:[\w-]+", text)
    assert decode(line).config == run.config
    assert "η 0.5 → 0.1" in text
    assert "A circle" in text
    for value in (run.environment.numpy, run.environment.kernel, run.data_hash):
        assert value in text
    for title in ("loss", "accuracy", "‖δ‖ by layer", "‖W‖ by layer"):
        assert title in text


def test_text_of_others_is_never_markup(store, tmp_path):
    page = page_of(store, [ALONE, CIRCLE], tmp_path)
    assert "script" not in page.tags
    assert '<script>alert("x")</script>' in page.text
    assert "\x1b" not in (tmp_path / "report.html").read_text()
    assert escaped(NASTY).count("\ufffd") == 2


def test_a_comparison_tells_what_differs_and_marks_the_best(store, tmp_path):
    page = page_of(store, [CIRCLE, SWARM], tmp_path)
    assert "optimiser" in page.text
    assert "★" in page.text
    runs = [store.run(number) for number in (CIRCLE, SWARM)]
    better = min(runs, key=lambda run: run.best_loss)
    row = page.text.split("best validation loss")[1].split("★")[0]
    # the star is in the column of the better one
    assert (len(re.findall(r"0\.\d+", row)) == 1) == (better.id == CIRCLE)


def test_the_columns_of_a_comparison_may_be_as_narrow_as_their_figures(store, tmp_path):
    (path,) = export(store, [CIRCLE, SWARM, DIVERGED], tmp_path / "report.html")
    text = path.read_text()
    assert '<table class="compared">' in text
    # names and values are on several lines before a table is wider than its page
    assert re.search(r"\.compared th,\.compared td\{[^}]*white-space:normal", text)
    assert re.search(r"\.compared thead th[^{]*\{[^}]*overflow-wrap:anywhere", text)
    assert re.search(r"\.compared thead \.key\{display:block", text)


@pytest.mark.parametrize("ids", [[CIRCLE], [SWARM, CIRCLE], [DIVERGED]])
def test_an_svg_is_valid_xml(store, tmp_path, ids):
    (path,) = export(store, ids, tmp_path / "report.svg")
    root = ET.parse(path).getroot()
    assert root.tag == f"{SVG}svg"
    figures = [figure for group in groups(of_store(store, [store.run(n) for n in ids]))
               for figure in group.figures]  # fmt: skip
    assert len(root.findall(f"{SVG}svg")) == len(figures)


def test_runs_of_different_kinds_are_compared_by_evaluations(store):
    runs = of_store(store, [store.run(CIRCLE), store.run(SWARM)])
    first = groups(runs)[0].figures
    assert first[0].x_label.startswith("evaluations")
    assert [one.name for one in first[0].series] == ["circle (1)", "swarm (2)"]
    # none is told apart by its colour alone
    assert len({(one.style, one.marker) for one in first[0].series}) == 2


def test_losses_of_different_costs_are_not_in_one_chart(store):
    runs = of_store(store, [store.run(CIRCLE), store.run(DIVERGED)])
    titles = [figure.title for figure in groups(runs)[0].figures if "loss" in figure.title]
    assert titles
    assert all("cost" in title for title in titles)


def points(svg, kind="line series-1"):
    """The corners of the first path of a kind, in units of the chart."""
    root = ET.fromstring(svg)
    paths = [path.get("d") for path in root.iter(f"{SVG}path") if path.get("class") == kind]
    # the first one is in the legend
    return [
        tuple(map(float, pair.split())) for pair in re.findall(r"[ML]([\d.-]+ [\d.-]+)", paths[1])
    ]


def tick_places(svg):
    """(class, label, x, y) of every tick."""
    root = ET.fromstring(svg)
    ticks = [text for text in root.iter(f"{SVG}text") if text.get("class", "").startswith("tick")]
    return [
        (tick.get("class"), tick.text, float(tick.get("x")), float(tick.get("y"))) for tick in ticks
    ]


def figure_of(x, y, **options):
    series = Series("one", np.asarray(x, float), np.asarray(y, float), ink="series-1")
    return Figure("f", "x", (series,), x_limits=(0.0, 10.0), **options)


def test_a_curve_lies_where_the_ticks_say():
    svg = chart(figure_of([0, 5, 10], [0.0, 4.0, 2.0], y_limits=(0.0, 4.0)))
    ticks = tick_places(svg)
    x = {float(label): at for kind, label, at, _ in ticks if "middle" in kind}
    y = {float(label): at - 4 for kind, label, _, at in ticks if "end" in kind}
    expected = [(x[0], y[0]), (np.interp(5, list(x), list(x.values())), y[4]), (x[10], y[2])]
    assert np.allclose(points(svg), expected, atol=0.11)


def test_a_logarithmic_axis_places_powers_evenly():
    svg = chart(figure_of([0, 5, 10], [1.0, 0.1, 0.01], log=True, y_limits=(-2.0, 0.0)))
    (_, top), (_, middle), (_, bottom) = points(svg)
    assert middle - top == pytest.approx(bottom - middle, abs=0.2)
    assert [label for kind, label, _, _ in tick_places(svg) if "end" in kind] == [
        "0.01",
        "0.1",
        "1",
    ]


def test_no_peak_is_lost_and_long_curves_stay_small():
    x = np.linspace(0, 10, 200_001)
    y = np.random.default_rng(1).random(x.size)
    y[123_457] = 3.9
    svg = chart(figure_of(x, y, y_limits=(0.0, 4.0)))
    assert len(svg) < 60_000
    corners = np.array(points(svg))
    plain = np.array(
        points(chart(figure_of(x[123_457:123_459], y[123_457:123_459], y_limits=(0.0, 4.0))))
    )
    assert corners[:, 1].min() == plain[0, 1]
    assert corners[corners[:, 1].argmin(), 0] == pytest.approx(plain[0, 0], abs=1.5)


def test_gaps_and_values_that_cannot_be_drawn_break_the_line():
    y = np.array([1.0, np.nan, 2.0, 3.0, np.inf, 1.0])
    svg = chart(figure_of(np.arange(6), y, y_limits=(0.0, 4.0)))
    root = ET.fromstring(svg)
    path = [
        path.get("d") for path in root.iter(f"{SVG}path") if path.get("class") == "line series-1"
    ][1]
    assert path.count("M") == 3
    assert "nan" not in svg
    assert "inf" not in path


def test_changes_are_numbered_and_told():
    figure = figure_of([0, 10], [1, 2], y_limits=(0.0, 4.0))
    marked = Figure(**{**{name: getattr(figure, name) for name in Figure.__slots__},
                       "marks": (Mark(2.0, "η < 1"), Mark(8.0, "α"))})  # fmt: skip
    root = ET.fromstring(chart(marked))
    changes = [group for group in root.iter(f"{SVG}g") if group.get("class") == "change"]
    assert [group.find(f"{SVG}title").text for group in changes] == ["1: η < 1", "2: α"]
    assert [group.find(f"{SVG}text").text for group in changes] == ["1", "2"]


def test_everything_stays_within_the_chart(store):
    width, height = LARGE
    for group in groups(of_store(store, [store.run(n) for n in (CIRCLE, DIVERGED, SWARM)])):
        for figure in group.figures:
            for kind, _, x, y in tick_places(chart(figure)):
                assert 0 <= x <= width, kind
                assert 0 <= y <= height
            for series in figure.series:
                for x, y in points(chart(figure), f"line {series.ink}"):
                    assert 0 <= x <= width
                    assert 0 <= y <= height


def test_the_figure_of_a_layer_is_missing_where_there_is_no_such_layer(store):
    runs = of_store(store, [store.run(CIRCLE), store.run(SWARM)])
    figure = overlay(runs, "l1_delta", "epoch", "δ")
    assert np.isfinite(figure.series[0].y).all()
    assert np.isnan(figure.series[1].y).all()
