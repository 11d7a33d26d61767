"""Answer groups: who gave the same answer, so that a person decides once. Comes in: what graders noted of each answer.
Goes out: groups, and the rule or the grades that a decision comes to. Must never judge.
"""
