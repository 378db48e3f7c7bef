# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""How a forecast is shown, as a table and as JSON."""

from rich.table import Table

from comity.assess.run.forecast import Estimate, Forecast, Price
from comity.cli.assess.watch import duration
from comity.cli.session import Telling

_OF = {
    "perfect": "a perfect system",
    "goal": "a system at the goal",
    "threshold": "a system at the threshold",
    "most": "at most, whatever the system",
}


def tell_forecast(telling: Telling, found: Forecast, latency_s: float, price: Price) -> None:
    """Print what the run is forecast to take."""
    has_price = bool(price.question or price.kilo_token)
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("expected of")
    for name in ("questions", "time", *(["cost"] if has_price else [])):
        table.add_column(name, justify="right")
    for one in found.estimates:
        table.add_row(*_cells(one, has_price=has_price))
    telling.console.print(table)
    telling.say(
        f"at the {duration(latency_s)} a greeting took; the transcript takes at most "
        f"{found.disk_bytes / 2**20:,.1f} MB",
        style="dim",
    )


def forecast_facts(found: Forecast, latency_s: float) -> dict[str, object]:
    """Return the forecast as JSON values."""
    return {
        "latency_s": round(latency_s, 4),
        "disk_bytes": found.disk_bytes,
        "estimates": [
            {
                "of": one.of,
                "questions": round(one.questions, 1),
                "seconds": round(one.seconds, 3),
                "cost": round(one.cost, 4),
            }
            for one in found.estimates
        ],
    }


def _cells(one: Estimate, *, has_price: bool) -> tuple[str, ...]:
    cost = (f"{one.cost:,.2f}",) if has_price else ()
    return (_OF[one.of], f"{one.questions:,.0f}", duration(one.seconds), *cost)
