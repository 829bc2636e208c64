"""Articles in HTML pages and web archives: text and title by trafilatura, the date by htmldate, without the network."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed

from pipeline.ingest.articles import Article, Failure, IngestError
from pipeline.ingest.encoding import decode

LARGEST_PAGE = 20_000_000  # bytes
SHORTEST_STORY = 80  # characters of running text below which a page holds no article
MOST_CAPTIONS = 12
_CHARSET = re.compile(rb"""<meta[^>]{0,200}charset\s*=\s*["']?\s*([\w-]{2,20})""", re.IGNORECASE)


def read_page(
    data: bytes, path: str, *, url: str | None = None, file_name: str = "", charset: str = ""
) -> Article | Failure:
    """Return the article of an HTML page. `charset` is what the server said of its encoding."""
    try:
        return _article(_decode(data, charset), path, url, file_name)
    except IngestError as error:
        return Failure(path, str(error))


def read_warc(stream: BinaryIO, path: str) -> Iterator[Article | Failure]:
    """Yield the article of each HTML page of a web archive; pictures, scripts and error pages are no inputs."""
    pages = 0
    try:
        for number, record in enumerate(ArchiveIterator(stream), 1):
            if not _is_page(record):
                continue
            pages += 1
            data = record.content_stream().read(LARGEST_PAGE + 1)
            url = record.rec_headers.get_header("WARC-Target-URI")
            place = f"{path}#{number}"
            if len(data) > LARGEST_PAGE:
                yield Failure(place, f"page larger than {LARGEST_PAGE:,} bytes")
                continue
            kind = record.http_headers.get_header("Content-Type") or ""
            yield read_page(data, place, url=url, charset=kind.partition("charset=")[2].strip(" \"';"))
    except ArchiveLoadFailed as error:
        raise IngestError(f"broken web archive: {error}") from None
    if not pages:
        raise IngestError("web archive without an HTML page")


def _is_page(record: object) -> bool:
    headers = getattr(record, "http_headers", None)
    if getattr(record, "rec_type", None) != "response" or headers is None:
        return False
    kind = (headers.get_header("Content-Type") or "").casefold()
    return "html" in kind and headers.get_statuscode() == "200"


def _decode(data: bytes, charset: str) -> str:
    """Decode a page as UTF-8 if it is that, else as the server or the page itself says, else as recognised."""
    declared = _CHARSET.search(data[:4096])
    for name in ("utf-8", charset, declared[1].decode("ascii") if declared else ""):
        try:
            if name:
                return data.decode(name).removeprefix("\ufeff")
        except (UnicodeDecodeError, LookupError):
            continue
    return decode(data)


def _article(html: str, path: str, url: str | None, file_name: str) -> Article | Failure:
    # Imported here: it takes a second, and most runs read no web page.
    from htmldate import find_date
    from trafilatura import bare_extraction
    from trafilatura.utils import load_html

    tree = load_html(html)
    if tree is None:
        return Failure(path, "no HTML page")
    # Without these, htmldate would guess from the text, and refuse what lies ahead of this machine's clock.
    dates = {"extensive_search": False, "original_date": True, "max_date": "2100-01-01"}
    found = bare_extraction(html, url=url, with_metadata=True, include_comments=False, date_extraction_params=dates)
    text = (found.text or "") if found else ""  # type: ignore[union-attr]
    if len(text) < SHORTEST_STORY or not re.search(r"[.!?]", text):
        return Failure(path, "no article in the page")
    return Article(
        path,
        _paragraphs(text),
        title=found.title,  # type: ignore[union-attr]
        published=find_date(html, url=url, **dates),  # type: ignore[arg-type]
        source=found.sitename or found.hostname,  # type: ignore[union-attr]
        url=found.url or url,  # type: ignore[union-attr]
        captions=_captions(tree),
        file_name=file_name,
    )


def _paragraphs(text: str) -> str:
    """Part the paragraphs, which trafilatura gives one a line, by blank lines; lists and tables stay together."""
    return re.sub(r"\n(?![-|] )", "\n\n", re.sub(r"\n+", "\n", text))


def _captions(tree: object) -> tuple[str, ...]:
    """The captions of the pictures within the longest article element; trafilatura leaves them out."""
    holders = tree.xpath("//article | //main")  # type: ignore[attr-defined]
    if not holders:
        return ()
    article = max(holders, key=lambda element: len(element.text_content()))
    texts = [" ".join(c.text_content().split()) for c in article.xpath(".//figcaption")]
    return tuple(dict.fromkeys(text for text in texts if len(text) > 20))[:MOST_CAPTIONS]
