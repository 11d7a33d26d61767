"""Question 7: how you worked (2 points).

Citing sources and collaborators matters, for students as for everyone. It also helps us to learn which resources are
useful and how long the homework takes.
"""

# (a) [half a point] Which sources did you use, if any? In words; "none" is an answer.
sources = "lecture notes"

# (b) [half a point] Whom did you work with, if with anyone? Names and student IDs, or a description of the group;
# "none" is an answer.
collaborators = ""

# (c) [1 point] About how many hours did you work on this homework? A number.
hours = "a lot"  # mistake: not a number; and (b) is not answered
