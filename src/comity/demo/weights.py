# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""The weights inside installed packages, found without importing them."""

from importlib.util import find_spec
from pathlib import Path

from comity.errors import NotFound


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
