"""Question 5: looking at attention. The words describe GPT and BERT; the claims hold for q5_attention.npz beside this
file, which is synthetic (made by make_attention.py), so the heads named below are not heads of the real BERT.
"""

responses = {
    "a.i": "In every example no token attends to a later one, and much of the weight that has nowhere useful to go "
    "falls on the first token. What differs is the content: names and nouns that return in a sentence are looked up "
    "from the places where they return.",
    "a.ii": "Early layers are local and broad: the token itself, its neighbours, equal words. Middle layers link words "
    "by role, and in the late layers many heads rest on the first token, with a few sharp links left.",
    "b.i": "Several patterns return: heads on the next token, heads on the previous one, heads on [SEP], [CLS] or "
    "punctuation, and broad heads that average over the sentence. Separators collect most weight in the middle layers.",
    "b.ii": "GPT decodes from left to right with a causal mask, so its pictures have no lines to later tokens. BERT is "
    "an encoder without that mask: tokens look both ways, and attend to special tokens that GPT does not have.",
    "b.iii": "The patterns by position look the same in both sentences since their structure is the same. The word "
    "with two meanings attends to different words of its context, so its embeddings differ, most in the later layers.",
    "b.iv": "Yes: a masked word gathers weight from words on both sides of it. Pre-training by filling gaps needs both "
    "sides, so the representations come to hold context from both, which helps the tasks that follow.",
    "c.i": "Yes, heads of one layer look quite different. Each has its own projections and starts from other random "
    "values, and the outputs are joined, so heads that do different jobs lower the loss more than copies would.",
    "c.ii": "Some follow positions (previous or next token), some go to separators as if to do nothing, some link "
    "verbs with their objects, determiners with their nouns, or pronouns with what they stand for.",
    "d.i": "The untrained model spreads its attention nearly evenly and all heads look alike; the few differences are "
    "noise. The trained one is sparse, with clear patterns that differ between heads.",
    "d.ii": "A pronoun and its noun, or a verb and its subject. In an untrained head their weight is too small, so I "
    "expect gradients that raise the score of exactly such pairs, and small ones elsewhere.",
    "e": "Yes. The heads that step to the next or previous token are easy to find as a line beside the diagonal, "
    "and the ones on [SEP] as full columns. Finding out what the broad heads do was harder.",
}

claims = {
    "gpt_is_causal": True,
    "bert_is_causal": False,
    "previous_token_head": (0, 1),
    "next_token_head": (1, 0),
    "separator_head": (1, 2),
}
