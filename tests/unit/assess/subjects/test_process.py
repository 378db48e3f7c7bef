# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""A program may do whatever it likes: it costs a bounded time and size, and a failure."""

import asyncio
import resource
import time
from pathlib import Path

import pytest
from tests.fakes.program import program
from tests.fakes.subject import assignment_of, bank_of, course_of

from comity.assess.run.runner import run
from comity.assess.subjects.process import Process
from comity.assess.subjects.subject import Limits, ask_within, preflight
from comity.errors import InvalidDocument, NotPermitted, PeerFailed
from comity.evidence.statistics.design import Verdict
from comity.evidence.transcript import Missing
from comity.kernel.canonical import Json

LIMITS = Limits(timeout_s=20, max_answer_bytes=2_000)
HASTY = Limits(timeout_s=0.5, max_answer_bytes=2_000)
KEY = "sk-very-secret-7f3a"


def asked(subject: Process, *prompts: Json, limits: Limits = LIMITS) -> list[str | Missing]:
    """Open a session and ask one prompt after another."""

    async def work() -> list[str | Missing]:
        async with subject.open(limits, subject.processes) as session:
            return [await ask_within(session, prompt, limits) for prompt in prompts]

    return asyncio.run(work())


def fault_of(subject: Process, limits: Limits = LIMITS) -> str:
    """Greet a program and return what is said to be wrong with it."""

    async def work() -> None:
        async with subject.open(limits, 1) as session:
            await preflight(session, subject, limits)

    with pytest.raises(PeerFailed) as caught:
        asyncio.run(work())
    return str(caught.value)


def is_running(number: int) -> bool:
    """Tell whether a process runs; one that waits to be buried does not."""
    try:
        return Path(f"/proc/{number}/stat").read_text().split(") ")[1][0] != "Z"
    except OSError:
        return False


def is_gone(number: int) -> bool:
    """Wait a little for a process to end."""
    until = time.monotonic() + 10
    while is_running(number) and time.monotonic() < until:
        time.sleep(0.01)
    return not is_running(number)


def test_a_program_answers_line_by_line() -> None:
    """The least that a program must do to be tested."""
    echo = program('for asked in lines(): say(asked["prompt"] + "!")', greets=True)

    assert asked(echo, "one", 'two "and"\na line', "三") == [
        "one!",
        'two "and"\na line!',
        "三!",
    ]


def test_a_program_is_told_what_was_said_before() -> None:
    """Then it needs no memory of its own, and a script is the same for all."""
    roles = (
        'for asked in lines(): say(" ".join('
        'm["role"][0] + ":" + m["content"] for m in asked["messages"]))'
    )

    (answer,) = asked(program(roles, system="s"), {"turns": ["a", "b"], "system": "t"})

    assert answer == '["s:s s:t u:a","s:s s:t u:a a:s:s s:t u:a u:b"]'


def test_one_that_dies_is_started_anew() -> None:
    """A crash fails one item, not the test; what it said last is kept for its owner."""
    dies = 'for asked in lines():\n  if asked["prompt"] == "die": sys.exit(3)\n  say("yes")'

    assert asked(program(dies), "a", "die", "a") == ["yes", Missing.ERROR, "yes"]


def test_a_late_answer_is_not_taken_for_the_next() -> None:
    """A program that is late is killed: its answer would shift all that follow."""
    late = (
        'for asked in lines():\n  if asked["prompt"] == "late": time.sleep(30)\n'
        '  say("to " + asked["prompt"])'
    )

    assert asked(program(late), "late", "next", limits=HASTY)[1] in {"to next", Missing.TIMEOUT}
    assert asked(program(late), "late", "next", "more", limits=Limits(timeout_s=3)) == [
        Missing.TIMEOUT,
        "to next",
        "to more",
    ]


def test_a_program_that_speaks_unasked_answers_nothing() -> None:
    """Two lines for one question would answer the next one before it is asked."""
    twice = (
        'for asked in lines(): sys.stdout.write(\'{"answer": "x"}\\n\' * 2); sys.stdout.flush()'
    )

    assert asked(program(twice), "a", "b", "c") == ["x", "x", "x"]


def test_an_answer_that_names_another_question_is_none() -> None:
    """A program that gives the id back can never be misunderstood, however late it speaks."""
    numbered = (
        "for asked in lines():\n"
        "  line = json.dumps({'id': asked['id'], 'answer': asked['prompt']})\n"
        "  print(line, flush=True); time.sleep(0.2); print(line, flush=True)"
    )

    answers = asked(program(numbered), "a", "b", "c", "d")

    assert answers[0] == "a"
    assert set(answers) <= {*"abcd", Missing.ERROR}
    assert all(
        given in {Missing.ERROR, due} for given, due in zip(answers, "abcd", strict=True)
    )


@pytest.mark.parametrize(
    ("body", "missing"),
    [
        ('print("yes", flush=True)', Missing.ERROR),
        ('print(json.dumps({"text": "yes"}), flush=True)', Missing.ERROR),
        ('print(json.dumps({"answer": 7}), flush=True)', Missing.ERROR),
        ('print(json.dumps({"error": "no"}), flush=True)', Missing.ERROR),
        ('print("[" * 50_000, flush=True)', Missing.ERROR),
        ('sys.stdout.buffer.write(b"\\xff\\n"); sys.stdout.flush()', Missing.ERROR),
        ('sys.stdout.write(\'{"answer": "\\\\ud800"}\\n\'); sys.stdout.flush()', Missing.ERROR),
        ("os.close(1); time.sleep(30)", Missing.ERROR),
        ("os.close(1); os._exit(0)", Missing.ERROR),
        ("os.kill(os.getpid(), 9)", Missing.ERROR),
        ("time.sleep(30)", Missing.TIMEOUT),
        ("signal.pause()", Missing.TIMEOUT),
        ('say("yes " * 1_000)', Missing.OVERSIZE),
        ('say("yes " * 1_000_000)', Missing.OVERSIZE),
        ('[sys.stdout.write("y" * 65_536) for _ in iter(int, 1)]', Missing.OVERSIZE),
        ('[sys.stderr.write("n" * 65_536) for _ in iter(int, 1)]', Missing.TIMEOUT),
        (
            '[(print(" ", end="", flush=True), time.sleep(0.1)) for _ in iter(int, 1)]',
            Missing.TIMEOUT,
        ),
    ],
)
def test_whatever_is_no_answer_is_a_failure(
    tmp_path: Path, body: str, missing: Missing
) -> None:
    """The same verdict as of an endpoint that misbehaves, and never an exception."""
    limits = Limits(timeout_s=1 if missing is Missing.TIMEOUT else 20, max_answer_bytes=2_000)

    result = run(
        assignment_of(tmp_path, limits=limits), program(f"for asked in lines(): {body}")
    )

    assert {record.answer for record in result.records} == {missing}


def test_a_flood_costs_no_memory() -> None:
    """A tester that runs out of memory has no verdict."""
    flood = program('for asked in lines():\n  while True: sys.stdout.write("y" * 1_048_576)')
    noise = program('for asked in lines():\n  while True: sys.stderr.write("y" * 1_048_576)')
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    assert asked(flood, "a", "b") == [Missing.OVERSIZE] * 2
    assert asked(noise, "a", "b", limits=HASTY) == [Missing.TIMEOUT] * 2

    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 32 * 1024


def test_chatter_on_stderr_is_no_fault() -> None:
    """Programs log; a long test must not stop at a full pipe."""
    logs = 'for asked in lines(): sys.stderr.write("log " * 100_000); say("yes")'

    assert asked(program(logs), *["a"] * 8) == ["yes"] * 8


def test_what_a_program_forked_ends_with_it(tmp_path: Path) -> None:
    """A child left behind would go on using what it was given."""
    note = tmp_path / "child"
    forks = (
        "for asked in lines():\n"
        "  child = os.fork()\n"
        "  if child == 0: signal.signal(15, signal.SIG_IGN); time.sleep(60)\n"
        f"  open({str(note)!r}, 'a').write(f'{{child}}\\n'); say('yes')"
    )

    assert asked(program(forks), "a", "b") == ["yes", "yes"]

    children = [int(line) for line in note.read_text().split()]
    assert len(children) == 2
    assert all(is_gone(number) for number in children)


def test_a_child_that_holds_the_pipe_holds_up_nothing(tmp_path: Path) -> None:
    """The program is dead although its output is still open."""
    holds = (
        "for asked in lines():\n  if os.fork() == 0: time.sleep(60)\n  os.kill(os.getpid(), 9)"
    )

    result = run(assignment_of(tmp_path, limits=Limits(timeout_s=1)), program(holds))

    assert {record.answer for record in result.records} == {Missing.TIMEOUT}


def test_a_program_that_ignores_every_polite_signal_ends(tmp_path: Path) -> None:
    """Neither a closed input nor SIGTERM moves it; the test still ends."""
    note = tmp_path / "number"
    ignores = (
        "signal.signal(15, signal.SIG_IGN); signal.signal(1, signal.SIG_IGN)\n"
        f"open({str(note)!r}, 'w').write(str(os.getpid()))\n"
        "for asked in lines(): say('yes')\n"
        "while True: time.sleep(60)"
    )

    assert asked(program(ignores), "a") == ["yes"]

    assert is_gone(int(note.read_text()))


def test_each_question_may_have_a_process_of_its_own() -> None:
    """Then none can remember another, whatever the program does."""
    counts = "for number, line in enumerate(sys.stdin): say(str(number))"

    assert asked(program(counts), "a", "b") == ["0", "1"]
    assert asked(program(counts, is_fresh=True), "a", "b") == ["0", "0"]


def test_several_processes_share_the_questions(tmp_path: Path) -> None:
    """As many at a time as there are processes, and the verdict is the same."""
    numbered = program("for asked in lines(): say('yes')", processes=3)
    course = course_of(bank_of("road"))

    result = run(assignment_of(tmp_path, course), numbered)

    assert all(result.outcomes[0].outcomes)
    assert result.outcomes[0].verdict is Verdict.SHOWN


def test_more_questions_than_processes_are_never_sent_at_once(tmp_path: Path) -> None:
    """A question that waits for its turn would be counted as late."""
    slow = program("for asked in lines(): time.sleep(0.25); say('yes')")

    result = run(assignment_of(tmp_path, limits=Limits(timeout_s=2)), slow)

    assert all(result.outcomes[0].outcomes)
    assert result.outcomes[0].verdict is Verdict.SHOWN


def test_the_program_sees_only_what_it_is_given(monkeypatch: pytest.MonkeyPatch) -> None:
    """The tester's own keys are no business of the program under test."""
    monkeypatch.setenv("MINE", "m")
    monkeypatch.setenv("ITS", "i")
    sees = "for asked in lines(): say(os.environ.get(asked['prompt'], 'nothing'))"

    answers = asked(
        program(sees, variables=("ITS",), settings={"SET": "s"}), "MINE", "ITS", "SET"
    )

    assert answers == ["nothing", "i", "s"]


def test_an_answer_that_repeats_the_credential_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A transcript is published."""
    monkeypatch.setenv("ITS_KEY", KEY)
    leaks = program(
        "for asked in lines(): say(os.environ['ITS_KEY'])", credential_env="ITS_KEY"
    )

    result = run(assignment_of(tmp_path), leaks)

    assert {record.answer for record in result.records} == {Missing.ERROR}
    assert KEY not in (tmp_path / "transcript").read_text("utf-8")


def test_last_words_that_hold_the_credential_are_printed_without_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A traceback quotes what it likes, and errors are sent to colleagues."""
    monkeypatch.setenv("ITS_KEY", KEY)
    dies = program("sys.exit('bad key ' + os.environ['ITS_KEY'])", credential_env="ITS_KEY")

    words = fault_of(dies)

    assert "bad key [ITS_KEY]" in words
    assert KEY not in words


def test_a_credential_that_is_not_there_is_said_by_its_name(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Before the program runs."""
    monkeypatch.delenv("ITS_KEY", raising=False)

    with pytest.raises(NotPermitted, match="ITS_KEY holds no credential"):
        asked(program("say('yes')", credential_env="ITS_KEY"), "a")


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("sys.exit('no model here')", "it ended with exit code 1: no model here"),
        ("print('hello', flush=True)\ntime.sleep(30)", "its line is not JSON"),
        ("say2 = print('{}', flush=True)\ntime.sleep(30)", 'its line is not like {"answer"'),
        ("print(json.dumps({'error': 'busy'}), flush=True)\ntime.sleep(30)", "it says: busy"),
    ],
)
def test_the_preflight_says_in_words_what_is_wrong(body: str, words: str) -> None:
    """A misconfigured test should cost a greeting, not a bank."""
    assert words in fault_of(program(f"sys.stdin.readline()\n{body}"))


def test_a_program_that_is_not_there_is_said(tmp_path: Path) -> None:
    """The reason is the system's own."""
    assert "No such file" in fault_of(Process(command=(str(tmp_path / "none"),)))
    assert "it cannot be started" in fault_of(
        Process(command=("python3",), folder=tmp_path / "x")
    )


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("print(json.dumps({'fault': 'no such weights'}), flush=True)", "no such weights"),
        ("print('hello', flush=True)\ntime.sleep(30)", "its line is not JSON"),
        ("say('yes')\ntime.sleep(30)", 'its first line is not {"ready": true}'),
        ("time.sleep(30)", "it is not ready within 1 s"),
        ("sys.exit(2)", "exit code 2"),
    ],
)
def test_a_program_that_never_gets_ready_is_said(body: str, words: str) -> None:
    """Loading weights fails in more ways than answering."""
    assert words in fault_of(program(body, announces=True, start_timeout_s=1.0))


def test_one_that_announces_itself_has_time_to_load() -> None:
    """The time to load weights is no time of any answer."""
    ready = "time.sleep(2)\nprint(json.dumps({'ready': True}), flush=True)"
    slow = f"{ready}\nfor asked in lines(): say('yes')"

    assert asked(program(slow, announces=True), "a", limits=Limits(timeout_s=1.8)) == ["yes"]


def test_a_hopeless_command_is_refused() -> None:
    """Both faults at once."""
    with pytest.raises(InvalidDocument) as caught:
        Process(command=("", "a\0b"), processes=0)

    assert len(caught.value.faults) == 3


def test_an_interrupted_test_leaves_no_program_behind(tmp_path: Path) -> None:
    """Ctrl-C ends what was started."""
    note = tmp_path / "number"
    subject = program(
        f"open({str(note)!r}, 'w').write(str(os.getpid()))\nfor a in lines(): signal.pause()"
    )

    async def work() -> None:
        async with subject.open(LIMITS, 1) as session:
            asking = asyncio.create_task(ask_within(session, "a", LIMITS))
            while not note.exists() or not note.read_text():  # noqa: ASYNC110 - a file is no event
                await asyncio.sleep(0.01)
            asking.cancel()
            await asyncio.gather(asking, return_exceptions=True)

    asyncio.run(work())

    assert is_gone(int(note.read_text()))
