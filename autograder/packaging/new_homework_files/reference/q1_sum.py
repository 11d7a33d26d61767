"""Question 1: a sum."""

total = "n (n + 1) / 2"
