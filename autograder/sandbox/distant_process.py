"""A process that another one of ours started: it cannot be waited for as a child, but through a descriptor (Linux 5.3).

The descriptor stands for the process itself, so that its number may be given to another one without harm.
"""

import os
import select
import signal
import subprocess
import sys

CAN_BE_WATCHED = sys.platform == "linux" and hasattr(os, "pidfd_open")


class DistantProcess:
    """As much of subprocess.Popen as is needed to end it. One that is gone already, or not known, has ended."""

    def __init__(self, pid: int | None = None) -> None:
        self._descriptor: int | None = None
        self.pid = pid
        if pid is not None:
            self.known_as(pid)

    def known_as(self, pid: int) -> None:
        """Watch the process with this number from now on."""
        self.pid = pid
        if sys.platform == "linux":
            try:
                self._descriptor = os.pidfd_open(pid)
            except ProcessLookupError:
                self._descriptor = None

    def terminate(self) -> None:
        self._send(signal.SIGTERM)

    def kill(self) -> None:
        self._send(signal.SIGKILL)

    def wait(self, timeout: float | None = None) -> None:
        """Wait until it has ended. Raises subprocess.TimeoutExpired."""
        if self._descriptor is None:
            return
        watched = select.poll()
        watched.register(self._descriptor, select.POLLIN)
        if not watched.poll(None if timeout is None else 1000 * timeout):
            raise subprocess.TimeoutExpired("a forked process", timeout or 0)
        os.close(self._descriptor)
        self._descriptor = None

    def _send(self, number: signal.Signals) -> None:
        if self._descriptor is not None and sys.platform == "linux":
            try:
                signal.pidfd_send_signal(self._descriptor, number)
            except ProcessLookupError:
                return
