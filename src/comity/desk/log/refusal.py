# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""What the desk refuses to do for a member, and how it says so."""

from comity.desk.log.shelf import Said, place_of
from comity.errors import Conflict, NotPermitted


def too_early(said: Said, message: str) -> Conflict:
    """Say that others have to act, or to be heard, first."""
    return Conflict(
        f"{place_of(said.reference)}: {message}",
        code="desk.too_early",
        hint="follow the others' logs and publish your own, then run this again",
    )


def too_late(said: Said, message: str) -> Conflict:
    """Say that the moment for this has passed, and the attempt with it."""
    return Conflict(
        f"{place_of(said.reference)}: {message}",
        code="desk.too_late",
        hint="the attempt is over and counts; for another test the provider applies again",
    )


def used_up(said: Said, message: str) -> Conflict:
    """Say that an application has served its one draw."""
    return Conflict(
        f"{place_of(said.reference)}: {message}",
        code="desk.planned",
        hint="one application serves one draw; for another test the provider applies again",
    )


def not_ours(said: Said, message: str) -> NotPermitted:
    """Say that the statement gives this member no part to play."""
    return NotPermitted(f"{place_of(said.reference)}: {message}", code="desk.not_a_party")


def practised(bank: Said) -> NotPermitted:
    """Say that a bank anyone may read tests nothing."""
    return NotPermitted(
        f"{place_of(bank.reference)}: this bank is for practice, and everyone may know it",
        code="desk.practice",
        hint="apply for and plan on the official bank of the same name",
    )
