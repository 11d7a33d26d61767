"""Question 3: in words (2 points)."""

# [2 points] Why are the columns of a data set often centred before a model is fitted? One or two sentences.
why = ""
