"""What a command or a submission may have left on the machine."""

import os
from pathlib import Path

CANARY = "left-by-a-command"  # no name that the scenes of attacks, played at the same time, look for
FILES = [Path(place) / CANARY for place in ("/tmp", "/dev/shm", "/var/tmp")]


def left_behind(place: Path) -> list[str]:
    """Return files with the canary's name, and submissions and processes at work in `place`."""
    files = [*filter(Path.exists, FILES), *place.iterdir()]
    return [str(path) for path in (*files, *Path("/proc").glob("[0-9]*")) if path in files or is_at_work(path, place)]


def is_at_work(process: Path, place: Path) -> bool:
    try:
        return os.readlink(process / "cwd").startswith(str(place))
    except OSError:
        return False
