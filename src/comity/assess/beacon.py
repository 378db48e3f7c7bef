# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Check a beacon's signature by the package of the extra `beacon`, where it is installed."""

from importlib.util import find_spec

from comity.errors import NotPermitted
from comity.evidence.beacon import Chain, Pulse

PACKAGE = "drand_verify"


def check_pulse(chain: Chain, pulse: Pulse) -> bool | None:
    """Tell whether a chain signed a pulse; None where the extra is not installed."""
    if find_spec(PACKAGE) is None:
        return None
    from drand_verify import (  # noqa: PLC0415 - an extra; the core never needs it
        verify_bls_unchained_g1_rfc9380,
    )

    try:
        value = verify_bls_unchained_g1_rfc9380(
            pulse.number, pulse.signature.hex(), chain.public_key.hex()
        )
    except (ValueError, OverflowError):
        return False
    except BaseException as error:
        # What is no point at all makes the package panic, which it raises beside Exception.
        if type(error).__name__ == "PanicException":
            return False
        raise
    return bool(value == pulse.value.hex())


def require_beacon() -> None:
    """Refuse to close a draw with a pulse that nobody here can check.

    Raises:
        NotPermitted: The extra is not installed.
    """
    if find_spec(PACKAGE) is None:
        raise NotPermitted(
            "a beacon's signature cannot be checked here, and a wrong one would end the test",
            code="assess.extra",
            hint="install the extra: comity[beacon]",
        )
