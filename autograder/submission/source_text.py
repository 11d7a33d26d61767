"""The text of a Python module from its bytes, as Python itself would decode it; no codec of a student's choice runs."""

import re
from dataclasses import dataclass

UTF8_MARK = b"\xef\xbb\xbf"
UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
COOKIE = re.compile(rb"^[ \t\f]*#.*?coding[:=][ \t]*([-_.a-zA-Z0-9]{1,40})")
UNICODE = {"utf-8", "utf8", "utf-8-sig", "ascii", "us-ascii"}
WESTERN = {"latin-1", "latin1", "iso-8859-1", "iso-8859-15", "cp1252", "windows-1252", "koi8-r", "cp1251"}
EASTERN = {"gbk", "gb2312", "gb18030", "big5", "shift-jis", "euc-jp", "euc-kr", "cp932", "cp936", "cp949"}
CODINGS = UNICODE | WESTERN | EASTERN


@dataclass(frozen=True)
class Undecodable:
    """Why bytes are no Python source: "utf16", "nul_bytes", "not_utf8" or "coding". Lines count from 1."""

    kind: str
    line: int | None = None
    coding: str = ""


def decode_source(data: bytes) -> str | Undecodable:
    """UTF-8 with or without a mark, or one of a few encodings that the first two lines name."""
    if data.startswith(UTF16_MARKS):
        return Undecodable("utf16")
    if b"\0" in data:
        return (
            Undecodable("utf16") if _every_other_is_nul(data) else Undecodable("nul_bytes", _line(data, data.index(0)))
        )
    coding = _coding(data)
    if coding not in CODINGS:
        return Undecodable("coding", coding=coding)
    try:
        return data.removeprefix(UTF8_MARK).decode(coding)
    except UnicodeDecodeError as error:
        return Undecodable("not_utf8", _line(data, error.start))


def _coding(data: bytes) -> str:
    for line in data.split(b"\n", 2)[:2]:
        cookie = COOKIE.match(line.removeprefix(UTF8_MARK))
        if cookie:
            return cookie[1].decode("ascii").lower().replace("_", "-")
    return "utf-8"


def _every_other_is_nul(data: bytes) -> bool:
    return max(data[:400:2].count(0), data[1:400:2].count(0)) > 0.8 * len(data[:400:2])


def _line(data: bytes, position: int) -> int:
    return data.count(b"\n", 0, position) + 1
