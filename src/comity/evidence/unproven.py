# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""What another harness reported: testimony, never evidence that a claim could rest on.

Nothing of it can be derived again: the sample was not drawn in public, nobody knows what was
left out, and the rule for stopping is not known. It is stated so that a reader sees it for
what it is, and no recognition counts it.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from comity.kernel.canonical import Json
from comity.kernel.digest import Digest
from comity.kernel.fields import Fields
from comity.kernel.instant import Instant, to_rfc3339


@dataclass(frozen=True, slots=True, kw_only=True)
class Reported:
    """One figure of a report.

    Args:
        value: As it is written there.
        samples: How many answers it is of; None where the report does not say.
    """

    task: str
    metric: str
    value: str
    samples: int | None

    def to_json(self) -> dict[str, Json]:
        """Write the figure as a JSON object."""
        return {
            "task": self.task, "metric": self.metric, "value": self.value,
            "samples": self.samples,
        }  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Unproven:
    """A report of another harness.

    Args:
        issued: When, by the issuer's clock.
        tool: Its name.
        version: Of the tool; "" where the report does not say.
        model: What was tested, as the report calls it.
        sampling: How questions were chosen, as far as the report says.
        source: Digest of the report's bytes.
        extra: Fields this version does not know.
    """

    issued: Instant
    tool: str
    version: str
    model: str
    sampling: str
    figures: tuple[Reported, ...]
    source: Digest
    extra: dict[str, Json] = field(default_factory=dict)

    def to_predicate(self) -> dict[str, Json]:
        """Write the statement's predicate."""
        return {
            **self.extra,
            "issued": to_rfc3339(self.issued),
            "tool": self.tool,
            "version": self.version,
            "model": self.model,
            "sampling": self.sampling,
            "figures": [figure.to_json() for figure in self.figures],
            "source": self.source.hex(),
            "proven": False,
        }


def unproven_from_predicate(predicate: Json) -> Unproven:
    """Read an unproven report's predicate.

    Raises:
        InvalidDocument: With every fault and its field; one that says it is proven among them.
    """
    fields = Fields(predicate, faults=[])
    if fields.flag("proven"):
        fields.fault("proven", "is true: a report of another harness proves nothing here")
    found = Unproven(
        issued=fields.instant("issued"),
        tool=fields.text("tool"),
        version=fields.text("version", empty=True),
        model=fields.text("model", empty=True),
        sampling=fields.text("sampling", empty=True),
        figures=tuple(_figures(fields.rows("figures"))),
        source=fields.digest("source"),
        extra=fields.rest(),
    )
    fields.finish("not an unproven report", code="evidence.statement")
    return found


def _figures(rows: Iterable[Fields]) -> Iterable[Reported]:
    for row in rows:
        yield Reported(
            task=row.text("task"), metric=row.text("metric"), value=row.text("value"),
            samples=row.nullable("samples", row.integer),
        )  # fmt: skip
