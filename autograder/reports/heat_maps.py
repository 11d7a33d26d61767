"""Draws arrays for a page: small ones as SVG, many heads at once as one PNG. Numbers go in, markup comes out."""

import base64
import struct
import zlib
from collections.abc import Callable, Sequence

import numpy as np
from markupsafe import Markup
from numpy.typing import NDArray

Array = NDArray[np.float64]
Colour = tuple[int, int, int]
Paint = Callable[[float], Colour]

CELL = 22  # units of an SVG's side for each number
GAP = 1  # pixels between the heads of a PNG
PAPER, INK, HOT, COLD = (255, 255, 255), (8, 48, 107), (178, 24, 43), (33, 102, 172)
PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
SHADES = 256
SVG = Markup('<svg class="heat" viewBox="0 0 {0} {1}" width="{0}" role="img" aria-label="{2}">{3}</svg>')
RECT = Markup('<rect x="{}" y="{}" width="{}" height="{}" fill="{}"><title>{}, {}: {}</title></rect>')


def mixed(first: Colour, second: Colour, share: float) -> Colour:
    red, green, blue = (round(a + (b - a) * min(max(share, 0.0), 1.0)) for a, b in zip(first, second, strict=True))
    return red, green, blue


def sequential(low: float, high: float) -> Paint:
    """White for the least of the numbers, dark blue for the largest."""
    return lambda value: mixed(PAPER, INK, (value - low) / (high - low) if high > low else 0.0)


def diverging(size: float) -> Paint:
    """White for no difference, red for too much, blue for too little."""
    return lambda value: mixed(PAPER, HOT if value > 0 else COLD, abs(value) / size if size else 0.0)


def svg(values: Array, paint: Paint, label: str, labels: Sequence[str] = ()) -> Markup:
    """One heat map (rows, columns) with a title in each cell; `label` is what a screen reader says of the whole."""
    rows, columns = values.shape
    cells = [_cell(values, row, column, paint, labels) for row in range(rows) for column in range(columns)]
    return SVG.format(columns * CELL, rows * CELL, label, Markup("").join(cells))


def _cell(values: Array, row: int, column: int, paint: Paint, labels: Sequence[str]) -> Markup:
    red, green, blue = paint(float(values[row, column]))
    places = (labels[row], labels[column]) if labels else (f"row {row}", f"column {column}")
    colour, told = f"#{red:02x}{green:02x}{blue:02x}", f"{values[row, column]:.3g}"
    return RECT.format(column * CELL, row * CELL, CELL, CELL, colour, *places, told)


def heads_png(attention: NDArray[np.floating]) -> str:
    """All heads (layers, heads, T, T) side by side as a PNG in a data address: a row for each layer."""
    layers, heads, length, _ = attention.shape
    shown = np.zeros((layers, length + GAP, heads, length + GAP), dtype=np.uint8)
    levels = np.clip(np.asarray(attention, dtype=np.float64), 0, 1) * (SHADES - 2) + 1  # 0 is the gap
    shown[:, :length, :, :length] = levels.round().astype(np.uint8).transpose(0, 2, 1, 3)
    picture = _png(shown.reshape(layers * (length + GAP), -1)[:-GAP, :-GAP])
    return f"data:image/png;base64,{base64.b64encode(picture).decode()}"


def _png(pixels: NDArray[np.uint8]) -> bytes:
    """An image of palette indices (height, width). Source: PNG specification, third edition, W3C."""
    height, width = pixels.shape
    palette = [(128, 128, 128), *(mixed(PAPER, INK, level / (SHADES - 2)) for level in range(SHADES - 1))]
    lines = np.concatenate([np.zeros((height, 1), dtype=np.uint8), pixels], axis=1)  # each begins with its filter: none
    chunks = (
        (b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)),
        (b"PLTE", bytes(part for colour in palette for part in colour)),
        (b"IDAT", zlib.compress(lines.tobytes(), 9)),
        (b"IEND", b""),
    )
    return PNG_SIGNATURE + b"".join(_chunk(kind, data) for kind, data in chunks)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
