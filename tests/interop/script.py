# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""The WebCrypto script under Node, asked for many files at once."""

import json
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """The script and the command that runs it."""

    node: str
    path: Path

    def verdicts(self, files: Sequence[Path], *options: str) -> list[dict[str, object]]:
        """Return what it says of each file, in order."""
        ran = subprocess.run(
            [self.node, "--no-warnings", str(self.path), *options, *map(str, files)],
            capture_output=True,
            check=False,
            env={"LC_ALL": "C.UTF-8"},
        )
        assert ran.stderr == b""
        said = [json.loads(line) for line in ran.stdout.splitlines()]
        assert len(said) == len(files)
        return said
