"""The words in which conditions are written, by what they do. A word that stands in none of these lists is refused."""

from autograder.answers.conditions_formula import Extreme


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


FUNCTION_NOUNS = _words("similarity similarities")
AFTER_FUNCTION = _words(
    """function functions score scores value values measure measures metric output outputs kernel result results"""
)
PARTS_OF_FUNCTION = _words("output outputs value values result results range codomain image")
PRONOUNS = _words("it they them")
TERMS = _words("""term terms summand summands score scores entry entries value values weight weights""")
SUM_NOUNS = _words("sum sums summation total")
DENOMINATORS = _words("denominator denominators normalizer normaliser")
ARTICLES = _words("the a an this that our its their")

MODALS = ("is required to", "are required to", "needs to", "need to", "has to", "have to", "ought to", "must", "should",
          "shall", "will")  # fmt: skip
POSSIBILITIES = _words("can could may might")
COPULAS = _words("""be is are being been remain remains stay stays do does become becomes reach reaches hit hits""")
GIVING = ("maps into", "map into",
          "evaluates to", "evaluate to", "maps to", "map to", "results in", "result in", "takes on", "take on",
          "returns", "return", "outputs", "output", "produces", "produce", "gives", "give", "yields", "yield", "takes",
          "take", "has", "have", "attain", "attains")  # fmt: skip
NEGATIONS = _words("""not cannot can't isn't aren't doesn't don't mustn't shouldn't won't couldn't""")
ALWAYS = _words("always everywhere all each simultaneously identically")
FILLERS = _words("""strictly only also just simply exactly ever itself thus therefore both everywhere""")
SUMMING = ("sums up to", "sum up to", "sums to", "sum to", "adds up to", "add up to")

EXTREMES: dict[str, Extreme] = {
    **dict.fromkeys(("min", "\\min", "minimum", "minimal", "smallest", "lowest"), "min"),
    **dict.fromkeys(("max", "\\max", "maximum", "maximal", "largest", "highest"), "max"),
}  # fmt: skip

SIGN_WORDS = {
    "positive": ">", "positive-valued": ">", "negative": "<", "negative-valued": "<", "zero": "=", "zeros": "=",
    "zeroes": "=", "nonnegative": "≥", "non-negative": "≥", "nonpositive": "≤", "non-positive": "≤", "nonzero": "≠",
    "non-zero": "≠", "zero-valued": "=",
}  # fmt: skip
COMPARING = {
    "strictly greater than": ">", "greater than or equal to": "≥", "greater or equal to": "≥", "greater than": ">",
    "larger than or equal to": "≥", "larger or equal to": "≥", "larger than": ">", "bigger than or equal to": "≥",
    "bigger than": ">", "higher than": ">", "more than": ">", "above": ">", "at least": "≥", "no less than": "≥",
    "no smaller than": "≥", "strictly less than": "<", "less than or equal to": "≤", "smaller than or equal to": "≤",
    "less or equal to": "≤", "less than": "<", "smaller than": "<", "lower than": "<", "below": "<", "at most": "≤",
    "no more than": "≤", "no greater than": "≤", "no larger than": "≤", "equal to": "=", "equals": "=", "equal": "=",
    "different from": "≠", "different than": "≠", "distinct from": "≠", "unequal to": "≠", "exceeds": ">",
    "exceed": ">",
    "bounded below by": "≥", "bounded from below by": "≥", "lower bounded by": "≥", "lower-bounded by": "≥",
}  # fmt: skip
NEUTRAL = _words("""real finite well-defined defined bounded valid continuous differentiable symmetric smooth""")
NOUNS = _words(
    """range codomain kernel number numbers value values scalar scalars real reals quantity quantities output outputs
    function result results score scores constant similarity similarities weight weights term terms entry entries"""
)
DEFINITE = _words("definite semidefinite semi-definite")
CONSTANTS = _words("epsilon eps delta")
CONSTANT_LETTERS = _words("c C m a b")

FOR_EVERY = ("for all", "for every", "for each", "for any", "for arbitrary", "for a given", "for a fixed", "for given",
             "for fixed", "given any", "across all", "over all", "over every", "over each", "∀")  # fmt: skip
FOR_SOME = ("for at least one", "for some", "with at least one", "∃")
THERE_IS = ("there exists", "there exist", "there is", "there must exist", "there must be", "there should be",
            "there has to be", "there are")  # fmt: skip
SUCH_THAT = ("such that", "so that", "for which", "with", "where", "s.t.", "st")
KEY_WORDS = _words("j k K key keys")
QUERY_WORDS = _words("i q Q query queries")
_RANGED_WORDS = """x y n N D d R l m pair pairs input inputs vector vectors token tokens row rows index indices position
    positions possible given fixed value values query-key key-query qk combination combinations choice choices element
    elements the all every each any in real of arguments argument"""
RANGED = KEY_WORDS | QUERY_WORDS | _words(_RANGED_WORDS)
RANGED_SIGNS = frozenset({"<", "_", "^", "{", "}", "∈", "×", "[", "]", "...", "(", ")", "'", "≤", "="})

LABELS = ("the answer is", "answer", "conditions", "the condition is", "a sufficient condition is", "condition",
          "the requirement is", "requirement", "we need to ensure", "we must ensure", "we need to have", "we need",
          "we require", "we must have", "we want", "need", "require", "requires", "must have", "ensure", "it must hold",
          "it is required", "it is necessary", "it suffices", "it is sufficient", "the condition needed is",
          "the necessary condition is", "the sufficient condition is", "a condition is")  # fmt: skip
NO_CONDITION = ("none", "no condition", "no conditions", "nothing", "no condition needed", "no conditions needed",
                "no condition is needed", "no conditions are needed", "no requirement", "no requirements")  # fmt: skip
PURPOSES = ("so that", "so", "such that", "in order to", "in order that", "to ensure", "to guarantee", "to make sure",
            "to avoid", "to prevent", "to keep", "ensuring", "guaranteeing", "avoiding", "preventing", "which ensures",
            "which guarantees", "which means", "which implies", "which makes", "this ensures", "this guarantees",
            "this means", "this implies", "this makes", "this way", "because", "since", "as otherwise", "otherwise",
            "hence", "thus", "therefore", "then", "thereby", "⇒", "making")  # fmt: skip
PURPOSE_WORDS = _words(
    """then otherwise the a an denominator denominators sum sums summation is are be always zero nonzero non- zero
    positive reach reaches reaching become becomes becoming equal equals to output outputs v V V' remains remain
    stay stays finite well-defined defined division divide dividing by avoid avoids ensure ensures guarantee
    guarantees we will would could of in equation eq eqn for all any each every query queries key keys i j and it
    its this that so greater than strictly attention weight weights normalization undefined infinite infinity blow
    blows up explode explodes numerically stable must should have has nan result results formula fraction expression
    reason reasons as which also vanish vanishes there always"""
)
PURPOSE_SIGNS = _words("( ) _ ^ { } , . ' ≠ > = ∑ ∞ :")
PURPOSES_BEFORE = ("to ensure", "in order to", "in order for", "to guarantee", "to avoid", "to prevent", "to keep",
                   "to make sure", "for the denominator to", "for the output to")  # fmt: skip
EXAMPLES = ("e . g .", "e . g", "eg", "for example", "for instance", "such as", "like", "as in")
TAKING_BACK = frozenset(
    {"or", "and", "but", "not", "unless", "except", "if", "never", "no", "most", "mostly", "usually", "often"}
    | {"maybe", "perhaps", "probably", "possibly", "almost", "nearly", "generally", "typically", "could", "might"}
    | {"may", "some", "sometimes", "only", "at", "when", "where", "while", "though", "although"}
    | {"however", "instead", "than", "?"}
)
SAME_AGAIN = ("i . e .", "i . e", "ie", "that is", "in other words", "meaning that", "meaning", ":")
HARMLESS_PHRASES = ("sum of positive terms", "sum of positive numbers", "sum of positive values", "never divide",
                    "do not divide", "don't divide", "not divide", "not dividing", "never dividing")  # fmt: skip
MEETING = ("satisfy", "satisfies", "fulfil", "fulfill", "such that", "so that", "chosen such that", "chosen so that",
           "defined such that", "defined so that", "designed so that", "designed such that")  # fmt: skip
BEFORE_CONSTANTS = ("some", "some small", "a small", "some constant", "some small constant")
POSITIVE_CONSTANTS = ("a positive constant", "a positive number", "some positive constant", "positive constant")
MAPS = frozenset({"function", "map", "mapping"})
