# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""The site over HTTP: addresses, languages, entity tags, headers, errors."""

import gzip
import json
import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient
from tests.fakes.world import World, system_predicate
from tests.fakes.world import build as build_world

from comity.api.app import build as build_api
from comity.desk.register.lookout import Lookout
from comity.errors import Conflict, NotFound
from comity.kernel.digest import sha256
from comity.kernel.instant import from_rfc3339
from comity.kernel.reference import Reference
from comity.node.node import Node
from comity.web.app import build, create_app
from comity.web.language import TAGS
from comity.web.render import load_renderer
from comity.web.site import Site

NOW = from_rfc3339("2026-11-21T19:19:24Z")
KEY = '"><script>alert(1)</script><img src=x onerror=alert(1)>{{ 7 * 7 }}'
HOSTILE = f"{KEY}\u202e gnp.exe \x07"

_NAMES = ("Autoridade de IA", "Singapore AI Test Centre")


@pytest.fixture(scope="module")
def world() -> World:
    """Return a federation nobody changes."""
    return build_world()


def client_of(world: World) -> TestClient:
    """Return a client of the site of a federation."""
    site = Site(lookout=Lookout(world.view), renderer=load_renderer())
    return TestClient(build(site), follow_redirects=False)


@pytest.fixture(scope="module")
def client(world: World) -> Iterator[TestClient]:
    """Return a client of the site."""
    with client_of(world) as client:
        yield client


@pytest.fixture(scope="module")
def paths(world: World) -> list[str]:
    """Return one address of each kind of page, language left out."""
    system, finding = world.translator.hex(), world.finding.sha256.hex()
    return [
        "",
        "?q=relief&market=EU",
        f"systems/{system}",
        f"systems/{system}/duties?market=CHN",
        f"findings/{finding}",
        f"findings/{finding}?category=shelter",
        "members",
        f"members/{world.sgp.member}",
        f"statements/{world.finding.log}/{world.finding.index}",
        "determine",
        "determine?market=EU&market=CHN&on=2026-11-21&role=provider&fact.generates=text",
    ]


@pytest.mark.parametrize("tag", TAGS)
def test_every_page_answers_in_every_language_without_a_script(
    client: TestClient, paths: list[str], tag: str
) -> None:
    """Nothing on a public page needs a script, so nothing may carry one."""
    for path in paths:
        answer = client.get(f"/{tag}/{path}")

        assert answer.status_code == 200, path
        assert "<script" not in answer.text
        assert " style=" not in answer.text
        assert " on" + "click" not in answer.text
        assert answer.headers["content-language"] == tag
        assert answer.text.count("<h1") == 1


@pytest.mark.parametrize("tag", TAGS)
def test_every_page_is_light(client: TestClient, paths: list[str], tag: str) -> None:
    """15 KB gzipped, stylesheet included: a slow line is no reason to know less."""
    sheet = client.get("/static/comity.css").content
    for path in paths:
        page = client.get(f"/{tag}/{path}").content

        assert len(gzip.compress(page)) + len(gzip.compress(sheet)) <= 15_000, path


def test_pages_are_compressed_where_the_reader_can_read_that(client: TestClient) -> None:
    """The budget counts compressed bytes, so they must be sent compressed."""
    assert client.get("/en/").headers["content-encoding"] == "gzip"
    plain = client.get("/en/", headers={"accept-encoding": "identity"})
    assert "content-encoding" not in plain.headers


def test_an_unchanged_page_is_not_sent_again(client: TestClient) -> None:
    """An entity tag covers the state of the ledger, the language and the query."""
    first = client.get("/en/members")
    again = client.get("/en/members", headers={"if-none-match": first.headers["etag"]})
    other = [client.get(path).headers["etag"] for path in ("/zh/members", "/en/members?page=2")]

    assert again.status_code == 304
    assert not again.content
    assert len({first.headers["etag"], *other}) == 3


def test_a_grown_log_changes_the_entity_tag() -> None:
    """A cached page must not outlive what it shows."""
    world = build_world()
    with client_of(world) as client:
        before = client.get("/en/members").headers["etag"]
        world.say(world.bra, "seen", {"checkpoints": []})
        after = client.get("/en/members", headers={"if-none-match": before})

    assert after.status_code == 200
    assert after.headers["etag"] != before


@pytest.mark.parametrize(
    "path", ["/en/", "/en/nothing", "/static/comity.css", "/", "/en/index.json"]
)
def test_every_answer_forbids_what_a_page_never_does(client: TestClient, path: str) -> None:
    """Should anything slip through escaping, the browser still runs nothing."""
    headers = client.get(path).headers

    assert "default-src 'none'" in headers["content-security-policy"]
    assert "script" not in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"


@pytest.mark.parametrize(
    ("path", "header", "expected"),
    [
        ("/", "ar, en;q=0.5", "/ar/"),
        ("/", "fr", "/en/"),
        ("/members?page=2", "zh", "/zh/members?page=2"),
        ("/findings/abc.json", "", "/en/findings/abc.json"),
        ("/determine", "ar", "/ar/determine"),
    ],
)
def test_an_address_without_a_language_gets_the_readers(
    client: TestClient, path: str, header: str, expected: str
) -> None:
    """An address can be cited without choosing the language of who reads it."""
    answer = client.get(path, headers={"accept-language": header})

    assert answer.status_code == 302
    assert answer.headers["location"] == expected
    assert answer.headers["vary"] == "Accept-Language"


@pytest.mark.parametrize(
    "path", ["/%2Fevil.example/", "/evil", "/secret", "/fr/", "/en/systems"]
)
def test_an_address_we_do_not_have_leads_nowhere(client: TestClient, path: str) -> None:
    """A redirect never leaves the site."""
    answer = client.get(path)

    assert answer.status_code == 404
    assert "location" not in answer.headers
    assert "This node holds nothing" in answer.text


@pytest.mark.parametrize("tag", TAGS)
def test_a_missing_page_is_a_page_in_the_same_style(client: TestClient, tag: str) -> None:
    """Whoever mistypes an address keeps the language and the way back."""
    for path in (f"/{tag}/findings/{'0' * 64}", f"/{tag}/no-such-page"):
        answer = client.get(path)

        assert answer.status_code == 404
        assert f'lang="{ {"zh": "zh-Hans"}.get(tag, tag) }"' in answer.text
        assert f'href="/{tag}/"' in answer.text


def test_a_missing_page_as_json_is_a_problem_document(client: TestClient) -> None:
    """RFC 9457: programs read the code, people the sentence."""
    answer = client.get(f"/en/findings/{'0' * 64}.json")

    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["code"] == "desk.no_finding"


@pytest.mark.parametrize(
    "query", ["on=soon", "market=EU&on=2026-99-99", "market=Atlantis", "market=EU&role=emperor"]
)
def test_a_form_with_faults_comes_back_with_a_summary_of_them(
    client: TestClient, query: str
) -> None:
    """422, the faults first, each leading to its field, nothing typed lost."""
    for answer in (
        client.get(f"/en/determine?{query}"),
        client.post("/en/determine", content=query),
    ):
        assert answer.status_code == 422
        assert "There is a problem" in answer.text
        assert 'role="alert"' in answer.text
        assert "etag" not in answer.headers


def test_answers_that_contradict_each_other_are_said_to(client: TestClient) -> None:
    """Inconsistent is another thing than unknown."""
    query = "market=EU&on=2026-11-21&fact.deep_fake=yes"
    answer = client.get(f"/en/determine?{query}&fact.generates=text")

    assert answer.status_code == 422
    assert "axiom" in answer.text


def test_posting_and_asking_by_address_give_the_same_answer(client: TestClient) -> None:
    """A long form may be posted, a short one cited; the law is the same."""
    query = "market=VNM&on=2026-11-21&role=provider&fact.generates=text"
    asked, posted = (
        client.get(f"/en/determine.json?{query}"),
        client.post("/en/determine.json", content=query),
    )

    assert asked.json() == posted.json()
    assert asked.json()["duties"]["markets"][0]["market"] == "VNM"


def test_a_form_too_large_is_refused(client: TestClient) -> None:
    """Nobody fills in 64 KiB by hand."""
    answer = client.post("/en/determine", content="a=" + "b" * 70_000)

    assert answer.status_code == 413
    assert "Too much at once" in answer.text


@pytest.mark.parametrize("query", ["page=-1", "page=999999999999", "page=x", "q=" + "a" * 5000])
def test_any_query_gets_a_page(client: TestClient, query: str) -> None:
    """A list asked for nonsense shows its nearest page."""
    assert client.get(f"/en/?{query}").status_code == 200


def test_a_day_that_is_none_is_named(client: TestClient, world: World) -> None:
    """The fault is the address's, not the node's."""
    assert client.get(f"/en/systems/{world.translator.hex()}?on=x").status_code == 422


def hostile_world() -> tuple[World, str]:
    """Return a federation in which one member logs whatever might hurt a reader."""
    world = build_world()
    version = sha256(b"hostile")
    world.say(
        world.provider,
        "system",
        system_predicate(
            name={"en": HOSTILE + "x" * 9000, KEY: HOSTILE},
            purpose={"en": "y" * 9000},
            version=HOSTILE,
            markets=["EU"],
            identity={"method": HOSTILE, "sha256": version.hex(), "what": HOSTILE},
            facts={KEY: HOSTILE, "generates": [HOSTILE], "deep": {"er": [[HOSTILE]]}},
            materials=[{"layer": HOSTILE, "name": HOSTILE}],
        ),
        version,
    )
    entry = world.ledger.find(world.recognition)
    assert entry is not None
    assert entry.statement is not None
    reason = {"name": HOSTILE, "decision": "declined", "reason": HOSTILE}
    said = {**entry.statement.predicate, "reasons": [HOSTILE], "categories": [reason]}
    world.say(world.sgp, "recognition", said, world.translator)
    world.say(world.sgp, f"https://x.example/{HOSTILE}", {"a": HOSTILE * 200})
    world.ledger.add(world.sgp.member, None, HOSTILE.encode() * 300)
    return world, version.hex()


@pytest.mark.parametrize("tag", TAGS)
def test_a_hostile_statement_is_shown_harmlessly(tag: str) -> None:
    """Any member may log anything; a reader of the register must be safe from it."""
    world, version = hostile_world()
    log = next(log for log in world.ledger.logs if log.member == world.sgp.member)
    last = [f"statements/singapore.example/log/{log.size - back}" for back in (1, 2, 3)]
    paths = ["", f"systems/{version}", f"findings/{world.finding.sha256.hex()}", "members"]
    with client_of(world) as client:
        for path in (*paths, f"members/{world.sgp.member}", *last):
            answer = client.get(f"/{tag}/{path}")

            assert answer.status_code == 200
            assert "<script" not in answer.text
            assert "<img" not in answer.text
            assert "\u202e" not in answer.text
            assert "49 gnp" not in answer.text.replace("⟨U+202E⟩", "")
            assert len(gzip.compress(answer.content)) <= 12_000


def test_a_member_may_say_anything_and_the_json_carries_it_whole() -> None:
    """JSON is for programs: nothing is cut or renamed there."""
    world, version = hostile_world()
    with client_of(world) as client:
        found = json.loads(client.get(f"/en/systems/{version}.json").content)

    assert found["row"]["name"][KEY] == HOSTILE


def test_what_too_few_witnesses_saw_is_marked_where_it_stands(
    client: TestClient, world: World
) -> None:
    """Nobody should have to open a detail to learn that an answer does not count yet."""
    page = client.get(f"/en/systems/{world.translator.hex()}").text
    headings = [part.split("</h3>")[0] for part in page.split("<h3>")[1:]]
    marked = {
        name: "unwitnessed" in text for text in headings for name in _NAMES if name in text
    }

    assert marked == {"Autoridade de IA": False, "Singapore AI Test Centre": True}


def test_a_finding_is_taken_home_as_one_file(world: World) -> None:
    """The dossier is what an offline check starts from; its name says what it is."""
    finding = world.finding.sha256.hex()

    def put_together(reference: Reference) -> bytes:
        if reference != world.finding:
            raise NotFound("a part is not here", code="desk.bundle", hint="ask its tester")
        return b"{}"

    site = Site(lookout=Lookout(world.view), renderer=load_renderer(), dossiers=put_together)
    with TestClient(build(site)) as client:
        taken = client.get(f"/dossiers/{finding}.json")
        missing = client.get(f"/dossiers/{'0' * 64}.json")
        page = client.get(f"/en/findings/{finding}")

    assert taken.content == b"{}"
    assert f"finding-{finding[:12]}.dossier.json" in taken.headers["content-disposition"]
    assert missing.status_code == 404
    assert f'href="/dossiers/{finding}.json"' in page.text
    assert "comity verify http://testserver<" in page.text


def test_a_dossier_that_cannot_be_put_together_says_why(world: World) -> None:
    """A statement not yet cosigned is a reason to wait, not a broken page."""

    def not_yet(_reference: Reference) -> bytes:
        raise Conflict("not yet cosigned", code="desk.dossier", hint="try again later")

    site = Site(lookout=Lookout(world.view), renderer=load_renderer(), dossiers=not_yet)
    with TestClient(build(site)) as client:
        answer = client.get(f"/dossiers/{world.finding.sha256.hex()}.json")

    assert answer.status_code == 409
    assert "Try again later" in answer.text
    assert "not yet cosigned" in answer.text


def test_a_failing_page_says_whose_fault_it_is(world: World) -> None:
    """500 is a page, too, and tells no secret."""

    def broken() -> object:
        raise RuntimeError("the secret is swordfish")

    site = Site(lookout=Lookout(broken), renderer=load_renderer())  # type: ignore[arg-type] # broken on purpose
    with TestClient(build(site), raise_server_exceptions=False) as client:
        answer = client.get("/zh/members")

    assert answer.status_code == 500
    assert "swordfish" not in answer.text
    assert "zh-Hans" in answer.text
    assert world.khm.name not in answer.text


def test_a_nodes_site_serves_its_log_beside_its_pages(tmp_path: Path) -> None:
    """One address: bytes for nodes, pages for people, JSON for programs."""
    dice = random.Random(5)  # noqa: S311 - the same keys on every run
    node = Node.create(
        tmp_path / "kh",
        name="Khmer AI Office",
        role="regulator",
        jurisdiction="KHM",
        origin="kh.example/log",
        passphrase="example",  # noqa: S106 - an example node in a test
        now=NOW,
        entropy=dice.randbytes,
        example=True,
    )
    api = build_api(Lookout(build_world().view))
    try:
        with TestClient(create_app(node, api=api, clock=lambda: NOW)) as client:
            assert client.get("/checkpoint").text.startswith("kh.example/log\n")
            assert "Khmer AI Office" in client.get("/en/members").text
            assert client.get("/api/openapi.json").json()["openapi"].startswith("3.")
            assert "default-src" in client.get("/checkpoint").headers["content-security-policy"]
    finally:
        node.close()
