import torch

finite_condition = r"\sum_{j} \mathrm{sim}(Q_i, K_j) \neq 0"

quadratic_kernel = "1 + 2⟨q,k⟩ + ⟨q,k⟩²"


def feature_map(x):
    # (q.k + 1)^2 is the square of the inner product of (1, q) and (1, k): all ordered pairs of their entries
    one_x = torch.nn.functional.pad(x, (1, 0), value=1.0)
    return torch.einsum("...i,...j->...ij", one_x, one_x).flatten(-2)


def kernel_attention(Q, K, V, feature_map):
    # a column of ones beside the values makes the denominator in the same product
    extended = torch.cat((V, V.new_ones(len(V), 1)), dim=1)
    totals = torch.einsum("pl,pm->lm", feature_map(K), extended)
    both = torch.einsum("nl,lm->nm", feature_map(Q), totals)
    return both[:, :-1] / both[:, -1:]


softmax_time = r"\mathcal{O}(N^2 \max(D, M))"
softmax_space = r"\mathcal{O}\left(N(N + D + M)\right)"
linear_time = "N*D**3"
linear_space = r"O(D^2 (N + D))"
