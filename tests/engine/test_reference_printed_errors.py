"""What is wrong in the homework's code as it is printed, shown by running it. The template prints it mended."""

import math

import pytest
import torch
from torch import nn


class Printed(nn.Module):
    """The printed class with its blanks filled in; combine_heads as printed."""

    def __init__(self, d_model, num_heads, value_width=None):
        super().__init__()
        self.d_model, self.num_heads, self.d_k = d_model, num_heads, d_model // num_heads
        value_width = value_width or d_model
        self.W_q, self.W_k = nn.Linear(d_model, d_model), nn.Linear(d_model, d_model)
        self.W_v, self.W_o = nn.Linear(d_model, value_width), nn.Linear(value_width, d_model)

    def split_heads(self, x):
        batch_size, seq_length, _ = x.size()
        return x.view(batch_size, seq_length, self.num_heads, self.d_k).transpose(1, 2)

    def combine_heads(self, x):
        batch_size, _, seq_length, _ = x.size()
        return x.transpose(1, 2).view(batch_size, seq_length, self.d_model)


class Reshaped(Printed):
    """Its combine_heads mended, and nothing else."""

    def combine_heads(self, x):
        return x.transpose(1, 2).reshape(x.size(0), x.size(2), self.d_model)


@pytest.mark.parametrize(("heads", "length", "runs"), [(3, 5, False), (2, 2, False), (1, 5, True), (3, 1, True)])
def test_combining_heads_by_view_runs_only_for_one_head_or_one_position(heads, length, runs):
    per_head = torch.randn(2, heads, length, 4)
    printed = Printed(4 * heads, heads)
    if runs:
        assert printed.combine_heads(per_head).shape == (2, length, 4 * heads)
    else:
        with pytest.raises(RuntimeError, match="view"):
            printed.combine_heads(per_head)


def test_wide_values_do_not_run_with_another_output_layer_alone():
    layer = Reshaped(12, 3, value_width=24)
    with pytest.raises(RuntimeError, match="invalid for input"):
        layer.split_heads(layer.W_v(torch.randn(2, 5, 12)))
    with pytest.raises(RuntimeError, match="invalid for input"):
        layer.combine_heads(torch.randn(2, 3, 5, 8))


def test_the_printed_scores_of_mqa_raise_unless_heads_and_widths_agree():
    with pytest.raises(RuntimeError):
        torch.einsum("bkh,bnk->bhn", torch.randn(2, 3, 4), torch.randn(2, 5, 4))


def test_the_printed_scores_of_mqa_are_silently_wrong_if_heads_and_widths_agree():
    q, K = torch.randn(2, 4, 4), torch.randn(2, 5, 4)
    printed, mended = torch.einsum("bkh,bnk->bhn", q, K), torch.einsum("bhk,bnk->bhn", q, K)
    assert printed.shape == mended.shape
    assert not torch.allclose(printed, mended)


def test_a_mask_without_a_heads_axis_hides_other_keys_when_batch_and_heads_agree():
    scores = torch.zeros(2, 2, 3, 3)  # B = heads = 2
    mask = torch.stack([torch.ones(3, 3), torch.tril(torch.ones(3, 3))])  # (B, S, S)
    as_is = scores.masked_fill(mask == 0, -1e9)
    meant = scores.masked_fill(mask.unsqueeze(1) == 0, -1e9)
    assert not torch.equal(as_is, meant)


def test_a_row_that_hides_every_key_depends_on_the_fill_value():
    scores = torch.tensor([0.3, -0.2])
    closed = torch.tensor([True, True])
    assert torch.softmax(scores.masked_fill(closed, -1e9), dim=-1).tolist() == [0.5, 0.5]
    assert torch.softmax(scores.masked_fill(closed, -math.inf), dim=-1).isnan().all()
