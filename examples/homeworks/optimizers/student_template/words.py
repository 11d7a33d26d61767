"""Question 4: in words (2 points)."""

# (a) [1.5 points] Why does momentum help in a long narrow valley? Two or three sentences.
valley = ""

# (b) [half a point] About how many hours did you work on this homework? A number.
hours = None
