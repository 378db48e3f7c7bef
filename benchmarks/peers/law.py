# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Other engines on the same law and the same systems; run in an environment of their own.

    build/peers-law/bin/python benchmarks/peers/law.py ENGINE LAW.json SYSTEMS

SYSTEMS is a JSON list of systems for one at a time, a Parquet file of codes for all at once.
Prints one JSON line: what was found, CPU-seconds, peak memory. Definitions are shared in
every engine; dates come with the keys that month gaps compare, so that no engine pays for
calendars; every number is a power of ten, so that floating numbers are exact enough.
"""

import datetime as dt
import gc
import json
import operator
import resource
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from functools import reduce
from pathlib import Path
from typing import Any

Plain = list[Any]
"""A condition as nested arrays, as `comity.law.condition.to_json` writes it."""

_FIRST_DAY = dt.date(1970, 1, 1).toordinal()


class Law:
    """A law read from JSON, and what every engine asks of it."""

    def __init__(self, path: Path) -> None:
        read = json.loads(path.read_text("utf-8"))
        self.facts: dict[str, dict[str, Any]] = read["facts"]
        self.definitions: dict[str, Plain] = read["definitions"]
        self.norms: dict[str, Plain] = read["norms"]

    def bound(self, fact: str, text: str) -> str:
        """Write a bound as engines of floating numbers read it; days are integers."""
        return repr(self.number(fact, text))

    def number(self, fact: str, text: str) -> float:
        """Return a bound as a number; a day counts from 1970-01-01."""
        if self.facts[fact]["kind"] == "date":
            return dt.date.fromisoformat(text).toordinal() - _FIRST_DAY
        return float(text)

    def mask(self, fact: str, values: list[str]) -> int:
        """Return the bits of some values of a set."""
        return sum(1 << self.facts[fact]["values"].index(value) for value in values)

    def codes(self, fact: str, values: list[str]) -> list[int]:
        """Return the numbers of some values of an enum."""
        return [self.facts[fact]["values"].index(value) for value in values]


def months(gap: Plain) -> int:
    """Return how far two month keys are to be apart: 32 for each month."""
    return 32 * int(gap[3]) * (12 if gap[4] == "year" else 1)


def cel_text(law: Law, whole: Plain) -> str:  # noqa: PLR0911 - one return a kind
    """Write a condition in the Common Expression Language."""
    match whole:
        case ["is", fact]:
            return str(fact)
        case ["in", fact, values]:
            return f"{fact} in {json.dumps(values)}"
        case [("has_any" | "has_all") as kind, fact, values]:
            sign = " || " if kind == "has_any" else " && "
            return "(" + sign.join(f"{json.dumps(value)} in {fact}" for value in values) + ")"
        case ["at_least", fact, text]:
            return f"{fact} >= {law.bound(fact, text)}"
        case ["below", fact, text]:
            return f"{fact} < {law.bound(fact, text)}"
        case ["gap", later, earlier, *_]:
            return f"{later}_later - {earlier}_earlier >= {months(whole)}"
        case ["not", part]:
            return f"!({cel_text(law, part)})"
        case ["ref", name]:
            return f"def_{name}"
        case [("and" | "or") as word, *parts]:
            sign = " && " if word == "and" else " || "
            return "(" + sign.join(cel_text(law, part) for part in parts) + ")"
    raise AssertionError(whole)


def cel_engine(law: Law) -> Callable[[dict[str, Any]], list[str]]:
    """Compile every definition and norm; one context a system."""
    import cel  # type: ignore[import-not-found]  # noqa: PLC0415 - a peer, in its own environment

    definitions = {
        f"def_{n}": cel.compile(cel_text(law, w)) for n, w in law.definitions.items()
    }
    norms = {name: cel.compile(cel_text(law, whole)) for name, whole in law.norms.items()}

    def decide(system: dict[str, Any]) -> list[str]:
        context = cel.Context()
        for fact, value in system.items():
            context.add_variable(fact, value)
        for name, program in definitions.items():
            context.add_variable(name, program.execute(context))
        return [name for name, program in norms.items() if program.execute(context)]

    return decide


class Rego:
    """Writes a law as one Rego module; parts that a body cannot hold become rules."""

    def __init__(self, law: Law) -> None:
        self.law = law
        self.lines = ["package norms", "import rego.v1"]
        self.helpers = 0

    def module(self) -> str:
        """Return the whole module."""
        for name, whole in self.law.definitions.items():
            self.rule(f"def_{name}", whole)
        for name, whole in self.law.norms.items():
            self.rule(f'duties contains "{name}"', whole)
        return "\n".join(self.lines)

    def rule(self, head: str, whole: Plain) -> None:
        """Write a rule, or one for each part of a disjunction."""
        for part in whole[1:] if whole[0] == "or" else [whole]:
            body = part[1:] if part[0] == "and" else [part]
            text = "; ".join(self.literal(each) for each in body)
            self.lines.append(f"{head} if {{ {text} }}")

    def literal(self, whole: Plain) -> str:  # noqa: C901, PLR0911 - one return a kind
        """Write a part of a body."""
        match whole:
            case ["is", fact]:
                return f"input.{fact}"
            case ["in", fact, values]:
                return f"input.{fact} in {{{', '.join(map(json.dumps, values))}}}"
            case ["has_any", fact, [value]] | ["has_all", fact, [value]]:
                return f"{json.dumps(value)} in input.{fact}"
            case ["has_any", fact, values]:
                return self.helper(["or", *(["has_any", fact, [value]] for value in values)])
            case ["has_all", fact, values]:
                return self.helper(["and", *(["has_any", fact, [value]] for value in values)])
            case ["at_least", fact, text]:
                return f"input.{fact} >= {self.law.bound(fact, text)}"
            case ["below", fact, text]:
                return f"input.{fact} < {self.law.bound(fact, text)}"
            case ["gap", later, earlier, *_]:
                keys = f"input.{later}_later - input.{earlier}_earlier"
                return f"{keys} >= {months(whole)}"
            case ["ref", name]:
                return f"def_{name}"
            case ["not", ["and" | "or" | "not" | "has_any" | "has_all", *_] as part]:
                return f"not {self.helper(part)}"
            case ["not", part]:
                return f"not {self.literal(part)}"
            case _:
                return self.helper(whole)

    def helper(self, whole: Plain) -> str:
        """Give a part a rule of its own."""
        self.helpers += 1
        name = f"part_{self.helpers}"
        self.rule(name, whole)
        return name


def rego_engine(law: Law) -> Callable[[dict[str, Any]], list[str]]:
    """Compile the module for regorus' own machine, its quicker way."""
    import regorus  # type: ignore[import-not-found]  # noqa: PLC0415 - a peer, in its own environment

    modules = [("norms.rego", Rego(law).module())]
    program = regorus.Program.compile_from_modules("{}", modules, ["data.norms.duties"])
    machine = regorus.Rvm()
    machine.load_program(program)

    def decide(system: dict[str, Any]) -> list[str]:
        machine.set_input_json(json.dumps(system))
        return list(json.loads(machine.execute()))

    return decide


def fisca_formula(law: Law, whole: Plain) -> Callable[[Any, Any], Any]:  # noqa: C901, PLR0911 - one return a kind
    """Write a condition as OpenFisca's formulas are written: with numpy, over a period."""
    import numpy as np  # noqa: PLC0415 - present in both environments

    match whole:
        case ["is", fact] | ["ref", fact]:
            name = fact if whole[0] == "is" else f"def_{fact}"
            return lambda ask, period: ask(name, period)
        case ["in", fact, values]:
            codes = law.codes(fact, values)
            if len(codes) == 1:
                return lambda ask, period: ask(fact, period) == codes[0]
            return lambda ask, period: np.isin(ask(fact, period), codes)
        case ["has_any", fact, values]:
            any_ = law.mask(fact, values)
            return lambda ask, period: (ask(fact, period) & any_) != 0
        case ["has_all", fact, values]:
            all_ = law.mask(fact, values)
            return lambda ask, period: (ask(fact, period) & all_) == all_
        case ["at_least", fact, text]:
            least = law.number(fact, text)
            return lambda ask, period: ask(fact, period) >= least
        case ["below", fact, text]:
            most = law.number(fact, text)
            return lambda ask, period: ask(fact, period) < most
        case ["gap", later, earlier, *_]:
            apart = months(whole)
            return lambda ask, period: (
                ask(f"{later}_later", period) - ask(f"{earlier}_earlier", period) >= apart
            )
        case ["not", part]:
            inner = fisca_formula(law, part)
            return lambda ask, period: ~inner(ask, period)
        case [word, *parts]:
            formulas = [fisca_formula(law, part) for part in parts]
            join = operator.and_ if word == "and" else operator.or_
            return lambda ask, period: reduce(join, (f(ask, period) for f in formulas))
    raise AssertionError(whole)


class Fisca:
    """OpenFisca: input variables for facts, formulas for definitions and norms."""

    PERIOD = "2026-08"

    def __init__(self, law: Law) -> None:
        from openfisca_core import periods  # type: ignore[import-not-found]  # noqa: PLC0415 - a peer, in its own environment
        from openfisca_core.entities import build_entity  # type: ignore[import-not-found]  # noqa: PLC0415 - the same
        from openfisca_core.taxbenefitsystems import TaxBenefitSystem  # type: ignore[import-not-found]  # noqa: PLC0415 - the same

        self.law = law
        self.month = periods.DateUnit.MONTH
        self.entity = build_entity(
            key="system", plural="systems", label="AI system", is_person=True
        )
        self.system = TaxBenefitSystem([self.entity])
        kinds = {"bool": bool, "enum": int, "set": int, "number": float, "date": int}
        for name, fact in law.facts.items():
            self.add(name, kinds[fact["kind"]])
            if fact["kind"] == "date":
                self.add(f"{name}_later", int)
                self.add(f"{name}_earlier", int)
        for name, whole in law.definitions.items():
            self.add(f"def_{name}", bool, fisca_formula(law, whole))
        for name, whole in law.norms.items():
            self.add(name, bool, fisca_formula(law, whole))

    def add(self, name: str, kind: type, rule: Callable[[Any, Any], Any] | None = None) -> None:
        """Add one variable."""
        from openfisca_core.variables import Variable  # type: ignore[import-not-found]  # noqa: PLC0415 - a peer, in its own environment

        fields: dict[str, Any] = {
            "value_type": kind, "entity": self.entity, "definition_period": self.month,
            "label": name,
        }  # fmt: skip
        if rule is not None:

            def formula(system: Any, period: Any) -> Any:
                return rule(system, period)

            fields["formula"] = formula
        self.system.add_variable(type(name, (Variable,), fields))

    def run(self, columns: dict[str, Any], count: int) -> dict[str, Any]:
        """Compute every norm for so many systems."""
        from openfisca_core.simulation_builder import SimulationBuilder  # type: ignore[import-not-found]  # noqa: PLC0415 - a peer, in its own environment

        simulation = SimulationBuilder().build_default_simulation(self.system, count=count)
        for name, values in columns.items():
            simulation.set_input(name, self.PERIOD, values)
        return {name: simulation.calculate(name, self.PERIOD) for name in self.law.norms}


def fisca_engine(law: Law) -> Callable[[dict[str, Any]], list[str]]:
    """Run a simulation of one system."""
    import numpy as np  # noqa: PLC0415 - present in both environments

    fisca = Fisca(law)

    def decide(system: dict[str, Any]) -> list[str]:
        columns = {name: np.array([coded(law, name, value)]) for name, value in system.items()}
        return [name for name, found in fisca.run(columns, 1).items() if found[0]]

    return decide


def coded(law: Law, name: str, value: Any) -> Any:
    """Write a value as the integer that stands for it."""
    match law.facts.get(name, {}).get("kind"):
        case "enum":
            return law.codes(name, [value])[0]
        case "set":
            return law.mask(name, value)
        case _:
            return value


def sql(law: Law, whole: Plain) -> str:  # noqa: C901, PLR0911 - one return a kind
    """Write a condition in SQL, whose "and", "or" and "not" are Kleene's."""
    match whole:
        case ["is", fact]:
            return str(fact)
        case ["in", fact, values]:
            codes = law.codes(fact, values)
            return f"({fact} IN ({', '.join(map(str, codes))}))"
        case ["has_any", fact, values]:
            return f"(({fact} & {law.mask(fact, values)}) <> 0)"
        case ["has_all", fact, values]:
            mask = law.mask(fact, values)
            return f"(({fact} & {mask}) = {mask})"
        case ["at_least", fact, text]:
            return f"({fact} >= {law.bound(fact, text)})"
        case ["below", fact, text]:
            return f"({fact} < {law.bound(fact, text)})"
        case ["gap", later, earlier, *_]:
            return f"({later}_later - {earlier}_earlier >= {months(whole)})"
        case ["not", part]:
            return f"(NOT {sql(law, part)})"
        case ["ref", name]:
            return f"def_{name}"
        case [("and" | "or") as word, *parts]:
            return "(" + f" {word.upper()} ".join(sql(law, part) for part in parts) + ")"
    raise AssertionError(whole)


def layers(law: Law) -> Iterator[list[str]]:
    """Yield the definitions, each layer resting on earlier ones."""
    done: set[str] = set()
    while len(done) < len(law.definitions):
        ready = [
            name for name, whole in law.definitions.items()
            if name not in done and set(refs(whole)) <= done
        ]  # fmt: skip
        yield ready
        done.update(ready)


def refs(whole: Plain) -> Iterator[str]:
    """Yield the definitions a condition names."""
    match whole:
        case ["ref", name]:
            yield name
        case [("and" | "or" | "not"), *parts]:
            for part in parts:
                yield from refs(part)


def one_at_a_time(engine: str, law: Law, path: Path) -> dict[str, Any]:
    """Decide systems one by one; return the duties and the median CPU time."""
    systems = json.loads(path.read_text("utf-8"))
    makers = {"cel": cel_engine, "regorus": rego_engine, "openfisca": fisca_engine}
    started = time.process_time()
    decide = makers[engine](law)
    build_s = time.process_time() - started
    decide(systems[0])
    duties, spent = [], []
    for system in systems:
        started = time.process_time()
        duties.append(sorted(decide(system)))
        spent.append(time.process_time() - started)
    return {"duties": duties, "build_s": build_s, "median_ms": 1e3 * statistics.median(spent)}


def fisca_bulk(law: Law, path: Path) -> dict[str, Any]:
    """Compute every norm for every row with OpenFisca, which knows no unknown."""
    import duckdb  # type: ignore[import-not-found]  # noqa: PLC0415 - a peer, in its own environment
    import numpy as np  # noqa: PLC0415 - present in both environments

    columns = duckdb.sql(f"SELECT * FROM '{path}'").fetchnumpy()  # noqa: S608 - a path of our own
    columns = {name: np.asarray(values) for name, values in columns.items()}
    fisca = Fisca(law)
    gc.collect()
    started = time.process_time()
    found = fisca.run(columns, len(next(iter(columns.values()))))
    counts = {name: int(np.count_nonzero(rows)) for name, rows in found.items()}
    return {"holds": counts, "cpu_s": time.process_time() - started}


def duckdb_bulk(law: Law, path: Path) -> dict[str, Any]:
    """Count, for every norm, the rows where it holds and fails: no matrix, its quickest way."""
    import duckdb  # noqa: PLC0415 - a peer, in its own environment

    base = duckdb.connect()
    base.execute("SET threads = 2")
    base.execute(f"CREATE TABLE systems AS SELECT * FROM '{path}'")  # noqa: S608 - a path of our own
    started = time.process_time()
    source = "systems"
    for ready in layers(law):
        made = ", ".join(f"{sql(law, law.definitions[name])} AS def_{name}" for name in ready)
        source = f"(SELECT *, {made} FROM {source})"  # noqa: S608 - of our own law
    norms = ", ".join(f'{sql(law, whole)} AS "{name}"' for name, whole in law.norms.items())
    wanted = ", ".join(f'count_if("{name}"), count_if(NOT "{name}")' for name in law.norms)
    row = base.execute(f"SELECT {wanted} FROM (SELECT {norms} FROM {source})").fetchone()  # noqa: S608 - of our own law
    spent = time.process_time() - started
    pairs = list(zip(row[::2], row[1::2], strict=True))
    return {
        "holds": {name: pair[0] for name, pair in zip(law.norms, pairs, strict=True)},
        "fails": {name: pair[1] for name, pair in zip(law.norms, pairs, strict=True)},
        "cpu_s": spent,
    }


def peak_mb() -> float:
    """Return the most memory this process ever held; what its parent held does not count."""
    status = Path("/proc/self/status")
    if status.exists():
        lines = dict(line.split(":", 1) for line in status.read_text("utf-8").splitlines())
        return int(lines["VmHWM"].split()[0]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    """Run one engine and print what it found."""
    engine, law, path = sys.argv[1], Law(Path(sys.argv[2])), Path(sys.argv[3])
    sys.setrecursionlimit(10_000)
    if path.suffix == ".json":
        found = one_at_a_time(engine, law, path)
    else:
        found = {"openfisca": fisca_bulk, "duckdb": duckdb_bulk}[engine](law, path)
    found["rss_mb"] = peak_mb()
    print(json.dumps(found))


if __name__ == "__main__":
    main()
