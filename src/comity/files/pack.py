# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Packs and the vocabulary on disk: every Markdown file below a folder."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from comity.errors import Fault, InvalidDocument, NotFound
from comity.files.edition import is_edition, newest
from comity.law.block import MAX_CHARACTERS, Document

SHIPPED = Path(__file__).parents[1] / "packs"
"""The packs and the vocabulary that come with Comity."""

VOCABULARY = "vocabulary"


def documents_below(folder: Path, *, every_edition: bool = False) -> tuple[Document, ...]:
    """Read every Markdown file below a folder, named by its path from there.

    Args:
        every_edition: Whether earlier editions of a pack are read too, beside the newest.

    Raises:
        NotFound: No such folder.
        InvalidDocument: A file is not UTF-8, or too large to be a pack.
    """
    if not folder.is_dir():
        raise NotFound(f"no folder of packs at {folder}", code="files.no_packs")
    paths = sorted(path for path in folder.rglob("*.md") if path.is_file())
    documents = tuple(
        read_document(path, name=path.relative_to(folder).as_posix()) for path in paths
    )
    if every_edition or not is_edition(document.name for document in documents):
        return documents
    return newest(documents).documents


def read_document(path: Path, *, name: str = "") -> Document:
    """Read one file as a document of the pack language, not yet parsed.

    Raises:
        NotFound: No such file.
        InvalidDocument: It is not UTF-8, or too large to be a pack.
    """
    shown = name or str(path)
    try:
        if path.stat().st_size > 4 * MAX_CHARACTERS:
            raise _unreadable(shown, f"larger than {4 * MAX_CHARACTERS:,} bytes")
        return Document(name=shown, text=path.read_bytes().decode("utf-8"))
    except UnicodeDecodeError as error:
        raise _unreadable(shown, f"byte {error.start} is not UTF-8") from None
    except OSError as error:
        raise NotFound(f"cannot read {shown}: {error.strerror}", code="files.no_pack") from None


def is_vocabulary(document: Document) -> bool:
    """Tell whether a document below a folder of packs belongs to the vocabulary."""
    return document.name.startswith(f"{VOCABULARY}/")


def with_replaced(
    shipped: Sequence[Document], given: Iterable[Document]
) -> tuple[Document, ...]:
    """Return the documents, those of the same name replaced by the given ones."""
    by_name = {document.name: document for document in shipped}
    by_name.update((document.name, document) for document in given)
    return tuple(by_name.values())


def _unreadable(name: str, message: str) -> InvalidDocument:
    fault = Fault(message=message)
    return InvalidDocument(
        "not a readable pack", code="files.pack", source=name, faults=[fault]
    )
