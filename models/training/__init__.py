"""Training, export and evaluation of the language model in `models/conflict_en`."""

from pathlib import Path

CONFIG = Path(__file__).with_name("config.toml")
REPOSITORY = CONFIG.parents[2]
