# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Markets: ISO 3166-1 alpha-3 codes, the European Union, and bodies with texts of their own."""

from collections.abc import Mapping
from types import MappingProxyType

EUROPEAN_UNION = "EU"
WAICO = "WAICO"

BODIES: Mapping[str, str] = MappingProxyType(
    {
        "ASEAN": "Association of Southeast Asian Nations",
        "AU": "African Union",
        "BRICS": "BRICS",
        "CELAC": "Community of Latin American and Caribbean States",
        "COE": "Council of Europe",
        "G7": "Group of Seven",
        "GCC": "Gulf Cooperation Council",
        "ISO": "International Organization for Standardization and IEC",
        "ITU": "International Telecommunication Union",
        "OECD": "Organisation for Economic Co-operation and Development",
        "SUMMIT": "AI summits since Bletchley Park",
        "UN": "United Nations",
        "UNESCO": "United Nations Educational, Scientific and Cultural Organization",
        WAICO: "World Artificial Intelligence Cooperation Organization",
    }
)
"""Bodies whose texts are held like those of a market: treaties, standards, soft law."""

_ISO_3166_1 = """
ABW AFG AGO AIA ALA ALB AND ARE ARG ARM ASM ATA ATF ATG AUS AUT AZE BDI BEL BEN BES BFA
BGD BGR BHR BHS BIH BLM BLR BLZ BMU BOL BRA BRB BRN BTN BVT BWA CAF CAN CCK CHE CHL CHN
CIV CMR COD COG COK COL COM CPV CRI CUB CUW CXR CYM CYP CZE DEU DJI DMA DNK DOM DZA ECU
EGY ERI ESH ESP EST ETH FIN FJI FLK FRA FRO FSM GAB GBR GEO GGY GHA GIB GIN GLP GMB GNB
GNQ GRC GRD GRL GTM GUF GUM GUY HKG HMD HND HRV HTI HUN IDN IMN IND IOT IRL IRN IRQ ISL
ISR ITA JAM JEY JOR JPN KAZ KEN KGZ KHM KIR KNA KOR KWT LAO LBN LBR LBY LCA LIE LKA LSO
LTU LUX LVA MAC MAF MAR MCO MDA MDG MDV MEX MHL MKD MLI MLT MMR MNE MNG MNP MOZ MRT MSR
MTQ MUS MWI MYS MYT NAM NCL NER NFK NGA NIC NIU NLD NOR NPL NRU NZL OMN PAK PAN PCN PER
PHL PLW PNG POL PRI PRK PRT PRY PSE PYF QAT REU ROU RUS RWA SAU SDN SEN SGP SGS SHN SJM
SLB SLE SLV SMR SOM SPM SRB SSD STP SUR SVK SVN SWE SWZ SXM SYC SYR TCA TCD TGO THA TJK
TKL TKM TLS TON TTO TUN TUR TUV TWN TZA UGA UKR UMI URY USA UZB VAT VCT VEN VGB VIR VNM
VUT WLF WSM YEM ZAF ZMB ZWE
"""
_MEMBERS = """
AUT BEL BGR HRV CYP CZE DNK EST FIN FRA DEU GRC HUN IRL ITA LVA LTU LUX MLT NLD POL PRT
ROU SVK SVN ESP SWE
"""

STATES = frozenset(_ISO_3166_1.split())
"""The 249 codes of ISO 3166-1 alpha-3."""

UNION_MEMBERS = frozenset(_MEMBERS.split())
"""The 27 member states, whose market is EU."""


def is_market(code: str) -> bool:
    """Tell whether a code names a market, whether or not a pack is held for it."""
    return code in STATES or code == EUROPEAN_UNION or code in BODIES
