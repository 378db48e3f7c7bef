# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Another harness on the same questions and the same endpoint, in an environment of its own.

    build/peers-inspect/bin/python benchmarks/peers/assess.py inspect URL COUNT WIDTH

Prints one JSON line: CPU-seconds of the whole run without imports, peak memory, and how many
answers were counted right. Everything a harness shows on a screen is switched off; what it
keeps of each answer is written to a folder, as its command line does it.

Moonshot's runner, records, results, connectors and metrics live in a data repository that no
package carries: `python -m moonshot -i moonshot-data` fetches it. `moonshot` runs a benchmark
whole and needs MOONSHOT_DATA to name a checkout of that repository, at a release that fits
the package: its runner takes `prompt_selection_percentage`. Dataset, recipe and endpoint are
ours, and nothing is written into the checkout. `moonshot_connector` needs none.
"""

import asyncio
import json
import os
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

RIGHT = "Saia"
"""What stands in every right answer of the endpoint."""
WHOLE = "Saia de Lajeado antes das 14h30."
"""Every right answer of the endpoint, whole: what Moonshot's metrics compare."""


def main() -> None:
    """Run one harness and print what it cost."""
    name, url, count, width = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
    questions = [f"Q{number} Leave Lajeado before 14:30." for number in range(count)]
    if "MOONSHOT_DATA" in os.environ:  # before the folder changes
        os.environ["MOONSHOT_DATA"] = str(Path(os.environ["MOONSHOT_DATA"]).resolve())
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        work = ENGINES[name](url, questions, width)
        started = time.process_time()
        right = work()
        spent = time.process_time() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"cpu_s": spent, "rss_mb": peak, "right": right}))


def inspect(url: str, questions: Sequence[str], width: int) -> Callable[[], int]:
    """Prepare Inspect: one task, generate, one scorer; its log is written, nothing shown."""
    from inspect_ai import Task, eval  # noqa: A004, PLC0415 - only in its own environment
    from inspect_ai.dataset import MemoryDataset, Sample  # noqa: PLC0415 - likewise
    from inspect_ai.model import get_model  # noqa: PLC0415 - likewise
    from inspect_ai.scorer import includes  # noqa: PLC0415 - likewise
    from inspect_ai.solver import generate  # noqa: PLC0415 - likewise

    def work() -> int:
        model = get_model("openai-api/stub/m", base_url=url, api_key="x")
        task = Task(
            dataset=MemoryDataset([Sample(input=one, target=RIGHT) for one in questions]),
            solver=generate(), scorer=includes(),
        )  # fmt: skip
        (log,) = eval(
            task, model=model, display="none", log_dir="logs", max_samples=width,
            max_connections=width, fail_on_error=False,
        )  # fmt: skip
        scores = [s for each in log.samples or () for s in (each.scores or {}).values()]
        return sum(score.value == "C" for score in scores)

    return work


def lm_eval(url: str, questions: Sequence[str], width: int) -> Callable[[], int]:
    """Prepare lm-evaluation-harness: one generation task over a local file.

    Its samples are written as by `--log_samples --output_path logs`.
    """
    os.environ |= {"HF_HUB_OFFLINE": "1", "HF_DATASETS_OFFLINE": "1", "OPENAI_API_KEY": "x"}
    os.environ |= {"TQDM_DISABLE": "1"}
    os.environ["HF_HOME"] = str(Path.cwd() / "hf")
    from lm_eval import simple_evaluate  # noqa: PLC0415 - only in its own environment
    from lm_eval.api.task import ConfigurableTask  # noqa: PLC0415 - likewise
    from lm_eval.loggers import EvaluationTracker  # noqa: PLC0415 - likewise
    from lm_eval.tasks import TaskManager  # noqa: PLC0415 - likewise

    manager = TaskManager()  # reads every task it ships: seconds, once, and not a question's
    data = Path("data.jsonl")
    rows = ({"question": one, "answer": RIGHT} for one in questions)
    data.write_text("".join(f"{json.dumps(row)}\n" for row in rows), "utf-8")

    def hits(doc: dict[str, str], results: list[str]) -> dict[str, int]:
        return {"hit": int(doc["answer"] in results[0])}

    hit = {"metric": "hit", "aggregation": sum, "higher_is_better": True}

    def work() -> int:
        tracker = EvaluationTracker(output_path="logs")
        task = ConfigurableTask(
            config={
                "task": "relief", "dataset_path": "json", "test_split": "test",
                "dataset_kwargs": {"data_files": {"test": str(data)}},
                "output_type": "generate_until", "doc_to_text": "{{question}}",
                "doc_to_target": "{{answer}}", "process_results": hits,
                "generation_kwargs": {"until": ["\n\n\n"], "max_gen_toks": 16},
                "metric_list": [hit],
            }
        )  # fmt: skip
        found = simple_evaluate(
            model="local-chat-completions", tasks=[task], apply_chat_template=True,
            bootstrap_iters=0, log_samples=True, evaluation_tracker=tracker,
            task_manager=manager,
            model_args={
                "model": "m", "base_url": f"{url}/chat/completions", "tokenizer_backend": None,
                "num_concurrent": width, "tokenized_requests": False,
            },
        )  # fmt: skip
        samples = found.pop("samples")
        tracker.save_results_aggregated(results=found, samples=samples)
        tracker.save_results_samples(task_name="relief", samples=samples["relief"])
        (kept,) = Path("logs").rglob("samples_*.jsonl")  # where writing fails, it only warns
        assert kept.stat().st_size > len(questions)
        return int(sum(row["hit"] for row in samples["relief"]))

    return work


def moonshot(url: str, questions: Sequence[str], width: int) -> Callable[[], int]:
    """Prepare Moonshot: one recipe over one dataset; its records and its result are written."""
    os.environ["MS_LOG_LEVEL"] = "ERROR"  # else a line on the screen for each question
    sys.dont_write_bytecode = True  # nothing is written into the checkout
    data = Path(os.environ["MOONSHOT_DATA"])
    from moonshot.api import (  # noqa: PLC0415 - only in its own environment
        api_create_runner,
        api_set_environment_variables,
    )

    api_set_environment_variables(_moonshot_folders(data))
    _moonshot_files(url, questions, width)

    async def ask() -> None:
        runner = api_create_runner(name="peer", endpoints=["stub"])
        await runner.run_recipes(["relief"], prompt_selection_percentage=100)
        await runner.close()

    def work() -> int:
        asyncio.run(ask())
        found = json.loads(Path("results/peer.json").read_text("utf-8"))
        assert found["metadata"]["status"] == "completed", found["metadata"]
        (details,) = found["results"]["recipes"][0]["details"]
        (metric,) = details["metrics"]
        right = metric["relax_str_match"] / 100 * len(details["data"])  # it keeps a percentage
        return round(float(right))

    return work


def _moonshot_folders(data: Path) -> dict[str, str]:
    """Return where Moonshot finds what: its modules in the checkout, our files here."""
    theirs = (
        "attack-modules", "connectors", "context-strategy", "databases-modules", "io-modules",
        "results-modules", "runners-modules",
    )  # fmt: skip
    ours = (
        "bookmarks", "connectors-endpoints", "cookbooks", "databases", "datasets", "metrics",
        "prompt-templates", "recipes", "results", "runners",
    )  # fmt: skip
    for one in ours:
        Path(one).mkdir()
    folders = {one: data / one for one in theirs} | {one: Path.cwd() / one for one in ours}
    return {one.upper().replace("-", "_"): str(folder) for one, folder in folders.items()}


def _moonshot_files(url: str, questions: Sequence[str], width: int) -> None:
    """Write our dataset, recipe and endpoint, and their metric where its settings may stand."""
    examples = [{"input": one, "target": WHOLE} for one in questions]
    files = {
        "datasets/relief": {
            "name": "relief", "description": "Ours.", "license": "", "reference": "",
            "examples": examples,
        },
        "recipes/relief": {
            "name": "relief", "description": "Ours.", "tags": [], "categories": [],
            "datasets": ["relief"], "prompt_templates": [], "metrics": ["relaxstrmatch"],
            "attack_modules": [], "grading_scale": {},
        },
        "connectors-endpoints/stub": {
            "name": "stub", "connector_type": "openai-connector", "uri": url, "token": "x",
            "max_calls_per_second": 10**9, "max_concurrency": width, "model": "m", "params": {},
        },
        "metrics/metrics_config": {},
    }  # fmt: skip
    for name, held in files.items():
        Path(f"{name}.json").write_text(json.dumps(held), "utf-8")
    metric = "metrics/relaxstrmatch.py"
    Path(metric).write_bytes((Path(os.environ["MOONSHOT_DATA"]) / metric).read_bytes())


def moonshot_connector(url: str, questions: Sequence[str], width: int) -> Callable[[], int]:
    """Prepare Moonshot's connector, its rate limiter and its prompt records.

    What is measured is less than a whole run costs: nothing is kept and nothing scored by it.
    """
    os.environ["MS_LOG_LEVEL"] = "ERROR"  # as above
    import aiohttp  # noqa: PLC0415 - only in its own environment
    from moonshot.src.connectors.connector import Connector  # noqa: PLC0415 - likewise
    from moonshot.src.connectors.connector_prompt_arguments import (  # noqa: PLC0415 - likewise
        ConnectorPromptArguments,
    )
    from moonshot.src.connectors.connector_response import (  # noqa: PLC0415 - likewise
        ConnectorResponse,
    )
    from moonshot.src.connectors_endpoints.connector_endpoint_arguments import (  # noqa: PLC0415 - likewise
        ConnectorEndpointArguments,
    )

    class Chat(Connector):  # type: ignore[misc] # untyped in its own environment
        """An OpenAI-compatible endpoint, as a connector of Moonshot's."""

        client: aiohttp.ClientSession

        @Connector.rate_limited  # type: ignore[untyped-decorator] # as above
        async def get_response(self, prompt: str) -> Any:
            """Ask once."""
            body = {"model": self.model, "messages": [{"role": "user", "content": prompt}]}
            async with self.client.post(f"{url}/chat/completions", json=body) as reply:
                said = await reply.json()
            return ConnectorResponse(response=said["choices"][0]["message"]["content"])

    async def ask() -> int:
        chat = Chat(
            ConnectorEndpointArguments(
                id="stub", name="stub", connector_type="chat", uri=url, token="x",  # noqa: S106 - no secret
                max_calls_per_second=10**9, max_concurrency=width, model="m", params={},
            )
        )  # fmt: skip
        async with aiohttp.ClientSession() as client:
            chat.client = client
            prompts = [
                ConnectorPromptArguments(prompt_index=number, prompt=one, target=RIGHT)
                for number, one in enumerate(questions)
            ]
            done = await asyncio.gather(*(Connector.get_prediction(p, chat) for p in prompts))
        return sum(each.target in each.predicted_results.response for each in done)

    return lambda: asyncio.run(ask())


ENGINES = {
    "inspect": inspect, "lm_eval": lm_eval, "moonshot": moonshot,
    "moonshot_connector": moonshot_connector,
}  # fmt: skip


if __name__ == "__main__":
    main()
