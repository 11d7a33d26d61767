"""Question 4: in words."""

valley = (
    "Across the valley the gradients point to and fro, so in the velocity they cancel. Along its floor they all point "
    "the same way and add up, so that the steps there become longer."
)

hours = 3
