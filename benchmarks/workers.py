"""Workers in a row, one in ten hostile: is one lost, hung or left over, does memory grow, does the zygote get slower?

.venv/bin/python benchmarks/workers.py [COUNT]          2000 unless said otherwise
"""

import itertools
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from autograder.sandbox.launcher import Zygote  # noqa: E402
from autograder.sandbox.outcome import Value  # noqa: E402
from autograder.sandbox.protocol.programs import Call, ModuleAttribute  # noqa: E402
from autograder.settings import MEBI, Limits  # noqa: E402

LIMITS = Limits(import_seconds=5.0, call_seconds=5.0, question_seconds=10.0)
SHORT = Limits(import_seconds=5.0, call_seconds=0.3, question_seconds=1.0)
EVERY = 10
HONEST = b"import torch\ndef f(x):\n    return x @ x.T\n"
HOSTILE = tuple(
    f"import ctypes, os, signal, sys, threading, time\ndef f(x):\n    {body}\n".encode()
    for body in (
        "while True: pass",
        "os._exit(0)",
        "ctypes.string_at(0)",
        "os.kill(os.getpid(), signal.SIGSTOP)",
        "[os.write(3, bytes(1 << 20)) for _ in range(1000)]",
        "[bytearray(1 << 24) for _ in range(100)]",
        "[threading.Thread(target=time.sleep, args=(60,)).start() for _ in range(100)]",
        "ctypes.CDLL(None).fork(); os.setsid(); time.sleep(60)",
        "os.close(3); time.sleep(60)",
        "[os.kill(pid, 9) for pid in range(2, 40000) if pid != os.getpid() and os.path]",
        "open('/dev/shm/canary', 'w'); open('/tmp/canary', 'w')",
        "return x.expand(1 << 20, *x.shape).clone().tolist()",
    )
)


def resident_bytes(pid: int) -> int:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmRSS:"))


def children_of(pid: int) -> list[str]:
    return Path(f"/proc/{pid}/task/{pid}/children").read_text().split()


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 2000
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        tempfile.tempdir = folder
        with Zygote(Limits(), warm=True) as zygote:
            run(zygote, count)
        left = os.listdir(folder)
    canaries = [place for place in ("/tmp/canary", "/dev/shm/canary") if Path(place).exists()]
    print(f"folders left over: {len(left)}; canaries: {canaries}")


def run(zygote: Zygote, count: int) -> None:
    import numpy as np

    program = Call(ModuleAttribute("q", "f"), (np.arange(6, dtype=np.float32).reshape(2, 3),))
    right = np.array([[5, 14], [14, 50]], np.float32)
    kinds = itertools.cycle(HOSTILE)
    zygote.layers()
    assert zygote._running is not None
    pid = zygote._running.process.pid
    times: list[float] = []
    memory: list[int] = []
    wrong = succeeded = 0
    for number in range(count):
        hostile = number % EVERY == EVERY - 1
        started = time.perf_counter()
        with zygote.session({"q.py": next(kinds) if hostile else HONEST}, SHORT if hostile else LIMITS) as session:
            outcome = session.run(program)
        if hostile:
            succeeded += isinstance(outcome, Value) and isinstance(outcome.data, np.ndarray)
        else:
            times.append(1000 * (time.perf_counter() - started))
            wrong += not (isinstance(outcome, Value) and np.array_equal(outcome.data, right))
        if number % (count // 10) == count // 20:
            memory.append(resident_bytes(os.getpid()))
    tenth = len(times) // 10
    first, last = (statistics.median(part) for part in (times[:tenth], times[-tenth:]))
    print(f"{count} workers, {count // EVERY} of them hostile: {wrong} honest ones answered wrongly or not at all,")
    print(
        f"{succeeded} hostile ones answered as if nothing were; left over: {len(children_of(pid))} processes of theirs;"
    )
    print(
        f"zygotes started: {zygote.generation}; an honest worker took {first:.0f} ms at first, {last:.0f} ms at last;"
    )
    print(f"the grader's memory in ten looks: {', '.join(f'{size / MEBI:.0f}' for size in memory)} MiB")


if __name__ == "__main__":
    main()
