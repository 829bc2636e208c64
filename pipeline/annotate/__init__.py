"""Annotate: who, where, when and how many, as components of a spaCy pipeline."""
