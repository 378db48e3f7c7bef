# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Where a system stands with its duties: what binds it, and what its people say of each."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from comity.desk.law.duties import Inquiry, duties_of, load_profile
from comity.errors import Fault, InvalidDocument, NotFound
from comity.files.status import Keeping, State, read_status, status_path, status_text
from comity.files.text import write_whole
from comity.kernel.truth import Truth
from comity.law.cursor import near_miss
from comity.law.determine import Determination, Ruling, Status


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty:
    """One duty and what is kept about it.

    Args:
        ruling: None where the norm no longer binds, or is gone from the packs.
        is_late: Whether its deadline has passed and nobody says that it is met.
    """

    keeping: Keeping
    ruling: Ruling | None
    is_late: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Every duty of a system, and where they are kept.

    Args:
        open_questions: Binding norms of which it cannot be told whether they apply.
    """

    path: Path
    determination: Determination
    duties: tuple[Duty, ...]
    open_questions: int

    def of(self, state: State) -> tuple[Duty, ...]:
        """Return the duties that still bind, or will, in one state."""
        return tuple(
            duty for duty in self.duties if duty.ruling and duty.keeping.state is state
        )

    @property
    def gone(self) -> tuple[Duty, ...]:
        """Return the duties kept here that bind no longer."""
        return tuple(duty for duty in self.duties if duty.ruling is None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """What somebody says of one duty; None leaves what is kept.

    Args:
        role: "" where the norm binds in one role only.
    """

    norm: str
    role: str = ""
    state: State | None = None
    owner: str | None = None
    deadline: dt.date | None = None
    evidence: tuple[str, ...] = ()
    note: str | None = None


def standing_of(profile: Path, inquiry: Inquiry, word: Word | None = None) -> Standing:
    """Determine the duties, join what is kept about them, and keep it.

    Raises:
        InvalidDocument: A fault in the profile or the status file, or *word* says "met"
            without evidence.
        NotFound: *word* names a duty that does not bind this system.
        StorageFailed: The disk refused; what was kept stands.
    """
    path = status_path(profile)
    determination = duties_of(load_profile(profile), inquiry)
    held = {one.key: one for one in (read_status(path) if path.exists() else ())}
    binding = {_key(ruling): ruling for ruling in _binding(determination)}
    for key, ruling in binding.items():
        held.setdefault(key, _new(ruling, inquiry.on))
    if word is not None:
        said = _said(word, held, binding)
        held[said.key] = said
    text = status_text(held.values())
    if not path.exists() or path.read_text("utf-8") != text:
        write_whole(path, text, "status")
    return Standing(
        path=path,
        determination=determination,
        duties=tuple(
            Duty(keeping=one, ruling=binding.get(key), is_late=_is_late(one, binding.get(key),
                                                                        inquiry.on))
            for key, one in held.items()
        ),
        open_questions=len({
            ruling.norm.name for ruling in determination.rulings
            if ruling.is_binding and ruling.truth is Truth.UNDETERMINED
            and ruling.status is not Status.ENDED
        }),
    )  # fmt: skip


def _binding(determination: Determination) -> Iterable[Ruling]:
    """Yield what binds now or surely will: only duties and bans, not permissions."""
    for ruling in determination.rulings:
        coming = ruling.status is Status.NOT_YET_IN_FORCE and ruling.truth is Truth.TRUE
        bound = ruling.status is Status.APPLIES or coming
        asks = any(each.modality.value.startswith("must") for each in ruling.norm.demands)
        if bound and asks and ruling.is_binding:
            yield ruling


def _key(ruling: Ruling) -> tuple[str, str, str]:
    role = "" if ruling.role is None else ruling.role.value
    return ruling.norm.name, ruling.market, role


def _new(ruling: Ruling, today: dt.date) -> Keeping:
    norm, market, role = _key(ruling)
    begins = ruling.norm.valid_from
    coming = ruling.status is Status.NOT_YET_IN_FORCE
    return Keeping(
        norm=norm, market=market, role=role, since=today,
        deadline=begins if coming else None,
    )  # fmt: skip


def _is_late(keeping: Keeping, ruling: Ruling | None, today: dt.date) -> bool:
    if ruling is None or keeping.state in {State.MET, State.NOT_OURS}:
        return False
    return keeping.deadline is not None and keeping.deadline < today


def _said(
    word: Word,
    held: Mapping[tuple[str, str, str], Keeping],
    binding: Mapping[tuple[str, str, str], Ruling],
) -> Keeping:
    keys = [key for key in held if key[0] == word.norm and word.role in {"", key[2]}]
    if not keys:
        near = near_miss(word.norm, {key[0] for key in binding})
        raise NotFound(
            f"{word.norm!r} is no duty of this system here",
            code="desk.no_duty",
            hint=f"did you mean {near!r}?" if near else "`comity status` lists its duties",
        )
    if len(keys) > 1:
        roles = ", ".join(key[2] for key in keys)
        raise InvalidDocument(
            f"{word.norm} binds in several roles: {roles}", code="desk.which_role",
            hint="say which with --role",
        )  # fmt: skip
    kept = held[keys[0]]
    said = replace(
        kept,
        state=word.state or kept.state,
        owner=kept.owner if word.owner is None else word.owner,
        deadline=word.deadline or kept.deadline,
        evidence=tuple(dict.fromkeys((*kept.evidence, *word.evidence))),
        note=kept.note if word.note is None else word.note,
    )
    _refuse_unfounded(said)
    return said


def _refuse_unfounded(said: Keeping) -> None:
    faults = []
    if said.state is State.MET and not said.evidence:
        faults.append(Fault(message="nothing is named that shows it: --evidence report.pdf"))
    if said.state is State.NOT_OURS and not said.note.strip():
        faults.append(Fault(message="nothing says why: --note"))
    if faults:
        raise InvalidDocument(
            f"{said.norm} cannot be {said.state.value}", code="desk.unfounded", faults=faults
        )


def late_first(duties: Sequence[Duty]) -> list[Duty]:
    """Return duties in the order they press: late ones, then by deadline, market and norm."""
    never = dt.date.max
    return sorted(
        duties,
        key=lambda duty: (
            not duty.is_late, duty.keeping.deadline or never, duty.keeping.market,
            duty.keeping.norm,
        ),
    )  # fmt: skip
