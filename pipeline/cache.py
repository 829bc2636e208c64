"""The user's folder for compiled files, and how a file gets into it whole."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def cache_folder() -> Path:
    """Return the folder for compiled files: $CONFLICT_EVENTS_CACHE, else the user's cache, else a temporary one."""
    chosen = os.environ.get("CONFLICT_EVENTS_CACHE")
    folder = Path(chosen) if chosen else _user_cache() / "conflict-events"
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:  # a home that cannot be written to, as in some containers
        folder = Path(tempfile.gettempdir()) / "conflict-events"
        folder.mkdir(parents=True, exist_ok=True)
    return folder


def _user_cache() -> Path:
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", Path.home()))
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")


@contextmanager
def written_whole(path: Path) -> Iterator[Path]:
    """Give a file beside the path to write to, and move it there at the end: readers see nothing or all of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=f".{path.stem}-", dir=path.parent)
    os.close(handle)
    try:
        yield Path(name)
        os.chmod(name, 0o644)  # others may share the cache
        os.replace(name, path)
    finally:
        Path(name).unlink(missing_ok=True)
