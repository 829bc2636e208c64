"""Versions that are written into every table."""

__version__ = "0.1.0"
SCHEMA_VERSION = "1"
