# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Holding a draft text against a pack: proposals, and what an analyst made of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from comity.errors import Conflict, InvalidDocument, NotFound
from comity.files.encoder import sentence_encoder
from comity.files.library import shipped_library
from comity.files.mapping import Line, MappingFile, mapping_text, read_mapping
from comity.files.text import read_text, write_whole
from comity.kernel.digest import sha256
from comity.law.align import Proposal, Provision, align, provisions_of
from comity.law.cursor import near_miss
from comity.law.norm import Norm
from comity.law.pack import Library, Pack


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What is held against what.

    Args:
        pack: Name of a pack, such as "soft.gaigi".
        language: Of the draft.
        most: Proposals per provision.
        with_encoder: Whether the sentence encoder ranks beside the words.
    """

    draft: Path
    pack: str
    language: str = "en"
    most: int = 3
    with_encoder: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Alignment:
    """Proposals, and what has a confirmed mapping.

    Args:
        open_provisions: Provisions of the draft that no confirmed line names.
        open_norms: Norms of the pack that no confirmed line names: the gaps.
    """

    pack: Pack
    provisions: tuple[Provision, ...]
    proposals: tuple[Proposal, ...]
    mapping: MappingFile
    open_provisions: tuple[Provision, ...]
    open_norms: tuple[Norm, ...]


def align_draft(request: Request, mapping: Path | None = None) -> Alignment:
    """Propose norms for each provision; keep what an analyst has said in the mapping file.

    Raises:
        NotFound: No such draft or pack, or no encoder where one is asked for.
        InvalidDocument: The mapping file has faults, or the draft holds no provision.
        Conflict: The mapping file is of another pack.
        StorageFailed: The disk refused; the mapping file stands as it was.
    """
    library = shipped_library()
    pack = pack_named(request.pack, library)
    text = read_text(request.draft, "draft")
    provisions = provisions_of(text)
    if not provisions:
        raise InvalidDocument("the draft holds no paragraph of prose", code="desk.empty_draft")
    encoder = sentence_encoder() if request.with_encoder else None
    proposals = align(
        provisions, pack, library,
        language=request.language, most=request.most, encoder=encoder,
    )  # fmt: skip
    said = _said(mapping, pack)
    kept = {(line.provision, line.norm) for line in said}
    file = MappingFile(
        draft=sha256(text.encode()).hex(),
        pack=pack.name,
        against=pack.digest.hex(),
        lines=(*said, *(line for line in map(_line, proposals)
                        if (line.provision, line.norm) not in kept)),
    )  # fmt: skip
    if mapping is not None:
        write_whole(mapping, mapping_text(file), "mapping")
    return Alignment(
        pack=pack, provisions=provisions, proposals=proposals, mapping=file,
        open_provisions=_unmapped_provisions(provisions, said),
        open_norms=_unmapped_norms(pack, said),
    )  # fmt: skip


def pack_named(name: str, library: Library) -> Pack:
    """Return a pack by its name.

    Raises:
        NotFound: No pack is called that; the hint is its near miss.
    """
    packs = {pack.name: pack for pack in library.packs}
    if name in packs:
        return packs[name]
    near = near_miss(name, packs)
    hint = f"did you mean {near!r}?" if near else "`comity pack check` lists the packs"
    raise NotFound(f"no pack is named {name!r}", code="desk.no_such_pack", hint=hint)


def _said(path: Path | None, pack: Pack) -> tuple[Line, ...]:
    """Return the lines on which an analyst has spoken."""
    if path is None or not path.exists():
        return ()
    held = read_mapping(path)
    if held.pack != pack.name:
        raise Conflict(
            f"{path} maps a draft to {held.pack}, not to {pack.name}",
            code="desk.other_mapping",
            hint="choose another file for --out",
        )
    return tuple(line for line in held.lines if line.status != "proposed")


def _line(proposal: Proposal) -> Line:
    return Line(
        provision=proposal.provision.label,
        norm=proposal.norm,
        words=proposal.words,
        meaning=proposal.meaning,
    )


def _unmapped_provisions(
    provisions: Sequence[Provision], said: Sequence[Line]
) -> tuple[Provision, ...]:
    named = {line.provision for line in said if line.status == "confirmed"}
    return tuple(each for each in provisions if each.label not in named)


def _unmapped_norms(pack: Pack, said: Sequence[Line]) -> tuple[Norm, ...]:
    named = {line.norm for line in said if line.status == "confirmed"}
    return tuple(norm for norm in pack.norms if norm.name not in named)
