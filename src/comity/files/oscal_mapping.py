# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Relations between norms as an OSCAL control mapping, for tools that read NIST's formats.

Each relation is a map between two norms, its rationale "formal": computed, not judged.
Relationships are those of NIST IR 8477. Identifiers follow from the norms' digests, so
that the same norms give the same document, its date aside.

Source:
    NIST OSCAL 1.2.1, mapping model; checked with compliance-trestle in tests.
"""

from collections.abc import Sequence
from uuid import UUID, uuid5

from comity.files.oscal_results import OSCAL_VERSION
from comity.kernel.canonical import Json
from comity.kernel.instant import Instant, to_rfc3339
from comity.law.norm import Norm
from comity.law.pack import Library, Pack
from comity.law.prove.bound import Side
from comity.law.prove.relation import Lie, Relation

NAMESPACE = "urn:comity:mapping"
_ROOT = uuid5(UUID(int=0), NAMESPACE)
_RELATIONSHIPS = {
    Lie.EQUAL: "equal-to",
    Lie.SUBSET: "subset-of",
    Lie.SUPERSET: "superset-of",
    Lie.INTERSECTS: "intersects-with",
    Lie.NONE: "no-relationship",
}


def to_oscal_mapping(
    sides: Sequence[Side], relations: Sequence[Relation], library: Library, *, now: Instant
) -> Json:
    """Write relations as an OSCAL mapping collection; what is undecided is left out.

    Args:
        now: When it was made; part of the document, not of its identifiers.
    """
    decided = [each for each in relations if each.whole is not Lie.UNDECIDED]
    names = [side.name for side in sides]
    root = uuid5(_ROOT, "\n".join([library.digest.hex(), *names]))
    resources = {pack.name: pack for side in sides for pack in side.packs}
    return {
        "mapping-collection": {
            "uuid": str(root),
            "metadata": {
                "title": f"How the norms of {names[0]} lie to those of {names[-1]}",
                "last-modified": to_rfc3339(now),
                "version": library.digest.hex()[:16],
                "oscal-version": OSCAL_VERSION,
                "remarks": "Computed from an encoding of law; not legal advice.",
            },
            "provenance": _provenance(len(relations) - len(decided)),
            "mappings": [
                _mapping(root, pair, [r for r in decided if _packs(r) == pair], resources)
                for pair in dict.fromkeys(map(_packs, decided))
            ],
            "back-matter": {
                "resources": [_resource(root, pack) for pack in resources.values()]
            },
        }
    }


def _provenance(undecided: int) -> Json:
    left_out = f" {undecided} pairs were not decided in time." if undecided else ""
    return {
        "method": "automation",
        "matching-rationale": "formal",
        "status": "complete",
        "confidence-score": {"percentage": 1},
        "mapping-description": (
            "Formal: each relationship is proven of the encoded norms, territory and dates "
            "left aside. A source is a subset of a target where whoever does what the target "
            f"asks has done what the source asks, wherever the source binds.{left_out}"
        ),
    }


def _mapping(
    root: UUID,
    pair: tuple[str, str],
    relations: Sequence[Relation],
    resources: dict[str, Pack],
) -> Json:
    source, target = (resources[name] for name in pair)
    return {
        "uuid": str(uuid5(root, "\n".join(pair))),
        "matching-rationale": "formal",
        "source-resource": _reference(root, source),
        "target-resource": _reference(root, target),
        "maps": [_map(root, relation) for relation in relations],
    }


def _map(root: UUID, relation: Relation) -> Json:
    first, second = relation.first[1], relation.second[1]
    digests = f"{first.meaning.hex()}\n{second.meaning.hex()}"
    return {
        "uuid": str(uuid5(root, digests)),
        "matching-rationale": "formal",
        "relationship": _RELATIONSHIPS[relation.whole],
        "sources": [_item(first)],
        "targets": [_item(second)],
        "props": [
            _prop("trigger", relation.trigger.value),
            _prop("demand", relation.demand.value),
            *(_prop("conduct", name) for name in relation.conducts),
        ],
        "remarks": "The demands cannot both be met." if relation.clash else
                   "One conduct can meet both demands.",
    }  # fmt: skip


def _item(norm: Norm) -> Json:
    return {
        "type": "control",
        "id-ref": norm.name,
        "props": [_prop("meaning-sha256", norm.meaning.hex())],
        "remarks": f"{norm.title.in_language('en')} ({norm.grounds.cite})",
    }


def _reference(root: UUID, pack: Pack) -> Json:
    return {"type": "catalog", "href": f"#{_id(root, pack)}"}


def _resource(root: UUID, pack: Pack) -> Json:
    return {
        "uuid": str(_id(root, pack)),
        "title": pack.title.in_language("en"),
        "description": f"Pack {pack.name}, version {pack.version}, {pack.status.value}",
        "props": [_prop("sha256", pack.digest.hex())],
    }


def _id(root: UUID, pack: Pack) -> UUID:
    return uuid5(root, pack.digest.hex())


def _packs(relation: Relation) -> tuple[str, str]:
    return relation.first[0].name, relation.second[0].name


def _prop(name: str, value: str) -> Json:
    return {"name": name, "ns": NAMESPACE, "value": value}
