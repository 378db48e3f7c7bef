# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""About how few questions any test can expect at a rate, so that designs can be compared.

Source:
    Wald (1945), "Sequential tests of statistical hypotheses", Annals of Mathematical
    Statistics 16(2), section 4.7: the information that both promises need, over what one
    question gives; of a bank, with the correction for items that do not come back.
"""

from math import inf, log

from comity.evidence.statistics.lattice import Failing
from comity.evidence.statistics.request import Request


def least_questions(request: Request, fails: Failing) -> float:
    """Return the estimate where so much fails: items of a bank, or a share of a population."""
    failing, null, aim = (_share(request, one) for one in (fails, request.null, request.aim))
    risk, power = float(request.risk), float(request.power)
    if not failing or null == 1:
        return max(1.0, log(risk) / log(1 - null)) if null < 1 else 1.0
    if failing < (null + aim) / 2:
        needed, given = information(power, risk), information(failing, null)
    else:  # beyond the threshold a test hardly ever accepts
        accepted = risk if failing <= null else 0.0
        needed, given = information(accepted, power), information(failing, aim)
    asked = needed / given if given else inf
    if request.extent is not None and asked < inf:
        asked /= 1 + asked / request.extent
    return max(1.0, asked)


def information(share: float, other: float) -> float:
    """Return what one outcome of a chance tells against another chance, in nats."""
    terms = ((share, other), (1 - share, 1 - other))
    if any(of and not against for of, against in terms):
        return inf
    return sum(of * log(of / against) for of, against in terms if of)


def _share(request: Request, failing: Failing) -> float:
    return float(failing) / (request.extent or 1)
