# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""The verifier for machines with nothing but Python: one file, or one archive with scorers."""

import io
import zipfile
from importlib.resources import files

ARCHIVE = ".pyz"
MODULES = (
    "choice", "denial", "disclosure", "facts", "holding", "jsontext", "negation", "number",
    "pattern", "phrase", "plain", "refusal", "reply", "schema", "tongue", "withheld", "wording",
)  # fmt: skip
"""The scorers of plain text and what they read each other for."""

PARTS = (
    "__init__.py",
    "assess/__init__.py",
    "assess/scorers/__init__.py",
    *(f"assess/scorers/{module}.py" for module in MODULES),
)
LONG_AGO = (1980, 1, 1, 0, 0, 0)
"""Of every part, so that the same source gives the same bytes on every day."""


def script() -> bytes:
    """Return the verifier as one file of Python."""
    return files("comity").joinpath("verifier/comity_verify.py").read_bytes()


def archive() -> bytes:
    """Return the verifier with the scorers of plain text, as one archive that Python runs."""
    sources = {f"comity/{part}": files("comity").joinpath(part).read_bytes() for part in PARTS}
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as target:
        for name, content in {"__main__.py": script(), **sources}.items():
            target.writestr(zipfile.ZipInfo(name, LONG_AGO), content, zipfile.ZIP_DEFLATED)
    return packed.getvalue()
