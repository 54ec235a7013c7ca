"""Finding processes that outlived the city they belonged to."""

import os
from pathlib import Path


def processes_of(folder: Path) -> dict[int, str]:
    """Every process, with its command line, that was started with something of this folder in its
    environment, or that works in it: some servers write over their environment."""
    found = {}
    for process in Path("/proc").glob("[0-9]*"):
        try:
            environment = (process / "environ").read_bytes()
            workplace = os.fsencode((process / "cwd").readlink())
            command = (process / "cmdline").read_bytes().replace(b"\0", b" ").decode().strip()
        except OSError:  # it ended while we looked, or is somebody else's
            continue
        # A zombie has no command line.
        if command and os.fsencode(folder) in environment + b"\0" + workplace:
            found[int(process.name)] = command
    return found
