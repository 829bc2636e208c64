"""The whole spaCy pipeline: the shipped language model with the project's components behind it."""

from __future__ import annotations

import gc

import spacy
from spacy.language import Language

# Importing the modules registers their factories, also where the package's entry points are not installed.
from pipeline.annotate import actors, counts, dates, language_model, places, triggers  # noqa: F401
from pipeline.knowledge import model_path

COMPONENTS = ("conflict_dates", "conflict_places", "conflict_actors", "conflict_counts", "conflict_triggers")


def load(model: str | None = None) -> Language:
    """Return the spaCy pipeline; `nlp(text).spans` holds actors, places, dates, counts, weapons and triggers.

    model (str): Another spaCy pipeline (name or path) for syntax and names; UD labels are expected.
    Raises OSError when the model cannot be found.
    """
    nlp = spacy.load(model or model_path())
    for name in COMPONENTS:
        if name not in nlp.pipe_names:
            nlp.add_pipe(name)
    gc.freeze()  # the tables stay as long as the process: the collector need not walk them again with every text
    return nlp
