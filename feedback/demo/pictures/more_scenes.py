"""What is wrong in a street, and what it looks like once it is mended: light, green and order."""

from random import Random

from PIL import Image, ImageDraw, ImageFilter

from feedback.demo.pictures.canvas import HEIGHT, HORIZON, WIDTH, Canvas, Colour, shade
from feedback.demo.pictures.street import ROAD, street

STEEL: Colour = (128, 134, 140)
CONCRETE: Colour = (158, 154, 146)


def lamp(random: Random, *, mended: bool) -> Canvas:
    """A street at night, dark; afterwards with the lamps lit."""
    canvas = street(random, night=not mended)
    for x in (260, 700, 1120):
        foot = HEIGHT - 150
        canvas.pole(x, 150, foot, 18, STEEL)
        canvas.pen.line((x, 156, x + 120, 140), fill=STEEL, width=12)
        lit: Colour = (255, 238, 180) if mended else (70, 70, 74)
        canvas.pen.ellipse((x + 96, 134, x + 164, 160), fill=lit)
    if mended:
        canvas.image.paste(_lamplight(canvas.image))
    return canvas


def _lamplight(image: Image.Image) -> Image.Image:
    """The picture at dusk, with warm light below each lamp."""
    dark = image.point(lambda value: value * 0.5)
    mask = Image.new("L", (WIDTH // 8, HEIGHT // 8), 0)
    pen = ImageDraw.Draw(mask)
    for x in (390, 830, 1250):
        pen.polygon([(x / 8, 18), (x / 8 - 22, 104), (x / 8 + 22, 104)], fill=200)
    mask = mask.filter(ImageFilter.GaussianBlur(7)).resize(image.size)
    warm = Image.blend(image, Image.new("RGB", image.size, (255, 220, 140)), 0.3)
    return Image.composite(warm, dark, mask)


def cables(random: Random, *, mended: bool) -> Canvas:
    """Wires hanging down between two poles; afterwards tied up high."""
    canvas = street(random)
    for x in (220, 1040):
        canvas.pole(x, 90, HEIGHT - 150, 30, CONCRETE)
        canvas.pen.line((x - 80, 130, x + 80, 130), fill=(96, 92, 86), width=12)
    for number in range(16):
        sag = 30 + number if mended else random.randint(60, 420)
        canvas.wire((220, 136 + number * 3), (1040, 136 + number * 3), sag, 4)
    if not mended:
        canvas.wire((220, 170), (560, 770), 60, 6)
        for _ in range(5):
            centre = (220 + random.randint(-20, 20), random.randint(190, 330))
            box = (centre[0] - 60, centre[1] - 40, centre[0] + 60, centre[1] + 40)
            canvas.pen.arc(box, 0, 360, fill=(34, 34, 38), width=5)
    return canvas


def tree(random: Random, *, mended: bool) -> Canvas:
    """A tree fallen across the road; afterwards its stump and an open road."""
    canvas = street(random)
    x = random.randint(200, 380)
    if mended:
        canvas.shadow((x, 800), (70, 14))
        canvas.box(x - 34, 760, 68, 40, (120, 88, 60))
        canvas.pen.ellipse((x - 36, 746, x + 36, 774), fill=(206, 172, 126))
        return canvas
    canvas.shadow((x + 380, 760), (460, 40))
    canvas.pen.line((x, 800, x + 560, 690), fill=(88, 66, 48), width=62)
    for _ in range(5):
        root = (x - random.randint(40, 130), 800 + random.randint(-90, 40))
        canvas.pen.line((x, 796, *root), fill=(98, 74, 54), width=16)
    for _ in range(34):
        green = random.randint(82, 136)
        spot = (x + 640 + random.gauss(0, 130), 660 + random.gauss(0, 62))
        canvas.blob(spot, (64, 44), (green - 42, green, green - 56), rough=0.3)
    return canvas


def park(random: Random, *, mended: bool) -> Canvas:
    """A stone bench on grass, broken or whole."""
    canvas = street(random)
    canvas.gradient((126, 158, 86), (92, 126, 66), 560, HEIGHT)
    for x in (150, 1120):
        canvas.tree(x, 640, 190)
    x, y = random.randint(430, 620), 760
    canvas.shadow((x + 190, y + 90), (250, 18))
    for leg in (x + 40, x + 310):
        canvas.box(leg, y, 40, 90, CONCRETE)
    if mended:
        canvas.box(x, y - 30, 400, 36, shade(CONCRETE, 1.15))
        canvas.box(x, y - 120, 400, 60, shade(CONCRETE, 1.1))
        return canvas
    left = [(x, y - 30), (x + 170, y - 24), (x + 200, y + 60), (x, y + 6)]
    right = [(x + 400, y - 20), (x + 250, y + 10), (x + 210, y + 84), (x + 400, y + 16)]
    for piece in (left, right):
        canvas.pen.polygon(piece, fill=shade(CONCRETE, 1.1))
    for _ in range(16):
        canvas.blob((x + random.gauss(200, 90), y + random.randint(70, 110)), (16, 9), CONCRETE)
    return canvas


def wall(random: Random, *, mended: bool) -> Canvas:
    """The old rampart, overgrown or cleaned."""
    canvas = street(random)
    top, foot = 210, 600
    canvas.gradient((150, 110, 86), (116, 88, 72), top, foot)
    for row, y in enumerate(range(top, foot, 30)):
        canvas.pen.line((0, y, WIDTH, y), fill=(84, 66, 56), width=3)
        for x in range(-40 * (row % 2), WIDTH, 84):
            canvas.pen.line((x, y, x, y + 30), fill=(84, 66, 56), width=3)
    for x in range(0, WIDTH, 160):
        canvas.box(x, top - 50, 100, 52, (138, 104, 84))
    for _ in range(0 if mended else 46):
        green = random.randint(84, 134)
        spot = (random.gauss(620, 260), random.randint(top, foot))
        canvas.blob(spot, (50, 34), (green - 42, green, green - 60), rough=0.4)
    return canvas


def stalls(random: Random, *, mended: bool) -> Canvas:
    """Tables and sunshades on the pavement; afterwards room to walk."""
    canvas = street(random)
    if mended:
        canvas.person(random.randint(300, 900), 900, 240, (70, 110, 160))
        return canvas
    for x in range(140, 1200, 300):
        cloth: Colour = random.choice(((200, 66, 58), (56, 120, 170), (240, 190, 70)))
        canvas.pole(x, 560, 860, 12, STEEL)
        peak = [(x - 150, 600), (x, 520), (x + 150, 600)]
        canvas.pen.polygon(peak, fill=cloth)
        canvas.box(x - 90, 790, 180, 22, (176, 122, 74))
        for leg in (x - 76, x + 70):
            canvas.pole(leg, 812, 880, 10, (120, 84, 54))
        for stool in (x - 130, x + 120):
            canvas.box(stool - 24, 846, 48, 44, random.choice(((60, 96, 190), (206, 62, 54))))
        canvas.person(x + 60, 880, 200, shade(cloth, 0.8))
    return canvas


def sign(random: Random, *, mended: bool) -> Canvas:
    """A traffic signal, dead or at work."""
    canvas = street(random)
    x = random.randint(540, 720)
    canvas.pole(x, 160, HEIGHT - 150, 24, STEEL)
    canvas.box(x - 62, 130, 124, 320, (40, 44, 48))
    colours: tuple[Colour, ...] = ((230, 60, 48), (246, 196, 60), (70, 200, 110))
    for number, colour in enumerate(colours):
        shown = colour if mended and number == 2 else shade(colour, 0.28)
        y = 150 + number * 100
        canvas.pen.ellipse((x - 42, y, x + 42, y + 84), fill=shown)
    if not mended:
        for _ in range(12):
            green = random.randint(84, 130)
            spot = (x + random.gauss(90, 50), 240 + random.gauss(0, 90))
            canvas.blob(spot, (60, 44), (green - 42, green, green - 56), rough=0.3)
    return canvas


def adverts(random: Random, *, mended: bool) -> Canvas:
    """A pole and a wall pasted with bills; afterwards scraped clean."""
    canvas = street(random)
    x = random.randint(420, 560)
    canvas.box(x + 140, 330, 560, 470, (206, 200, 184))
    canvas.pole(x, 60, HEIGHT - 150, 60, CONCRETE)
    for _ in range(0 if mended else 38):
        on_pole = random.random() < 0.3
        left = x - 28 if on_pole else random.randint(x + 150, x + 620)
        top = random.randint(340, 700)
        width = 54 if on_pole else random.randint(60, 96)
        paper = random.choice(((250, 246, 236), (250, 226, 120), (236, 160, 150), (170, 206, 236)))
        canvas.box(left, top, width, random.randint(60, 90), paper)
        for line in range(top + 14, top + 52, 12):
            canvas.pen.line((left + 8, line, left + width - 10, line), fill=(90, 90, 96), width=4)
    return canvas


def animal(random: Random, *, mended: bool) -> Canvas:
    """Cattle on the road; afterwards an empty road."""
    canvas = street(random)
    for number in range(0 if mended else 3):
        x, y = 260 + number * 300 + random.randint(-40, 40), 650 + random.randint(0, 90)
        hide: Colour = random.choice(((150, 98, 58), (176, 132, 86), (92, 72, 58)))
        canvas.shadow((x, y + 80), (140, 16))
        for leg in (x - 80, x - 50, x + 60, x + 88):
            canvas.pen.line((leg, y, leg, y + 82), fill=shade(hide, 0.7), width=18)
        canvas.blob((x, y - 20), (130, 58), hide, rough=0.06)
        canvas.blob((x + 150, y - 60), (44, 32), hide, rough=0.08)
        for horn in (136, 166):
            canvas.pen.line(
                (x + horn, y - 84, x + horn - 8, y - 116), fill=(226, 216, 196), width=8
            )
    return canvas


def inspection(random: Random, *, mended: bool) -> Canvas:
    """People of the ward in front of a house, writing something down."""
    canvas = street(random)
    for number in range(3 if mended else 2):
        x = 420 + number * 190 + random.randint(-20, 20)
        canvas.person(x, 880, 340, random.choice(((62, 104, 160), (226, 228, 232), (78, 124, 92))))
        canvas.box(x + 40, 690, 60, 76, (246, 244, 236))
    canvas.pen.line((0, HORIZON + 80, WIDTH, HORIZON + 80), fill=shade(ROAD, 1.2), width=6)
    return canvas
