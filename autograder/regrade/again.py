"""Has judged again what a class answered before, from the store alone: after a change of a rubric or a suite, say.

Children of this process do it, because it has the homework loaded already, and so that a suite that ends its process
or hangs takes nothing with it. They run no code: whatever asks for more than is kept is left for the graders.
"""

import json
import os
import selectors
import socket
import sys
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from autograder.regrade.judge_waiting import Child, Share
from autograder.regrade.material import Material
from autograder.regrade.order import Missing
from autograder.regrade.steady import is_steady
from autograder.regrade.store import Mark, Store

ROWS_WORTH_A_CHILD = 1_500
LOST_CHILDREN = 3
PIECE = 1 << 16

OnMarks = Callable[[Sequence[tuple[str, tuple[Mark, ...]]]], None]


@dataclass(frozen=True)
class Terms:
    """How it is judged: by at most `most` children, which may take `seconds` for one content. `waiting` gives one that
    was forked already and judges a share; `meanwhile` is done while they are at it. `on_marks` is told what they found.
    """

    most: int
    seconds: float
    waiting: Callable[[Share], Child | None]
    meanwhile: Callable[[], None]
    on_marks: OnMarks


def judge_again(wanted: Missing, store: Store, material: Material, terms: Terms) -> Missing:
    """Have judged what is kept; returns what is left for those who can run code.

    Nobody has `store` open while a child is forked.
    """
    if not wanted or not is_steady():
        return wanted
    rows = sum(map(len, wanted.values()))
    count = min(terms.most, 1 + rows // ROWS_WORTH_A_CHILD)
    contents = list(wanted)
    shares = [deque(contents[start::count]) for start in range(count)]
    left = _Children(wanted, store, material, terms).run(shares)
    return {digest: wanted[digest] for digest in contents if digest in left}


@dataclass
class _Member:
    """One child, what it has still to judge, in its order, and how many before it were lost over this share. `unheard`:
    it was forked before there was anything to judge, and has not said anything yet.
    """

    child: Child
    waiting: deque[str]
    lost: int = 0
    unheard: bool = False
    heard: bytes = b""


@dataclass
class _Children:
    """All children of one run."""

    wanted: Missing
    store: Store
    material: Material
    terms: Terms
    left: set[str] = field(default_factory=set)
    members: list[_Member] = field(default_factory=list)

    def run(self, shares: Sequence[deque[str]]) -> set[str]:
        """Returns what was not judged."""
        try:
            for share in shares:
                self.members.append(self._asked(share) or self._forked(share))
            self.terms.meanwhile()
            while self.members:
                self._listen()
        finally:
            for member in self.members:
                member.child.end()
        return self.left

    def _asked(self, share: deque[str]) -> _Member | None:
        child = self.terms.waiting(self._named(share))
        return None if child is None else _Member(child, share, unheard=True)

    def _forked(self, share: deque[str], lost: int = 0) -> _Member:
        ours, theirs = socket.socketpair()
        sys.stdout.flush()
        sys.stderr.flush()
        with self.store.closed():
            process = os.fork()
            if not process:
                from autograder.regrade.judging import be_child

                be_child(theirs, self._named(share), self.material)
        theirs.close()
        return _Member(Child(process, ours), share, lost)

    def _named(self, share: deque[str]) -> Share:
        return [(digest, self.wanted[digest]) for digest in share]

    def _listen(self) -> None:
        with selectors.DefaultSelector() as selector:
            for member in self.members:
                selector.register(member.child.stream, selectors.EVENT_READ, member)
            ready = [key.data for key, _ in selector.select(self.terms.seconds)]
        for member in ready or list(self.members):
            self._hear(member, _received(member.child.stream) if ready else b"")

    def _hear(self, member: _Member, piece: bytes) -> None:
        *lines, member.heard = (member.heard + piece).split(b"\n")
        found = []
        for line in lines:
            digest, marks = member.waiting.popleft(), json.loads(line)
            member.unheard = False
            if marks is None:
                self.left.add(digest)
            else:
                found.append((digest, tuple(Mark(*mark) for mark in marks)))
        if found:
            self.terms.on_marks(found)
        if not piece:
            self._replace(member)

    def _replace(self, member: _Member) -> None:
        """Its share is done; or it ended over the first content that it had still to judge, which is left. One that had
        been forked early may have ended over anything.
        """
        member.child.end()
        self.members.remove(member)
        if member.unheard:
            self.members.append(self._forked(member.waiting))
        elif member.waiting:
            self.left.add(member.waiting.popleft())
            if member.lost + 1 >= LOST_CHILDREN:
                self.left.update(member.waiting)
            elif member.waiting:
                self.members.append(self._forked(member.waiting, member.lost + 1))


def _received(stream: socket.socket) -> bytes:
    """What a child said; nothing from one that is gone."""
    try:
        return stream.recv(PIECE)
    except ConnectionError:
        return b""
