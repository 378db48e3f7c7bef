# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""A model inside a package that a scorer's meaning rests on, pinned by version and digest.

An id never changes its meaning, so a scorer runs only with the very model it was made for;
elsewhere its findings are neither believed nor refused: they are not scored again there.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path

from comity.errors import NotPermitted

EXTRA = "judges"
"""The extra that installs every packaged model named here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """What must be installed, to the version and to the byte.

    Args:
        name: What a person calls it, with its version.
        releases: Version by distribution, the libraries that shape its results included.
        package: Importable package that holds the data.
        folder: Folder inside the package whose files are the model.
        sha256: Over the folder's files, as `digest_of` makes it.
    """

    name: str
    releases: Mapping[str, str] = field(hash=False)
    package: str
    folder: str
    sha256: str

    def find_fault(self) -> str | None:
        """Say why the model cannot be used here, or None; looked at once a process."""
        return _fault_of(self)

    def require(self) -> None:
        """Refuse to go on without the very model.

        Raises:
            NotPermitted: It is not installed, or another one is.
        """
        fault = self.find_fault()
        if fault is not None:
            raise NotPermitted(
                f"this scorer needs {self.name}: {fault}",
                code="assess.scorer_model",
                hint=f"install the extra {EXTRA!r} in the versions of its lock file",
            )


@cache
def _fault_of(model: Model) -> str | None:
    for distribution, wanted in model.releases.items():
        try:
            found = version(distribution)
        except PackageNotFoundError:
            return f"{distribution} is not installed (extra {EXTRA!r})"
        if found != wanted:
            return f"{distribution} is {found} here, not {wanted}"
    spec = find_spec(model.package)
    if spec is None or not spec.submodule_search_locations:
        return f"{model.package} is not installed (extra {EXTRA!r})"
    if digest_of(Path(spec.submodule_search_locations[0]) / model.folder) != model.sha256:
        return f"the model's files in {model.package} are not the published ones"
    return None


def digest_of(folder: Path) -> str:
    """Return the digest of a folder's files, over their names and SHA-256 in order."""
    state = hashlib.sha256()
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    for path in (one for one in files if one.suffix not in {".py", ".pyc"}):
        inner = hashlib.sha256(path.read_bytes()).hexdigest()
        state.update(f"{path.relative_to(folder).as_posix()}\n{inner}\n".encode())
    return state.hexdigest()
