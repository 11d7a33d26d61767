"""What the attacks are played in: secrets to find, results to forge, bystanders to kill, listeners to talk to."""

import os
import socket
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

SECRET = "secret-of-the-grader-" + os.urandom(12).hex()
HIDDEN_INPUT = "hidden-input-" + os.urandom(12).hex()
RESULTS = '{"score": 1.0}'
CANARY_PLACES = ("/tmp", "/var/tmp", "/dev/shm", "/run", "/")


@dataclass
class Scene:
    """One stage, set up once and looked over after every attack."""

    folder: Path
    tcp: socket.socket
    udp: socket.socket
    unix: socket.socket
    victim: subprocess.Popen[bytes]

    @property
    def secret_file(self) -> Path:
        return self.folder / "reference" / "q1_scaling.py"

    @property
    def results(self) -> Path:
        return self.folder / "results.json"

    def constants(self, *, neighbour: str, sibling: int) -> dict[str, object]:
        """What an attacker is told, so that nothing is left to their luck."""
        return {
            "SECRET_FILE": str(self.secret_file),
            "SECRET_FOLDER": str(self.secret_file.parent),
            "RESULTS": str(self.results),
            "TCP": self.tcp.getsockname()[1],
            "UDP": self.udp.getsockname()[1],
            "UNIX": str(self.folder / "listener"),
            "GRADER": os.getpid(),
            "VICTIM": self.victim.pid,
            "NEIGHBOUR": neighbour,
            "SIBLING": sibling,
        }

    def traces(self) -> list[str]:
        """Say what an attack left behind; nothing, if all is as it was."""
        found = [
            f"{place}/{name}" for place in CANARY_PLACES for name in os.listdir(place) if name.startswith("canary")
        ]
        if not os.access(self.results, os.R_OK) or self.results.is_symlink() or self.results.read_text() != RESULTS:
            found.append("the results")
        if self.victim.poll() is not None:
            found.append("the bystander's end")
        return found + [f"a word on {name}" for name, listener in self._listeners() if _heard(listener)]

    def tidy(self) -> list[str]:
        """Say what an attack left behind, and put everything back: for attacks that are let through on purpose."""
        found = self.traces()
        for path in (Path(place) / name for place in CANARY_PLACES for name in os.listdir(place)):
            if path.name.startswith("canary"):
                (path.rmdir if path.is_dir() and not path.is_symlink() else path.unlink)()
        self.results.unlink(missing_ok=True)
        self.results.write_text(RESULTS)
        if self.victim.poll() is not None:
            self.victim = bystander()
        while any(_heard(listener) for _, listener in self._listeners()):
            continue
        return found

    def _listeners(self) -> list[tuple[str, socket.socket]]:
        return [("TCP", self.tcp), ("UDP", self.udp), ("a unix socket", self.unix)]

    def close(self) -> None:
        self.victim.kill()
        self.victim.wait()
        for _, listener in self._listeners():
            listener.close()


def set_up(folder: Path) -> Scene:
    """Build the scene in a folder that every user may read: the file system alone is not to be what keeps a secret."""
    folder.chmod(0o755)
    reference = folder / "reference"
    (reference / "__pycache__").mkdir(parents=True)
    (reference / "q1_scaling.py").write_text(f"expected = {SECRET!r}\n")
    (reference / "__pycache__" / "q1_scaling.cpython-311.pyc").write_text(SECRET)
    (folder / "results.json").write_text(RESULTS)
    os.environ["SECRET_OF_THE_GRADER"] = SECRET
    victim = bystander()
    unix = socket.socket(socket.AF_UNIX)
    unix.bind(str(folder / "listener"))
    (folder / "listener").chmod(0o777)
    unix.listen()
    udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    udp.bind(("127.0.0.1", 0))
    return Scene(folder, socket.create_server(("127.0.0.1", 0)), udp, unix, victim)


def bystander() -> subprocess.Popen[bytes]:
    """Start a process that does nothing, for attacks to try and end."""
    return subprocess.Popen([sys.executable, "-c", "import time; time.sleep(3600)"], start_new_session=True)


def _heard(listener: socket.socket) -> bool:
    listener.settimeout(0)
    try:
        if listener.type == socket.SOCK_DGRAM:
            listener.recv(1)
        else:
            listener.accept()[0].close()
    except BlockingIOError:
        return False
    return True
