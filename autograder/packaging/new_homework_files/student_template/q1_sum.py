r"""Question 1: a sum (3 points).

How to answer: replace None by a formula, as text; plain text, LaTeX and Unicode are all read, such as "(a + b)^2 / 2"
or r"\frac{(a + b)^2}{2}". To see how an answer is read, run

    python -m autograder read 1 "YOUR ANSWER"
"""

# [3 points] What is 1 + 2 + ... + n, in terms of n, without dots and without a sum?
total = None
