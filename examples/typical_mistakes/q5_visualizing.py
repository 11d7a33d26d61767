"""Question 5: looking at attention in GPT and BERT (8 points).

Run the notebook visualizing_attention.ipynb and look at its pictures while you answer. It also writes the file
q5_attention.npz: hand that in with this module.

4 points for the eleven responses, in your own words: a few sentences each. A person may read them. 4 points for the
data file and for claims about it that turn out to be true.
"""

responses = {
    # (a) GPT: part a of the notebook.
    # i. What do the pictures of the different examples have in common, and where do they differ? Look at queries, keys
    # and values for patterns in what attention does.
    "a.i": "All examples attend backwards only, often to the first token.",
    # ii. How does attention change from layer to layer of GPT? Do tokens attend to other tokens as you go up?
    "a.ii": "Yes, early layers look at neighbours and later layers at the first token.",
    # (b) BERT: part b.
    # i. Look at several layers, and at queries, keys and values. Which patterns do you find? For instance, is there a
    # kind of token that is attended to at a given step?
    "b.i": "Many heads attend to the separator token.",
    # ii. How does attention in GPT differ from attention in BERT? Think of how the two models are built.
    "b.ii": "BERT looks in both directions and GPT only to the left.",
    # iii. Two of the sentences are built alike but mean different things. Go through the layers for sentence a and for
    # sentence b, and look at the queries, keys and values of their tokens. Do the learned embeddings differ?
    "b.iii": "same",
    # iv. In the examples about pre-training, do you see that BERT looks both ways? Do you think that pre-training
    # helped it to better representations?
    "b.iv": "",
    # (c) BERT's heads: part c.
    # i. Do different heads learn different features? Why might that be?
    "c.i": "Yes, the heads look different because they are initialised differently.",
    # ii. Which features can you make out, and in which heads?
    "c.ii": "",
    # (d) An untrained model: part d.
    # i. How do the patterns of the randomly initialised BERT differ from those of the trained one?
    "d.i": "The random model has no clear pattern, everything looks grey.",
    # ii. Between which words or tokens would you expect strong attention? What would you guess about the gradients that
    # such a head gets for those words?
    "d.ii": "",
    # (e) Did you find interesting patterns? Give some examples. If not, this is the place to complain.
    "e": "",
}

# What you see in the data that you captured: q5_attention.npz holds the arrays gpt and bert, of shape
# (layers, heads, T, T), and their T tokens. A model is causal if no token attends to a later one: True or False. A head
# is a pair (layer, head) in bert, both counted from 0; more than half of its attention, on average, must go where its
# name says: to the token before, to the token after, or to separator tokens ([SEP]).
# Half a point for each of the first two, two thirds for each head, and 1 point for a sound data file.
# mistakes: of the responses five are missing or nearly so; BERT looks both ways; (2, 2) counts layers and heads from 1
claims = {
    "gpt_is_causal": True,
    "bert_is_causal": True,
    "previous_token_head": (2, 2),
    "next_token_head": (0, 2),
    "separator_head": (1, 3),
}
