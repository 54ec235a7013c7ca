"""A ceiling on the memory that decoding one picture may take."""

import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

MIB = 1024 * 1024
DECODING_BYTES = 512 * MIB
"""Room for the worst picture inside the pixel limits; an ordinary 12-megapixel JPEG needs 300 MiB
of address space to be safe, a 25-megapixel PNG with transparency some 350."""


def _address_space() -> int:
    """Virtual size of this process in bytes, the figure that RLIMIT_AS is compared with."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    return pages * resource.getpagesize()


@contextmanager
def memory_limit(extra_bytes: int = DECODING_BYTES) -> Iterator[None]:
    """Let the address space grow by at most `extra_bytes` inside the block.

    The limit counts the whole process, so it belongs in a child that does nothing else. Only the
    soft limit moves, never above what was allowed before, and it is put back at the end.

    Python code sees a MemoryError; a C library that cannot live with a failed allocation may end
    the process, which is why the parent must outlive it.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    wanted = _address_space() + extra_bytes
    ceilings = [limit for limit in (soft, hard) if limit != resource.RLIM_INFINITY]
    resource.setrlimit(resource.RLIMIT_AS, (min([wanted, *ceilings]), hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))
