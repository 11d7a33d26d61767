import numpy as np

KEYS = np.array([[1, 2, 0], [0, 3, 4], [5, 0, 0], [0, 0, 1]])
VALUES = np.array([[2, 0, 1], [1, 4, 3], [0, -1, 4], [1, 0, -1]])
QUERY = np.array([1, 1, 2])

similarities = KEYS @ QUERY
output = tuple(int(number) for number in VALUES[np.argmax(similarities)])


def argmax_attention(q, K, V):
    best, best_score = 0, float("-inf")
    for row in range(len(K)):
        score = sum(a * b for a, b in zip(q, K[row], strict=True))
        if score > best_score:
            best, best_score = row, score
    return V[best]


gradient_reaches = dict(queries=False, keys=False, values=True)

training_effect = """Which key wins stays the same if I nudge the query or a key a little, so the derivative through the
choice is 0 (at a tie there is none). Backpropagation therefore brings nothing to the query and key projections, and
they never learn what to look for. The value that was picked is copied to the output, so values still learn."""
