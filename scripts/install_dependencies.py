"""Installs the pinned requirements into the Python that runs this file. Used by the Makefile and by setup.sh.

    .venv/bin/python scripts/install_dependencies.py [--dev]

PyTorch is the large one. On Linux its ordinary build brings gigabytes of CUDA along, so the CPU build is looked for
first: at TORCH_INDEX_URL (PyTorch's own CPU index unless set; set it to nothing to leave it out), if that answers
within TORCH_PROBE_SECONDS, and then wherever pip is configured to look. The ordinary build is the last resort.
"""

import argparse
import os
import platform
import subprocess
import sys
import sysconfig
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TORCH_CPU_INDEX = "https://download.pytorch.org/whl/cpu"
PROBE_SECONDS = 5.0
PIP = (sys.executable, "-m", "pip", "--disable-pip-version-check", "--no-input", "install", "--quiet", "--quiet")

# Ubuntu 22.04's python3.11 is the release candidate 3.11.0rc1, older than these two functions, which torch._dynamo
# expects of every 3.11. It has no limit on the digits of an integer, and 0 is how Python says so.
RELEASE_CANDIDATE_REPAIR = (
    "import sys; hasattr(sys, 'get_int_max_str_digits') or ("
    "setattr(sys, 'get_int_max_str_digits', lambda: 0), "
    "setattr(sys, 'set_int_max_str_digits', lambda maxdigits: None))"
)


def main() -> int:
    parser = argparse.ArgumentParser(description="Install the pinned requirements into this Python.")
    parser.add_argument("--dev", action="store_true", help="what the tests need, too")
    arguments = parser.parse_args()
    if sys.version_info < (3, 11):
        return complain(f"Python 3.11 or newer is needed; {sys.executable} is {platform.python_version()}.")
    if sys.prefix == sys.base_prefix:
        return complain(f"{sys.executable} belongs to the system; run this with the Python of a virtual environment.")
    repair_release_candidate(Path(sysconfig.get_path("purelib")))
    further = ("requirements-dev.txt", "requirements-cluster.txt") if arguments.dev else ()
    files = [ROOT / name for name in ("requirements.txt", *further)]
    return 0 if install_torch(pinned("torch")) and install_the_rest(files) else 1


def complain(sentence: str) -> int:
    print(f"install_dependencies: {sentence}", file=sys.stderr)
    return 1


def pinned(name: str) -> str:
    """The version of a package that requirements.txt pins."""
    lines = (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()
    return next(line.partition("==")[2].strip() for line in lines if line.startswith(f"{name}=="))


def install_torch(version: str) -> bool:
    if installed("torch") == version:
        return True
    if any(install_from(source, arguments) for source, arguments in torch_sources(version)):
        return True
    complain(
        f"PyTorch {version} could not be installed from any source. With no access to {cpu_index() or 'an index'}, "
        "set TORCH_INDEX_URL to a mirror of it, or PIP_FIND_LINKS to a folder that has the wheel."
    )
    return False


def installed(name: str) -> str | None:
    """The installed version without its local part: `2.13.0` for `2.13.0+cpu`."""
    try:
        return metadata.version(name).partition("+")[0]
    except metadata.PackageNotFoundError:
        return None


def torch_sources(version: str) -> Iterator[tuple[str, list[str]]]:
    """Where to look, best first, with the arguments for pip. Dependencies are left to requirements.txt."""
    if platform.system() == "Linux":
        if (index := cpu_index()) and answers(index):
            yield f"CPU build, {index}", ["--index-url", index, f"torch=={version}"]
        yield "CPU build, pip's own index", [f"torch=={version}+cpu"]
    yield "ordinary build, pip's own index", [f"torch=={version}"]


def cpu_index() -> str:
    return os.environ.get("TORCH_INDEX_URL", TORCH_CPU_INDEX).rstrip("/")


def answers(url: str) -> bool:
    """Whether anything answers at `url` in time. The thread bounds what a socket's time limit does not: the DNS."""
    seconds = float(os.environ.get("TORCH_PROBE_SECONDS", PROBE_SECONDS))
    found: list[bool] = []
    asking = threading.Thread(target=lambda: found.append(responds(url, seconds)), daemon=True)
    asking.start()
    asking.join(seconds)
    return found == [True]


def responds(url: str, seconds: float) -> bool:
    try:
        with urllib.request.urlopen(f"{url}/torch/", timeout=seconds):
            return True
    except urllib.error.HTTPError as error:
        return error.code < 500  # a mirror that does not list folders may still serve pip
    except (OSError, ValueError):
        return False


def install_from(source: str, arguments: list[str]) -> bool:
    print(f"Installing PyTorch ({source})", flush=True)
    finished = subprocess.run([*PIP, "--no-deps", *arguments], capture_output=True, text=True, check=False)
    if finished.returncode != 0:
        print(f"  not to be had there: {last_line(finished.stderr)}", flush=True)
    return finished.returncode == 0


def last_line(text: str) -> str:
    return next((line.strip() for line in reversed(text.splitlines()) if line.strip()), "pip did not say why")


def install_the_rest(files: list[Path]) -> bool:
    print(f"Installing {' and '.join(file.name for file in files)}", flush=True)
    arguments = [argument for file in files for argument in ("--requirement", str(file))]
    return subprocess.run([*PIP, *arguments], check=False).returncode == 0


def repair_release_candidate(site_packages: Path) -> None:
    if not hasattr(sys, "get_int_max_str_digits"):
        (site_packages / "python_3_11_0rc1.pth").write_text(RELEASE_CANDIDATE_REPAIR + "\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
