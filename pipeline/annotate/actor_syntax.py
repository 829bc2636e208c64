"""What the tags and the tree say about an actor phrase. Without them the answers are the cautious ones."""

from __future__ import annotations

from spacy.tokens import Doc, Token

from pipeline.annotate.actor_tables import word_classes
from pipeline.lexicon import word_set

POSSESSIVE = frozenset({"'s", "’s", "'", "’"})
HYPHENS = frozenset({"-", "‑", "–", "‐"})
OWNERS = frozenset({"its", "their", "his", "her", "our", "whose"})

_QUOTES = frozenset({'"', "“", "”", "'", "‘", "’"})
_NOUNS = frozenset({"NN", "NNS", "NNP", "NNPS"})
_VERBS = frozenset({"VB", "VBD", "VBP", "VBZ"})
_PREMODIFIERS = _NOUNS - {"NNPS"} | {"JJ", "JJR", "JJS", "CD", "VBN", "HYPH", "POS"}
# What one may announce and be an actor all the same: a claim of responsibility, a truce of one's own.
_DEEDS = frozenset({"responsibility", "ceasefire", "cease-fire", "truce", "curfew", "war", "withdrawal"})


class Syntax:
    """Questions about tokens and spans of one document; indices are token indices."""

    def __init__(self, doc: Doc) -> None:
        self.doc = doc
        self.parsed = doc.has_annotation("DEP")
        self.tagged = doc.has_annotation("TAG")

    def root(self, start: int, end: int) -> Token:
        """Return the head of a span."""
        return self.doc[end - 1] if end - start == 1 else self.doc[start:end].root

    def joins(self, start: int, end: int) -> bool:
        """Tell whether only hyphens, possessives and quotation marks stand between."""
        return all(self.doc[i].text in POSSESSIVE | HYPHENS | _QUOTES for i in range(start, end))

    def premodified(self, start: int, end: int) -> bool:
        """Tell whether only words that stand before a noun are between two parts of one noun phrase."""
        if not self.tagged or not all(self.premodifies(i) for i in range(start, end)):
            return False
        return not self.parsed or self._hangs_on(start - 1, end)

    def premodifies(self, index: int) -> bool:
        """Tell whether a word can stand before a noun; a violent verb between two actors is none ("troops shot X")."""
        token = self.doc[index]
        if token.tag_ == "VBN" and word_classes(token.lower_) & {"force", "attack"}:
            return False
        return token.tag_ in _PREMODIFIERS or token.text in HYPHENS

    def _hangs_on(self, earlier: int, later: int) -> bool:
        token, steps = self.doc[earlier], 0
        while token.head.i != token.i and steps < 4:
            token, steps = token.head, steps + 1
            if token.i >= later:
                return True
        return False

    def after_hyphen(self, index: int) -> str:
        """Return the word behind a hyphen at an index: the "backed" of "Iran-backed"."""
        hyphen = index + 1 < len(self.doc) and self.doc[index].text in HYPHENS
        return self.doc[index + 1].lower_ if hyphen else ""

    def first_word(self, index: int) -> int:
        """Return the first token from an index on that is neither hyphen nor possessive."""
        while index + 1 < len(self.doc) and self.doc[index].text in POSSESSIVE | HYPHENS:
            index += 1
        return index

    def describes(self, index: int) -> bool:
        """Tell whether a word is an adjective or participle ("the banned TTP")."""
        return self.doc[index].tag_ in ("JJ", "VBN") and self.doc[index].text.islower()

    def is_verb(self, start: int, end: int) -> bool:
        """Tell whether a single word is used as a verb ("troops fire")."""
        return end - start == 1 and self.doc[start].tag_ in _VERBS

    def is_plural_noun(self, index: int) -> bool:
        """Tell whether an adjective or people's name is used as a noun: "three Palestinians"."""
        token = self.doc[index]
        return token.tag_ in ("NNS", "NNPS") if self.tagged else token.lower_.endswith("s")

    def modifies_noun(self, after: int) -> bool:
        """Tell whether a noun follows directly: the "government" of "government building"."""
        if after >= len(self.doc) or self.doc[after].tag_ not in _NOUNS:
            return False
        return not self.parsed or self.doc[after - 1].dep_ in ("compound", "amod", "nmod:poss", "nmod")

    def follows_preposition(self, start: int) -> bool:
        """Tell whether a preposition stands directly before a phrase, without an article: "in front of"."""
        return start > 0 and self.doc[start - 1].tag_ == "IN"

    def demands(self, start: int, end: int) -> bool:
        """Tell whether a phrase is the subject of a demand: "demonstrators called for the governor to go"."""
        token = self.root(start, end)
        return token.dep_ == "nsubj" and "demand" in word_classes(token.head.lower_)

    def is_linked(self, index: int) -> bool:
        """Tell whether "of" or "from" follows: "members of the front"."""
        return index < len(self.doc) and self.doc[index].lower_ in ("of", "from", "belonging")

    def holds_liquid(self, start: int) -> bool:
        """Tell whether a common noun before it makes a tank no weapon: "a petrol tank", "water tanks"."""
        before = self.doc[start - 1] if start else None
        if before is None or self.doc[start].lemma_ != "tank":
            return False
        return before.tag_ == "NN" and before.dep_ == "compound"

    def is_owned(self, start: int) -> bool:
        """Tell whether a possessive pronoun stands before a phrase: "its drones", "their armed men"."""
        return any(token.lower_ in OWNERS for token in self.doc[max(0, start - 3) : start])

    def name_start(self, index: int, persons: bool = False) -> int:
        """Return the start of the proper name that stands directly before an index, or the index.

        persons (bool): It may be taken for a person's, as tribes' names are ("the Albu Muhammad").
        """
        start = index
        while start > 0 and self._names(self.doc[start - 1], persons):
            start -= 1
        while start < index and self.doc[start].text in HYPHENS:
            start += 1
        return start

    def name_end(self, index: int) -> int:
        """Return the end of the proper name that starts at an index, or the index."""
        end = index
        while end < len(self.doc) and (self.doc[end].tag_ in ("NNP", "NNPS") or self.doc[end].text in HYPHENS):
            end += 1
        return end

    def ends_name(self, start: int, end: int) -> bool:
        """Tell whether a noun ends a longer proper name: "World Health Organization"."""
        return self.doc[end - 1].text[:1].isupper() and self.name_start(start) < start

    def _names(self, token: Token, persons: bool = False) -> bool:
        if not self.tagged or (token.ent_type_ == "PERSON" and not persons) or "\n" in token.whitespace_:
            return False
        opens = token.is_sent_start or (token.i > 0 and token.nbor(-1).is_space)
        nominal = token.tag_ in _NOUNS or token.tag_ == "JJ"
        proper = token.text[:1].isupper() and nominal and not (opens and token.ent_type_ == "")
        ordinal = token.text[:1].isdigit() and token.tag_ in ("JJ", "CD", "NNP") and token.text[-1].isalpha()
        return proper or ordinal or token.text in HYPHENS or token.lower_ in ("al", "el")

    def attacks(self, index: int, kind: str = "force") -> bool:
        """Tell whether a noun is the active subject of a violent verb, the agent of one, or a side of a clash."""
        if not self.parsed:
            return False
        token = self.doc[index]
        token = token.head if token.dep_ == "conj" else token
        cases = {child.lower_ for child in token.children if child.dep_ == "case"}
        if "between" in cases:  # "clashes between Fulani herders and Berom farmers"
            return kind in word_classes(token.head.lemma_.lower())
        return (token.dep_ == "nsubj" or "by" in cases) and kind in word_classes(token.head.lower_)

    def suffers(self, index: int) -> bool:
        """Tell whether a noun is the target of a verb, or the owner of the target."""
        token = self.doc[index]
        if not self.parsed or token.dep_ in ("obj", "nsubj:pass", "nmod:poss"):
            return self.parsed
        of = token.dep_ == "nmod" and any(c.dep_ == "case" and c.lower_ == "of" for c in token.children)
        return of and token.head.dep_ in ("obj", "nsubj:pass", "obl")  # "the residences of three ministers"

    def only_speaks(self, start: int, end: int) -> bool:
        """Tell whether a phrase is only the source of a statement: subject of "said", or in "according to X"."""
        if not self.parsed:
            return False
        token = self.root(start, end)
        if any(child.dep_ == "case" and child.lower_ == "according" for child in token.children):
            return True
        token = first_conjunct(token)
        kinds = word_classes(token.head.lower_)
        if token.dep_ != "nsubj" or "say" not in kinds or "force" in kinds:
            return False
        if any(child.dep_ == "xcomp" for child in token.head.children):
            return False  # "settlers believed to be from Tapuach", "claims to have killed": they do, or undergo, more
        told = (word.lower_ for child in token.head.children if child.dep_ == "ccomp" for word in child.subtree)
        if not word_set("party_words.csv", "admitted").isdisjoint(told):
            return False  # "said that it was behind the assault"
        objects = [child.lower_ for child in token.head.children if child.dep_ == "obj"]
        claims = objects and token.head.lower_.startswith("claim")
        return not claims and not _DEEDS.intersection(objects)


def first_conjunct(token: Token) -> Token:
    """Return the first of coordinated words, whose role all share."""
    while token.dep_ == "conj" and token.head.i < token.i:
        token = token.head
    return token
