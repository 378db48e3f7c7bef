# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""What a judge is asked: a template filled with an item and an answer nobody can break out of.

The answer stands between two lines that hold the fence, sixteen digits of a hash over
template, item and answer. An answer that held its own fence would be a preimage of 64 bits,
so whatever delimiter, verdict or instruction it writes, it writes inside.

Source:
    docs/spec/evidence.md, "Judges that err".
"""

import re
from collections.abc import Iterator

from comity.kernel.canonical import to_canonical
from comity.kernel.digest import Digest, sha256

MAX_TEMPLATE = 16_000
PLACES = ("prompt", "reference", "answer", "fence")
_TAG = b"comity/judge-fence/v1\n"
_PLACE = re.compile(r"\{(" + "|".join(PLACES) + r")\}")
_LIKE_A_PLACE = re.compile(r"\{([A-Za-z_]\w*)\}")
_FENCED = re.compile(r"^.*\{fence\}.*\n\{answer\}\n.*\{fence\}.*$", re.MULTILINE)


def digest_of(template: str) -> Digest:
    """Return the digest that a plan names a template by."""
    return sha256(template.encode())


def fence_of(template: str, prompt: str, reference: str, answer: str) -> str:
    """Return sixteen hexadecimal digits that the answer cannot have known."""
    material = to_canonical([prompt, reference, answer])
    return sha256(_TAG, digest_of(template), material).hex()[:16]


def question_of(template: str, prompt: str, reference: str, answer: str) -> str:
    """Fill a template in one pass: what is filled in is not filled again.

    Raises:
        InvalidDocument: A text has no UTF-8 form.
    """
    filled = {
        "prompt": prompt,
        "reference": reference,
        "answer": answer,
        "fence": fence_of(template, prompt, reference, answer),
    }
    return _PLACE.sub(lambda place: filled[place[1]], template)


def faults_of(template: str) -> Iterator[str]:
    """Yield what keeps a text from being a template."""
    if len(template) > MAX_TEMPLATE:
        yield f"the prompt is longer than {MAX_TEMPLATE} characters"
    for name in sorted({*_LIKE_A_PLACE.findall(template)} - {*PLACES}):
        yield f"the prompt has a place {{{name}}}; there are {', '.join(PLACES)}"
    if "{prompt}" not in template:
        yield "the prompt has no {prompt}: the judge would not know what was asked"
    if template.count("{answer}") != 1 or not _FENCED.search(template):
        yield "{answer} must stand once, alone in its line, between two lines with {fence}"
    for word in ("PASS", "FAIL"):
        if not re.search(rf"\b{word}\b", template):
            yield f"the prompt does not ask for the word {word}"
