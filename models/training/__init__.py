"""Training, export and evaluation of the language model in `models/conflict_en`."""
