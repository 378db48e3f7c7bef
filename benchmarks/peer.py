# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Peers of the law room: their environment, and what they are given to work on."""

import datetime as dt
import json
import os
import resource
import subprocess
import sys
import venv
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import polars as pl
from benchmarks.synthetic import Law

from comity.law.condition import to_json
from comity.law.fact import Answer, Kind
from comity.law.sweep.encode import Encoded
from comity.law.sweep.layout import (
    MONTH,
    UNIX_DAY,
    Layout,
    earlier_key,
    later_key,
    word,
)

ROOT = Path(__file__).parents[1]
HOME = ROOT / "build" / "peers-law"
PYTHON = HOME / "bin" / "python"


def have_peers() -> bool:
    """Make the environment of the law's peers, if need be; say if it cannot be."""
    return environment("law") is not None


def environment(name: str) -> Path | None:
    """Return the Python of some peers, made from their lock if need be, or None."""
    lock, home = ROOT / "requirements" / f"peers-{name}.lock", ROOT / "build" / f"peers-{name}"
    done, python = home / "lock", home / "bin" / "python"
    if done.exists() and done.read_bytes() == lock.read_bytes():
        return python
    print(f"installing the peers from requirements/{lock.name} ...", flush=True)
    venv.create(home, with_pip=True, clear=True)
    words = ["-m", "pip", "--disable-pip-version-check", "-qq", "install"]
    words += ["--require-hashes", "--no-deps", "-r", str(lock)]
    if subprocess.run([python, *words], check=False).returncode:  # noqa: S603 - our own lock
        print("the peers cannot be installed here: their rows are left out")
        return None
    done.write_bytes(lock.read_bytes())
    return python


def run_peer(engine: str, law: Path, systems: Path) -> dict[str, Any]:
    """Run one peer in its own environment and return what it found."""
    script = str(ROOT / "benchmarks" / "peers" / "law.py")
    done = subprocess.run(  # noqa: S603 - our own script
        [PYTHON, script, engine, str(law), str(systems)],
        stdout=subprocess.PIPE, check=True, text=True,
        env=os.environ | {"OMP_NUM_THREADS": "2"},
    )  # fmt: skip
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def own_process(script: str, *words: str) -> dict[str, Any]:
    """Run one of our own cases in a process of its own; its last line is JSON."""
    done = subprocess.run(  # noqa: S603 - our own script
        [sys.executable, script, *words], stdout=subprocess.PIPE, check=True, text=True
    )
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def peak_mb() -> float:
    """Return the most memory this process ever held; what its parent held does not count."""
    status = Path("/proc/self/status")
    if status.exists():
        lines = dict(line.split(":", 1) for line in status.read_text("utf-8").splitlines())
        return int(lines["VmHWM"].split()[0]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def law_file(law: Law, folder: Path) -> Path:
    """Write a law as JSON."""
    path = folder / "law.json"
    plain = {
        "facts": {
            name: {"kind": fact.kind.value, "values": list(fact.values)}
            for name, fact in law.facts.items()
        },
        "definitions": {name: to_json(whole) for name, whole in law.meanings.items()},
        "norms": {name: to_json(whole) for name, whole in law.norms.items()},
    }
    path.write_text(json.dumps(plain), "utf-8")
    return path


def systems_file(law: Law, rows: Sequence[Mapping[str, Answer]], folder: Path) -> Path:
    """Write systems whose every fact is known as JSON; dates as days, with their month keys."""
    path = folder / "systems.json"
    systems = []
    for row in rows:
        plain: dict[str, object] = {}
        for name, answer in row.items():
            match answer:
                case dt.date():
                    plain[name] = answer.toordinal() - UNIX_DAY
                    plain[f"{name}_later"], plain[f"{name}_earlier"] = _keys(answer)
                case frozenset():
                    plain[name] = sorted(answer)
                case int() if law.facts[name].kind is Kind.NUMBER:
                    plain[name] = float(answer)
                case _:
                    plain[name] = answer
        systems.append(plain)
    path.write_text(json.dumps(systems), "utf-8")
    return path


def _keys(day: dt.date) -> tuple[int, int]:
    month = (day.year * 12 + day.month - 1) * MONTH
    is_last = (day + dt.timedelta(days=1)).day == 1
    return month + (MONTH - 1 if is_last else day.day), month + day.day


def codes_file(
    law: Law, raw: pl.DataFrame, encoded: Encoded, layout: Layout, path: Path
) -> Path:
    """Write rows as the codes peers are quickest on; numbers as floating numbers."""
    columns = []
    for name, fact in law.facts.items():
        match fact.kind:
            case Kind.ENUM:
                columns.append(raw[name].to_physical().alias(name))
            case Kind.SET:
                columns.append(encoded.frame[word(name, 0)].cast(pl.Int32).alias(name))
            case Kind.NUMBER:
                columns.append(raw[name].cast(pl.Float64))
            case Kind.DATE:
                columns.append(encoded.frame[name])
                for key, side in ((later_key, "later"), (earlier_key, "earlier")):
                    found = key(name) if name in layout.monthly else name
                    columns.append(encoded.frame[found].alias(f"{name}_{side}"))
            case Kind.BOOL:
                columns.append(raw[name])
    pl.DataFrame(columns).write_parquet(path)
    return path
