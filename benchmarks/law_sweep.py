# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Measure the sweep: registers of a million systems and more by hundreds of norms.

    python benchmarks/law_sweep.py [rows]

Without peers where they cannot be installed. Each row is measured in a process of its own:
CPU-seconds of all threads, and the most memory it ever held. Every engine has to count the
same rows for every norm. `benchmarks/law.py` runs this one with the others.
"""

import datetime as dt
import json
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))  # so that it runs as a script, too

import polars as pl  # noqa: E402 - after the path
from benchmarks.peer import (  # noqa: E402 - after the path
    codes_file,
    have_peers,
    law_file,
    own_process,
    peak_mb,
    run_peer,
)
from benchmarks.synthetic import Law, library_of, register, synthetic  # noqa: E402 - after the path

from comity.desk.law.making import make_register  # noqa: E402 - after the path
from comity.desk.law.sweeping import PART_ROWS  # noqa: E402 - after the path
from comity.files.library import shipped_library  # noqa: E402 - after the path
from comity.files.register import ROW_GROUP, open_register, read_part  # noqa: E402 - after the path
from comity.files.synthesis import Recipe  # noqa: E402 - after the path
from comity.law.sweep.compile import compile_all  # noqa: E402 - after the path
from comity.law.sweep.encode import Encoded  # noqa: E402 - after the path
from comity.law.sweep.overlap import bit_rows, overlaps  # noqa: E402 - after the path
from comity.law.sweep.plan import Plan, plan_sweep  # noqa: E402 - after the path
from comity.law.sweep.tally import Tally, tally_of  # noqa: E402 - after the path

ON = dt.date(2026, 11, 21)
SEED = 7
MAKING_ROWS = ROW_GROUP
LARGE = 10


def main() -> None:
    """Print the table, or run one case of it."""
    if len(sys.argv) > 2:
        case, path, norms = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])
        found = CASES[case](_plan(norms), path)
        found["rss_mb"] = peak_mb()
        print(json.dumps(found))
        return
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    with tempfile.TemporaryDirectory() as folder:
        _table(rows, Path(folder))


def _table(rows: int, folder: Path) -> None:
    known, fifth = folder / "known.parquet", folder / "fifth.parquet"
    for path, unknown in ((known, 0.0), (fifth, 0.2)):
        _make(synthetic(SEED), rows, path, unknown=unknown)
    print(f"{'what':<64}{'CPU-s':>9}{'MB':>7}{'ratio':>8}")
    size = f"{rows:,} rows by 300 norms"
    whole = _row(f"{size}, a fifth unknown, matrix and counts", "held", fifth)
    _limit(whole, rows, cpu_s=1.0, rss_mb=600)
    plain = _row(f"{size}, all known, matrix and counts", "held", known)
    _peers(folder, known, plain, ("openfisca", "duckdb"))
    _peers(folder, fifth, whole, ("duckdb",))
    _limit(_row(f"{rows:,} rows by 3,000 norms, a fifth unknown", "streamed_held", fifth, 3000),
           rows, cpu_s=5.0, rss_mb=1000)  # fmt: skip
    _row(f"{size}, read from Parquet as people write it", "streamed", fifth)
    amended = _row(f"one amended norm, {rows:,} rows (in CPU-ms)", "amended", fifth)
    _limit(amended, rows, cpu_s=10.0, rss_mb=10_000)
    overlapping = _row(
        f"22,500 pairs of norms, {rows:,} rows: how many both bind", "pairs", fifth
    )
    _limit(overlapping, rows, cpu_s=1.0, rss_mb=10_000)
    known.unlink()
    large = folder / "large.parquet"
    _as_texts(fifth, large)
    found = _row(
        f"{LARGE * rows:,} rows by 300 norms, from Parquet, sets as texts", "streamed", large
    )
    _limit(found, LARGE * rows, cpu_s=15.0, rss_mb=600)
    large.unlink()
    _real(rows, folder)


def _row(
    what: str, case: str, path: Path, norms: int = 300, *, least: float | None = None
) -> dict[str, Any]:
    """Measure one case, print it, and return what it found."""
    found = own_process(__file__, case, str(path), str(norms))
    ratio = "" if least is None else f"{found['cpu_s'] / least:>8.1f}"
    print(f"{what:<64}{found['cpu_s']:>9.2f}{found['rss_mb']:>7.0f}{ratio}", flush=True)
    return found


def _limit(found: dict[str, Any], rows: int, *, cpu_s: float, rss_mb: float) -> None:
    """Hold a measurement against its goal, at the size the goal is set for."""
    if rows in {1_000_000, LARGE * 1_000_000}:
        missed = [
            f"{name} {found[name]:.2f} > {goal}"
            for name, goal in (("cpu_s", cpu_s), ("rss_mb", rss_mb))
            if found[name] > goal
        ]
        if missed:
            print(f"    goal missed: {', '.join(missed)}")


def _peers(folder: Path, path: Path, ours: dict[str, Any], engines: tuple[str, ...]) -> None:
    """Run peers on the same rows; every count has to be the same."""
    if not have_peers():
        return
    law = synthetic(SEED)
    codes = _codes(law, path, folder)
    for engine in engines:
        found = run_peer(engine, law_file(law, folder), codes)
        assert found["holds"] == ours["holds"], f"{engine} disagrees"
        assert found.get("fails", ours["fails"]) == ours["fails"], f"{engine} disagrees"
        ratio = found["cpu_s"] / ours["cpu_s"]
        print(
            f"    {engine:<60}{found['cpu_s']:>9.2f}{found['rss_mb']:>7.0f}{ratio:>8.1f}",
            flush=True,
        )
        if engine == "openfisca" and ratio < 3:
            print("    goal missed: less than three times quicker than OpenFisca")
    codes.unlink()


def _real(rows: int, folder: Path) -> None:
    """Measure the packs that ship, on a register made up over their vocabulary."""
    path = folder / "real.parquet"
    make_register(path, Recipe(rows=rows // 10, seed=1))
    library = shipped_library()
    found = own_process(__file__, "real", str(path), "0")
    what = f"{rows // 10:,} rows by all {len(library.norms):,} norms that ship, from Parquet"
    print(f"{what:<64}{found['cpu_s']:>9.2f}{found['rss_mb']:>7.0f}", flush=True)


def _make(law: Law, rows: int, path: Path, *, unknown: float) -> None:
    """Write a register part by part."""
    with tempfile.TemporaryDirectory(dir=path.parent) as folder:
        files = []
        for start in range(0, rows, MAKING_ROWS):
            file = Path(folder) / f"{start:012}.parquet"
            part = min(MAKING_ROWS, rows - start)
            register(law, part, SEED, unknown=unknown, start=start).write_parquet(file)
            files.append(file)
        pl.scan_parquet(files).sink_parquet(path, row_group_size=ROW_GROUP)


def _as_texts(source: Path, path: Path) -> None:
    """Join a register with itself; sets become dictionary-encoded texts, read quickest.

    Compressed by snappy, as most tools write Parquet where nothing else is asked of them.
    """
    lists = [name for name, kind in pl.read_parquet_schema(source).items() if kind == pl.List]
    plan = pl.scan_parquet(source).with_columns(
        pl.col(name).cast(pl.List(pl.String)).list.join(",") for name in lists
    )
    words = {name: plan.select(name).collect()[name].unique().drop_nulls() for name in lists}
    once = path.with_name("once.parquet")
    plan.with_columns(pl.col(name).cast(pl.Enum(words[name])) for name in lists).sink_parquet(
        once, row_group_size=ROW_GROUP
    )
    pl.scan_parquet([once] * LARGE).sink_parquet(
        path, row_group_size=ROW_GROUP, compression="snappy"
    )
    once.unlink()


def _codes(law: Law, path: Path, folder: Path) -> Path:
    plan = _plan(300)
    whole = read_part(open_register(path, law.facts), 0, 10**9)
    encoded = plan.sift(whole.drop("id")).encoded
    return codes_file(law, whole, encoded, plan.layout, folder / "codes.parquet")


def _plan(norms: int) -> Plan:
    if not norms:
        library = shipped_library()
        markets = tuple(dict.fromkeys(pack.market for pack in library.packs))
        return plan_sweep(library, markets, ON)
    return plan_sweep(library_of(synthetic(SEED, norms)), ["WAICO"], ON)


def _encoded(plan: Plan, path: Path) -> list[Encoded]:
    """Hold a register in memory as codes."""
    source = open_register(path, plan.library.vocabulary.facts)
    return [
        plan.sift(read_part(source, start, PART_ROWS).drop("id")).encoded
        for start in range(0, source.rows, PART_ROWS)
    ]


def _found(tallies: Iterator[Tally], started: float) -> dict[str, Any]:
    whole = next(tallies)
    for tally in tallies:
        whole = whole.plus(tally)
    return {
        "cpu_s": time.process_time() - started,
        "holds": {name: counts[1] for name, counts in whole.counts.items()},
        "fails": {name: counts[0] for name, counts in whole.counts.items()},
    }


def held(plan: Plan, path: Path) -> dict[str, Any]:
    """Rule on codes in memory, keep the whole matrix, and count."""
    parts = _encoded(plan, path)
    started = time.process_time()
    matrix = [plan.rule(part) for part in parts]
    return _found((tally_of(truths, plan.asked) for truths in matrix), started)


def streamed_held(plan: Plan, path: Path) -> dict[str, Any]:
    """Rule on codes in memory and count, one part after the other."""
    parts = _encoded(plan, path)
    started = time.process_time()
    return _found((tally_of(plan.rule(part), plan.asked) for part in parts), started)


def streamed(plan: Plan, path: Path) -> dict[str, Any]:
    """Read, check, close, rule and count, part by part."""
    started = time.process_time()
    source = open_register(path, plan.library.vocabulary.facts)
    parts = (
        plan.sift(read_part(source, start, PART_ROWS).drop("id")).encoded
        for start in range(0, source.rows, PART_ROWS)
    )
    return _found((tally_of(plan.rule(part), plan.asked) for part in parts), started)


def amended(plan: Plan, path: Path) -> dict[str, Any]:
    """Compile one norm anew and rule on every row; the median over norms, in milliseconds."""
    parts = _encoded(plan, path)
    (sets,) = {part.open_sets for part in parts}
    spent = []
    for name in list(plan.asked)[:40]:
        started = time.process_time()
        program = compile_all({name: plan.asked[name].whole}, plan.meanings, plan.layout, sets)
        for part in parts:
            tally_of(program.run(part.frame), {name: plan.asked[name]})
        spent.append(1e3 * (time.process_time() - started))
    return {"cpu_s": sorted(spent)[len(spent) // 2]}


def pairs(plan: Plan, path: Path) -> dict[str, Any]:
    """Count the rows that both norms of a pair bind, for 150 by 150 norms."""
    truths = pl.concat([plan.rule(part) for part in _encoded(plan, path)])
    names = list(plan.asked)
    left, right = bit_rows(truths, names[:150]), bit_rows(truths, names[150:])
    started = time.process_time()
    found = overlaps(left, right)
    spent = time.process_time() - started
    both = truths.select((pl.col(names[3]) & pl.col(names[153])).sum()).item()
    assert found[3, 3] == both
    return {"cpu_s": spent}


CASES = {
    "held": held, "streamed_held": streamed_held, "streamed": streamed, "amended": amended,
    "pairs": pairs, "real": streamed,
}  # fmt: skip


if __name__ == "__main__":
    main()
