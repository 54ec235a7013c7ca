"""The street every scene plays in: sky, houses, pavement, road."""

from random import Random

from feedback.demo.pictures.canvas import HEIGHT, HORIZON, WIDTH, Canvas, Colour, shade

SKIES: tuple[tuple[Colour, Colour], ...] = (
    ((120, 170, 214), (214, 230, 238)),
    ((150, 160, 172), (206, 208, 208)),
    ((106, 152, 204), (240, 222, 190)),
)
WALLS: tuple[Colour, ...] = (
    (226, 206, 160),
    (214, 222, 212),
    (232, 190, 160),
    (190, 206, 220),
    (240, 234, 218),
    (206, 178, 150),
)
ROAD: Colour = (98, 98, 102)
PAVEMENT: Colour = (176, 166, 152)


def street(random: Random, *, night: bool = False, wet: bool = False) -> Canvas:
    """An empty street seen from the pavement; what happens in it is drawn on top."""
    canvas = Canvas(random, night)
    sky = random.choice(SKIES)
    canvas.gradient(*sky, 0, HORIZON + 20)
    _far_trees(canvas)
    _houses(canvas)
    _ground(canvas, wet=wet)
    canvas.tree(random.randint(60, 160), HORIZON + 130, random.randint(130, 170))
    canvas.tree(random.randint(1080, 1220), HORIZON + 110, random.randint(110, 150))
    return canvas


def _far_trees(canvas: Canvas) -> None:
    for x in range(-40, WIDTH + 80, 70):
        green = canvas.random.randint(96, 128)
        canvas.blob(
            (x, HORIZON - canvas.random.randint(60, 110)),
            (80, 70),
            (green - 40, green, green - 50),
        )


def _houses(canvas: Canvas) -> None:
    """A row of narrow town houses."""
    x = -canvas.random.randint(0, 80)
    while x < WIDTH:
        width = canvas.random.randint(110, 190)
        height = canvas.random.choice((150, 190, 240, 290))
        wall = canvas.random.choice(WALLS)
        top = HORIZON + 10 - height
        canvas.box(x, top, width, height, wall)
        roof = canvas.random.choice(((150, 70, 56), (120, 124, 132), (96, 82, 74)))
        if canvas.random.random() < 0.6:
            peak = (x + width / 2, top - 46)
            canvas.pen.polygon([(x - 8, top), peak, (x + width + 8, top)], fill=roof)
        _windows(canvas, x, top, width, height)
        x += width + canvas.random.choice((0, 0, 6, 26))


def _windows(canvas: Canvas, x: int, top: int, width: int, height: int) -> None:
    lit: Colour = (255, 226, 150) if canvas.night else (92, 116, 138)
    for storey in range(1, height // 80):
        y = top + 18 + (storey - 1) * 74
        for part in (0.18, 0.58):
            left = x + width * part
            colour = lit if canvas.random.random() < 0.7 else (70, 82, 96)
            canvas.pen.rectangle((left, y, left + width * 0.24, y + 40), fill=colour)
    door = (x + width * 0.2, HORIZON - 58, x + width * 0.8, HORIZON + 10)
    canvas.pen.rectangle(
        door, fill=canvas.random.choice(((96, 84, 76), (70, 92, 104), (120, 60, 52)))
    )
    awning = canvas.random.choice(((188, 62, 54), (48, 104, 150), (60, 128, 84), (196, 156, 60)))
    canvas.pen.polygon(
        [
            (x + 4, HORIZON - 64),
            (x + width - 4, HORIZON - 64),
            (x + width + 6, HORIZON - 44),
            (x - 6, HORIZON - 44),
        ],
        fill=awning,
    )


def _ground(canvas: Canvas, *, wet: bool) -> None:
    """The far pavement, the road and the near pavement with its kerb."""
    canvas.gradient(shade(PAVEMENT, 0.9), PAVEMENT, HORIZON + 10, HORIZON + 80)
    road = shade(ROAD, 0.8) if wet else ROAD
    canvas.gradient(shade(road, 1.15), shade(road, 0.85), HORIZON + 80, HEIGHT - 150)
    for x in range(-60, WIDTH, 230):
        dash = [(x, 626), (x + 110, 626), (x + 104, 636), (x - 10, 636)]
        canvas.pen.polygon(dash, fill=(226, 224, 214, 190))
    canvas.gradient(PAVEMENT, shade(PAVEMENT, 0.8), HEIGHT - 150, HEIGHT)
    canvas.pen.line((0, HORIZON + 80, WIDTH, HORIZON + 80), fill=(206, 200, 190), width=8)
    canvas.pen.line((0, HEIGHT - 150, WIDTH, HEIGHT - 150), fill=(214, 208, 198), width=14)
    for x in range(-200, WIDTH + 200, 92):
        joint = (x, HEIGHT - 140, x - (WIDTH / 2 - x) * 0.18, HEIGHT)
        canvas.pen.line(joint, fill=shade(PAVEMENT, 0.7), width=2)
    for y in (HEIGHT - 100, HEIGHT - 48):
        canvas.pen.line((0, y, WIDTH, y), fill=shade(PAVEMENT, 0.7), width=2)
