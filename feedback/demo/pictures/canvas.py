"""A picture being drawn, and the strokes every scene is made of. Units are pixels of 1280 × 960;
the picture itself is as large as `TAKEN`."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from math import cos, pi, sin
from random import Random

from PIL import Image, ImageDraw

WIDTH, HEIGHT = 1280, 960
TAKEN = 960, 720
HORIZON = 430

Colour = tuple[int, int, int]
Point = tuple[float, float]


@dataclass
class Canvas:
    """The image, the chance it is drawn by, and whether it is night."""

    random: Random
    night: bool = False
    image: Image.Image = field(init=False)
    pen: ImageDraw.ImageDraw = field(init=False)

    def __post_init__(self) -> None:
        """Begin with an empty picture."""
        self.image = Image.new("RGB", (WIDTH, HEIGHT))
        self.pen = ImageDraw.Draw(self.image, "RGBA")

    def gradient(self, top: Colour, bottom: Colour, first: int, last: int) -> None:
        """Fill the rows from `first` to `last` from one colour to another."""
        height = last - first
        shades = Image.linear_gradient("L").resize((1, height))
        upper, lower = Image.new("RGB", (1, height), top), Image.new("RGB", (1, height), bottom)
        column = Image.composite(lower, upper, shades)
        self.image.paste(column.resize((WIDTH, height), Image.Resampling.NEAREST), (0, first))

    def blob(
        self, centre: Point, size: Point, colour: Sequence[int], *, rough: float = 0.15
    ) -> None:
        """An uneven round patch; `size` is its half width and half height."""
        steps = 18
        points = []
        for step in range(steps):
            reach = 1 + self.random.uniform(-rough, rough)
            angle = 2 * pi * step / steps
            points.append(
                (
                    centre[0] + size[0] * reach * cos(angle),
                    centre[1] + size[1] * reach * sin(angle),
                )
            )
        self.pen.polygon(points, fill=tuple(colour))

    def shadow(self, centre: Point, size: Point) -> None:
        """A soft dark patch on the ground."""
        box = (centre[0] - size[0], centre[1] - size[1], centre[0] + size[0], centre[1] + size[1])
        self.pen.ellipse(box, fill=(0, 0, 0, 70))

    def box(self, left: float, top: float, width: float, height: float, colour: Colour) -> None:
        """A rectangle with a lighter upper and a darker lower edge."""
        self.pen.rectangle((left, top, left + width, top + height), fill=colour)
        self.pen.line((left, top, left + width, top), fill=shade(colour, 1.25), width=4)
        self.pen.line(
            (left, top + height, left + width, top + height), fill=shade(colour, 0.7), width=4
        )

    def pole(self, x: float, top: float, foot: float, width: int, colour: Colour) -> None:
        """An upright pole with light on one side."""
        self.pen.line((x, top, x, foot), fill=colour, width=width)
        light = shade(colour, 1.3)
        self.pen.line(
            (x - width / 4, top, x - width / 4, foot), fill=light, width=max(2, width // 4)
        )

    def wire(self, start: Point, end: Point, sag: float, width: int = 3) -> None:
        """A hanging wire."""
        points = []
        for step in range(21):
            part = step / 20
            x = start[0] + (end[0] - start[0]) * part
            y = start[1] + (end[1] - start[1]) * part + sag * 4 * part * (1 - part)
            points.append((x, y))
        self.pen.line(points, fill=(30, 30, 34), width=width, joint="curve")

    def tree(self, x: float, foot: float, size: float, *, bare: bool = False) -> None:
        """A tree that stands at (x, foot)."""
        trunk: Colour = (88, 66, 48)
        self.shadow((x, foot), (size * 0.5, size * 0.08))
        self.pen.line((x, foot, x, foot - size), fill=trunk, width=int(size * 0.12))
        for reach in (-0.35, 0.3):
            branch = (x, foot - size * 0.75, x + size * reach, foot - size * 1.15)
            self.pen.line(branch, fill=trunk, width=int(size * 0.06))
        if bare:
            return
        for _ in range(7):
            green = self.random.randint(85, 130)
            self.blob(
                (
                    x + self.random.uniform(-0.4, 0.4) * size,
                    foot - size * self.random.uniform(1.0, 1.5),
                ),
                (size * 0.38, size * 0.3),
                (green - 45, green, green - 60),
            )

    def person(self, x: float, foot: float, size: float, shirt: Colour) -> None:
        """Somebody standing, without a face."""
        self.shadow((x, foot), (size * 0.25, size * 0.05))
        for side in (-0.07, 0.07):
            leg = (x + side * size, foot, x + side * size, foot - size * 0.45)
            self.pen.line(leg, fill=(44, 48, 66), width=int(size * 0.1))
        body = (x - size * 0.16, foot - size * 0.82, x + size * 0.16, foot - size * 0.42)
        self.pen.rounded_rectangle(body, radius=size * 0.07, fill=shirt)
        head = (x - size * 0.09, foot - size, x + size * 0.09, foot - size * 0.82)
        self.pen.ellipse(head, fill=(196, 150, 116))

    def finished(self) -> Image.Image:
        """The picture as a cheap phone would have taken it: a little soft, a little grainy."""
        soft = self.image.reduce(2).resize(TAKEN)  # far cheaper than a blur
        result = Image.blend(soft, _grain(), 0.035)
        return result.point(lambda value: value * 0.42) if self.night else result


@cache
def _grain() -> Image.Image:
    """The same noise for every picture: nobody will compare."""
    coarse = (TAKEN[0] // 2, TAKEN[1] // 2)
    noise = Random("grain").randbytes(coarse[0] * coarse[1])
    return Image.frombytes("L", coarse, noise).resize(TAKEN).convert("RGB")


def shade(colour: Colour, by: float) -> Colour:
    """The colour lighter (above 1) or darker."""
    red, green, blue = (max(0, min(255, int(part * by))) for part in colour)
    return red, green, blue
