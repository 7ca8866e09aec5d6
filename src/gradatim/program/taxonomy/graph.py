"""A small graph drawn in layers: where each box and line goes. Pure; a template makes the picture."""

from __future__ import annotations

import textwrap
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

WIDTH, HEIGHT = 216, 60  # of a box
ACROSS, DOWN = 72, 18  # between boxes
LETTERS, LINES = 30, 2  # of a box
SWEEPS = 6  # to and fro, to untangle the lines


@dataclass(frozen=True, slots=True)
class Box:
    """One node: what it says and where it leads; *strong* for the one that the graph is about."""

    key: int
    text: str
    url: str = ""
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """One edge, from left to right; *loose* for relations other than nesting."""

    origin: int
    destination: int
    words: str = ""
    loose: bool = False


@dataclass(slots=True)
class Placed:
    """A box with its place, in pixels, and its text in lines."""

    box: Box
    x: int
    y: int
    lines: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Drawing:
    """Everything a template needs: size, boxes, and lines as paths."""

    width: int
    height: int
    boxes: list[Placed]
    paths: list[tuple[str, Line]]


def draw(boxes: Sequence[Box], lines: Sequence[Line]) -> Drawing:
    """Lay a graph out from left to right.

    Args:
        boxes: at least one; keys once.
        lines: between them; the nesting among them goes in no circle.

    Returns:
        Each box one layer right of the rightmost box above it; within a layer the boxes stand near what they belong to.
    """
    known = {b.key for b in boxes}
    lines = [li for li in lines if li.origin in known and li.destination in known]
    layers = _layers(boxes, lines)
    order = _order(boxes, lines, layers)
    tallest = max(len(column) for column in order)
    height = tallest * (HEIGHT + DOWN) - DOWN
    placed: dict[int, Placed] = {}
    names = {b.key: b for b in boxes}
    for n, column in enumerate(order):
        start = (height - (len(column) * (HEIGHT + DOWN) - DOWN)) // 2
        for place, key in enumerate(column):
            box = names[key]
            text = textwrap.wrap(box.text, LETTERS, max_lines=LINES, placeholder=" …") or [""]
            placed[key] = Placed(box, n * (WIDTH + ACROSS), start + place * (HEIGHT + DOWN), text)
    paths = [(_path(placed[li.origin], placed[li.destination]), li) for li in lines]
    return Drawing(len(order) * (WIDTH + ACROSS) - ACROSS, height, list(placed.values()), paths)


def _layers(boxes: Sequence[Box], lines: Sequence[Line]) -> dict[int, int]:
    """The longest way to each box from the left; loose lines only push a box that nothing else places."""
    into: dict[int, list[int]] = defaultdict(list)
    nested = {li.destination for li in lines if not li.loose}
    for li in lines:
        if not li.loose or li.destination not in nested:
            into[li.destination].append(li.origin)
    layers = dict.fromkeys((b.key for b in boxes), 0)
    for _ in boxes:  # as often as the longest way can be
        moved = False
        for key, origins in into.items():
            layer = min(
                max(layers[o] for o in origins if o != key) + 1 if set(origins) - {key} else 0, len(boxes)
            )
            moved, layers[key] = moved or layer != layers[key], layer
        if not moved:
            break
    used = {layer: n for n, layer in enumerate(sorted(set(layers.values())))}
    return {key: used[layer] for key, layer in layers.items()}


def _order(boxes: Sequence[Box], lines: Sequence[Line], layers: dict[int, int]) -> list[list[int]]:
    """The boxes of each layer from top to bottom, moved toward the middle of their neighbors."""
    order: list[list[int]] = [[] for _ in range(max(layers.values()) + 1)]
    for box in boxes:
        order[layers[box.key]].append(box.key)
    near: dict[int, list[int]] = defaultdict(list)
    for li in lines:
        near[li.origin].append(li.destination)
        near[li.destination].append(li.origin)
    for sweep in range(SWEEPS):
        step = 1 if sweep % 2 == 0 else -1
        for n in range(len(order))[::step]:
            place = {key: i for column in order for i, key in enumerate(column)}
            order[n].sort(
                key=_middle(order[n], near, place, {k for k in layers if layers[k] == n - step}).__getitem__
            )
    return order


def _middle(
    column: list[int], near: dict[int, list[int]], place: dict[int, int], side: set[int]
) -> dict[int, float]:
    """Where each box of a layer would stand: in the middle of its neighbors in the layer before, else where it is."""
    wanted = {}
    for key in column:
        places = [place[o] for o in near[key] if o in side]
        wanted[key] = sum(places) / len(places) if places else float(place[key])
    return wanted


def _path(origin: Placed, destination: Placed) -> str:
    x, y = origin.x + WIDTH, origin.y + HEIGHT // 2
    to_x, to_y = destination.x, destination.y + HEIGHT // 2
    if to_x < x:  # within a layer or backwards: round the left side
        x, bend = origin.x, ACROSS // 2
        return f"M{x} {y}C{x - bend} {y} {to_x - bend} {to_y} {to_x} {to_y}"
    middle = (x + to_x) // 2
    return f"M{x} {y}C{middle} {y} {middle} {to_y} {to_x} {to_y}"
