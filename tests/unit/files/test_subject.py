# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""One file form for every kind of service; its faults are found all at once, at their place."""

from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.errors import InvalidDocument, NotFound
from comity.files.service import KINDS, KINDS_OF, NEEDED, Kind
from comity.files.subject import read_subject, subject_from_toml

HTTP = """\
kind = "http"
url = "http://127.0.0.1:8081/translate"
answer = "translation"
[request]
text = "{prompt}"
"""

ONE_OF_EACH = {
    Kind.CHAT: 'url = "http://h/v1"\nmodel = "m"\nsystem = "Be brief."',
    Kind.COMPLETIONS: 'url = "http://h/v1"\nmodel = "m"\n[conversation]\nuser = "U: {text}"\n'
    'assistant = "A: {text}"\nsystem = "S: {text}"\nbegin = "A:"',
    Kind.HTTP: 'url = "http://h/v1"\nanswer = "a.0"\n[request]\nq = "{prompt}"\nt = 0.5',
    Kind.FUNCTION: 'call = "my_module:answer"\nfolder = "code"',
    Kind.PROCESS: 'command = ["python3", "a.py"]\nenv = ["MODE"]\nfresh = true',
    Kind.GGUF: 'file = "m.gguf"\nthreads = 1',
    Kind.TRANSFORMERS: 'path = "model"\npython = "venv/bin/python"\nprocesses = 2',
    Kind.INSPECT: '[inspect]\nmodel = "m"',
}


@pytest.mark.parametrize("kind", Kind)
def test_every_kind_is_described_by_a_file(kind: Kind) -> None:
    """A tester learns one form, whatever is tested."""
    found = subject_from_toml(f'kind = "{kind.value}"\n{ONE_OF_EACH[kind]}')

    assert found.kind is kind


def test_paths_are_relative_to_the_file(tmp_path: Path) -> None:
    """A folder with the file and the weights can be handed on."""
    (tmp_path / "service.toml").write_text(
        'kind = "gguf"\nfile = "m.gguf"\n[identity]\nweights = ["m.gguf"]\n'
        'signature = "m.sig"\npublic_key = "k.pem"'
    )

    found = read_subject(tmp_path / "service.toml")

    assert found.file == tmp_path / "m.gguf"
    assert found.weights.files == (tmp_path / "m.gguf",)
    assert found.weights.signature == tmp_path / "m.sig"


def test_an_interpreter_on_the_path_is_left_to_the_path() -> None:
    """`python3.12` is no file beside the service's."""
    assert subject_from_toml('kind="transformers"\npath="m"\npython="python3"').python == (
        "python3"
    )


def test_the_request_may_hold_numbers_with_a_point() -> None:
    """Endpoints take temperatures; what is sent is never signed."""
    found = subject_from_toml(HTTP + "temperature = 0.5\ntop = 1\n")

    assert found.request == {"text": "{prompt}", "temperature": 0.5, "top": 1}


FAULTS = [
    ('kind = "http"', "", (None, None), "kind is missing", None),
    ('kind = "http"', 'kind = "htpp"', (1, 1), "'htpp' is no kind", "http"),
    ("url =", "ulr =", (2, 1), "a service has no field 'ulr'", "url"),
    ('answer = "translation"', "", (1, 1), "kind http needs answer", None),
    ('answer = "translation"', 'answer = "a..b"', (3, 1), "answer is not a path", None),
    ("http://127.0.0.1:8081/translate", "ftp://h", (2, 1), "url is not like http://", None),
    ("http://127.0.0.1:8081/translate", "http://me:pw@h/", (2, 1), "credential_env", None),
    ("http://127.0.0.1:8081/translate", "http://h:99999", (2, 1), "url is not like", None),
    ('text = "{prompt}"', 'text = "?"', (4, 1), "request has no {prompt}", None),
    ('text = "{prompt}"', 't = "{prompt}"\nd = 2020-01-01', (6, 1), "no form in JSON", None),
    ('text = "{prompt}"', 't = "{prompt}"\nd = nan', (6, 1), "no form in JSON", None),
    ('answer = "translation"', 'answer = "a"\nsystem = "s"', (4, 1), "system has no", None),
    ('answer = "translation"', 'answer = "a"\ncall = "a:b"', (4, 1), "not for kind http", None),
    ('answer = "translation"', 'answer = "a"\nwidth = 0', (4, 1), "from 1 to 256", None),
    ('answer = "translation"', 'answer = "a"\nwidth = "9"', (4, 1), "from 1 to 256", None),
    ('answer = "translation"', 'answer = "a"\nname = ""', (4, 1), "name is no text", None),
    (
        'answer = "translation"',
        'answer = "a"\ncredential_env = "my key"',
        (4, 1),
        "name of an environment variable",
        None,
    ),
    ("[request]", '[headers]\n"a b" = "c"\n[request]', (5, 1), "the name of a header", None),
    ("[request]", '[headers]\na = "b\\nc"\n[request]', (5, 1), "no text of one line", None),
    ("[request]", '[identity]\nweight = ["a"]\n[request]', (5, 1), "no field", "weights"),
    ("[request]", '[identity]\nsignature = "a"\n[request]', (4, 1), "stand together", None),
    ("[request]", "[identity]\nweights = []\n[request]", (5, 1), "no list of texts", None),
    ("[request]", '[conversation]\nuser = "{text}"\n[request]', (4, 1), "has no begin", None),
    ("[request]", '[conversation]\nusr = "a"\n[request]', (5, 1), "has no 'usr'", "user"),
    ("[request]", '[conversation]\nuser = "a"\n[request]', (5, 1), "has no {text}", None),
    ("[request]", "[conversation]\nuser = 1\n[request]", (5, 1), "user is no text", None),
    ("[request]", "conversation = 1\n[request]", (4, 1), "no table", None),
]


@pytest.mark.parametrize(("old", "new", "place", "words", "near"), FAULTS)
def test_a_fault_is_told_at_its_place(
    old: str, new: str, place: tuple[int | None, int | None], words: str, near: str | None
) -> None:
    """Whoever wrote the file should see at once what to change."""
    assert old in HTTP
    with pytest.raises(InvalidDocument) as caught:
        subject_from_toml(HTTP.replace(old, new))

    (fault,) = [one for one in caught.value.faults if words in one.message]
    assert (fault.line, fault.column) == place
    assert fault.near == near


def test_every_fault_is_told_at_once() -> None:
    """Finding them one at a time costs a run each."""
    with pytest.raises(InvalidDocument) as caught:
        subject_from_toml('kind = "process"\ncommand = "ls"\nfresh = 1\nenv = ["a b"]\nx = 1')

    assert len(caught.value.faults) == 4
    assert caught.value.code == "files.subject"


def test_a_password_in_the_url_is_refused_unprinted() -> None:
    """The message goes into logs and to colleagues."""
    with pytest.raises(InvalidDocument) as caught:
        subject_from_toml(HTTP.replace("127.0.0.1:8081", "me:pw-7f3a@host"))

    assert "pw-7f3a" not in str(caught.value)


def test_a_file_that_is_not_there_is_not_found(tmp_path: Path) -> None:
    """A typing error in a path is no fault of a document."""
    with pytest.raises(NotFound, match="cannot read the subject"):
        read_subject(tmp_path / "none.toml")


def test_the_tables_of_kinds_and_fields_agree() -> None:
    """A needed field that a kind does not have could never be given."""
    assert set(NEEDED) == set(KINDS)
    assert [
        (k, f) for k, fields in NEEDED.items() for f in fields if k not in KINDS_OF[f]
    ] == []


@given(st.text(max_size=200), st.sampled_from(sorted(KINDS_OF)))
def test_no_text_makes_the_reader_raise_anything_but_ours(text: str, name: str) -> None:
    """A parser that dies of a file tells nobody what is wrong with it."""
    for candidate in (text, f"{name} = {text}", f'kind = "http"\n{name} = [{{a = 1}}]'):
        with suppress(InvalidDocument):
            subject_from_toml(candidate)
