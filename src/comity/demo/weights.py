# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""The weights inside installed packages, found without importing them."""

import hashlib
from collections.abc import Iterable
from importlib.util import find_spec
from pathlib import Path

from comity.errors import NotFound
from comity.kernel.digest import Digest, sha256


def package_folder(package: str) -> Path:
    """Return the folder of an installed package; none of its code runs.

    Raises:
        NotFound: The package is not installed.
    """
    spec = find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise NotFound(
            f"the package {package} is not installed",
            code="demo.package",
            hint="install requirements/demo.lock (`make demo` does)",
        )
    return Path(spec.submodule_search_locations[0])


def digest_of(files: Iterable[Path]) -> Digest:
    """Return one digest of several files: of the lines `<sha256>  <name>`, by name."""
    lines = [f"{_digest_of_file(file)}  {file.name}\n" for file in files]
    return sha256("".join(sorted(lines, key=lambda line: line[66:])).encode())


def _digest_of_file(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
