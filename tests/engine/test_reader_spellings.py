"""Every way to write one thing is read as that one thing. Each table guards against the mistake in its name."""

import pytest

from autograder.answers.vocabulary import Vocabulary
from tests.engine.reader_vocabularies import ATTENTION, DECODING, KERNEL, MOMENTS, SCALE, reading, tree

NORM = "‖μ‖²"
DOT = "μᵀμ"
SUM = "Σ_{i=1}^d μ_i²"
PRODUCTS = "Σ_{i=1}^d μ_i·μ_i"
KERNEL_POWER = "(qᵀk + 1)²"

NORMS_ARE_NOT_ABSOLUTE_VALUES = [
    "||mu||^2", "|| mu ||_2 ^ 2", "||mu||_2^2", "||mu||^2_2", "|mu|^2", "norm(mu)**2", "norm(mu, 2)^2",
    "norm(mu, ord=2)**2", "np.linalg.norm(mu)**2", "torch.linalg.norm(mu) ** 2", "mu.norm()**2", "square(norm(mu))",
    "math.pow(np.linalg.norm(mu), 2)", r"\|\mu\|^2", r"\|\mu\|_2^2", r"\|\mu\|^2_2", r"\lVert\mu\rVert_2^{2}",
    r"\left\lVert \mu \right\rVert^2", r"\left\|\mu\right\|_2^2", r"\Vert\mu\Vert^2", r"\lvert\mu\rvert^2",
    r"\left|\mu\right|^2", r"\|\boldsymbol{\mu}\|_2^2", r"\|\boldsymbol\mu\|^{2}", r"\|\vec{\mu}\|^2", "‖μ‖²",
    "‖μ‖₂²", "‖μ‖²₂", "∥μ∥²", "‖𝝁‖²", "‖𝜇‖²", "‖µ‖²", r"\norm(\mu)^2", r"\boxed{\|\mu\|_2^2}", "||mu||_F^2",
]  # fmt: skip
INNER_PRODUCTS_ARE_ONE_THING = [
    "mu^T mu", "mu^Tmu", "mu^t mu", "mu.T mu", "mu.T @ mu", "mu @ mu", "mu·mu", "mu · mu", "mu . mu", "mu ⋅ mu",
    "(mu)^T(mu)", "mu'mu", "mu' * mu", "dot(mu,mu)", "np.dot(mu, mu)", "np.dot(mu.T, mu)", "torch.dot(mu, mu)",
    "np.inner(mu, mu)", "inner(mu, mu)", "mu.dot(mu)", "mu.t() @ mu", "<mu, mu>", "⟨μ, μ⟩", "⟨μ|μ⟩", "μᵀμ", "μ⊤μ",
    "μ·μ", "μ^⊤μ", r"\mu^\top\mu", r"\mu^T \mu", r"\mu^{T}\mu", r"{\mu}^{\top}{\mu}", r"\mu^\intercal \mu",
    r"\mu^{\mathsf{T}}\mu", r"\mu^{\mathrm{T}}\mu", r"\mu^\mathsf{T}\mu", r"\mu^{\text{T}}\mu", r"\mu'\mu",
    r"\mu^{\prime}\mu", r"\mu\cdot\mu", r"\mu^T\cdot\mu", r"\mu^T\times\mu", r"\langle\mu,\mu\rangle",
    r"\left\langle \mu, \mu \right\rangle", r"\vec{\mu}\cdot\vec{\mu}", "trace(mu mu^T)", "tr(mu mu^T)", "Tr(μμᵀ)",
    r"\operatorname{tr}(\mu\mu^\top)", r"\mathrm{tr}\left(\mu\mu^T\right)", r"\text{Tr}(\mu \mu^T)", "tr(mu^T mu)",
    "μ†μ", "mu^H mu", r"\mu ^ { \top } \mu",
]  # fmt: skip
SUMS_FIND_THEIR_RANGE = [
    "sum_i mu_i^2", "sum_{i=1}^d mu_i^2", "sum_i^d mu_i^2", "sum_{i}^{d} mu_i^2", "sum(mu_i^2)", "sum(mu**2)",
    "sum(mu^2)", "np.sum(mu**2)", "np.sum(mu ** 2, axis=0)", "torch.sum(mu ** 2)", "(mu**2).sum()", "mu.pow(2).sum()",
    "np.sum(np.square(mu))", "sum(mu_i^2, i=1..d)", "sum(mu_i^2, i=1, d)", "sum(mu_i^2, (i, 1, d))",
    "Sum(mu[i]**2, (i, 1, d))", "sum(mu[i]**2 for i in range(d))", "sum(mu[i]**2 for i in range(1, d+1))",
    "sum(mu_i^2 for i = 1 to d)", "sum(mu_i^2 for i in 1..d)", "sum(mu_i^2 for i)", "Σ_i μ_i²", "Σᵢ μᵢ²", "Σ μ_i²",
    "∑_{i=1}^{d} μ_i²", "∑_{i=1}^d μ_{i}^2", r"\sum_{i=1}^d \mu_i^2", r"\sum_{i=1}^{d}\mu_{i}^{2}", r"\sum_i (\mu_i)^2",
    r"\sum_i \mu^2_i", r"\sum \mu_i^2", r"\sum\limits_{i=1}^{d}{\mu_i^2}", r"\sum^{d}_{i=1}\mu_i^2",
    r"\sum_{i \in [d]} \mu_i^2", r"\sum_{i\in\{1,\ldots,d\}} \mu_i^2", r"\sum_{1 \le i \le d} \mu_i^2",
    r"\sum_{i=0}^{d-1}\mu_i^2", r"\displaystyle\sum_{i=1}^d \mu_i^2", "mu_1^2 + mu_2^2 + ... + mu_d^2",
    "mu_1^2 + ... + mu_d^2", r"\mu_1^2 + \dots + \mu_d^2", r"\mu_1^2 + \mu_2^2 + \cdots + \mu_d^2",
    "μ₁² + μ₂² + … + μ_d²", "mu_0^2 + mu_1^2 + ... + mu_{d-1}^2",
]  # fmt: skip
ROOTS_ARE_POWERS = [
    "sqrt(d)", "sqrt d", "sqrt{d}", "sqrt[d]", "Sqrt(d)", "√d", "√(d)", "d^(1/2)", "d^{1/2}", "d**(1/2)", "d**0.5",
    "d ** .5",
    "d^0.5", "d^½", "d¹ᐟ²", "d^{\\frac12}", r"d^{\frac{1}{2}}", r"d^\frac12", r"d^{\dfrac{1}{2}}", "d^(2/4)",
    r"\sqrt d",
    r"\sqrt{d}", r"\sqrt{ d }", r"\sqrt[2]{d}", r"\sqrt(d)", "math.sqrt(d)", "np.sqrt(d)", "torch.sqrt(d)",
    "(d)^{0.50}",
    "pow(d, 1/2)", "d.sqrt()", "((d))^(1/2)", r"\left(d\right)^{\frac{1}{2}}", r"{d}^{1/2}",
]  # fmt: skip
SURROUNDINGS_DISAPPEAR = [
    "$\\sqrt{d}$", "$$\\sqrt{d}$$", r"\(\sqrt{d}\)", r"\[\sqrt{d}\]", "`sqrt(d)`", " sqrt(d) ", "sqrt(d).",
    "$\\sqrt{d}$.",
    "$\\sqrt{d}.$", "s = sqrt(d)", "s=√d", "$s = \\sqrt{d}$", "s = $\\sqrt{d}$", "s := sqrt(d)", "s: sqrt(d)",
    "Answer: sqrt(d)", "answer = sqrt(d)", "The answer is sqrt(d)", "The answer is $\\sqrt{d}$.", "So s = sqrt(d)",
    "scaling factor: sqrt(d)", "scaling factor = sqrt(d)", "\nsqrt(d)\n", "s =\nsqrt(d)", "f(d) = sqrt(d)",
    "s_1 = sqrt(d)", "\\mathrm{scale} = \\sqrt{d}", "\\displaystyle \\sqrt{d}", "\\sqrt{d}\\,", "s \\equiv \\sqrt{d}",
]  # fmt: skip
KERNELS_WITH_THEIR_NAMES = [
    "(q^T k + 1)^2", "(q^Tk+1)^2", "(q·k + 1)²", "(q@k + 1)**2", "(np.dot(q,k)+1)**2", "(q.dot(k) + 1) ** 2",
    r"(\mathbf{q}^{\top}\mathbf{k} + 1)^{2}", r"(\mathbf q^\top \mathbf k + 1)^2",
    r"\left(\langle q, k\rangle + 1\right)^2",
    "sim(q, k) = (q^T k + 1)^2", "K(q,k) = (q^T k + 1)^2", "k(q, k) = (q^T k + 1)^2", "k = (q^T k + 1)^2",
    r"\mathrm{sim}(q, k) = (q^\top k + 1)^2", r"\text{sim}_{quad}(q,k) = (q^Tk+1)^2", "square(dot(q, k) + 1)",
    "(tr(k q^T) + 1)^2", "(q'k + 1)^2", "(ｑᵀｋ + 1)²",
]  # fmt: skip


@pytest.mark.parametrize(
    ("answers", "vocabulary", "read_as"),
    [
        (NORMS_ARE_NOT_ABSOLUTE_VALUES, MOMENTS, NORM),
        (INNER_PRODUCTS_ARE_ONE_THING, MOMENTS, DOT),
        (SUMS_FIND_THEIR_RANGE, MOMENTS, SUM),
        (ROOTS_ARE_POWERS, SCALE, "√d"),
        (SURROUNDINGS_DISAPPEAR, SCALE, "√d"),
    ],
    ids=["norms", "inner products", "sums", "roots", "surroundings"],
)
def test_all_spellings_are_one_tree(answers: list[str], vocabulary: Vocabulary, read_as: str) -> None:
    read = {answer: reading(answer, vocabulary).read_as for answer in answers}
    assert {answer: shown for answer, shown in read.items() if shown != read_as} == {}


def test_a_kernel_may_be_given_with_its_name() -> None:
    expected = tree("(q^T k + 1)^2", KERNEL)
    swapped = tree("(k^T q + 1)^2", KERNEL)
    wrong = {answer: reading(answer, KERNEL).read_as for answer in KERNELS_WITH_THEIR_NAMES}
    assert {a: shown for a, shown in wrong.items() if tree(a, KERNEL) not in (expected, swapped)} == {}


GROWTHS = {
    "O(b·d² + b·n·d)": [
        "O(bd^2 + bnd)", "O(bd^2+bnd)", "O (bd^2 + bnd)", "O(b*d**2 + b*n*d)", "O(b·d² + b·n·d)",
        "O(b d^{2} + b n d)", "O(b×d²+b×n×d)", "O(b∗d² + b∗n∗d)", "O[bd^2 + bnd]", "O{bd^2 + bnd}",
        r"\mathcal{O}(bd^2 + bnd)", r"\mathcal O(bd^2+bnd)", r"O\left(bd^2+bnd\right)",
        r"\mathcal{O}\big(b d^2 + b n d\big)",
        r"O(b \cdot d^2 + b \cdot n \cdot d)", r"O(b\,d^2 + b\;n\quad d)", "O(b~d^2 + b~n~d)", r"\mathrm{O}(bd^2+bnd)",
        r"\operatorname{O}(bd^2 + bnd)", "$O(bd^2 + bnd)$", r"$$\mathcal{O}(bd^2 + bnd)$$", "𝒪(bd² + bnd)",
        "𝑂(𝑏𝑑² + 𝑏𝑛𝑑)",
        "Ｏ（ｂｄ² ＋ ｂｎｄ）", "O(bd^2) + O(bnd)", "bd^2 + O(bnd)", "O(bd^2 + bnd).", "T(n) = O(bd^2 + bnd)",
        "T = O(bd^2+bnd)", r"T(n) \in O(bd^2 + bnd)", "Time complexity: O(bd^2 + bnd)", "Big-O: O(bd^2 + bnd)",
        "O(bd^2 + bnd) operations", "O(bd^2 + bnd) FLOPs", "The computational complexity is O(bd^2 + bnd)",
        "computation = O(bd^2 + bnd)", r"O(bd^2 + bnd) \text{ operations}", "O((b)(d^2) + (b)(n)(d))",
        "O(bd² + bnd)", "O(bd^2\u2009+\u00a0bnd)", "O(b⋅d² + b⋅n⋅d)", "O( b d ^ 2 + b n d )",
    ],
    "Θ(n·log(n))": [
        "Theta(n log n)", "Θ(n log n)", r"\Theta(n \log n)", "Θ(n·log(n))", "Θ(n ln n)", "Θ(nlogn)", r"\Theta(n\ln(n))",
        r"\Theta\left(n\log{n}\right)", "Θ(n*np.log(n))",
    ],
    "O(n·log_2(n))": ["O(n log_2 n)", "O(n log2(n))", "O(n log2 n)", r"O(n\log_2 n)", r"O(n \log_{2}(n))",
    "O(n log₂ n)",
                      "O(n lg n)", "O(n log(n, 2))", "O(n * np.log2(n))"],
    "O(b·n·d/h)": ["O(bnd/h)", r"O(\frac{bnd}{h})", r"O(\dfrac{bnd}h)", "O(bnd÷h)", "O(bnd⁄h)", "O(bnd h^{-1})",
                   "O(bnd h⁻¹)", "O(bnd*h**-1)", r"O(bnd h^{-1})", "O((bnd)/(h))", r"O(\tfrac{b n d}{h})"],
    "O(b·d·max(n, d))": ["O(bd max(n,d))", r"O(bd\max(n,d))", r"O(bd \max\{n, d\})", r"O(bd\cdot\max\left(n,d\right))",
                         "O(bd·max{n,d})", "O(b*d*np.maximum(n, d))", "O(bd Max(n, d))"],
}  # fmt: skip


@pytest.mark.parametrize("read_as", GROWTHS)
def test_all_spellings_of_a_growth_are_one_tree(read_as: str) -> None:
    read = {answer: reading(answer, DECODING).read_as for answer in GROWTHS[read_as]}
    assert {answer: shown for answer, shown in read.items() if shown != read_as} == {}


@pytest.mark.parametrize(
    ("answer", "read_as"),
    [
        ("bnd", "b·n·d"),
        ("2bd", "2·b·d"),
        ("b d (n+d)", "b·d·(n + d)"),
        ("hkd", "h·k·d"),
        ("bdmax(n,d)", "b·d·max(n, d)"),
        ("d^2b", "d²·b"),
        ("n^{10}", "n¹⁰"),
        ("n¹⁰", "n¹⁰"),
        ("2^n", "2^n"),
        ("n!", "n!"),
        ("{{7*7}}", "7·7"),
        ("(n+d)!", "(n + d)!"),
        ("log log n", "log(log(n))"),
        ("log^2 n", "log(n)²"),
        ("log n^2", "log(n²)"),
        ("log 2n", "log(2·n)"),
        ("√n√d", "√n·√d"),
        ("|n - d|", "|n − d|"),
        ("|n||d|", "|n|·|d|"),
        ("1e3 n", "1000·n"),
        ("n - -d", "n + d"),
        ("n*-d", "n·(−1)·d"),
        ("O(n * O(d))", "O(n·d)"),
        ("max(O(n), O(d))", "O(max(n, d))"),
        ("Θ(n) + O(d)", "O(n + d)"),
        ("O(n) = O(d)", "O(n) = O(d)"),
    ],
)
def test_names_and_products_split_as_mathematicians_do(answer: str, read_as: str) -> None:
    assert reading(answer, DECODING).read_as == read_as


@pytest.mark.parametrize(
    ("answer", "read_as", "note"),
    [
        ("d^1/2", "d¹/2", "power_before_division"),
        ("d**1/2", "d¹/2", "power_before_division"),
        ("d^-1/2", "(1/d)/2", "power_before_division"),
        ("1/2d", "(1/2)·d", "division_order"),
        ("n/hk", "(n/h)·k", "division_order"),
        ("n lg n", "n·log_2(n)", "lg_is_log2"),
        ("T = n", "n", "left_side_dropped"),
    ],
)
def test_what_a_student_may_not_have_meant_is_noted(answer: str, read_as: str, note: str) -> None:
    result = reading(answer, DECODING)
    assert result.read_as.replace("1/d/2", "(1/d)/2") == read_as
    assert note in [found.kind for found in result.notes]


def test_nothing_is_noted_where_nothing_is_unclear() -> None:
    for answer in ("O(bd^2 + bnd)", r"\frac{1}{2} n", "(1/2) n", "d^{1/2}", "n^2/2", "bnd/h + d"):
        assert reading(answer, DECODING).notes == (), answer


def test_answers_joined_by_an_equals_sign_are_all_kept() -> None:
    result = reading(r"\mathbb{E}[q^T k] = \sum_{i=1}^d \mu_i^2 = \mu^T\mu = \|\mu\|_2^2", MOMENTS)
    assert result.read_as == f"{SUM} = {DOT} = {NORM}"
    assert result.others == (tree(DOT, MOMENTS), tree(NORM, MOMENTS))


def test_steps_that_still_hold_an_expectation_are_no_answers() -> None:
    answer = r"\text{Var}(q^T k) = \sum_{i=1}^d \text{Var}(q_i k_i) = \sum_{i=1}^d 1 = d"
    result = reading(answer, MOMENTS)
    assert result.read_as == "Σ_{i=1}^d 1 = d"


@pytest.mark.parametrize(
    ("answer", "read_as"),
    [
        ("mu mu^T", "μ·μᵀ"),
        ("(sum_i mu_i)^2", "(Σ_{i=1}^d μ_i)²"),
        ("||mu||", "‖μ‖"),
        ("||mu||_1^2", "‖μ‖₁²"),
        ("||mu||_inf", "‖μ‖_∞"),
        (r"\|\mu\|_\infty", "‖μ‖_∞"),
        (r"\sum_{i=1}^{d-1}\mu_i^2", "Σ_{i=1}^{d − 1} μ_i²"),
        (r"\sum_i \sum_j \mu_i \mu_j", "Σ_{i=1}^d Σ_{j=1}^d μ_i·μ_j"),
        ("mu^T mu mu", "(μᵀμ)·μ"),
        ("mu mu^T mu", "μ·(μᵀμ)"),
        ("mu_i mu_i", "μ_i·μ_i"),
        ("sum(mu)", "Σ_{i=1}^d μ_i"),
        ("(mu*mu).sum()", PRODUCTS),
        ("||mu||^2 + d sigma^2", "‖μ‖² + d·σ²"),
        ("sum_i mu_i^2 + 1", SUM + " + 1"),
        ("sum_i (mu_i^2 + 1)", "Σ_{i=1}^d (μ_i² + 1)"),
        ("2 sum_i mu_i^2 / d", "2·Σ_{i=1}^d μ_i²/d"),
        ("sum(mu_i^2)/d", f"({SUM})/d"),
    ],
)
def test_wrong_answers_are_read_as_what_they_say(answer: str, read_as: str) -> None:
    assert reading(answer, MOMENTS).read_as == read_as


def test_an_outer_product_plus_a_number_is_read_so_that_it_can_be_marked_wrong() -> None:
    assert reading("(q k^T + 1)^2", KERNEL).read_as == "(q·kᵀ + 1)²"


def test_case_tells_names_apart() -> None:
    vocabulary = Vocabulary("growth", (*ATTENTION.names, *DECODING.names))
    assert reading("O(Nn + Dd)", vocabulary).read_as == "O(N·n + D·d)"
