"""Ties a process to the one that started it, so that a killed launcher leaves nothing running."""

import ctypes
import os
import signal
import sys

_SET_PARENT_DEATH_SIGNAL = 1  # PR_SET_PDEATHSIG of prctl(2)

_C_LIBRARY = ctypes.CDLL(None, use_errno=True)  # loaded here, so that a fork has only to call it


def end_with_parent(parent: int, how: signal.Signals) -> None:
    """Have the kernel signal this process when its parent, whose id is `parent`, ends.

    Call it first thing in a new child. Linux alone can do this; elsewhere it does nothing, and what
    a killed parent leaves has to be stopped by hand. Raises OSError.
    """
    if sys.platform != "linux":
        return
    if _C_LIBRARY.prctl(_SET_PARENT_DEATH_SIGNAL, how, 0, 0, 0) != 0:
        error = ctypes.get_errno()
        raise OSError(error, os.strerror(error))
    if os.getppid() != parent:  # it ended before the kernel was told
        signal.raise_signal(how)
