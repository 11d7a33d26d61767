"""Runs a command in a folder that holds a system, as an unprivileged container would show it. Linux, as root."""

import shlex
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

# What Docker leaves to root in a container that was not started as privileged.
CAPABILITIES = (
    "chown", "dac_override", "fowner", "fsetid", "kill", "setgid", "setuid", "setpcap", "net_bind_service", "net_raw",
    "sys_chroot", "mknod", "audit_write", "setfcap",
)  # fmt: skip
SYSTEM_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
CGROUPS = Path("/sys/fs/cgroup")
PERIOD_MICROSECONDS = 100_000


@dataclass(frozen=True)
class Share:
    """A share of the machine, as far as its control groups (version 1 or 2) can give it."""

    cpus: float
    mebibytes: int

    @property
    def folders(self) -> tuple[Path, ...]:
        if (CGROUPS / "cgroup.controllers").exists():
            return (CGROUPS / "rehearsal",)
        return (CGROUPS / "cpu" / "rehearsal", CGROUPS / "memory" / "rehearsal")

    def entering(self) -> list[str]:
        """Shell commands that put the shell into a fresh group; where that is refused they say so and go on."""
        return [command for folder in self.folders for command in self._entering(folder)]

    def _entering(self, folder: Path) -> list[str]:
        quota, size = int(self.cpus * PERIOD_MICROSECONDS), self.mebibytes * 1024 * 1024
        values = {
            "cpu.max": f"{quota} {PERIOD_MICROSECONDS}",
            "cpu.cfs_period_us": PERIOD_MICROSECONDS,
            "cpu.cfs_quota_us": quota,
            "memory.max": size,
            "memory.limit_in_bytes": size,
        }
        here = shlex.quote(str(folder))
        return [
            f"rmdir {here} 2>/dev/null || true; mkdir {here} 2>/dev/null || true",
            *(f"[ ! -e {here}/{key} ] || echo '{value}' >{here}/{key}" for key, value in values.items()),
            f"echo $$ >{here}/cgroup.procs || echo 'no share of the machine could be set by {folder}' >&2",
        ]

    def peak_mebibytes(self) -> float | None:
        """The most memory that the last command in this group used, the files it read included."""
        for folder in self.folders:
            for name in ("memory.peak", "memory.max_usage_in_bytes"):
                if (folder / name).exists():
                    return int((folder / name).read_text()) / 1024 / 1024
        return None


@dataclass(frozen=True)
class Container:
    """A system in the folder `root`; its commands have processes of their own and, unless `network`, no network."""

    root: Path
    network: bool

    def run(
        self,
        command: Sequence[str],
        *,
        folder: str = "/",
        environment: Mapping[str, str] | None = None,
        visible: Sequence[Path] = (),
        share: Share | None = None,
        stdout: int | None = None,
    ) -> subprocess.CompletedProcess[str]:
        """Runs the command as root of the container. `visible` paths of this machine are seen there, read-only."""
        spaces = ["--mount", "--pid", "--ipc", "--fork", "--kill-child", *([] if self.network else ["--net"])]
        inner = "\n".join([*self._mounting(visible), self._executing(command, folder, environment or {})])
        outer = [*(share.entering() if share else []), shlex.join(["exec", "unshare", *spaces, "sh", "-euc", inner])]
        return subprocess.run(
            ["sh", "-uc", "\n".join(outer)], stdin=subprocess.DEVNULL, stdout=stdout, text=True, check=False
        )

    def _mounting(self, visible: Sequence[Path]) -> list[str]:
        root = shlex.quote(str(self.root))
        lines = [f"mount -t proc proc {root}/proc", f"mount -t tmpfs -o size=64m tmpfs {root}/dev/shm"]
        for path in [Path("/etc/resolv.conf"), *visible] if self.network else visible:
            there, here = shlex.quote(f"{self.root}{path}"), shlex.quote(str(path.resolve()))
            folder = shlex.quote(str(Path(f"{self.root}{path}").parent))
            point = f"mkdir -p {there}" if path.is_dir() else f"mkdir -p {folder}; touch {there}"
            lines.append(f"{point}; mount --bind {here} {there}; mount -o remount,bind,ro {there}")
        return lines

    def _executing(self, command: Sequence[str], folder: str, environment: Mapping[str, str]) -> str:
        kept = ",".join(f"+{name}" for name in CAPABILITIES)
        variables = {"PATH": SYSTEM_PATH, "HOME": "/root", "LANG": "C.UTF-8", **environment}
        return shlex.join(
            [
                "exec", "setpriv", f"--bounding-set=-all,{kept}", "chroot", str(self.root),
                "env", "-i", f"--chdir={folder}", *(f"{key}={value}" for key, value in variables.items()), *command,
            ]
        )  # fmt: skip
