"""What is wrong in a street, and what it looks like once it is mended: roads, waste and water."""

from random import Random

from feedback.demo.pictures.canvas import HEIGHT, WIDTH, Canvas, Colour, shade
from feedback.demo.pictures.street import PAVEMENT, ROAD, street

WATER = (116, 104, 82)


def rubbish(random: Random, *, mended: bool) -> Canvas:
    """A heap of bags beside an overfull bin; afterwards a clean bin."""
    canvas = street(random)
    x, foot = random.randint(420, 800), 800
    bin_colour: Colour = random.choice(((40, 118, 74), (226, 128, 40)))
    canvas.shadow((x, foot), (130, 20))
    canvas.box(x - 70, foot - 190, 140, 180, bin_colour)
    canvas.box(x - 80, foot - 206, 160, 24, shade(bin_colour, 0.8))
    if mended:
        return canvas
    for _ in range(26):
        colour = random.choice(
            ((40, 42, 50), (210, 212, 214), (72, 110, 156), (188, 62, 54), (226, 206, 120))
        )
        size = random.randint(26, 62)
        spot = (x + random.gauss(90, 120), foot + random.randint(-70, 50))
        canvas.blob(spot, (size, size * 0.72), colour, rough=0.28)
        canvas.pen.line(
            (spot[0] - 4, spot[1] - size * 0.7, spot[0] + 6, spot[1] - size * 0.95),
            fill=shade(colour, 0.7),
            width=6,
        )
    return canvas


def rubble(random: Random, *, mended: bool) -> Canvas:
    """Bricks and earth spilt on the road; afterwards a swept road."""
    canvas = street(random)
    x = random.randint(450, 830)
    if mended:
        canvas.blob((x, 700), (230, 46), (*shade(ROAD, 1.2), 120))
        return canvas
    canvas.blob((x, 700), (260, 64), (150, 124, 96))
    canvas.blob((x - 10, 660), (150, 58), (172, 144, 110))
    for _ in range(46):
        left, top = x + random.gauss(0, 110), 690 + random.gauss(0, 30)
        colour = random.choice(((168, 84, 62), (190, 186, 178), (146, 72, 54)))
        canvas.box(left, top, random.randint(20, 44), random.randint(12, 22), colour)
    return canvas


def canal(random: Random, *, mended: bool) -> Canvas:
    """A canal along the pavement: black and full of litter, or clear."""
    canvas = street(random)
    dirty, clean = ((58, 56, 48), (36, 38, 34)), ((96, 132, 128), (70, 108, 108))
    canvas.gradient(*(clean if mended else dirty), 650, HEIGHT - 60)
    for y in (646, HEIGHT - 62):
        canvas.pen.line((0, y, WIDTH, y), fill=(168, 164, 156), width=22)
    for _ in range(14):
        y = random.randint(680, HEIGHT - 100)
        x = random.randint(0, WIDTH)
        canvas.pen.line((x, y, x + 120, y), fill=(255, 255, 255, 40), width=3)
    for _ in range(0 if mended else 40):
        spot = (random.randint(0, WIDTH), random.randint(690, HEIGHT - 100))
        colour = random.choice(((210, 212, 214), (110, 140, 80), (188, 62, 54), (226, 206, 120)))
        canvas.blob(spot, (random.randint(10, 34), random.randint(6, 14)), colour, rough=0.3)
    return canvas


def pothole(random: Random, *, mended: bool) -> Canvas:
    """A hole in the road with cracks and water; afterwards a dark new patch."""
    canvas = street(random)
    x, y = random.randint(420, 860), random.randint(690, 740)
    if mended:
        canvas.blob((x, y), (240, 66), shade(ROAD, 0.62), rough=0.04)
        return canvas
    for _ in range(12):
        end = (x + random.gauss(0, 260), y + random.gauss(0, 60))
        canvas.pen.line((x, y, *end), fill=shade(ROAD, 0.55), width=random.randint(2, 5))
    canvas.blob((x, y), (200, 62), shade(ROAD, 1.25), rough=0.2)
    canvas.blob((x, y + 4), (178, 50), (58, 50, 44), rough=0.2)
    canvas.blob((x + 10, y + 16), (118, 26), (132, 142, 148))
    for _ in range(30):
        spot = (x + random.gauss(0, 190), y + random.gauss(0, 56))
        canvas.blob(spot, (random.randint(4, 11), random.randint(3, 7)), (142, 136, 128))
    return canvas


def pavement(random: Random, *, mended: bool) -> Canvas:
    """Tiles of the near pavement broken or laid anew."""
    canvas = street(random)
    x = random.randint(380, 780)
    if mended:
        for column in range(5):
            for row in range(3):
                tone = random.uniform(1.06, 1.14)
                canvas.box(x + column * 62, 822 + row * 46, 58, 42, shade(PAVEMENT, tone))
        return canvas
    canvas.blob((x + 130, 880), (220, 56), (112, 96, 78))
    for _ in range(24):
        centre = (x + 130 + random.gauss(0, 110), 880 + random.gauss(0, 24))
        canvas.blob(centre, (34, 16), shade(PAVEMENT, random.uniform(0.75, 1.1)), rough=0.4)
    return canvas


def works(random: Random, *, mended: bool) -> Canvas:
    """A trench behind striped barriers; afterwards a closed strip of asphalt."""
    canvas = street(random)
    if mended:
        strip = [(0, 690), (WIDTH, 660), (WIDTH, 716), (0, 756)]
        canvas.pen.polygon(strip, fill=shade(ROAD, 0.66))
        return canvas
    canvas.pen.polygon([(80, 700), (1200, 676), (1230, 760), (60, 790)], fill=(126, 98, 70))
    canvas.pen.polygon([(140, 720), (1140, 698), (1160, 740), (120, 764)], fill=(64, 50, 40))
    for left in range(120, 1100, 250):
        for stripe in range(8):
            colour = (206, 52, 44) if stripe % 2 else (240, 238, 232)
            canvas.pen.rectangle(
                (left + stripe * 22, 640, left + stripe * 22 + 22, 676), fill=colour
            )
        for leg in (left + 14, left + 162):
            canvas.pole(leg, 676, 790, 10, (120, 120, 124))
    return canvas


def flood(random: Random, *, mended: bool) -> Canvas:
    """Brown water from house to house; afterwards a wet but open road."""
    canvas = street(random, wet=True)
    if mended:
        for _ in range(5):
            spot = (random.randint(100, 1180), random.randint(560, 780))
            canvas.blob(spot, (110, 14), (136, 146, 154, 150))
        return canvas
    canvas.gradient(shade(WATER, 1.2), shade(WATER, 0.85), 462, HEIGHT)
    for _ in range(60):
        x, y = random.randint(-60, WIDTH), random.randint(480, HEIGHT)
        width = (y - 440) * 0.5
        canvas.pen.line((x, y, x + width, y), fill=(255, 255, 255, 46), width=3)
    for _ in range(3):
        x, y = random.randint(200, 1000), random.randint(560, 760)
        water = canvas.image.crop((x - 90, y - 66, x + 90, y + 20))
        canvas.person(x, y, 190, random.choice(((60, 92, 150), (196, 70, 60), (236, 206, 90))))
        canvas.image.paste(water, (x - 90, y - 66))  # they stand in it to the knee
    return canvas


def drain(random: Random, *, mended: bool) -> Canvas:
    """A manhole without its cover; afterwards with a new one."""
    canvas = street(random)
    x, y = random.randint(440, 840), 720
    canvas.pen.ellipse((x - 130, y - 44, x + 130, y + 44), fill=(150, 148, 144))
    if mended:
        canvas.pen.ellipse((x - 108, y - 34, x + 108, y + 34), fill=(82, 82, 86))
        for offset in range(-90, 91, 30):
            canvas.pen.line((x + offset, y - 18, x + offset, y + 18), fill=(54, 54, 58), width=6)
        return canvas
    canvas.pen.ellipse((x - 108, y - 34, x + 108, y + 34), fill=(18, 18, 20))
    canvas.blob((x + 210, y + 30), (120, 34), (150, 148, 144), rough=0.3)
    for _ in range(3):
        canvas.pen.line(
            (x - 40, y - 10, x - 60 + random.randint(0, 60), y - 210), fill=(92, 70, 46), width=8
        )
    canvas.blob((x - 30, y - 210), (70, 40), (74, 118, 60), rough=0.3)
    return canvas


def pipe(random: Random, *, mended: bool) -> Canvas:
    """Water bursting out of the road; afterwards a small patch."""
    canvas = street(random, wet=not mended)
    x = random.randint(440, 840)
    if mended:
        canvas.box(x - 110, 690, 220, 70, shade(ROAD, 0.65))
        return canvas
    canvas.blob((x, 730), (360, 66), (150, 172, 186, 200))
    for _ in range(70):
        lean = random.gauss(0, 60)
        top = random.randint(420, 660)
        canvas.pen.line((x, 720, x + lean, top), fill=(226, 238, 246, 120), width=4)
    canvas.blob((x, 716), (60, 24), (70, 62, 54))
    return canvas
