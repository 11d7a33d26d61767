"""Conditions in plain text, LaTeX and usual words are read as what they say; what does not fit is refused in its place.

Each table is of answers that say the same thing.
"""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.answers.conditions import read_condition
from autograder.answers.conditions_formula import Condition
from autograder.answers.reading import Refusal
from autograder.answers.refusals import KINDS
from autograder.answers.vocabulary import Declared, Vocabulary
from autograder.checks.conditions import equivalent_conditions

SIMILARITY = Vocabulary("condition", (Declared("q", "D"), Declared("k", "D")), functions={"sim": 2})

SAME = {
    "sim > 0": [
        "sim(q, k) > 0", "sim > 0", "sim(q,k)>0", "sim(q, k) > 0 for all q, k", "sim(Q_i, K_j) > 0 for all i, j",
        r"sim(Q_i,K_j)>0 \forall i,j", r"\forall i,j: sim(Q_i, K_j) > 0", "∀ i, j, sim(Q_i, K_j) > 0",
        r"\mathrm{sim}(Q_i, K_j) > 0 \quad \forall i, j", r"$\text{sim}(q, k) > 0$ for all $q, k \in \mathbb{R}^D$",
        "strictly positive", "positive", "sim must always return a positive value", "sim: R^D x R^D -> R^+",
        r"\mathrm{sim}: \mathbb{R}^D \times \mathbb{R}^D \to \mathbb{R}^+", "sim : ℝ^D × ℝ^D → ℝ⁺",
        "sim: R^D × R^D → R_{>0}", "0 < sim(q,k)", r"0 < sim(q,k) < \infty", r"sim(q,k) \in (0, \infty)",
        "sim(q,k) in R^+", "sim is always positive", "sim must be strictly positive for every query-key pair",
        "The similarity function must be strictly positive",
        "The similarity function should always be positive for all inputs",
        "The sim function must always output a strictly positive value",
        "The output of the sim function must be positive", "all similarities must be positive",
        "similarity scores must be positive", "every similarity score is > 0",
        "the similarity between any query and key must be strictly positive",
        "sim(q,k) must be greater than 0 for all q, k", "sim cannot be zero or negative",
        "sim must be neither zero nor negative", "sim must not be negative and must not be zero",
        "sim must not be negative and not zero", "sim must be non-negative and nonzero",
        "sim must be positive so that the denominator is never zero", "sim(q,k) > 0, so the sum is > 0",
        "We need sim(q, k) > 0.", "Condition: sim(q,k) > 0", "the condition is that sim(q,k) > 0",
        "sim(q,k) > 0 (strictly positive)", "sim(q,k) > 0, i.e. strictly positive",
        "sim(q,k) > 0 for all q,k (always positive)", "no similarities may be negative or zero", "> 0",
        "sim is not zero but positive", "sim is non-zero and positive",
        "To ensure the denominator is never zero, sim(q, k) must be positive", "it must be positive",
        "sim(q_i, k_j) > 0 ∀ i,j", r"\text{sim}(\mathbf{q}, \mathbf{k}) > 0", r"sim(\cdot,\cdot) > 0", "sim(·,·) > 0",
        "sim(x, y) > 0 for any x, y", "sim must be > 0", "sim(Q_i, K_j) must be strictly greater than zero",
        "sim only takes positive values", "sim returns only positive numbers",
        "sim never returns zero or negative values", "sim maps to positive real numbers", "sim has a positive range",
        "the range of sim must be positive", "sim(q,k)>0 and finite", "sim is finite and positive",
        r"\operatorname{sim}(q,k)>0\;\forall q,k", r"\forall q, k: \mathrm{sim}(q,k) > 0", r"sim(q,k) \gt 0",
        "sim is positive everywhere", "must be positive", "The function sim must be positive.",
        "sim must be a positive function", "sim should be a strictly positive kernel function",
        "sim(q,k) > 0 for all q,k. This ensures the denominator is never zero.",
        "sim must be positive. Otherwise the denominator could be zero.", "sim > 0 since then the sum is positive",
        "sim(Q_i,K_j) > 0 for all i,j in {1,...,N}", "sim(Q_i,K_j) > 0 for 1 <= i, j <= N", "Sim(q,k) > 0",
        "sim(q, k) must be positive (not zero or negative)",
        "sim must not be zero for any pair and must be non-negative", "all sim(Q_i, K_j) > 0",
        "every sim(Q_i,K_j) must be > 0", "none of the similarities may be zero or negative",
        "no sim(q,k) is zero and none is negative",
        "sim(q,k) should be > 0 for every q and k so that we never divide by zero",
        "sim > 0 because otherwise the denominator could be zero", "sim(q,k)>0, ∀q,k",
        "sim(q, k) > 0 for any q,k ∈ ℝ^D", "sim must be positive-valued", "the kernel function must be positive",
        "similarity must be positive", "similarity > 0", "𝑠𝑖𝑚(q,k) > 0", "sim(Q_i, K_j) > 0, for all i and j",
        "sim(Q_i, K_j) must be > 0 for all (i, j)", "We require that sim(q,k) > 0 for all q and k.",
        "The similarity function sim(q,k) needs to be strictly positive for all q, k.",
        "sim(q,k) should be strictly positive, i.e., sim(q,k) > 0 for all q,k", "sim(q,k) > 0 always",
        "sim(q,k)>0 everywhere", "sim is strictly positive.", "Similarity must be strictly positive: sim(q,k) > 0",
        "sim(q, k) must be strictly positive: sim(q, k) > 0 for all q, k.",
        "the outputs of sim must be strictly positive", "all values of sim must be positive",
        "sim(Q_i,K_j) >0 ∀i,j ∈ [1, N]", "sim(Q_i, K_j) > 0 for every pair (i, j)",
        "sim(Q_i, K_j) > 0 for every pair of query and key", "sim must be positive for any pair of inputs",
        r"\mathrm{sim}(Q_i,K_j) > 0,\ \forall i,j", "sim(q,k) must be positive for all queries and keys",
        "sim(q,k) > 0, therefore the denominator is always positive", "sim(q,k) > 0 => denominator > 0",
        "sim(q,k) in (0, inf)", "sim(q,k) must not be less than or equal to 0", "sim(q,k) must be larger than 0",
        "sim(q,k) must exceed zero", "sim(q,k) positive", "sim positive", "(sim(q, k) > 0)", "((sim > 0))",
        "sim(q,k) > 0 and sim(q,k) > 0", "sim >0 & sum != 0", "sim(q, k) > 0 (for all q, k)",
        "sim(q,k) > 0 [for all q, k]", "sim(q,k) must be >0.", "**sim(q,k) > 0**", "`sim(q, k) > 0`",
        '"sim(q, k) > 0"',
        "The sim function must be positive for all inputs, because then the sum in the denominator is always positive",
        "the similarity function has to return strictly positive values for all q and k",
        "sim must be a positive function, e.g. exp(q^T k)", "sim > 0, for example exp(q^T k / sqrt(D))",
        r"\mathrm{sim}(q,k) \neq 0 and \mathrm{sim}(q,k) \geq 0", "sim(q, k) is greater than 0", "sim (q, k) > 0",
        "sim(q , k)  >  0.0", "sim(q,k) > 0.", "sim(q,k)＞0", "0 < sim", "not (sim <= 0)", "not sim(q,k) ≤ 0",
        "sim(q,k) ∈ ℝ_{>0}", "sim(q,k) ∈ ℝ₊", "sim(q,k) ∈ ℝ⁺", "sim outputs values in (0, ∞)",
        "sim takes values in R^+", "sim maps to R^+", "The codomain of sim is R^+",
        "sim maps into the positive reals", "sim must map to positive real numbers",
        "no negative or zero similarities",
    ],
    "sim >= 0": [
        "non-negative", "nonnegative", "non negative", "sim: R^D × R^D → R_{≥0}",
        r"\mathrm{sim}: \mathbb{R}^D \times \mathbb{R}^D \to \mathbb{R}_{\geq 0}", "sim(q,k) ∈ [0, ∞)", "sim >= 0",
        "sim(q,k) ≥ 0", r"sim(q,k) \geq 0", r"\mathrm{sim}(q,k) \ge 0", "sim(q,k) must be greater than or equal to 0",
        "sim(q,k) is at least 0", "sim must be not negative", "sim must not be negative", "sim can never be negative",
        "sim must be non-negative so that the denominator is never zero", "sim must be ≥ 0",
        "sim(q,k) ≥ 0 ∀ q,k ∈ R^D", "similarities >= 0", "sim(q,k) >= 0 => denominator > 0",
        "sim >= 0 so the sum is never zero", "The similarity must be non negative",
        "sim must be greater or equal to zero", "sim is non-negative for all q,k", r"sim(q,k) \geq 0 \forall q, k",
        "sim: R^D x R^D -> [0, inf)", "no negative similarities", "similarities cannot be negative",
        "sim can't be negative", "sim(q, k) must not be less than 0", "sim >= -0", "0 ≤ sim(q, k)",
        "it is sufficient that sim >= 0", "sim must be positive or zero", "sim must be zero or positive",
    ],
    "sim != 0": [
        "nonzero", "must be nonzero", r"sim: R^D x R^D -> R \ {0}", "sim(q,k) != 0", "sim(q,k) ≠ 0 for all q and k",
        "sim is never zero", "sim cannot be zero", "|sim(q,k)| > 0", "sim is positive or negative",
        "sim(q,k) > 0 or sim(q,k) < 0", "sim(q,k) > 0 or sim(q,k) < 0 for all q, k",
        "for all q, k, sim(q,k) > 0 or sim(q,k) < 0", "no similarity is zero", "sim never returns 0",
        "sim(q,k) should not equal 0", "sim(q, k) does not equal zero", "sim(q,k) should never be 0",
        "sim cannot vanish", "sim(q,k) > 0 || sim(q,k) < 0", "not (sim = 0)", "sim(q,k) ∈ ℝ∖{0}", r"sim(q,k) ∈ R\{0}",
        "sim must be negative or positive",
    ],
    "sim < 0": [
        "sim < 0",
    ],
    "sim <= 0": [
        "sim <= 0", "sim should not be positive", "sim is never positive", "not (sim > 0)", "¬(sim(q,k) > 0)",
        "sim is less than or equal to zero", "sim is negative or zero", "sim(q,k) must be non-positive",
        "sim is not positive", "sim is non-positive", "sim(q,k) is never greater than zero",
        "sim(q,k) <= 0 for all q, k", "It is not the case that sim > 0", "none of the similarities are positive",
    ],
    "sim = 0": [
        "sim(q, k) = 0", "sim must be zero",
    ],
    "sum != 0": [
        r"\sum_{j=1}^N \mathrm{sim}(Q_i, K_j) \neq 0", r"\sum_j \mathrm{sim}(Q_i, K_j) \neq 0",
        "sum_j sim(Q_i, K_j) != 0", "sum_j sim(Q_i,K_j) != 0 for all i", "Σ_j sim ≠ 0", "∑_j sim(Q_i, K_j) ≠ 0",
        r"\sum_{j=1}^{N} \mathrm{sim}(Q_i, K_j) \neq 0 \quad \forall i \in \{1, \ldots, N\}",
        "denominator is not zero", "the denominator must not be zero", "the denominator can't be 0",
        "denominator != 0", "The denominator never reaches zero.", "denominator of V_i must be nonzero",
        "the sum of similarities must be nonzero", "the sum over j of sim(Q_i, K_j) must not equal zero",
        "|sum_j sim(Q_i,K_j)| > 0", "the similarities must not sum to zero", "the similarities do not sum to 0",
        r"For every i, \sum_j sim(Q_i, K_j) \neq 0", "the sum of sim over all keys must not be zero",
        "sum(sim(Q_i, K_j)) != 0", "sum_j=1^N sim(Q_i, K_j) ≠ 0", r"\sum_{j} \operatorname{sim}(Q_i,K_j)\ne0",
        "The sum must be nonzero", "The sum of all similarity scores for each query must be nonzero",
        r"The sum \sum_j sim(Q_i, K_j) must be nonzero for every i",
        r"$\sum_{j=1}^N \text{sim}(Q_i, K_j) \neq 0$ for all $i$",
        "the denominator sum_j sim(Q_i,K_j) must be nonzero",
        r"The denominator $\sum_{j=1}^N sim(Q_i, K_j)$ must never be zero.",
        r"\sum_{j=1}^{N}\mathrm{sim}(Q_{i},K_{j})\neq 0,\; \forall i",
        "for each query, the sum of similarities must be nonzero", "For each i, the denominator must be non-zero",
        "the sum of sim(Q_i, K_j) over j is never 0", "sim(q,k) > 0 or sum_j sim(Q_i,K_j) != 0",
        "the denominator should not vanish", "the sum must not vanish", "the sum cannot be zero", "denominator ≠ 0",
        "sum ≠ 0", "sum over j of sim(Q_i,K_j) is nonzero", r"0 ≠ \sum_j sim(Q_i, K_j)", "¬(∑_j sim(Q_i, K_j) = 0)",
    ],
    "sum > 0": [
        "sum of similarities must be greater than zero", "for all i: sum_j sim(Q_i, K_j) > 0",
        "∑_{j=1}^N sim(Q_i,K_j) > 0 for each query i", "sum of sim(Q_i, K_j) over all keys must be positive",
        r"\sum_{j=1}^N sim(Q_i,K_j) > 0 for all i", r"\forall i, \sum_j sim(Q_i, K_j) > 0", "denominator > 0",
        "sum > 0", "the sum of the similarities is positive", r"0 < \sum_j sim(Q_i, K_j)",
    ],
    "sum >= 0": [
        "sum_j sim(Q_i, K_j) >= 0", "sum ≥ 0",
    ],
    "sum < 0": [
        "sum_j sim < 0",
    ],
    "no condition": [
        "no condition", "none", "sim must be finite", "sim must be real", "sim > -infinity",
        "sim must be negative or positive or zero",
    ],
    "not all similarities are zero": [
        "not all similarities are zero", "at least one similarity must be nonzero", "not all sim(Q_i,K_j) are zero",
        "not every similarity is zero",
    ],
    "at least one sim(Q_i, K_j) > 0": [
        "at least one sim(Q_i, K_j) > 0", "sim(q,k) > 0 for some k",
    ],
    "sim >= 0 and sum > 0": [
        "sim(q,k) ≥ 0 and not all zero", "sim(q,k) >= 0 and not all zero",
        "sim must be non-negative, and at least one similarity must be positive",
        "sim(q,k) >= 0 with at least one sim(Q_i, K_j) > 0",
        "sim(q, k) ≥ 0 for all q, k and for each i there exists a j such that sim(Q_i, K_j) > 0",
        "sim >= 0 and sum_j sim(Q_i,K_j) > 0", "sim >= 0 and sum > 0",
        "sim >= 0 and at least one of the similarities is positive",
        "sim(q,k) is nonnegative and for at least one key it is positive",
        "sim(q,k) >= 0 and sim(q,k) > 0 for at least one j", "sim(q,k) >= 0, sim(q,k) > 0 for some k",
        "sim(Q_i, K_j) ≥ 0 and for each i at least one sim(Q_i, K_j) > 0", "sim >= 0 and at least one > 0",
        "sim(Q_i, K_j) >= 0 for all j and > 0 for at least one j",
        "sim is non-negative and strictly positive for at least one key",
        "sim(q,k) ≥ 0, with at least one strictly positive", "nonnegative and not all zero",
        "non-negative, and not all zero for a given query", "sim must be non-negative and the sum must be nonzero",
        "sim >= 0 but the sum must not be zero", "∀i ∃j: sim(Q_i, K_j) > 0, and sim ≥ 0 for all i, j",
    ],
    "sim > 0 and sim < 0": [
        "sim > 0 and sim < 0",
    ],
    "sim > 0 for all q, k or sim < 0 for all q, k": [
        "sim is always positive or always negative", "sim is always positive or sim is always negative",
        "sim(q,k) > 0 for all q,k or sim(q,k) < 0 for all q, k",
        "all similarities are nonzero and have the same sign",
    ],
}  # fmt: skip
NUMBERS = [
    ("sim(q,k) > epsilon > 0", "sim(Q_i, K_j) > ε for all i, j"),
    ("sim(q,k) >= ε for some ε > 0", "sim(Q_i, K_j) ≥ ε for all i, j"),
    ("sim(q, k) >= c > 0", "sim(Q_i, K_j) ≥ c for all i, j"),
    ("sim(q, k) is bounded below by a positive constant", "sim(Q_i, K_j) ≥ ε for all i, j"),
    ("sim is bounded away from zero", "|sim(Q_i, K_j)| ≥ ε for all i, j"),
    ("0 <= sim <= 1", "(sim(Q_i, K_j) ≥ 0 and sim(Q_i, K_j) ≤ 1) for all i, j"),
    ("sim(q,k) ∈ (0,1]", "(sim(Q_i, K_j) > 0 and sim(Q_i, K_j) ≤ 1) for all i, j"),
    ("sim(q,k) > -1", "sim(Q_i, K_j) > -1 for all i, j"),
    ("sim(q, k) > 1e-6", "sim(Q_i, K_j) > 1/1000000 for all i, j"),
    ("sim = 1/2", "sim(Q_i, K_j) = 1/2 for all i, j"),
    ("sum_j sim(Q_i,K_j) = 1", "∑_j sim(Q_i, K_j) = 1"),
]
REFUSED = [
    ("sim(q, k) >= c", "condition_word", "c"),
    ("sim is non-negative, i.e. sim(q,k) > 0", "condition_two", ", i.e. sim(q,k) > 0"),
    ("sim can be positive", "condition_possibility", "can"),
    ("sim(q, k) = exp(q^T k)", "condition_definition", "exp"),
    ("exp(q^T k)", "condition_word", "exp"),
    ("softmax", "condition_word", "softmax"),
    ("sim is positive definite", "condition_word", "definite"),
    ("I don't know", "condition_word", "I"),
    ("q^T k > 0", "condition_word", "q"),
    ("sim(q) > 0", "wrong_number_of_arguments", "(q)"),
    ("sim(q, q) > 0", "condition_same_arguments", "(q, q)"),
    ("sim(q, k) >", "unexpected_end", ""),
    ("sim(q, k", "unexpected_end", ""),
    ("> ", "unexpected_end", ""),
    ("sim(q,k) > x", "condition_word", "x"),
    ("sum_i sim(Q_i, K_j) != 0", "condition_sum_over", "!="),
    ("sim is not always zero", "condition_word", "always"),
    ("sim is not only positive", "condition_word", "only"),
    ("sim(q,k) > 0 unless q = k", "condition_word", "unless"),
    ("sim is positive except at zero", "condition_word", "except"),
    ("sim is hardly ever positive", "condition_word", "hardly"),
    ("sim is rarely zero", "condition_word", "rarely"),
    ("sim is not zero and positive", "condition_negation", "and"),
    ("sim(q,k) > 0 for some q", "condition_some_query", "q"),
    ("sim(q, k) > 0; the denominator is then always positive", "condition_word", "then"),
    ("sim does not have to be positive", "condition_word", "to"),
    ("sim need not be positive", "condition_word", "need"),
    ("sim should be positive, but it can be zero", "condition_possibility", "can"),
    ("sim may be zero", "condition_possibility", "may"),
    ("sim is positive if q = k", "condition_word", "if"),
    ("sim is positive only if q > 0", "condition_word", "only"),
    ("sim(q,k) > 0 or whatever", "condition_word", "whatever"),
    ("positive semidefinite", "condition_word", "semidefinite"),
    ("sim must be a valid positive definite kernel", "condition_word", "definite"),
    ("sim is almost always positive", "condition_word", "almost"),
    ("sim is usually positive", "condition_word", "usually"),
    ("sim is bad", "condition_word", "bad"),
    ("banana", "condition_word", "banana"),
    ("sim(q,k) > sim(k,q)", "condition_sign", ">"),
    ("sim(q,k) > q", "condition_word", "q"),
    (r"\frac{1}{sim(q,k)} > 0", "unknown_command", r"\frac"),
    ("1/sim(q,k) > 0", "condition_sign", "("),
    ("sim(q,k)^2 > 0", "condition_sign", "^"),
    ("-sim(q,k) > 0", "condition_sign", "-"),
    ("sim(q,k) + 1 > 0", "condition_sign", "+"),
    ("sim(q,k) - 1 > 0", "condition_sign", "-"),
    ("sim > > 0", "condition_sign", ">"),
    ("sim(q,k) 0", "condition_sign", "0"),
    ("sim(q,k) positive definite", "condition_word", "definite"),
    ("sim > 0 ∀", "unexpected_end", ""),
    ("sim(q,k) > 0 for all", "unexpected_end", ""),
    ("((((((sim > 0", "unexpected_end", ""),
    ("sim(q, k) > 0 !", "unknown_character", "!"),
    ("sim(q,k) > 0 for all q≠0", "condition_sign", "≠"),
    ("sim > 0 is not required", "condition_word", "is"),
    ("sim need only be non-negative", "condition_word", "need"),
    ("never sim > 0", "condition_word", "sim"),
    ("sim > 0 for no q, k", "condition_word", "for"),
    ("for no i,j sim > 0", "condition_word", "for"),
    ("without sim > 0", "condition_word", "without"),
    ("sim > 0 fails", "condition_word", "fails"),
    ("sim ≯ 0", "unknown_character", "≯"),
    (r"sim \ngtr 0", "unknown_command", r"\ngtr"),
    ("sim > 0 but could be zero", "condition_possibility", "could"),
    ("sim >= 0, sum != 0 not needed", "condition_word", "not"),
    ("the denominator must be nonzero, so sim must be nonnegative", "condition_word", "sim"),
    ("sim should be nonzero or should it be positive?", "placeholder", "?"),
    ("sim > 0 isn't needed", "condition_word", "isn't"),
    ("opposite of sim > 0", "condition_word", "opposite"),
    ("sim must be positive for at least half of the keys", "condition_word", "for"),
    ("sim must be positive for most keys", "condition_word", "for"),
    ("most similarities must be positive", "condition_word", "most"),
    ("sim must be positive on average", "condition_word", "on"),
    ("the average similarity must be positive", "condition_word", "the"),
    ("sim(q,k) > 0 for random q, k", "condition_word", "for"),
    ("sim > 0 w.p. 1", "condition_word", "w"),
    ("sim > 0 with high probability", "condition_word", "high"),
    ("sim > 0 except when q = k", "condition_word", "except"),
    ("sim > 0 for q = k", "condition_word", "for"),
    ("sim > 0 and V > 0", "condition_word", "V"),
    ("V > 0", "condition_word", "V"),
    ("Q_i > 0", "condition_word", "Q"),
    ("sim sim > 0", "condition_word", "sim"),
    ("sim > 0 sim", "condition_word", "sim"),
    ("sum sum > 0", "condition_word", "sum"),
    ("sum_j sum_i sim(Q_i, K_j) > 0", "condition_word", "sum"),
    ("log sim > 0", "condition_word", "log"),
    ("exp(sim(q,k)) > 0", "condition_word", "exp"),
    ("sim(q,k) > log 1", "condition_word", "log"),
    ("sim > infinity", "unexpected_end", ""),
    ("sim must be infinite", "condition_word", "infinite"),
    ("sim(q,k) >= 1/0", "unexpected_end", ""),
    ("{sim > 0}", "condition_sign", "{"),
    ("sim must not be strictly negative and not be positive", "condition_word", "strictly"),
    ("no similarities that are zero or negative", "condition_word", "that"),
    ("sim(q,k) is not always positive", "condition_word", "always"),
    ("nobody knows", "condition_word", "nobody"),
    ("sim(q,k) must be positive, not really", "condition_word", "really"),
    ("sim(q,k) must be positive? no", "placeholder", "?"),
    ("O(n)", "condition_word", "O"),
    ("sim", "unexpected_end", ""),
    ("similarity function", "unexpected_end", ""),
    ("sum", "unexpected_end", ""),
    ("> > ", "condition_sign", ">"),
    ("0", "condition_sign", "0"),
    ("1", "condition_sign", "1"),
    ("for all i, j", "unexpected_end", ""),
    ("not", "unexpected_end", ""),
    ("and", "condition_word", "and"),
    ("sim(q,k) and > 0", "condition_word", "and"),
    ("sim(q,k) > 0 and", "condition_word", "and"),
    ("or sim > 0", "condition_word", "or"),
    ("sim(q,k) + 1", "condition_sign", "+"),
    ("sim(q,k) - 1", "condition_sign", "-"),
    ("sim > 0 ≫ 1", "unknown_character", "≫"),
    ("sim(q, k) > 0 for all і", "lookalike_letter", "і"),
    ("sim\u200b > 0", "invisible_character", "\u200b"),
    (r"sim \in \mathbb{R}^{7}", "condition_set", "^{7}"),
]
LIMITS = {
    "sim > 1 and sim > 2 and sim > 3 and sim > 4 and sim > 5": "condition_numbers",
    "(" * 150 + "sim > 0" + ")" * 150: "too_deep",
    "s>" * 900: "too_many_symbols",
    "sim > " + "9" * 300: "number_too_long",
    "sim > 0 " * 1000: "too_long",
}


def read(answer: object) -> Condition:
    result = read_condition(answer, SIMILARITY)
    assert isinstance(result, Condition), f"{answer!r}: {result}"
    return result


@pytest.mark.parametrize(("meaning", "answer"), [(meaning, answer) for meaning, row in SAME.items() for answer in row])
def test_a_condition_is_read_as_what_it_says(meaning: str, answer: str) -> None:
    assert equivalent_conditions(read(answer), read(meaning)), read(answer).read_as


def test_the_meanings_of_the_tables_are_different_ones() -> None:
    meanings = [read(meaning) for meaning in SAME]
    pairs = [(left, right) for place, left in enumerate(meanings) for right in meanings[:place]]
    assert not [pair for pair in pairs if equivalent_conditions(*pair)]


@pytest.mark.parametrize(("answer", "read_as"), NUMBERS)
def test_a_condition_with_numbers_is_read_to_the_letter(answer: str, read_as: str) -> None:
    assert read(answer).read_as == read_as


@pytest.mark.parametrize(("answer", "kind", "found"), REFUSED)
def test_what_does_not_fit_is_refused_where_it_stands(answer: str, kind: str, found: str) -> None:
    result = read_condition(answer, SIMILARITY)
    assert isinstance(result, Refusal)
    assert (result.kind, result.found[:40]) == (kind, found[:40])
    assert result.position is not None
    assert answer[result.position :].startswith(result.found)


@pytest.mark.parametrize(("answer", "kind"), LIMITS.items(), ids=lambda text: text[:12])
def test_what_is_too_much_is_refused(answer: str, kind: str) -> None:
    result = read_condition(answer, SIMILARITY)
    assert isinstance(result, Refusal)
    assert result.kind == kind


def test_every_kind_of_refusal_of_conditions_is_given() -> None:
    given = {kind for _, kind, _ in REFUSED} | set(LIMITS.values())
    assert {kind for kind in KINDS if kind.startswith("condition_")} <= given


@pytest.mark.parametrize(("answer", "kind"), [("", "empty"), ("  ", "empty"), (None, "empty"), (True, "not_text")])
def test_what_is_no_text_is_refused(answer: object, kind: str) -> None:
    result = read_condition(answer, SIMILARITY)
    assert isinstance(result, Refusal)
    assert result.kind == kind


def test_a_refusal_says_how_the_part_before_it_was_read() -> None:
    result = read_condition("sim(q, k) > 0 for all q, k unless q = k", SIMILARITY)
    assert isinstance(result, Refusal)
    assert result.understood == "sim(Q_i, K_j) > 0 for all i, j"


READABLE = [answer for row in SAME.values() for answer in row]
STRANGE = {"unless", "half", "rarely", "q", "√", r"\frac"}
WORDS = sorted({word for answer in READABLE for word in answer.split()} | STRANGE)


@settings(deadline=None, max_examples=60)
@given(st.lists(st.sampled_from(WORDS), max_size=12).map(" ".join))
def test_any_row_of_words_is_read_or_refused_in_its_place(answer: str) -> None:
    result = read_condition(answer, SIMILARITY)
    if isinstance(result, Refusal):
        assert result.kind in KINDS
        assert result.position is None or 0 <= result.position <= len(answer)
    else:
        assert equivalent_conditions(result, read(result.read_as))


@settings(deadline=None, max_examples=60)
@given(st.text(max_size=60))
def test_any_text_is_read_or_refused(answer: str) -> None:
    result = read_condition(answer, SIMILARITY)
    assert isinstance(result, Condition) or result.kind in KINDS


@settings(deadline=None, max_examples=60)
@given(st.sampled_from(READABLE), st.sampled_from(READABLE))
def test_and_or_and_brackets_join_conditions(first: str, second: str) -> None:
    """Only statements that end where they end: no sentences, reasons or labels."""
    simple = [answer for answer in (first, second) if read_condition(f"({answer})", SIMILARITY) == read(answer)]
    for answer in simple:
        assert equivalent_conditions(read(f"({answer}) and ({answer})"), read(answer))
        assert equivalent_conditions(read(f"({answer}) or ({answer})"), read(answer))


@settings(deadline=None, max_examples=60)
@given(st.sampled_from(READABLE), st.sampled_from(["unless q = k", "most of the time", "probably", "is not so", "?"]))
def test_a_doubt_at_the_end_is_never_passed_over(answer: str, doubt: str) -> None:
    assert isinstance(read_condition(f"{answer} {doubt}", SIMILARITY), Refusal)
