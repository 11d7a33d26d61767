"""What typical mistakes compute, by the name that they have in rubric.toml."""

CENTRE = {
    "rows_centred": lambda x: x - x.mean(axis=1, keepdims=True),
    "one_mean": lambda x: x - x.mean(),
    "standardised": lambda x: (x - x.mean(axis=0)) / x.std(axis=0),
}
