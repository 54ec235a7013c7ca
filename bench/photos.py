"""One 12-megapixel phone photo to both sizes: ours against the bare Pillow calls.

Both run in turns in one process, so that a busy machine slows both alike; the figure is the median
of the pairs' ratios. The memory is that of fresh processes, each of which decodes once.
"""

import io
import multiprocessing
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path

from PIL import Image, ImageOps

from bench.rows import Row
from feedback.imaging import render, render_in_child

PAIRS = 21
WIDTH, HEIGHT = 4032, 3024
ROOT = Path(__file__).parents[1]

ONE_RENDERING = """
import re, sys
from pathlib import Path
from feedback.imaging import render
def highest():
    return int(re.search(r"VmHWM:\\s+(\\d+) kB", Path("/proc/self/status").read_text())[1])
data = sys.stdin.buffer.read()
before = highest()
render(data)
print(highest() - before)
"""


def phone_photo() -> bytes:
    """A 12-megapixel JPEG of about 4 MB: shapes, a gradient, the noise of a small sensor."""
    gradient = Image.linear_gradient("L").resize((WIDTH, HEIGHT))
    texture = Image.effect_mandelbrot((1008, 756), (-2.2, -1.2, 1.0, 1.2), 100)
    noise = Image.effect_noise((WIDTH, HEIGHT), 22)
    scene = Image.merge("RGB", (gradient, texture.resize((WIDTH, HEIGHT)), ImageOps.mirror(noise)))
    scene = Image.blend(scene, noise.convert("RGB"), 0.3)
    exif = Image.Exif()
    exif[0x0112] = 6
    file = io.BytesIO()
    scene.save(file, "JPEG", quality=89, exif=exif)
    return file.getvalue()


def bare(data: bytes) -> tuple[bytes, bytes]:
    """What one would write by hand: draft, thumbnail, transpose, save, twice."""
    photo = Image.open(io.BytesIO(data))
    photo.draft("RGB", (1600, 1200))
    photo.thumbnail((1600, 1600), reducing_gap=2.0)
    image = ImageOps.exif_transpose(photo)
    large, small = io.BytesIO(), io.BytesIO()
    image.save(large, "JPEG", quality=82, progressive=True, optimize=True)
    image.thumbnail((320, 320), reducing_gap=2.0)
    image.save(small, "JPEG", quality=78, progressive=True, optimize=True)
    return large.getvalue(), small.getvalue()


def bare_in_fork(data: bytes) -> tuple[bytes, bytes]:
    """The bare calls in a forked child: what is left of our child's cost is the isolation's own."""
    context = multiprocessing.get_context("fork")
    receiver, sender = context.Pipe(duplex=False)
    child = context.Process(target=_send_bare, args=(sender, data))
    child.start()
    sender.close()
    large, small = receiver.recv_bytes(), receiver.recv_bytes()
    child.join()
    return large, small


def _send_bare(sender: Connection, data: bytes) -> None:
    for picture in bare(data):
        sender.send_bytes(picture)


def seconds(work: Callable[[bytes], object], data: bytes) -> float:
    """How long one call takes."""
    start = time.perf_counter()
    work(data)
    return time.perf_counter() - start


def compare(
    ours: Callable[[bytes], object],
    theirs_calls: Callable[[bytes], object],
    data: bytes,
    pairs: int,
) -> tuple[float, float, float]:
    """(median seconds of ours, of the bare calls, median ratio bare ÷ ours), in turns."""
    seconds(ours, data)
    seconds(theirs_calls, data)
    mine, theirs = [], []
    for pair in range(pairs):
        # Whoever comes second finds warm caches: take turns at that as well.
        first, second = (ours, theirs_calls) if pair % 2 else (theirs_calls, ours)
        taken = {first: seconds(first, data), second: seconds(second, data)}
        mine.append(taken[ours])
        theirs.append(taken[theirs_calls])
    ratios = [bare_time / our_time for bare_time, our_time in zip(theirs, mine, strict=True)]
    return statistics.median(mine), statistics.median(theirs), statistics.median(ratios)


def memory_growth(data: bytes) -> int:
    """By how many bytes a fresh process grows at most while it renders once."""
    done = subprocess.run(
        [sys.executable, "-c", ONE_RENDERING], input=data, capture_output=True, check=True, cwd=ROOT
    )
    return int(done.stdout) * 1024


def run(pairs: int = PAIRS) -> list[Row]:
    """Measure; each row names what it is and what is wanted of it."""
    data = phone_photo()
    rows = [Row("photo", f"{WIDTH} × {HEIGHT}, {len(data) / 1e6:.1f} MB", "about 4 MB")]
    for name, ours, theirs, wanted in (
        ("render", render, bare, "≥ 0.85"),
        ("render in a child process", render_in_child, bare, ""),
        ("render in a child process, bare ones in a child too", render_in_child, bare_in_fork, ""),
    ):
        our_time, bare_time, ratio = compare(ours, theirs, data, pairs)
        rows.append(Row(f"{name}: time", f"{our_time * 1000:.0f} ms", ""))
        rows.append(Row(f"{name}: the bare calls", f"{bare_time * 1000:.0f} ms", ""))
        rows.append(Row(f"{name}: bare ÷ ours, median of {pairs}", f"{ratio:.2f}", wanted))
    growth = statistics.median(memory_growth(data) for _ in range(3))
    rows.append(Row("memory growth in a child", f"{growth / 2**20:.0f} MiB", "≤ 150 MiB"))
    return rows


if __name__ == "__main__":
    for row in run():
        print(f"{row.name:50} {row.figure:>24}   {row.wanted}")
