"""What a worker may import and read: the libraries, without the project itself.

The project's folder leaves sys.path once the worker's own code is loaded, so that `import reference` finds nothing.
Directories are opened here, while the process still may, and handed to Landlock as handles.
"""

import fcntl
import os
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.machinery import BuiltinImporter, FrozenImporter, PathFinder
from pathlib import Path

from autograder.sandbox.limits.descriptors import FIRST_LIBRARY

# cpuinfo and the processors' topology choose the kernels of the numeric libraries: without them the last digits differ.
SYSTEM_PLACES = (
    *("/proc/cpuinfo", "/sys/devices/system/cpu", "/dev/null", "/dev/zero", "/dev/urandom"),
    *("/etc/ld.so.cache", "/etc/localtime", "/usr/share/zoneinfo"),
)
OTHERS_MAY_PASS = 0o001


@dataclass(frozen=True)
class Places:
    """Handles on everything that a worker may read. `libraries` are those it needs for as long as it lives."""

    handles: tuple[int, ...]
    libraries: tuple[int, ...]


def forget_project(project: str) -> None:
    """Make the project's modules impossible to import from here on; those already imported stay."""
    root = os.path.realpath(project)
    sys.path[:] = [entry for entry in sys.path if os.path.exists(entry) and os.path.realpath(entry) != root]
    sys.meta_path[:] = [BuiltinImporter, FrozenImporter, PathFinder]
    sys.path_importer_cache.clear()
    sys.argv[:] = [""]
    for name, module in tuple(sys.modules.items()):
        if name.partition(".")[0] == "autograder" and hasattr(module, "__path__"):
            module.__path__ = []


def open_places(project: str, *, user_changes: bool) -> Places:
    """Open what workers may read. If their user changes, directories that it could not reach are renamed to handles."""
    root = os.path.realpath(project)
    handles: dict[str, int] = {}
    libraries = []
    for place in (*sys.path, *_shared_library_folders(), *SYSTEM_PLACES):
        real = os.path.realpath(place)
        if real in handles or not os.path.exists(real) or _contains(real, root):
            continue
        handles[real] = _open(real)
        if user_changes and place in sys.path and not _reachable(real):
            libraries.append(handles[real])
            _rename(place, f"/proc/self/fd/{handles[real]}")
    return Places(tuple(handles.values()), tuple(libraries))


def unreadable(places: Iterable[str]) -> tuple[str, ...]:
    """Return those places that exist but cannot be opened by this process."""
    return tuple(place for place in places if not _opens(place))


def _opens(place: str) -> bool:
    try:
        os.close(os.open(place, os.O_RDONLY))
    except FileNotFoundError:
        return True
    except OSError:
        return False
    return True


def _open(path: str) -> int:
    opened = os.open(path, getattr(os, "O_PATH", os.O_RDONLY) | os.O_CLOEXEC)
    high = fcntl.fcntl(opened, fcntl.F_DUPFD_CLOEXEC, FIRST_LIBRARY)
    os.close(opened)
    return int(high)


def _contains(place: str, root: str) -> bool:
    return root == place or root.startswith(place.rstrip("/") + "/")


def _reachable(path: str) -> bool:
    """Whether any user may pass through every directory on the way."""
    return all(parent.stat().st_mode & OTHERS_MAY_PASS for parent in Path(path).parents)


def _rename(place: str, handle: str) -> None:
    """Let imports below `place` go through the handle, also those of packages that are loaded already."""
    sys.path[:] = [handle if entry == place else entry for entry in sys.path]
    for module in tuple(sys.modules.values()):
        search = getattr(module, "__path__", None)
        if type(search) is list:
            search[:] = [handle + path[len(place) :] if _contains(place, path) else path for path in search]
    sys.path_importer_cache.clear()


def _shared_library_folders() -> list[str]:
    """Return the directories of the shared libraries that this process has mapped."""
    try:
        lines = Path("/proc/self/maps").read_text("utf-8", "surrogateescape").splitlines()
    except OSError:
        return []
    files = {line.split(None, 5)[5] for line in lines if ".so" in line and len(line.split(None, 5)) == 6}
    return sorted({os.path.dirname(file) for file in files if file.startswith("/")})
