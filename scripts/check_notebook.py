"""Runs the notebook of question 5 for real, from its first cell to its last, and looks at the data that it writes.

    make notebook      or      python scripts/check_notebook.py --gpt NAME --bert NAME [--out FOLDER]

Needs requirements-notebook.txt. A NAME is a model's folder or its name on the Hugging Face hub; if both are folders,
the hub is not asked. The notebook that ran, its pictures and q5_attention.npz go to --out. Exit code 1 if a cell fails
or the public checks would complain about the data.
"""

import argparse
import base64
import importlib.util
import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import nbformat
import numpy as np
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

ROOT = Path(__file__).resolve().parent.parent
NOTEBOOK = ROOT / "student_template" / "visualizing_attention.ipynb"
EVIDENCE = ROOT / "tests" / "graded" / "public" / "evidence.py"
DATA = "q5_attention.npz"
SECONDS_FOR_A_CELL = 1200


def main() -> int:
    arguments = parse()
    arguments.out.mkdir(parents=True, exist_ok=True)
    started = time.monotonic()
    notebook, failure = run(arguments.out, environment(arguments.gpt, arguments.bert))
    nbformat.write(notebook, arguments.out / NOTEBOOK.name)
    pictures = save_pictures(notebook, arguments.out)
    print(f"{time.monotonic() - started:.0f} s, {pictures} pictures, in {arguments.out}")
    if failure:
        print(f"check_notebook: {failure}", file=sys.stderr)
        return 1
    return look_at(arguments.out / DATA)


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--gpt", required=True, help="a GPT-2: folder, or name on the hub")
    parser.add_argument("--bert", required=True, help="a BERT: folder, name on the hub, or package that has one inside")
    parser.add_argument("--out", type=Path, default=ROOT / "build" / "notebook", help="default: build/notebook")
    return parser.parse_args()


def environment(gpt: str, bert: str) -> dict[str, str]:
    models = {"GPT_MODEL": place_of(gpt), "BERT_MODEL": place_of(bert)}
    offline = {"HF_HUB_OFFLINE": "1"} if all(Path(model).is_dir() for model in models.values()) else {}
    return {**os.environ, **models, **offline}


def place_of(model: str) -> str:
    """The folder that is meant, if one is: also the one inside an installed package."""
    if Path(model).is_dir():
        return str(Path(model).resolve())
    found = importlib.util.find_spec(model) if model.isidentifier() else None
    folders = found.submodule_search_locations if found else None
    for folder in folders or ():
        for weights in Path(folder).rglob("model.safetensors"):
            return str(weights.parent)
    return model


def run(folder: Path, variables: dict[str, str]) -> tuple[nbformat.NotebookNode, str | None]:
    """The executed notebook, and what went wrong. It runs in `folder`, where it writes its data."""
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    nbformat.validate(notebook)
    (folder / DATA).unlink(missing_ok=True)
    client = NotebookClient(
        notebook, timeout=SECONDS_FOR_A_CELL, kernel_name="python3", resources={"metadata": {"path": str(folder)}}
    )
    try:
        client.execute(env=variables)
    except CellExecutionError as error:
        return notebook, str(error)
    return notebook, None


def save_pictures(notebook: nbformat.NotebookNode, folder: Path) -> int:
    for old in folder.glob("cell*.png"):
        old.unlink()
    pictures = dict(pictures_of(notebook))
    for name, data in pictures.items():
        (folder / f"{name}.png").write_bytes(base64.b64decode(data))
    return len(pictures)


def pictures_of(notebook: nbformat.NotebookNode) -> Iterator[tuple[str, str]]:
    for number, cell in enumerate(notebook.cells):
        for place, output in enumerate(cell.get("outputs", [])):
            if data := output.get("data", {}).get("image/png"):
                yield f"cell{number:02d}_{place}", data


def look_at(path: Path) -> int:
    """Says what the data holds and whether the public checks would complain."""
    evidence = module_at(EVIDENCE)
    with np.load(path, allow_pickle=False) as file:
        arrays = {name: file[name] for name in file.files}
    for name, array in arrays.items():
        print(f"  {name:12} {array.dtype!s:8} {array.shape}")
    problems = evidence.problems_of(arrays)
    print(f"  {path.stat().st_size / 1024:.0f} KiB; malformed: {', '.join(problems) or 'nothing'}")
    if problems:
        return 1
    for name in evidence.MODELS:
        print(f"  {name} is {'causal' if evidence.is_causal(arrays[name]) else 'not causal'}")
    for name in ("bert", "bert_random"):
        describe_heads(evidence, name, arrays[name].astype(np.float64), arrays["bert_tokens"])
    return 0


def describe_heads(evidence: ModuleType, name: str, attention: np.ndarray, tokens: np.ndarray) -> None:
    """For each claim about a head, the heads of (layers, heads, T, T) that are nearest to it."""
    for claim, mass in evidence.HEADS.items():
        masses = sorted((mass(attention[head], tokens), head) for head in np.ndindex(attention.shape[:2]))[:-4:-1]
        told = ", ".join(f"{head} {share:.3f}" for share, head in masses)
        print(f"  {name} {claim}: {told}{'' if masses[0][0] > evidence.HEAD_MASS else '  (none over half)'}")


def module_at(path: Path) -> ModuleType:
    sys.path.insert(0, str(ROOT))
    specification = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


if __name__ == "__main__":
    sys.exit(main())
