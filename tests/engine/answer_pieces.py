"""What answers are made of, right and wrong, and what may be put around them: for the fuzzing of the reader."""

PIECES = [
    *"bndhkvqNDMsimxyzO()[]{}+-*/^_|.,=<>!'$`~&%#@:;?0123456789 \n\t\\\"",
    *("mu", "sigma", "μ", "σ", "‖", "||", "²", "½", "√", "Σ", "∑"),
    *("ᵀ", "₁", "…", "...", "×", "·", "⟨", "⟩", "∞", "≤", "≠"),
    *("Θ", "∈", "∀", "ℝ", "⁻¹", "−", "–", "′", "é", "о", "Ο", "𝑑", "ｄ", "\u200b", "\u202e", "\x00", "\u0301", "😀"),
    *("O(", "sum_i ", "sum(", "log ", "max(", "sqrt("),
    *("np.", ".T", "np.sum(", " for i in range(d)", "E[", "Var(", "exp("),
    *("mu_1+...+mu_d", "_{i=1}^{d}", "q^T k", "(q@k)", "||q||", "mu^T mu"),
    *("1e9", "**", "^2", "^(1/2)", "d/h", " and ", " or "),
    *(r"\frac", r"\sqrt", r"\left", r"\right", r"\sum", r"\mu"),
    *(r"\top", r"\|", r"\mathcal{O}", r"\text{", r"\cdot", r"\log_"),
    *(r"\mathbb{R}^{", r"\begin{", r"\end{", r"\boxed{", r"\langle ", r"\rangle"),
    *(r"\max\{", r"\}", r"\,", r"\[", r"\)", r"\\"),
    *("sim(q,k)", "sim", " > 0", " is ", "not "),
    *("positive", "zero", "for all ", "never ", "the denominator ", "Answer: "),
]  # fmt: skip

WRAPPINGS = [
    "({})", "[{}]", "{{{}}}", r"\left({}\right)", r"\sqrt{{{}}}", "sqrt({})", "({})^2", "({})^(1/2)", "|{}|", "log({})",
    "max({}, 1)", r"\frac{{{}}}{{2}}", "({})/2", "-({})", "2*({})", "({}) + 1", "1 - ({})", "exp({})", "({})!",
    "({})^{{-1}}", "O({})", "||{}||", "({})^T", "tr({})", "sum_i ({})", "sum({})", r"\text{{{}}}", "${}$",
    "not ({})", "[{}, d]", "log_2({})", "{}!", "{}'", "{}²", "1/({})", "2^({})", "√({})",
    "sum_{{i=1}}^{{d}} ({})", "({}) = d",
    "sum_{{i=1}}^{{{}}} 1", "floor({})", "||({}) mu||", "min(1, {})", "mu_1^({})", "-{}", "({}) d",
]  # fmt: skip
