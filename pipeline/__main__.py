"""`python -m pipeline` is the `conflict-events` command."""

from pipeline.cli import main

main()
