"""Text of a student's in a table that a person will open with a spreadsheet program."""

FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")


def no_formula(text: str) -> str:
    """The text, with an apostrophe in front if a spreadsheet would take it for a formula and run it.

    Source: OWASP, "CSV Injection".
    """
    return f"'{text}" if text.startswith(FORMULA_SIGNS) else text
