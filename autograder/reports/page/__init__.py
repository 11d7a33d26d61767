"""What all pages share: the frame, the look, the rules against hostile text. Comes in: a template's values. Goes out:
one file of HTML that asks for nothing else. Must never let text of a student's be anything but text.
"""
