# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Another harness on the same questions and the same endpoint, in an environment of its own.

    build/peers-inspect/bin/python benchmarks/peers/assess.py inspect URL COUNT WIDTH

Prints one JSON line: CPU-seconds of the whole run without imports, peak memory, and how many
answers were counted right. Everything a harness shows on a screen is switched off.
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


def main() -> None:
    """Run one harness and print what it cost."""
    name, url, count, width = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
    questions = [f"Q{number} Leave Lajeado before 14:30." for number in range(count)]
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
    """Prepare lm-evaluation-harness: one generation task over a local file."""
    os.environ |= {"HF_HUB_OFFLINE": "1", "HF_DATASETS_OFFLINE": "1", "OPENAI_API_KEY": "x"}
    os.environ["HF_HOME"] = str(Path.cwd() / "hf")
    from lm_eval import simple_evaluate  # noqa: PLC0415 - only in its own environment
    from lm_eval.api.task import ConfigurableTask  # noqa: PLC0415 - likewise

    data = Path("data.jsonl")
    rows = ({"question": one, "answer": RIGHT} for one in questions)
    data.write_text("".join(f"{json.dumps(row)}\n" for row in rows), "utf-8")

    def hits(doc: dict[str, str], results: list[str]) -> dict[str, int]:
        return {"hit": int(doc["answer"] in results[0])}

    hit = {"metric": "hit", "aggregation": sum, "higher_is_better": True}

    def work() -> int:
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
            bootstrap_iters=0, log_samples=True,
            model_args={
                "model": "m", "base_url": f"{url}/chat/completions", "tokenizer_backend": None,
                "num_concurrent": width, "tokenized_requests": False,
            },
        )  # fmt: skip
        return int(sum(row["hit"] for row in found["samples"]["relief"]))

    return work


def moonshot(url: str, questions: Sequence[str], width: int) -> Callable[[], int]:
    """Prepare Moonshot's connector, its rate limiter and its records.

    Its recipes and runner live in a data repository that no package carries, so what is
    measured is less than a whole run costs.
    """
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


ENGINES = {"inspect": inspect, "lm_eval": lm_eval, "moonshot": moonshot}


if __name__ == "__main__":
    main()
