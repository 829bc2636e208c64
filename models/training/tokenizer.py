"""spaCy's English tokenizer, brought closer to the words of the treebanks."""

from __future__ import annotations

from spacy.lang.char_classes import ALPHA, HYPHENS
from spacy.lang.en import English
from spacy.symbols import ORTH
from spacy.tokenizer import Tokenizer
from spacy.util import compile_infix_regex

# The treebanks part words at hyphens but keep these prefixes on: "pro-government", "ex-rebel".
KEPT_PREFIXES = (
    "anti", "co", "counter", "cross", "e", "ex", "mid", "multi", "neo", "non", "over", "post", "pre", "pro", "re",
    "semi", "sub", "un",
)  # fmt: skip
# Ranks and titles that end in a full stop: "killing Pfc. Rommel Dizon" is one sentence.
TITLES = (
    "Brgy", "Brig", "Capt", "Cmdr", "Col", "Cpl", "Engr", "Hon", "Insp", "Lt", "Maj", "Pfc", "Pte", "Pvt", "Sgt", "Spc",
    "SSgt", "Supt",
)  # fmt: skip


def make_tokenizer() -> Tokenizer:
    """Give an English tokenizer whose words look like those the model learns from."""
    nlp = English()
    at_hyphens = f"(?<=[{ALPHA}0-9])(?:{HYPHENS})(?=[{ALPHA}])"
    infixes = [infix for infix in nlp.Defaults.infixes if infix != at_hyphens]
    if len(infixes) == len(nlp.Defaults.infixes):
        raise ValueError("spaCy's infix for hyphens between letters has changed: adapt models/training/tokenizer.py")
    not_after_prefix = "".join(rf"(?<!\b[{prefix[0].upper()}{prefix[0]}]{prefix[1:]})" for prefix in KEPT_PREFIXES)
    infixes.append(f"(?<=[{ALPHA}0-9]){not_after_prefix}(?:{HYPHENS})(?=[{ALPHA}])")
    nlp.tokenizer.infix_finditer = compile_infix_regex(infixes).finditer
    for title in TITLES:
        nlp.tokenizer.add_special_case(f"{title}.", [{ORTH: f"{title}."}])
    return nlp.tokenizer
