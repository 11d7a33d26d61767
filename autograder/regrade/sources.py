"""A submission's Python files as the store keeps them."""

import json
import zlib
from collections.abc import Mapping


def pack_sources(files: Mapping[str, bytes]) -> bytes:
    """The Python files among these, compressed; any bytes are kept as they are."""
    text = json.dumps({name: files[name].decode("latin-1") for name in sorted(files) if name.endswith(".py")})
    return zlib.compress(text.encode("ascii"))


def unpack_sources(body: bytes) -> dict[str, bytes]:
    return {name: text.encode("latin-1") for name, text in json.loads(zlib.decompress(body)).items()}
