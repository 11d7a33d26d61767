import numpy as np

responses = {
    "a.i": "All examples show triangles: a token looks at itself and backwards. They differ in which earlier word wins; a "
    "repeated name finds its first occurrence.",
    "a.ii": "The first layers look around nearby, the last ones mostly at the very first token, so yes, targets change.",
    "b.i": "Diagonal stripes (neighbours) and vertical stripes ([SEP], [CLS], full stops) are what I see most often.",
    "b.ii": "GPT is a decoder and hides the future; BERT is an encoder and sees all, plus its special tokens.",
    "b.iii": "The stripes agree, but the ambiguous word mixes with other neighbours, so its vectors drift apart upwards.",
    "b.iv": "Words right of the gap get as much weight as words left of it. Guessing gaps needs that, and it helps later.",
    "c.i": "They do. Random starts and separate projections let heads specialise, and equal heads would be wasteful.",
    "c.ii": "One steps back, one steps forward, one parks on separators; others tie verbs to objects.",
    "d.i": "Random weights give a nearly flat grey picture in every head. Training brings contrast.",
    "d.ii": "it and the noun it means. The gradient should push their score up as long as it is too low.",
    "e": "The forward-stepping head was the clearest one. I could not make sense of half of the others.",
}

# the flat index of each head in an array of (layers, heads) = (3, 4)
previous, following = np.unravel_index(8, (3, 4)), np.unravel_index(3, (3, 4))

claims = {
    "gpt_is_causal": np.True_,
    "bert_is_causal": np.False_,
    "previous_token_head": previous,
    "next_token_head": following,
    "separator_head": [1, 1],
}
