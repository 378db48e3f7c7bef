# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""A beacon's description and its rounds, as JSON files in the form the beacon serves them."""

import json
from pathlib import Path

from comity.errors import Fault, InvalidDocument, NotFound
from comity.evidence.beacon import Chain, Pulse, chain_from_info, pulse_from_beacon
from comity.files.pack import SHIPPED
from comity.files.text import read_text
from comity.law.cursor import near_miss

FOLDER = SHIPPED / "beacons"


def read_chain(named: str) -> Chain:
    """Read a beacon that comes with Comity by its name, or any other from a file.

    Raises:
        NotFound: There is neither.
        InvalidDocument: It is no beacon's description, with every fault.
    """
    shipped = {path.stem: path for path in sorted(FOLDER.glob("*.json"))}
    path = shipped.get(named, Path(named))
    if named not in shipped and not path.exists():
        near = near_miss(named, shipped)
        raise NotFound(
            f"no beacon is called {named!r}, and there is no such file",
            code="files.no_beacon",
            hint=f"shipped: {', '.join(shipped)}" + (f"; did you mean {near}?" if near else ""),
        )
    return chain_from_info(_json(path))


def read_pulse(path: Path) -> Pulse:
    """Read one round of a beacon.

    Raises:
        NotFound: The file cannot be read.
        InvalidDocument: It is no round, with every fault.
    """
    return pulse_from_beacon(_json(path))


def _json(path: Path) -> object:
    try:
        value: object = json.loads(read_text(path, "beacon"))
    except json.JSONDecodeError as error:
        fault = Fault(message=error.msg, line=error.lineno, column=error.colno)
    except (ValueError, RecursionError):
        fault = Fault(message="nested too deeply, or a number too long")
    else:
        return value
    raise InvalidDocument(
        "not a beacon's JSON", code="files.beacon", source=str(path), faults=[fault]
    )
