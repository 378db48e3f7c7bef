# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Reports of other harnesses on disk: lm-eval, Moonshot, and Inspect's logs as JSON."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from comity.errors import Fault, InvalidDocument, NotFound
from comity.evidence.unproven import Reported, Unproven
from comity.kernel.digest import sha256
from comity.kernel.instant import Instant

MOST_BYTES = 256_000_000
MOST_FIGURES = 200
"""Of one report; more would not fit into a statement."""

Plain = Mapping[str, object]


def read_report(path: Path, *, issued: Instant) -> Unproven:
    """Read what another harness reported, and mark it as what it is.

    Raises:
        NotFound: The file cannot be read.
        InvalidDocument: Not a report of a harness this version knows.
    """
    try:
        content = path.read_bytes() if path.stat().st_size <= MOST_BYTES else b""
    except OSError as error:
        raise NotFound(f"cannot read {path}: {error.strerror}", code="files.report") from None
    found = _read(_plain(content, path))
    if found is None or not found.figures:
        raise _refused(path, "neither lm-eval's results, nor Moonshot's, nor an Inspect log")
    if len(found.figures) > MOST_FIGURES:
        raise _refused(path, f"it has more than {MOST_FIGURES} figures; split it by task")
    return Unproven(
        issued=issued, tool=found.tool, version=found.version, model=found.model,
        sampling=found.sampling, figures=found.figures, source=sha256(content),
    )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    tool: str
    version: str
    model: str
    sampling: str
    figures: tuple[Reported, ...]


def _read(plain: Plain) -> _Found | None:
    match plain:
        case {"results": dict(results), "versions": dict(), "config": dict(config)}:
            return _of_lm_eval(plain, results, config)
        case {"eval": dict(about), "results": dict(results)}:
            return _of_inspect(about, results)
        case {"metadata": dict(about), "results": dict(results)}:
            return _of_moonshot(about, results)
        case _:
            return None


def _of_lm_eval(plain: Plain, results: Plain, config: Plain) -> _Found:
    counts = plain.get("n-samples")
    figures = tuple(
        Reported(task=task, metric=metric, value=value, samples=_count(counts, task))
        for task, row in results.items()
        if isinstance(row, Mapping)
        for metric, value in _numbers(row)
        if "stderr" not in metric
    )
    limit, seed = config.get("limit"), config.get("random_seed")
    few = "every question" if limit is None else f"the first {limit} questions of each task"
    return _Found(
        tool="lm-eval", version=_text(plain.get("lm_eval_version")),
        model=_text(plain.get("model_name") or config.get("model")),
        sampling=f"{few}; seed {seed}, known beforehand", figures=figures,
    )  # fmt: skip


def _count(counts: object, task: str) -> int | None:
    row = counts.get(task) if isinstance(counts, Mapping) else None
    return _whole(row.get("effective")) if isinstance(row, Mapping) else None


def _of_inspect(about: Plain, results: Plain) -> _Found:
    scored = results.get("completed_samples")
    scores = results.get("scores")
    figures = tuple(
        Reported(
            task=_text(about.get("task")), metric=f"{_text(score.get('name'))} {name}",
            value=value, samples=scored if isinstance(scored, int) else None,
        )
        for score in (scores if isinstance(scores, list) else ())
        if isinstance(score, Mapping)
        for name, value in _metrics(score.get("metrics"))
    )  # fmt: skip
    match about:
        case {"packages": {"inspect_ai": str(version)}}:
            pass
        case _:
            version = ""
    total = results.get("total_samples")
    lost = total - scored if isinstance(total, int) and isinstance(scored, int) else 0
    said = f"; {lost} of {total} samples are not in the figures" if lost > 0 else ""
    return _Found(
        tool="inspect", version=version, model=_text(about.get("model")),
        sampling=f"as the task's dataset orders it{said}", figures=figures,
    )  # fmt: skip


def _metrics(metrics: object) -> Iterator[tuple[str, str]]:
    for name, metric in metrics.items() if isinstance(metrics, Mapping) else ():
        value = metric.get("value") if isinstance(metric, Mapping) else None
        if isinstance(value, Decimal | int) and not isinstance(value, bool):
            yield str(name), str(value)


def _of_moonshot(about: Plain, results: Plain) -> _Found | None:
    recipes = list(_recipes(results))
    figures = tuple(
        Reported(
            task=_text(recipe.get("id")), metric=f"grade of {_text(row.get('model_id'))}",
            value=str(row.get("avg_grade_value")), samples=_whole(row.get("num_of_prompts")),
        )
        for recipe in recipes
        for row in _rows(recipe.get("evaluation_summary"))
        if isinstance(row.get("avg_grade_value"), Decimal | int)
    )  # fmt: skip
    share, seed = about.get("prompt_selection_percentage"), about.get("random_seed")
    models = about.get("endpoints")
    return _Found(
        tool="moonshot", version="",
        model=", ".join(map(_text, models)) if isinstance(models, list) else "",
        sampling=f"{_text(share) or 'all'} % of the prompts by seed {_text(seed)}, known "
        "beforehand",
        figures=figures,
    )  # fmt: skip


def _recipes(results: Plain) -> Iterator[Plain]:
    yield from _rows(results.get("recipes"))
    for cookbook in _rows(results.get("cookbooks")):
        yield from _rows(cookbook.get("recipes"))


def _rows(value: object) -> Iterator[Plain]:
    for row in value if isinstance(value, list) else ():
        if isinstance(row, Mapping):
            yield row


def _numbers(row: Plain) -> Iterator[tuple[str, str]]:
    for name, value in row.items():
        if isinstance(value, Decimal | int) and not isinstance(value, bool):
            yield name, str(value)


def _whole(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _text(value: object) -> str:
    return "" if value is None else str(value)[:200]


def _plain(content: bytes, path: Path) -> Plain:
    try:
        plain = json.loads(content, parse_float=Decimal, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise _refused(path, f"not JSON: {error}") from None
    if not isinstance(plain, Mapping):
        raise _refused(path, "its JSON is no object")
    return plain


def _no_number(word: str) -> object:
    raise ValueError(f"{word} is no number")


def _refused(path: Path, message: str) -> InvalidDocument:
    return InvalidDocument(
        "not a report of a harness",
        code="files.report",
        hint="an .eval file becomes JSON by: inspect log dump FILE.eval > FILE.json",
        source=str(path),
        faults=[Fault(message=message)],
    )
