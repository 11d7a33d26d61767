"""Makes the folder of a new homework: a small one that works, to be replaced part by part."""

import re
import secrets
import tempfile
from pathlib import Path

from autograder.errors import HomeworkInvalid
from autograder.packaging.archive import Member, folder_members
from autograder.settings import Homework

FILES = Path(__file__).resolve().parent / "new_homework_files"
TITLE, FOLDER, SEED = "A new homework", "HOMEWORK", "seed = 1 "
LARGEST_SEED = 10**9


def make_new_homework(folder: Path) -> Homework:
    """Makes `folder`, which must not be there or be empty, with a seed of its own.

    Raises HomeworkInvalid if it cannot be made, or if this copy of the engine came with a homework and has no other.
    """
    if not FILES.is_dir():
        raise HomeworkInvalid("this copy of the engine was packed for one homework; make new ones in the whole project")
    if folder.exists() and not (folder.is_dir() and not any(folder.iterdir())):
        raise HomeworkInvalid(f"{folder} is there already and not an empty folder; name a new one")
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".new_homework_", dir=folder.parent) as beside:
            made = Path(beside, "made")
            for member in folder_members(FILES, "made"):
                _write(Path(beside, member.name), _filled_in(member, folder))
            folder.mkdir(exist_ok=True)
            for part in made.iterdir():
                part.replace(folder / part.name)
    except OSError as error:
        raise HomeworkInvalid(f"{folder} cannot be made ({error.strerror})") from error
    return Homework(folder)


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def _filled_in(member: Member, folder: Path) -> bytes:
    text = member.data.decode("utf-8")
    seed = f"seed = {secrets.randbelow(LARGEST_SEED)} "
    for place, value in ((TITLE, title_of(folder)), (FOLDER, folder.as_posix()), (SEED, seed)):
        text = text.replace(place, value)
    return text.encode("utf-8")


def title_of(folder: Path) -> str:
    """The folder's name as a title: `sorting_networks` becomes "Sorting networks"."""
    words = re.sub(r"[\W_]+", " ", folder.resolve().name).strip()
    return words[:1].upper() + words[1:] or TITLE
