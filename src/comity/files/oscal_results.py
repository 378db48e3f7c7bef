# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""A determination as OSCAL assessment results, for tools that read NIST's formats.

Each ruling is an observation. There are no findings: OSCAL's say "satisfied" or "not
satisfied", and a determination says what binds, not who complies. Identifiers follow from
digests, so that one determination has one set of them.

Source:
    NIST OSCAL 1.2.1, assessment-results model; checked with compliance-trestle in tests.
"""

import json
from collections.abc import Iterable, Iterator
from uuid import UUID, uuid5

from comity import __version__
from comity.kernel.canonical import Json
from comity.kernel.digest import sha256
from comity.kernel.instant import Instant, to_rfc3339
from comity.law.determine import Determination, Ruling, Status
from comity.law.norm import Grounds
from comity.law.pack import Pack
from comity.law.phrase import demand_in_words, in_words

OSCAL_VERSION = "1.2.1"
NAMESPACE = "urn:comity:determination"
_ROOT = uuid5(UUID(int=0), NAMESPACE)


def to_oscal_results(determination: Determination, *, now: Instant) -> Json:
    """Write a determination as an OSCAL assessment-results document.

    Args:
        now: When it was made; part of the document, not of its identifiers.
    """
    writer = _Writer(determination, to_rfc3339(now))
    return {"assessment-results": writer.document()}


class _Writer:
    def __init__(self, determination: Determination, now: str) -> None:
        self.determination = determination
        self.now = now
        said = json.dumps(determination.to_json(), sort_keys=True, ensure_ascii=False)
        self.root = uuid5(_ROOT, sha256(said.encode()).hex())

    def document(self) -> Json:
        """Write the whole document."""
        system = self._system()
        version = self.determination.library.digest.hex()
        return {
            "uuid": str(self.root),
            "metadata": {
                "title": f"What binds {system} on {self.determination.on}",
                "last-modified": self.now,
                "version": version[:16],
                "oscal-version": OSCAL_VERSION,
                "remarks": "An encoding of law, not legal advice. What nobody answered is "
                "never taken for no.",
            },
            "import-ap": {
                "href": f"#{self._id('question')}",
                "remarks": "There is no assessment plan: the question itself stands in the "
                "back matter.",
            },
            "results": [self._result(system)],
            "back-matter": {"resources": [self._question(system), *self._packs()]},
        }

    def _system(self) -> str:
        profile = self.determination.profile
        name = profile.name.in_language("en").strip() or profile.system
        return " ".join(f"{name} {profile.version}".split())

    def _id(self, *parts: str) -> str:
        return str(uuid5(self.root, "\n".join(parts)))

    def _result(self, system: str) -> Json:
        profile, platform = self.determination.profile, self._id("platform")
        component: Json = {
            "uuid": self._id("system"),
            "type": "software",
            "title": system,
            "description": profile.purpose.in_language("en").strip() or system,
            "props": _props([("system", profile.system), ("version", profile.version)]),
            "status": {"state": "other"},
        }
        tool: Json = {
            "uuid": platform,
            "title": "Comity",
            "props": _props([("version", __version__)]),
        }
        norms = sorted({ruling.norm.name for ruling in self.determination.rulings})
        chosen: Json = {"description": "No pack is held, so all of none.", "include-all": {}}
        if norms:
            named: list[Json] = [{"control-id": name} for name in norms]
            chosen = {"description": "The norms ruled on.", "include-controls": named}
        observations = [self._observation(ruling) for ruling in self.determination.rulings]
        return {
            "uuid": self._id("result"),
            "title": f"Determination for {', '.join(self.determination.markets)}",
            "description": self._says(),
            "start": self.now,
            "props": _props(self._dates()),
            "local-definitions": {
                "components": [component],
                "assessment-assets": {"assessment-platforms": [tool]},
            },
            "reviewed-controls": {"control-selections": [chosen]},
            **({"observations": observations} if observations else {}),
        }

    def _says(self) -> str:
        rulings = self.determination.rulings
        counts = dict.fromkeys(Status, 0)
        for ruling in rulings:
            counts[ruling.status] += 1
        said = ", ".join(f"{count} {status.value}" for status, count in counts.items())
        return f"{len(rulings)} rulings: {said}. A ruling says what binds, not who complies."

    def _dates(self) -> Iterator[tuple[str, str]]:
        situation, library = self.determination.situation, self.determination.library
        yield "law-in-force-on", situation.on.isoformat()
        yield "facts-as-of", situation.facts_on.isoformat()
        yield "known-on", "" if library.known_on is None else library.known_on.isoformat()
        yield "library-sha256", library.digest.hex()
        for market in self.determination.without_pack:
            yield "market-without-pack", market
        for pack in library.unrecorded:
            if pack.market in self.determination.markets:
                yield "pack-not-yet-recorded", pack.name

    def _observation(self, ruling: Ruling) -> Json:
        norm = ruling.norm
        role = "not stated" if ruling.role is None else ruling.role.value
        name = (ruling.market, role, norm.name)
        return {
            "uuid": self._id("ruling", *name),
            "title": " ".join(norm.title.in_language("en").split()) or norm.name,
            "description": f"{norm.name} {ruling.status.value} ({ruling.market}, {role})",
            "props": _props(self._of_ruling(ruling, role)),
            "methods": ["EXAMINE"],
            "origins": [
                {
                    "actors": [
                        {"type": "assessment-platform", "actor-uuid": self._id("platform")}
                    ]
                },
            ],
            "subjects": [{"subject-uuid": self._id("system"), "type": "component"}],
            "collected": self.now,
            "remarks": "\n".join(self._reasons(ruling)),
        }

    def _actor(self) -> Json:
        return {"type": "assessment-platform", "actor-uuid": self._id("platform")}

    def _of_ruling(self, ruling: Ruling, role: str) -> Iterator[tuple[str, str]]:
        norm = ruling.norm
        researched = "considered" if norm.exceptions_researched else "nobody researched them"
        yield "control-id", norm.name
        yield "status", ruling.status.value
        yield "force", ruling.pack.status.value
        yield "market", ruling.market
        yield "role", role
        yield "pack", ruling.pack.name
        yield from _grounds(norm.grounds)
        yield "from", "" if norm.valid_from is None else norm.valid_from.isoformat()
        yield "until", "" if norm.valid_until is None else norm.valid_until.isoformat()
        yield "exceptions", researched
        yield from (("unsettled-fact", fact) for fact in ruling.unsettled)
        yield from (("gap", gap.name) for gap in ruling.gaps)

    def _reasons(self, ruling: Ruling) -> Iterator[str]:
        conducts = self.determination.library.vocabulary.conducts
        for demand in ruling.norm.demands:
            asked = demand_in_words(demand.constraint, conducts[demand.constraint.conduct])
            yield f"{demand.modality.value}: {asked}"
        if ruling.norm.asks is not None:
            yield f"asks: {ruling.norm.asks.in_language('en')}"
        for clause in ruling.decided_by:
            yield f"because {in_words(clause.atom)}: {clause.truth.value}"
        for proviso in ruling.provisos:
            yield f"unless {in_words(proviso.condition)}: {proviso.truth.value}"
        for gap in ruling.gaps:
            yield f"gap {gap.name}: {gap.says.in_language('en')}"

    def _question(self, system: str) -> Json:
        roles = ["not stated" if r is None else r.value for r in self.determination.roles]
        markets = ", ".join(self.determination.markets)
        return {
            "uuid": self._id("question"),
            "title": "The question",
            "description": f"What binds {system} in {markets} on {self.determination.on}, as "
            f"{', '.join(roles)}?",
        }

    def _packs(self) -> Iterator[Json]:
        for pack in self.determination.library.packs:
            if pack.market in self.determination.markets:
                yield self._pack(pack)

    def _pack(self, pack: Pack) -> Json:
        facts = [
            ("pack", pack.name), ("market", pack.market), ("force", pack.status.value),
            ("version", pack.version.isoformat()), ("sha256", pack.digest.hex()),
        ]  # fmt: skip
        return {
            "uuid": self._id("pack", pack.name),
            "title": " ".join(pack.title.in_language("en").split()) or pack.name,
            "props": _props(facts),
        }


def _grounds(grounds: Grounds) -> Iterator[tuple[str, str]]:
    yield "cite", grounds.cite
    yield "basis", "" if grounds.basis is None else grounds.basis.value
    yield "source", grounds.source


def _props(named: Iterable[tuple[str, str]]) -> list[Json]:
    """Write properties; one without a value is left out, as OSCAL has no empty ones."""
    return [
        {"name": name, "ns": NAMESPACE, "value": " ".join(value.split())}
        for name, value in named
        if value.strip()
    ]
