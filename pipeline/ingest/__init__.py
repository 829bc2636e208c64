"""Ingest: read any format, split, clean and date."""
