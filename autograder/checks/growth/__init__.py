"""Growth in several variables, compared exactly. Comes in: two trees and the side conditions that hold between their
names. Goes out: a relation with its certificate, or "undecided" with the reason. Must never guess, nor work without a
limit.

    conditions   what is known of the names, made once for a part by `declared`
    terms        monomials, and quotients of sums of them
    translation  tree -> quotient (with `constants`, `logarithms`, `subtraction`)
    simplex      linear programs in exact integers
    domination   is a monomial O(a sum)? (with `regimes` where logarithms occur, `rays` for the counterexample)
    canonical    leading terms and a form that equal growths share
    comparison   the relation of two trees
    judgement    the Verdict

All names are at least 1. f = O(g) means: f <= C·g with one constant C for all values of the names that satisfy the side
conditions, so any name may stay fixed while others grow. Two conventions of everyday use go beyond the letter of that:

- log n stands for 1 + log n, so that it is never 0 (at n = 1 the bound n would not cover n·log n otherwise).
- A difference is as large as its larger side if the smaller one is a vanishing share of it: b·d^2 - b·d counts as
  b·d^2, although it is 0 at d = 1. n - d, where neither side leads, is undecided.
"""
