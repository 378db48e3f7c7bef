# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Which states stand in which bodies, as far as the collected facts say.

Of bodies that are not here nothing is claimed. Signing is not joining: the agreement that
founds WAICO is not known to be in force.

Source:
    shared/facts/groups.json, with its notes.
"""

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from comity.law.market import EUROPEAN_UNION, UNION_MEMBERS, WAICO

_UN = """
AFG AGO ALB AND ARE ARG ARM ATG AUS AUT AZE BDI BEL BEN BFA BGD BGR BHR BHS BIH BLR BLZ BOL
BRA BRB BRN BTN BWA CAF CAN CHE CHL CHN CIV CMR COD COG COL COM CPV CRI CUB CYP CZE DEU DJI
DMA DNK DOM DZA ECU EGY ERI ESP EST ETH FIN FJI FRA FSM GAB GBR GEO GHA GIN GMB GNB GNQ GRC
GRD GTM GUY HND HRV HTI HUN IDN IND IRL IRN IRQ ISL ISR ITA JAM JOR JPN KAZ KEN KGZ KHM KIR
KNA KOR KWT LAO LBN LBR LBY LCA LIE LKA LSO LTU LUX LVA MAR MCO MDA MDG MDV MEX MHL MKD MLI
MLT MMR MNE MNG MOZ MRT MUS MWI MYS NAM NER NGA NIC NLD NOR NPL NRU NZL OMN PAK PAN PER PHL
PLW PNG POL PRK PRT PRY QAT ROU RUS RWA SAU SDN SEN SGP SLB SLE SLV SMR SOM SRB SSD STP SUR
SVK SVN SWE SWZ SYC SYR TCD TGO THA TJK TKM TLS TON TTO TUN TUR TUV TZA UGA UKR URY USA UZB
VCT VEN VNM VUT WSM YEM ZAF ZMB ZWE
"""
_ASEAN = """
BRN IDN KHM LAO MMR MYS PHL SGP THA TLS VNM
"""
_AU = """
AGO BDI BEN BFA BWA CAF CIV CMR COD COG COM CPV DJI DZA EGY ERI ESH ETH GAB GHA GIN GMB GNB
GNQ KEN LBR LBY LSO MAR MDG MLI MOZ MRT MUS MWI NAM NER NGA RWA SDN SEN SLE SOM SSD STP SWZ
SYC TCD TGO TUN TZA UGA ZAF ZMB ZWE
"""
_CELAC = """
ARG ATG BHS BLZ BOL BRA BRB CHL COL CRI CUB DMA DOM ECU GRD GTM GUY HND HTI JAM KNA LCA MEX
NIC PAN PER PRY SLV SUR TTO URY VCT VEN
"""
_GCC = """
ARE BHR KWT OMN QAT SAU
"""
_BRICS = """
ARE BRA CHN EGY ETH IDN IND IRN RUS ZAF
"""
_BRICS_PARTNERS = """
BLR BOL CUB KAZ MYS NGA THA UGA UZB VNM
"""
_WAICO = """
BLR BRA CHN CMR COG CUB DZA ETH IDN KAZ KEN KGZ KHM LAO LSO MMR MOZ MYS NIC OMN PAK RUS SEN
SRB TJK UZB VEN ZAF ZMB
"""
_WAICO_LATER = """
BRN DMA GEO IRN SDN TGO TZA VNM
"""

MEMBER = "member"
SIGNATORY = "signatory, which is not membership"
PARTNER = "partner, which is not membership"
CONTESTED = "membership contested"
ONE_TRACKER = "signatory by one tracker alone"

_STANDINGS: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "ASEAN": dict.fromkeys(_ASEAN.split(), MEMBER),
        "AU": dict.fromkeys(_AU.split(), MEMBER),
        "BRICS": {
            **dict.fromkeys(_BRICS.split(), MEMBER),
            **dict.fromkeys(_BRICS_PARTNERS.split(), PARTNER),
            "SAU": CONTESTED,
        },
        "CELAC": dict.fromkeys(_CELAC.split(), MEMBER),
        "GCC": dict.fromkeys(_GCC.split(), MEMBER),
        "UN": dict.fromkeys(_UN.split(), MEMBER),
        WAICO: {
            **dict.fromkeys(_WAICO.split(), SIGNATORY),
            **dict.fromkeys(_WAICO_LATER.split(), ONE_TRACKER),
        },
    }
)


def standing_in(body: str, market: str) -> str | None:
    """Return what a state is to a body, or None where nothing is recorded.

    The EU stands where all of its members do.
    """
    states: Iterable[str] = UNION_MEMBERS if market == EUROPEAN_UNION else (market,)
    recorded = _STANDINGS.get(body, {})
    found = {recorded.get(state) for state in states}
    return found.pop() if len(found) == 1 else None
