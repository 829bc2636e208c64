"""Bytes to text: UTF-8, what a byte order mark says, else what charset-normalizer recognises."""

from __future__ import annotations

import codecs

from charset_normalizer import from_bytes

from pipeline.ingest.articles import IngestError

SAMPLE = 256 * 1024
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# Encodings that news is found in. With all to choose from, English with a few curly quotes is taken for Turkish or DOS.
_LIKELY = ["cp1252", "utf_16_le", "utf_16_be", "cp1256", "cp1251", "cp1255", "gb18030", "mac_roman"]


def encoding_of(data: bytes) -> str:
    """Return the name of the encoding of a text. Raises IngestError for binary data and for what is not recognised."""
    for mark, name in _MARKS:
        if data.startswith(mark):
            return name
    if b"\x00" in data[:SAMPLE] and not _wide(data):
        raise IngestError("binary file" if _looks_binary(data) else "holds NUL bytes")
    try:
        codecs.getincrementaldecoder("utf-8")().decode(data[:SAMPLE], final=len(data) <= SAMPLE)
        return "utf-8"
    except UnicodeDecodeError:
        pass
    if _looks_binary(data):
        raise IngestError("binary file")
    best = from_bytes(data[:SAMPLE], cp_isolation=_LIKELY).best()
    if best is None:
        raise IngestError("encoding not recognised")
    return best.encoding


def decode(data: bytes) -> str:
    """Return the text of bytes. Raises IngestError as `encoding_of` does, and where some bytes do not fit."""
    name = encoding_of(data)
    try:
        return data.decode(name)
    except UnicodeDecodeError as error:
        raise IngestError(f"not {name} throughout: byte {error.start}") from None


def repair(text: str) -> str:
    """Return text that was read as UTF-8 with `surrogateescape`, its strange bytes decoded. Raises IngestError."""
    if text.isascii() or not any("\udc80" <= c <= "\udcff" for c in text):
        return text
    return decode(text.encode("utf-8", "surrogateescape"))


def _looks_binary(data: bytes) -> bool:
    sample = data[:8192]
    control = sum(1 for b in sample if b < 9 or 13 < b < 27 or 27 < b < 32)
    return control > 0.02 * len(sample)


def _wide(data: bytes) -> bool:
    """Whether NUL bytes stand at every other place, as in UTF-16 without a mark."""
    sample = data[:2048]
    return max(sample[::2].count(0), sample[1::2].count(0)) > 0.35 * len(sample)
