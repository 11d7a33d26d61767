"""Every kind of refusal and of note that the reader can give, with its meaning and its data.

The sentences for students are in `reports/wording.py`; a test checks that each kind has one and that no other kind
is ever given. `name` is always something from the student's own text.
"""

KINDS: dict[str, str] = {
    # nothing to read
    "empty": "nothing was written",
    "placeholder": "a question mark, TODO or the like stands where the answer should be",
    "not_text": "neither text nor a number nor a SymPy object; data: type_name",
    "prose": "words, where an expression is asked for; data: name",
    # limits; data: limit
    "too_long": "more characters than any answer needs; data: limit, length",
    "too_many_symbols": "more symbols than any answer needs",
    "too_deep": "more brackets within brackets than any answer needs",
    "too_many_terms": "multiplied out, it would have too many terms",
    "number_too_long": "a number with too many digits",
    "exponent_too_large": "an exponent too large to be meant",
    "factorial_too_large": "the factorial of a number too large to be meant",
    "sum_limit": "a sum whose numeric limit is not a whole number, or too large",
    # characters; data: name (what Unicode calls it), resembles (the Latin letter), if there is one
    "lookalike_letter": "a letter of another alphabet that looks like a Latin one",
    "foreign_letter": "a letter that is neither Latin nor Greek",
    "invisible_character": "a character that cannot be seen, such as a zero-width space",
    "bidi_control": "a character that changes the direction of writing",
    "control_character": "a control character, such as NUL",
    "combining_mark": "an accent or other mark on a letter",
    "unknown_character": "a character that is no part of mathematics",
    # names; data: name, declared (all names of the part), meant (the same letter in the other case, or None), word
    "undeclared_name": "a letter that the part does not declare",
    "unknown_word": "a word that is neither declared nor a function; data: name, declared",
    "unknown_function": "a function of a Python library that has no meaning here; data: name",
    "unknown_command": "a LaTeX command that has no meaning here; data: name",
    "unknown_option": "an argument by name that the function does not have; data: name",
    "attribute": "a dot and a name that has no meaning here",
    "index_of_scalar": "an index at something that is not a vector; data: name, declared",
    # form
    "unbalanced": "a bracket or bar without its partner; data: opened, wanted",
    "empty_brackets": "brackets with nothing in them",
    "unexpected": "a sign that cannot stand here",
    "unexpected_end": "the answer ends where something must follow",
    "missing_operand": "a sign of operation with nothing before it",
    "double_operator": "two signs of operation in a row",
    "stray_full_stop": "a full stop that ends nothing",
    "stray_backslash": "a backslash that begins no command",
    "math_delimiters": "dollars or the like that do not pair up",
    "numbers_side_by_side": "two numbers with nothing between them",
    "number_after_name": "a number straight after a letter: a lost exponent or a lost sign",
    "ambiguous_argument": "not clear how far a function's argument goes; data: function",
    "function_without_brackets": "a function that needs brackets around its arguments; data: name",
    "wrong_number_of_arguments": "data: name, least, most",
    "root_index": "the degree of a root is not a whole number from 1 on",
    "infinity": "infinity is not a value here",
    # several answers, or none
    "two_answers": "several answers: a comma, a semicolon, or plus-minus",
    "equation": "an equation that is not solved for what is asked",
    "relation": "an inequality or other relation, where a value is asked for",
    "not_worked_out": "an expectation, variance or the like that is left to be worked out; data: name",
    # growth
    "wrapper_not_expected": "O, Theta or Omega in an answer that is not a growth; data: name",
    "wrapper_without_brackets": "O, Theta or Omega without brackets; data: name",
    "wrapper_inside": "O, Theta or Omega in a place where it says nothing of the whole; data: name",
    "mixed_wrappers": "Omega together with O or Theta",
    "little_o": "a small o, which is another relation",
    "zero_for_o": "the digit 0 where the letter O must be meant",
    # vectors
    "power_of_vector": "a power of a vector; data: name",
    "vector_product": "two vectors side by side without a transpose or a dot",
    "cross_product": "a cross between two vectors",
    "division_by_vector": "a quotient with a vector or matrix below",
    "division_by_zero": "a quotient with 0 below",
    "kinds_differ": "a sum of a scalar and a vector, or of a row and a column",
    "lengths_differ": "vectors of different lengths together",
    "matrix_product": "a product with a matrix that is more than the reader follows",
    "not_a_scalar": "a vector or matrix where a scalar must stand; data: kind_found",
    "not_a_vector": "a scalar where a vector must stand",
    "not_a_matrix": "the trace of a vector",
    "norm_of_matrix": "the norm of a matrix",
    "norm_of_scalar": "the norm of a scalar, with an order",
    "norm_order": "the order of a norm is not a number from 1 on or infinity",
    "transpose_of_scalar": "the transpose of a scalar; data: name",
    "vector_as_index": "a vector as an index; data: name",
    "index_from_one": "entries are counted 1, 2, ..., d",
    # sums
    "sum_index": "it is not clear what the sum's index is or runs over",
    "sum_range_unknown": "it is not clear how far the sum goes",
    "which_index": "several indices, and the sum does not say over which; data: indices",
    "unclear_dots": "dots whose meaning is not clear from the terms around them",
    # SymPy
    "sympy_node": "a SymPy object of a type that has no meaning here; data: name",
    "sympy_order": "SymPy's Order drops terms (it is about 0) before it is ever read",
    # conditions; data: name
    "condition_word": "a word that has no meaning in a condition, or none in this place",
    "condition_sign": "a sign that cannot stand here in a condition",
    "condition_possibility": "something that may be so, where a condition says what has to be so",
    "condition_negation": "a denial, and it is not clear how much of the sentence it denies",
    "condition_set": "a set of numbers that is not known",
    "condition_sum_over": "a sum over something other than the keys",
    "condition_same_arguments": "the similarity of something to itself, where a condition is on any two vectors",
    "condition_some_query": "a statement on some queries only",
    "condition_definition": "a formula for the similarity, where a condition on it is asked for",
    "condition_two": "the same thing in other words, which is not the same; no data",
    "condition_numbers": "more numbers than any condition needs; data: limit",
    # shapes
    "not_a_shape": "no list of sizes",
    "shape_product": "a product, where a list of sizes is asked for",
    "nested_shape": "a list within a list",
}

NOTES: dict[str, str] = {
    "left_side_dropped": "what stands before = was taken for a name; data: text",
    "steps_dropped": "statements that lead to the last one were taken for steps",
    "power_before_division": "d^1/2 is read as (d^1)/2",
    "division_order": "after a quotient the product goes on above the line: 1/2d is (1/2)·d",
    "lg_is_log2": "lg is read as the logarithm to base 2",
    "index_of_sum": "a sum without an index runs over the one index in it; data: index",
    "counted_from_zero": "entries counted from 0 are read as counted from 1; data: index",
}
