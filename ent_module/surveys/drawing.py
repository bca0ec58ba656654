"""A QR code as the path of an SVG drawing: a page may show it under our content policy, and it prints sharp."""

from dataclasses import dataclass

import segno


@dataclass(frozen=True)
class Drawing:
    """`path` in a square of `size`, with its quiet border."""

    size: int
    path: str


def drawing(text: str) -> Drawing:
    """The drawing of a text. Error correction M: a fold or a stain does no harm."""
    rows = list(segno.make(text, error="m").matrix_iter(border=4))
    dark = (f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, module in enumerate(row) if module)
    return Drawing(len(rows), "".join(dark))
