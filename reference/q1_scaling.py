"""Question 1: why dot products are scaled. Derived, not typed in.

q and k are independent vectors in R^d with independent components q_i, k_i ~ N(mu_i, sigma^2).

The moments of one component come from the generating function of a normal variable, E[exp(t q_i)] =
exp(mu_i t + sigma^2 t^2 / 2), whose r-th derivative at t = 0 is E[q_i^r]. As q_i and k_i are independent and alike, the
moments of their product are E[(q_i k_i)^r] = E[q_i^r] E[k_i^r] = E[q_i^r]^2. The dot product is the sum over the d
components: expectations always add, and variances add because the components are independent.
"""

import sympy as sp

d = sp.Symbol("d", integer=True, positive=True)
i = sp.Symbol("i", integer=True, positive=True)
sigma = sp.Symbol("sigma", positive=True)
s, t = sp.symbols("s t")
mu = sp.IndexedBase("mu", real=True)


def moment(r: int) -> sp.Expr:
    """E[q_i^r], which is E[k_i^r] as well."""
    return sp.diff(sp.exp(mu[i] * t + sigma**2 * t**2 / 2), t, r).subs(t, 0)


# One component
component_mean = moment(1) ** 2  # E[q_i k_i]
component_variance = sp.expand(moment(2) ** 2 - component_mean**2)  # E[(q_i k_i)^2] - E[q_i k_i]^2


def over_components(term: sp.Expr) -> sp.Expr:
    """Sum of a term in mu_i over i = 1 .. d."""
    return sp.Sum(term, (i, 1, d))


# (a) in mu, sigma and d
expectation = over_components(component_mean)

# (b) at mu = 0 and sigma = 1
variance = over_components(component_variance.subs({mu[i]: 0, sigma: 1})).doit()

# (c) Var(q^T k / s) = Var(q^T k) / s^2 has to be 1, so s is a root of s^2 = Var(q^T k), the positive one for a scale.
# E[q^T k / s] = 0 holds for every s, since mu = 0.
(scale,) = [root for root in sp.roots(s**2 - variance, s) if root.is_positive]
