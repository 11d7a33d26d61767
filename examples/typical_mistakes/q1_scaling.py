r"""Question 1: why dot products are scaled (10 points).

Let q and k be two independent random vectors in R^d with the same distribution N(mu, sigma^2 I). The mean mu is a
vector in R^d and sigma is a positive number: component i of q, and component i of k, is normal with mean mu_i and
standard deviation sigma, and all components are independent of each other.

How to answer: replace None by a formula, as text or as a SymPy object. Plain text, Python style, LaTeX and Unicode are
all read, for example "(a + b)^2 / 2", r"\frac{(a + b)^2}{2}" or "½(a + b)²". Write mu, sigma and d for the symbols
(μ and σ, or \mu and \sigma, are the same). To see how an answer is read, run

    python -m autograder read 1.c "YOUR ANSWER"
"""

# (a) [4 points] What is the expectation E[q^T k], in terms of mu, sigma and d?
expectation = "||mu||^2 + d*sigma^2"  # mistake: E[q_i^2] in place of E[q_i] E[k_i]; q and k are independent

# (b) [3 points] Now let mu = 0 and sigma = 1. What is the variance Var(q^T k), in terms of d?
variance = "2d"  # mistake: the variance of q^T q

# (c) [3 points] Still with mu = 0 and sigma = 1, the dot product is divided by a factor s, so that q^T k / s has
# expectation 0 and variance 1. What must s be, in terms of d?
scale = "1/sqrt(d)"  # mistake: what to multiply by, not what to divide by
