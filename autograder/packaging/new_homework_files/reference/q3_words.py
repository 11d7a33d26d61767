"""Question 3: in words."""

why = "A constant shift of a column carries no information, but weights would have to make up for it at every step."
