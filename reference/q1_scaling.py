"""Question 1: why dot products are scaled. Derived, not typed in.

q and k are independent vectors in R^d with independent components q_i, k_i ~ N(mu_i, sigma^2).

The moments of one component come from Stein's lemma (C. Stein, "Estimation of the Mean of a Multivariate Normal
Distribution", 1981, lemma 1): E[(q_i - mu_i) g(q_i)] = sigma^2 E[g'(q_i)], here with g(x) = x^(r-1). As q_i and k_i are
independent and alike, the moments of their product are E[(q_i k_i)^r] = E[q_i^r] E[k_i^r] = E[q_i^r]^2. The dot product
is the sum over the d components: expectations always add, and variances add because the components are independent.
"""

import sympy as sp

d = sp.Symbol("d", integer=True, positive=True)
i = sp.Symbol("i", integer=True, positive=True)
sigma = sp.Symbol("sigma", positive=True)
mu = sp.IndexedBase("mu", real=True)


def moment(r: int, mean: sp.Expr, deviation: sp.Expr) -> sp.Expr:
    """E[x^r] for x ~ N(mean, deviation^2): E[x^r] = mean E[x^(r-1)] + (r - 1) deviation^2 E[x^(r-2)]."""
    if r == 0:
        return sp.Integer(1)
    rest = (r - 1) * deviation**2 * moment(r - 2, mean, deviation) if r > 1 else 0
    return mean * moment(r - 1, mean, deviation) + rest


def product_moment(r: int, mean: sp.Expr, deviation: sp.Expr) -> sp.Expr:
    """E[(q_i k_i)^r]."""
    return moment(r, mean, deviation) ** 2


def component_variance(mean: sp.Expr, deviation: sp.Expr) -> sp.Expr:
    """Var(q_i k_i) = E[(q_i k_i)^2] - E[q_i k_i]^2."""
    return product_moment(2, mean, deviation) - product_moment(1, mean, deviation) ** 2


# (a) in mu, sigma and d
expectation = sp.Sum(product_moment(1, mu[i], sigma), (i, 1, d))

# (b) at mu = 0 and sigma = 1, where all d components are alike
variance = d * component_variance(sp.Integer(0), sp.Integer(1))

# (c) Var(q^T k / s) = Var(q^T k) / s^2 has to be 1, so s^2 = Var(q^T k), and a scale is positive. E[q^T k / s] = 0 for
# every s, since mu = 0.
scale = sp.sqrt(variance)
