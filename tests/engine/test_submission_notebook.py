"""A notebook in the place of a module."""

import json

import pytest

from autograder.settings import Limits
from autograder.submission.model import ExpectedFiles
from autograder.submission.notebook import code_of_notebook
from autograder.submission.reader import read_submission


def notebook(*cells, version=4):
    """Each cell is Python source, or (type, source); source is a text or a list of lines."""
    typed = [cell if isinstance(cell, tuple) else ("code", cell) for cell in cells]
    if version == 4:
        content = {"cells": [{"cell_type": kind, "source": source, "metadata": {}} for kind, source in typed]}
    else:
        inner = [{"cell_type": kind, "input" if kind == "code" else "source": source} for kind, source in typed]
        content = {"worksheets": [{"cells": inner}]}
    return json.dumps({**content, "nbformat": version, "metadata": {}}).encode()


def read(tmp_path, **files):
    for name, data in files.items():
        (tmp_path / name.replace("_dot_", ".")).write_bytes(data)
    return read_submission(tmp_path, ExpectedFiles(("q1", "q2")), Limits())


@pytest.mark.parametrize("version", [3, 4])
def test_code_cells_are_joined_in_order_and_text_cells_left_out(version):
    data = notebook("import torch\n", ("markdown", "# Title"), ["a = 1\n", "b = 2"], version=version)
    assert code_of_notebook(data).source == "import torch\n\na = 1\nb = 2\n"


def test_commands_to_the_notebook_become_comments_and_are_counted():
    code = code_of_notebook(
        notebook("%matplotlib inline\n!pip install torch\n  !ls\ntorch.matmul?\n?torch\nx = 5 % 3\n")
    )
    namespace = {}
    exec(code.source, namespace)  # noqa: S102 - the cells above
    assert (namespace["x"], code.left_out) == (2, 5)


def test_a_cell_in_another_language_is_left_out_and_a_timed_cell_is_not():
    code = code_of_notebook(notebook("%%bash\nls\nrm x", "%%time\nx = 1"))
    namespace = {}
    exec(code.source, namespace)  # noqa: S102 - the cells above
    assert (namespace["x"], code.left_out) == (1, 4)


def test_a_sentence_with_a_question_mark_stays_as_it_is():
    text = 'answer = """Is it causal?\nWhy is it so?"""\n# done?\n'
    assert code_of_notebook(notebook(text)).source.startswith(text)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"not json",
        b"[]",
        b"{}",
        b'{"cells": 3}',
        b'{"cells": [{"cell_type": "code"}]}',
        b'{"cells": [{"cell_type": "code", "source": 3}]}',
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b"[[]" + b",[]" * 600_000 + b"]",
    ],
)
def test_what_is_no_notebook_gives_nothing(data):
    assert code_of_notebook(data) is None


def test_a_notebook_stands_in_for_a_missing_module_and_this_is_said(tmp_path):
    submission = read(tmp_path, q1_dot_ipynb=notebook("a = 1", "%pip install x"), q2_dot_py=b"b = 2")
    assert dict(submission.files) == {"q1.py": b"a = 1\n\n# %pip install x\n", "q2.py": b"b = 2"}
    (problem,) = submission.problems
    assert (problem.kind, problem.name, problem.data) == ("from_notebook", "q1.py", {"left_out": 1})


def test_a_module_goes_before_a_notebook_of_its_name(tmp_path):
    submission = read(tmp_path, q1_dot_ipynb=notebook("a = 1"), q1_dot_py=b"a = 2")
    assert submission.files["q1.py"] == b"a = 2"
    assert [problem.kind for problem in submission.problems_of("q1.py")] == ["notebook_beside"]


def test_a_broken_notebook_costs_only_its_module(tmp_path):
    submission = read(tmp_path, q1_dot_ipynb=b"{", q2_dot_py=b"b = 2")
    assert set(submission.files) == {"q2.py"}
    assert [problem.kind for problem in submission.problems_of("q1.py")] == ["notebook_unreadable"]


def test_half_a_surrogate_in_a_notebook_does_no_harm(tmp_path):
    data = b'{"cells": [{"cell_type": "code", "source": "a = \'\\ud800\'"}]}'
    assert read(tmp_path, q1_dot_ipynb=data).files["q1.py"] == b"a = '\\ud800'\n"
