# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""What is tested is the version registered, as far as anything can be compared."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import count
from pathlib import Path

import pytest
from aiohttp import web
from tests.fakes.federation import Federation, Stages, perfect
from tests.fakes.say import say
from tests.fakes.subject import Behaviour, Stub

from comity.assess.subjects.function import Function
from comity.assess.subjects.subject import GREETING
from comity.desk.assessment.identity import (
    Registered,
    Version,
    bind,
    compare,
    registered_of,
    version_of,
)
from comity.desk.log.shelf import ViewShelf, get
from comity.errors import InvalidDocument, NotPermitted, VerificationFailed
from comity.evidence.binding import Strength, binding_from
from comity.evidence.finding import finding_from_predicate
from comity.evidence.fingerprint import PROBES, fingerprint_from
from comity.files.service import Kind, Service, Weights
from comity.files.weights import METHOD, digest_of, manifest_of
from comity.kernel.digest import Digest, sha256
from comity.kernel.fields import Fields
from comity.kernel.reference import Reference

NOBODY = Function(call=str)


@pytest.fixture
def endpoint() -> Iterator[Stub]:
    """Run an endpoint that says of itself who it is."""
    found = Stub()
    found.behaviour = answering({})
    found.start()
    yield found
    found.stop()


def answering(other: dict[str, str], **itself: str) -> Behaviour:
    """Answer each question by its length, some otherwise."""

    async def answer(request: web.Request, prompt: str) -> web.StreamResponse:
        del request
        text = other.get(prompt, f"{len(prompt)} letters")
        said = {"model": "m-1", "system_fingerprint": "fp-1", **itself}
        return web.json_response({"out": [{"text": text}], **said})

    return answer


def as_registered(version: Version) -> Registered:
    """Return a version as its registration is read."""
    identity = version.identity
    printed = version.rest.get("fingerprint")
    fields = Fields(printed, faults=[])
    return Registered(
        method=identity.method,
        sha256=identity.sha256,
        fingerprint=None if printed is None else fingerprint_from(fields),
    )


def gguf(path: Path, content: bytes = b"weights") -> Service:
    """Return a service that loads a file."""
    path.write_bytes(content)
    return Service(kind=Kind.GGUF, folder=path.parent, file=path)


def served(endpoint: Stub) -> Service:
    """Return a service that is no more than an address."""
    return Service(kind=Kind.HTTP, folder=Path(), url=endpoint.url)


def test_a_file_that_is_loaded_is_bound_by_its_weights(tmp_path: Path) -> None:
    """The tester's own engine loads the very bytes that were counted."""
    service = gguf(tmp_path / "m.gguf")
    version = version_of(service, NOBODY)

    binding = compare(as_registered(version), NOBODY, service)

    assert version.identity.method == "model-signing/1"
    assert version.identity.sha256 == manifest_of(tmp_path / "m.gguf").root
    assert binding.strength is Strength.WEIGHTS
    assert binding.seen == version.identity.sha256


def test_a_changed_byte_is_refused_by_name(tmp_path: Path) -> None:
    """A finding about one version is not about the other."""
    registered = as_registered(version_of(gguf(tmp_path / "m.gguf"), NOBODY))
    changed = gguf(tmp_path / "m.gguf", b"weightz")

    with pytest.raises(VerificationFailed, match="not the version registered") as refused:
        compare(registered, NOBODY, changed)

    assert registered.sha256.hex() in str(refused.value)
    assert refused.value.code == "desk.identity"


def test_a_registration_of_before_is_compared_too(tmp_path: Path) -> None:
    """`weights/1` was registered before manifests were known."""
    service = gguf(tmp_path / "m.gguf")
    registered = Registered(method=METHOD, sha256=digest_of([service.file]))

    assert compare(registered, NOBODY, service).strength is Strength.WEIGHTS


def test_weights_that_are_only_named_bind_less(tmp_path: Path) -> None:
    """That a program uses the files beside it is what its maker says."""
    (tmp_path / "m").mkdir()
    (tmp_path / "m" / "a.bin").write_bytes(b"a")
    service = Service(
        kind=Kind.PROCESS,
        folder=tmp_path,
        command=("serve",),
        weights=Weights(files=(tmp_path / "m",)),
    )

    binding = compare(as_registered(version_of(service, NOBODY)), NOBODY, service)

    assert binding.strength is Strength.DECLARED


def test_weights_that_are_not_what_is_loaded_bind_less(tmp_path: Path) -> None:
    """The file that was counted and the one that answers may be two."""
    loaded = gguf(tmp_path / "m.gguf")
    gguf(tmp_path / "other.gguf", b"other")
    service = replace(loaded, weights=Weights(files=(tmp_path / "other.gguf",)))

    binding = compare(as_registered(version_of(service, NOBODY)), NOBODY, service)

    assert binding.strength is Strength.DECLARED


def test_several_files_are_no_manifest(tmp_path: Path) -> None:
    """A manifest is of one folder; which one is for its maker to say."""
    service = replace(gguf(tmp_path / "m.gguf"), weights=Weights(files=(Path("a"), Path("b"))))

    with pytest.raises(InvalidDocument, match="one folder or one file"):
        version_of(service, NOBODY)


def test_an_endpoint_is_bound_by_its_fingerprint(endpoint: Stub) -> None:
    """Address, name, what it says of itself and its answers to public probes."""
    version = version_of(served(endpoint), endpoint.endpoint)

    binding = compare(as_registered(version), endpoint.endpoint, None)

    printed = as_registered(version).fingerprint
    assert printed is not None
    assert printed.digest == version.identity.sha256
    assert printed.reported == {"model": "m-1", "system_fingerprint": "fp-1"}
    assert set(printed.answers) == set(range(len(PROBES)))
    assert printed.tolerance == len(PROBES) // 4
    assert binding.strength is Strength.ENDPOINT
    assert "12 public probes, of which 3 may be others" in binding.compared[0]


def test_as_many_probes_as_stated_may_be_answered_otherwise(endpoint: Stub) -> None:
    """Another processor changes a few answers; another model changes more."""
    registered = as_registered(version_of(served(endpoint), endpoint.endpoint))
    endpoint.behaviour = answering(dict.fromkeys(PROBES[1:4], "otherwise"))

    assert compare(registered, endpoint.endpoint, None).strength is Strength.ENDPOINT

    endpoint.behaviour = answering(dict.fromkeys(PROBES[1:5], "otherwise"))
    with pytest.raises(VerificationFailed, match="4 of 12 probes are answered otherwise"):
        compare(registered, endpoint.endpoint, None)


def test_every_difference_is_named(endpoint: Stub) -> None:
    """A provider that forgot one thing should see all of them."""
    registered = as_registered(version_of(served(endpoint), endpoint.endpoint))
    endpoint.behaviour = answering({}, system_fingerprint="fp-2")
    elsewhere = replace(
        endpoint.endpoint,
        request={"text": "{prompt}", "more": "{messages}"},
        system="You are another.",
    )
    printed = registered.fingerprint
    assert printed is not None
    moved = replace(printed, url="http://elsewhere/ask")
    registered = replace(registered, fingerprint=moved, sha256=moved.digest)

    with pytest.raises(VerificationFailed) as refused:
        compare(registered, elsewhere, None)

    for words in ("registered is http://elsewhere", "system message is another", "fp-2"):
        assert words in str(refused.value)


def test_what_is_answered_in_two_ways_is_no_probe(endpoint: Stub) -> None:
    """A service that rolls dice is bound by its names only."""
    numbers = count()

    async def wavers(request: web.Request, prompt: str) -> web.StreamResponse:
        text = "hello" if prompt == GREETING else f"answer {next(numbers)}"
        return await answering({prompt: text})(request, prompt)

    endpoint.behaviour = wavers
    version = version_of(served(endpoint), endpoint.endpoint, tolerance=0)

    binding = compare(as_registered(version), endpoint.endpoint, None)

    printed = as_registered(version).fingerprint
    assert printed is not None
    assert set(printed.answers) == {0}
    assert binding.strength is Strength.ENDPOINT


def test_without_probes_only_the_name_binds(endpoint: Stub) -> None:
    """Two versions behind one address look alike then, and the strength says so."""
    version = version_of(served(endpoint), endpoint.endpoint)
    printed = as_registered(version).fingerprint
    assert printed is not None
    bare = replace(printed, answers={}, tolerance=0)
    registered = Registered(method="endpoint/1", sha256=bare.digest, fingerprint=bare)

    assert compare(registered, endpoint.endpoint, None).strength is Strength.NAME


def test_a_fingerprint_that_is_not_the_registered_digest_is_refused(endpoint: Stub) -> None:
    """The digest is what plans and findings are about; the text beside it must be its own."""
    registered = as_registered(version_of(served(endpoint), endpoint.endpoint))
    forged = replace(registered, sha256=sha256(b"another"))

    with pytest.raises(VerificationFailed, match="not the one its digest is of"):
        compare(forged, endpoint.endpoint, None)


@pytest.mark.parametrize(
    "method", ["image/1", "weights/1", "endpoint/1", "weights-and-engine/1"]
)
def test_what_cannot_be_compared_is_said_to_be_unbound(method: str) -> None:
    """Silence would read as a proof."""
    registered = Registered(method=method, sha256=sha256(b"v"))

    assert compare(registered, NOBODY, None).strength is Strength.NONE


def test_a_finding_says_the_weakest_of_what_its_runs_were_bound_by(
    revealed: Federation, stages: Stages, tmp_path: Path
) -> None:
    """A test that was resumed against something else is no better than its worst hour."""
    plan = stages.planned.plan
    said = get(ViewShelf(revealed.kh.view()), plan, "plan")

    binding = bind(revealed.kh, said, NOBODY, None)
    bind(revealed.kh, said, NOBODY, gguf(tmp_path / "m.gguf"))
    finding = revealed.test(plan, perfect())

    found = get(ViewShelf(revealed.br.view()), finding, "finding")
    extra = finding_from_predicate(found.statement.predicate).extra
    assert binding_from(Fields(extra["identity"], faults=[])) == binding
    assert binding.strength is Strength.NONE


def test_a_finding_of_a_run_that_compared_nothing_is_as_before(
    tested: Federation, stages: Stages
) -> None:
    """Old findings have the same bytes, and say nothing of it."""
    finding = stages.tested.finding
    assert finding is not None
    found = get(ViewShelf(tested.br.view()), finding, "finding")

    assert finding_from_predicate(found.statement.predicate).extra == {}


def test_only_the_tester_compares(revealed: Federation, stages: Stages) -> None:
    """Nobody probes a service on account of another's plan."""
    said = get(ViewShelf(revealed.br.view()), stages.planned.plan, "plan")

    with pytest.raises(NotPermitted, match="another tester's plan"):
        bind(revealed.br, said, NOBODY, None)


def test_a_registration_is_read_from_the_log(planned: Federation) -> None:
    """Its fields come back as they were said."""
    digest = Digest(sha256(b"image"))
    identity = {"method": "image/1", "sha256": digest.hex(), "what": "an image"}
    reference: Reference = say(
        planned.maker, "system", {"identity": identity}, subject=digest, now=planned.now()
    )

    said = get(ViewShelf(planned.maker.view()), reference, "system")

    assert registered_of(said) == Registered(method="image/1", sha256=digest)


def test_a_registration_of_another_form_binds_nothing(planned: Federation) -> None:
    """Other members' statements may be newer, or wrong; neither stops a test."""
    reference = say(
        planned.maker, "system", {"identity": 7}, subject=sha256(b"v"), now=planned.now()
    )

    said = get(ViewShelf(planned.maker.view()), reference, "system")

    assert registered_of(said).method == "unknown"
    assert isinstance(compare(registered_of(said), NOBODY, None).strength, Strength)
