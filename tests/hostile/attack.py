"""What an attack is: a module that a student might hand in. Harmless by construction, whatever layers are missing.

The attacks stand in attacks/*.txt, a file for each kind:

    [name]
    may end in: call memory        reasons for a crash, or what a time-out came during, besides an ordinary exception
    --- import                     runs when the module is imported
    --- attack                     the body of `attack(*inputs)`, which is called
    --- file NAME                  handed in beside the module

`attack` returns SUCCEEDED, or whatever secret it found, if it got through. Names in capitals are the scene that it
plays in (scene.py). Nothing here kills, floods or fills more than its own process and what the scene set up for it.
"""

import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

SUCCEEDED = "canary: the attack succeeded"
ORDINARY = ("raised",)
FOLDER = Path(__file__).parent / "attacks"

PRELUDE = """
import ctypes, errno, glob, os, signal, socket, sys, threading, time

MARK = "secret-" + "of-the-grader"

def tried(action):
    try:
        action()
    except BaseException:
        return "stopped"
    return SUCCEEDED

def kernel_allows(number, *arguments):
    libc = ctypes.CDLL(None, use_errno=True)
    failed = libc.syscall(number, *arguments) < 0
    refused = failed and ctypes.get_errno() in (errno.EPERM, errno.EACCES, errno.ENOSYS)
    return "stopped" if refused else SUCCEEDED

def marked(texts):
    return next((text for text in texts if MARK in text), "stopped")

def native(code):
    import mmap
    memory = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
    memory.write(code)
    address = ctypes.addressof(ctypes.c_char.from_buffer(memory))
    return ctypes.CFUNCTYPE(ctypes.c_long)(address)()

def frame(text, content=b""):
    return b"agf1" + len(text).to_bytes(4, "big") + len(content).to_bytes(8, "big") + text.encode() + content

def asked():
    frame = sys._getframe()
    while frame.f_code.co_name != "answer":
        frame = frame.f_back
    return frame.f_locals

def nonce():
    return asked()["nonce"]

def reply(outcome, arrays="[]", content=b""):
    text = frame('{"arrays":%s,"body":["%s",%s]}' % (arrays, nonce(), outcome), content)
    while text:
        text = text[os.write(3, text):]
    time.sleep(60)
"""


@dataclass(frozen=True)
class Attack:
    """One way to cheat or to break out."""

    kind: str
    name: str
    reasons: tuple[str, ...]
    parts: dict[str, str]

    def files(self, module: str, scene: dict[str, object]) -> dict[str, bytes]:
        """Return what is handed in: the module, for the places and processes of one scene, and what lies beside it."""
        constants = "".join(f"{name} = {value!r}\n" for name, value in scene.items())
        body = textwrap.indent(self.parts.get("attack", "return None"), "    ")
        source = f"{PRELUDE}SUCCEEDED = {SUCCEEDED!r}\n{constants}\n{self.parts.get('import', '')}\n"
        source += f"\ndef attack(*inputs):\n{body}\n"
        beside = {part.split(None, 1)[1]: text for part, text in self.parts.items() if part.startswith("file ")}
        return {f"{module}.py": source.encode()} | {name: text.encode() for name, text in beside.items()}


def read_attacks() -> list[Attack]:
    """Return every attack, kind by kind."""
    return [attack for path in sorted(FOLDER.glob("*.txt")) for attack in _parse(path.stem, path.read_text("utf-8"))]


def _parse(kind: str, text: str) -> Iterator[Attack]:
    name, reasons, parts, current = "", ORDINARY, {}, []
    for line in [*text.splitlines(), "[]"]:
        if line.startswith("[") and line.endswith("]"):
            if name:
                yield Attack(kind, name, reasons, {part: "\n".join(lines).strip("\n") for part, lines in parts.items()})
            name, reasons, parts, current = line[1:-1], ORDINARY, {}, []
        elif line.startswith("may end in: "):
            reasons = tuple(line.split()[3:])
        elif line.startswith("--- "):
            current = parts.setdefault(line[4:], [])
        else:
            current.append(line)
