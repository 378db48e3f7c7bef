# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""A task and a scorer of Inspect's, read by its worker: an agent that looks seats up."""

from typing import Any

from inspect_ai import Task, task
from inspect_ai.dataset import Sample
from inspect_ai.model import ChatMessage, ModelOutput, get_model
from inspect_ai.scorer import Score, Scorer, Target, accuracy, scorer
from inspect_ai.solver import TaskState, generate, use_tools
from inspect_ai.tool import Tool, tool


@tool
def seats() -> Tool:
    """Look up the free seats of a train."""

    async def execute(train: str) -> int:
        """Return the free seats of a train.

        Args:
            train: Its number.
        """
        if train == "T0":
            raise RuntimeError("no such train")
        return len(train) + 5

    return execute


def _said(messages: list[ChatMessage], *_: Any) -> ModelOutput:
    """Call the tool once, then say what it returned; "fall over" does so."""
    if messages[-1].role == "tool":
        return ModelOutput.from_content(
            "mockllm/model", f"There are {messages[-1].text} seats."
        )
    if "fall over" in messages[-1].text:
        raise RuntimeError("it fell over")
    return ModelOutput.for_tool_call("mockllm/model", "seats", {"train": "T1"})


@task
def booking() -> Task:
    """Answer by looking the seats up; the model's usage is not said, so tokens are counted."""
    model = get_model("mockllm/model", custom_outputs=_said)
    solver = [use_tools(seats()), generate()]
    return Task(dataset=[Sample(input="left aside")], solver=solver, model=model)


@scorer(metrics=[accuracy()])
def polite() -> Scorer:
    """Pass what says please and names the reference."""

    async def score(state: TaskState, target: Target) -> Score:
        if "explode" in state.output.completion:
            raise ValueError("it exploded")
        said = state.output.completion
        return Score(value="C" if "please" in said and target.text in said else "I")

    return score
