# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""The main job: four nodes, two real AI services, one finding that others can rely on."""

import datetime as dt
import secrets
import shutil
import threading
from pathlib import Path

from rich.console import Console

from comity.demo.cast import Cast, assembled, read_clock
from comity.demo.material import prepare
from comity.demo.reliance import tell_policies, tell_reliance
from comity.demo.rules import MARKETS, tell_link, tell_rules
from comity.demo.service import Service, registered
from comity.demo.standard import tell_standard
from comity.demo.tamper import tell_tampering
from comity.demo.teller import Teller
from comity.demo.trial import Trial, tell_trial
from comity.desk.law.duties import Inquiry, duties_of
from comity.desk.log.shelf import ViewShelf
from comity.desk.supply.dependence import dependence_of
from comity.errors import Conflict
from comity.law.determine import Determination
from comity.law.norm import Role

MARK = "this-is-a-comity-demo-run"


def tell(console: Console, folder: Path, *, on: dt.date, serves: bool) -> None:
    """Tell the whole story, then serve the register until interrupted, if asked to.

    Raises:
        Conflict: The folder holds something that no earlier run of this made.
    """
    _clear(folder)
    teller = Teller(console)
    teller.title("Comity: tested once, checkable everywhere.")
    teller.say(
        "All of it happens on this machine. The laws, the models and the questions are real; "
        "the four members are examples, and nothing here is legal advice."
    )
    teller.step("Four members, each with its own keys, log and folder")
    with assembled(folder) as cast:
        _tell_members(teller, cast)
        teller.step("Two real AI services, registered by the provider")
        with registered(cast, folder) as services:
            _tell_services(teller, services)
            _tell_dependence(teller, cast)
            _tell_all(teller, cast, services, on, folder)
        if serves:
            _serve(teller, cast)


def _tell_all(
    teller: Teller, cast: Cast, services: tuple[Service, ...], on: dt.date, folder: Path
) -> None:
    teller.step(f"Which rules bind them on {on.isoformat()}")
    determinations = [_determine(teller, service, on) for service in services]
    teller.step("Tested before deployment, with questions nobody could steer")
    tell_standard(teller, cast)
    tell_policies(teller, cast, tuple(service.script.bank for service in services))
    trials = [
        _try(teller, cast, service, determination)
        for service, determination in zip(services, determinations, strict=True)
    ]
    teller.step("Relied on without taking anybody's word")
    for trial in trials:
        tell_reliance(teller, cast, trial)
    for actor in cast.regulators:
        actor.node.record_seen(read_clock())
    cast.publish(*cast.everyone)
    teller.step("A copy with one flipped byte")
    for trial in trials:
        tell_tampering(teller, cast, trial, folder)


def _tell_members(teller: Teller, cast: Cast) -> None:
    cast.publish(*cast.everyone)
    teller.table(
        ("example member", "role", "id", "log", "http://"),
        [
            (actor.short, actor.part.role, actor.member[:8], actor.node.origin, actor.url[7:])
            for actor in cast.everyone
        ],
    )
    teller.say(
        "A checkpoint of a regulator's log counts only when both other regulators cosigned it."
    )


def _tell_services(teller: Teller, services: tuple[Service, ...]) -> None:
    for service in services:
        digest = service.identity.sha256.hex()[:16]
        teller.say(f"{service.name}: {service.identity.what}, sha256 {digest}…")


def _tell_dependence(teller: Teller, cast: Cast) -> None:
    for layer in dependence_of(ViewShelf(cast.khm.node.view())):
        shares = [f"{where} {float(share):.0%}" for where, share in layer.shares.items()]
        unknown = [f"not stated {float(layer.unknown):.0%}"] if layer.unknown else []
        teller.say(
            f"Where the suppliers of the layer {layer.layer} sit: "
            f"{', '.join([*shares, *unknown])}; concentration between "
            f"{float(layer.index.least):.2f} and {float(layer.index.most):.2f}, where 1 is a "
            "single jurisdiction.",
            style="dim",
        )


def _determine(teller: Teller, service: Service, on: dt.date) -> Determination:
    inquiry = Inquiry(markets=MARKETS, on=on, roles=(Role.PROVIDER,))
    determination = duties_of(service.profile, inquiry)
    tell_rules(teller, determination)
    return determination


def _try(teller: Teller, cast: Cast, service: Service, determination: Determination) -> Trial:
    teller.say("")
    teller.say(service.name, style="bold")
    with teller.working("filling the bank's sentences"):
        material = prepare(service.script.bank, secrets.token_hex(16))
    tell_link(teller, determination, material.claim.conducts)
    return tell_trial(teller, cast, service, material)


def _serve(teller: Teller, cast: Cast) -> None:
    teller.step(f"The register, as {cast.khm.short}'s node sees it")
    teller.say(f"{cast.khm.url} (Ctrl-C ends it)", style="bold")
    try:
        threading.Event().wait()
    except KeyboardInterrupt:
        teller.say("The four nodes stop; their folders stay.")


def _clear(folder: Path) -> None:
    if folder.exists() and any(folder.iterdir()):
        if not (folder / MARK).is_file():
            raise Conflict(
                f"{folder} is not empty and was not made by an earlier demonstration",
                code="demo.folder",
                hint="name another with --folder",
            )
        shutil.rmtree(folder)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / MARK).touch()
