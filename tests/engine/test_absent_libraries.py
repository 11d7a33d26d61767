"""A library that is not installed costs what uses it, and nothing else."""

import textwrap

import pytest

from autograder.sandbox.outcome import Crashed, Value
from autograder.sandbox.protocol.programs import Call, ModuleAttribute


def ask(zygote, source, name="answer", **files):
    modules = {f"{module}.py": textwrap.dedent(text).encode() for module, text in {"q": source, **files}.items()}
    with zygote.session(modules) as session:
        return session.run(ModuleAttribute("q", name))


@pytest.mark.parametrize(
    "line",
    [
        "import nosuchthing",
        "import nosuchthing.deeper.still as x, another_one",
        "from nosuchthing import a, b as c",
        "from nosuchthing.deeper import *",
        "import nosuchthing; import another_one",
        "import nosuchthing\nnosuchthing.settings['size'] = 3",
        "import nosuchthing\nnosuchthing.use('Agg')\nnosuchthing.style.use('x')\n@nosuchthing.typed\ndef f(): ...",
        "import nosuchthing as x\ndef f(a: x.Float[int, 'n']) -> x.Array: ...",
    ],
)
def test_an_import_that_nothing_needs_is_passed_over(zygote, line):
    assert ask(zygote, f"{line}\nanswer = 3\n") == Value(3)


def test_what_uses_the_library_says_so(zygote):
    source = "from nosuchthing import rearrange\ndef f():\n    return rearrange(3)\n"
    with zygote.session({"q.py": source.encode()}) as session:
        assert session.run(Call(ModuleAttribute("q", "f"))) == Crashed(
            "ModuleNotFoundError", "q", 3, "raised", "nosuchthing"
        )


@pytest.mark.parametrize(
    "use",
    [
        "torch.nn.Linear(size, size)",
        "torch.zeros(3, size)",
        "torch.zeros(3).view(size, 1)",
        "torch.softmax(size, -1)",
        "torch.zeros(3) @ size",
        "np.zeros((size, 2))",
        "np.asarray(size, dtype=float)",
        "range(size)",
        "isinstance(3, size)",
        "size",
        "[1, {'of': size}]",
    ],
)
@pytest.mark.parametrize("line", ["from mine.sizes import size", "import mine.sizes\nsize = mine.sizes.size"])
def test_what_is_not_there_is_named_however_it_is_used(zygote, line, use):
    source = f"import numpy as np, torch\n{line}\ndef f():\n    return {use}\n"
    with zygote.session({"q.py": source.encode()}) as session:
        outcome = session.run(Call(ModuleAttribute("q", "f")))
    assert (outcome.exception, outcome.lacks) == ("ModuleNotFoundError", "mine.sizes")


def test_a_mistake_beside_a_library_that_is_not_there_stays_what_it_is(zygote):
    source = "import nosuchthing\nnosuchthing.use('x')\ndef f():\n    return 1 + 'a'\n"
    with zygote.session({"q.py": source.encode()}) as session:
        assert session.run(Call(ModuleAttribute("q", "f"))) == Crashed("TypeError", "q", 4, "raised")


def test_only_names_that_the_submission_imports_are_passed_on(zygote):
    source = """
        import sys
        import nosuchthing
        def f():
            finder = next(finder for finder in sys.meta_path if hasattr(finder, "used"))
            finder.used.append("secret")
            return 1 + "a"
    """
    with zygote.session({"q.py": textwrap.dedent(source).encode()}) as session:
        assert session.run(Call(ModuleAttribute("q", "f"))).lacks is None


def test_an_attempt_to_import_finds_out_that_it_is_not_there(zygote):
    source = "try:\n    import nosuchthing\nexcept ImportError:\n    answer = 'without'\nimport another_one\n"
    assert ask(zygote, source) == Value("without")


@pytest.mark.parametrize(
    ("source", "exception"),
    [
        ("from torch import nosuchthing\n", "ImportError"),
        ("import torch.nosuchthing\n", "ModuleNotFoundError"),
        ("import json.nosuchthing\n", "ModuleNotFoundError"),
        ("from q import later\nlater = 3\n", "ImportError"),
        ("open('/nosuchfile')\n", "FileNotFoundError"),
        ("raise ModuleNotFoundError('no', name='nosuchthing')\n", "ModuleNotFoundError"),
        ("import nosuchthing\nclass A(nosuchthing.B): pass\n", "ModuleNotFoundError"),
        ("import nosuchthing\nfor i in nosuchthing.range(3): pass\n", "ModuleNotFoundError"),
        ("from nosuchthing import size\nn = 2 * size\n", "ModuleNotFoundError"),
    ],
)
def test_other_failures_of_an_import_stay_what_they_are(zygote, source, exception):
    outcome = ask(zygote, source + "answer = 3\n")
    assert (outcome.exception, outcome.reason) == (exception, "import")


def test_a_module_of_ones_own_may_import_one_too(zygote):
    assert ask(zygote, "import mine\nanswer = mine.value\n", mine="import nosuchthing\nvalue = 4\n") == Value(4)
