# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Every verb, used wrongly as people do: exit 2, a sentence, no traceback, nothing written."""

import fcntl
import hashlib
import json
import os
import resource
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from tests.fakes.town import TEMPLATE, Ran, comity, last_word, service
from tests.functional.conftest import Story

from comity import packs
from comity.cli.app import build

CORE = Path(packs.__path__[0]) / "banks" / "disaster-translation.toml"
OPTIONS = Path(packs.__path__[0]) / "exposure" / "examples" / "options.toml"
INVENTORY = Path(packs.__path__[0]) / "exposure" / "template.csv"
DIGEST = ("--digest", "ab" * 32, "--method", "m/1")
FOUND = ("--name", "N", "--role", "regulator", "--jurisdiction", "KHM", "--origin", "n.ex/log")
ODD = ("--name", "N", "--role", "king", "--jurisdiction", "kh", "--origin", "n.ex/log")
CHAT = ("--endpoint", "http://127.0.0.1:1/v1", "--model", "m")

READS_A_FILE = {
    "council rule try": ("council", "rule", "try", "consensus", "--votes", "FILE"),
    "council bodies": ("council", "bodies", "FILE"),
    "council power": ("council", "power", "FILE", "--body", "waico"),
    "council power --body": ("council", "power", "without-hegemon", "--body", "FILE"),
    "determine": ("determine", "FILE"),
    "determine --adoptions": ("determine", "relief.toml", "--adoptions", "FILE"),
    "instrument check": ("instrument", "check", "FILE"),
    "identity log": ("identity", "log", "FILE", "--node", "kh"),
    "identity prepare": ("identity", "prepare", "FILE", "--to", "new.draft", "--node", "kh"),
    "identity sign": ("identity", "sign", "FILE"),
    "identity sign --key": ("identity", "sign", "FILE", "--key", "FILE"),
    "interview": ("interview", "FILE"),
    "interview --batch": ("interview", "relief.toml", "--batch", "FILE"),
    "interview --from": ("interview", "relief.toml", "--from", "FILE"),
    "changes": ("changes", "FILE", "--since", "2026-01-01"),
    "measures": ("measures", "FILE"),
    "measures --costs": ("measures", "relief.toml", "--in", "VNM", "--costs", "FILE"),
    "prove check": ("prove", "check", "FILE"),
    "assess import": ("assess", "import", "FILE"),
    "assess suggest": ("assess", "suggest", "FILE", "--in", "EU"),
    "judge try": ("judge", "try", "FILE", "--answers", "answers.jsonl"),
    "subject check": ("subject", "check", "FILE"),
    "prove conflicts --register": ("prove", "conflicts", "EU", "CHN", "--register", "FILE"),
    "prove lint": ("prove", "lint", "FILE"),
    "status": ("status", "FILE"),
    "sweep": ("sweep", "FILE", "--in", "EU"),
    "system register": ("system", "register", "FILE", *DIGEST, "--node", "kh"),
    "system register --materials": ("system", "register", "relief.toml", *DIGEST,
                                    "--materials", "FILE", "--node", "kh"),
    "cooperate check": ("cooperate", "check", "FILE"),
    "cooperate list --with": ("cooperate", "list", "--with", "FILE"),
    "cooperate match --with": ("cooperate", "match", "--with", "FILE"),
    "cooperate need": ("cooperate", "need", "FILE", "--node", "kh"),
    "cooperate offer": ("cooperate", "offer", "FILE", "--node", "kh"),
    "cooperate project": ("cooperate", "project", "FILE", "--node", "kh"),
    "exposure bill": ("exposure", "bill", "FILE"),
    "exposure show --inventory": ("exposure", "show", "KHM", "--inventory", "FILE"),
    "exposure shock": ("exposure", "shock", "FILE"),
    "exposure shock --inventory": ("exposure", "shock", "--layer", "chips", "--inventory",
                                   "FILE"),
    "exposure state": ("exposure", "state", "FILE", "--node", "kh"),
    "exposure diversify": ("exposure", "diversify", "--options", "FILE", "--state", "KHM"),
    "exposure diversify --bloc": ("exposure", "diversify", "--options", OPTIONS, "--bloc",
                                  "FILE"),
    "exposure diversify --inventory": ("exposure", "diversify", "--options", OPTIONS,
                                       "--state", "KHM", "--inventory", "FILE"),
    "exposure leverage --inventory": ("exposure", "leverage", "KHM", "--inventory", "FILE"),
    "exposure memo --inventory": ("exposure", "memo", "KHM", "--inventory", "FILE"),
    "exposure memo --options": ("exposure", "memo", "KHM", "--inventory", INVENTORY,
                                "--options", "FILE"),
    "exposure memo --shock": ("exposure", "memo", "KHM", "--inventory", INVENTORY, "--shock",
                              "FILE"),
    "exposure memo --with": ("exposure", "memo", "KHM", "--inventory", INVENTORY, "--with",
                             "FILE"),
    "bank build": ("bank", "build", "FILE", "--seed", "1", "--out", "new.jsonl"),
    "bank check": ("bank", "check", "FILE"),
    "bank check --claim": ("bank", "check", "bank.jsonl", "--claim", "FILE"),
    "bank commit": ("bank", "commit", "FILE", "--claim", "flood.claim.toml", "--node", "kh"),
    "bank commit --claim": ("bank", "commit", "bank.jsonl", "--claim", "FILE", "--node", "kh"),
    "policy set": ("policy", "set", "FILE", "--node", "kh"),
    "council propose --electorate": ("council", "propose", "relief.toml", "--title", "T",
                                     "--rule", "consensus", "--electorate", "FILE",
                                     "--node", "kh"),
    "council replay": ("council", "replay", "consensus", "FILE"),
    "council replay rule": ("council", "replay", "FILE", "asean-consensus"),
    "programme assign": ("programme", "assign", "FILE", "--node", "kh"),
    "programme check": ("programme", "check", "FILE"),
    "programme review": ("programme", "review", "FILE"),
    "programme show": ("programme", "show", "FILE"),
    "assess plan": ("assess", "plan", "APPLICATION", "--claim", "FILE", "--node", "kh"),
    "assess run": (
        "assess", "run", "PLAN", "--kind", "json", "--endpoint", "http://127.0.0.1:1/",
        "--answer-path", "a", "--template", "@FILE", "--node", "kh",
    ),
    "publish": ("publish", "FILE", "--node", "kh"),
    "statement check": ("statement", "check", "FILE"),
    "consult open": ("consult", "open", "FILE", "--node", "kh"),
    "consult add": ("consult", "add", "kh.example/log#1", "FILE", "--node", "kh"),
    "consult import": ("consult", "import", "FILE", "--out", "taken"),
    "pack check": ("pack", "check", "FILE"),
    "pack scenarios": ("pack", "scenarios", "FILE"),
    "trust show": ("trust", "show", "FILE"),
    "trust compare": ("trust", "compare", "kh", "FILE"),
    "trust report": ("trust", "report", "kh", "FILE"),
    "verify": ("verify", "FILE"),
    "view diff": ("view", "diff", "FILE", "kh"),
    "node follow": ("node", "follow", "kh", "--passphrase-file", "FILE"),
}  # fmt: skip
"""Each option that takes a file to read, and a way to type it."""

OPENS_A_NODE = {
    "blob consent": ("blob", "consent", "kh.example/log#1", "--node", "NODE"),
    "blob disclose": ("blob", "disclose", "kh.example/log#1", "--field", "a", "--to", "br",
                      "--out", "new", "--node", "NODE"),
    "blob erase": ("blob", "erase", "abababab", "--class", "secret", "--basis", "b",
                   "--node", "NODE"),
    "blob erasures": ("blob", "erasures", "--node", "NODE"),
    "blob fetch": ("blob", "fetch", "kh.example/log#1", "--node", "NODE"),
    "blob keep": ("blob", "keep", "relief.toml", "--to", "br", "--node", "NODE"),
    "blob list": ("blob", "list", "--node", "NODE"),
    "blob open": ("blob", "open", "abababab", "--out", "new", "--node", "NODE"),
    "blob seal": ("blob", "seal", "relief.toml", "--to", "br", "--node", "NODE"),
    "node redact": ("node", "redact", "NODE", "kh.example/log#1", "--class", "secret",
                    "--basis", "b"),
    "determine": ("determine", "relief.toml", "--node", "NODE"),
    "instrument act": ("instrument", "act", "waico", "--act", "accession", "--node", "NODE"),
    "instrument adopt": ("instrument", "adopt", "soft.waico", "--node", "NODE"),
    "instrument differ": ("instrument", "differ", "waico", "soft.waico.join", "--text", "t",
                          "--node", "NODE"),
    "instrument list": ("instrument", "list", "--node", "NODE"),
    "instrument matrix": ("instrument", "matrix", "waico", "--node", "NODE"),
    "instrument pairs": ("instrument", "pairs", "waico", "--node", "NODE"),
    "instrument status": ("instrument", "status", "waico", "--node", "NODE"),
    "accredit": ("accredit", "kh", "--until", "2099-01-01", "--node", "NODE"),
    "assess attempts": ("assess", "attempts", "relief", "--node", "NODE"),
    "assess standing": ("assess", "standing", "--node", "NODE"),
    "identity compromise": ("identity", "compromise", "--keys", "log", "--last-good", "0",
                            "--reason", "r", "--node", "NODE"),
    "identity endorse": ("identity", "endorse", "br", "--checked", "c", "--node", "NODE"),
    "identity rotate": ("identity", "rotate", "--node", "NODE"),
    "identity show": ("identity", "show", "--node", "NODE"),
    "node show": ("node", "show", "NODE"),
    "node peer": ("node", "peer", "NODE", "http://127.0.0.1:1"),
    "node follow": ("node", "follow", "NODE"),
    "node peers": ("node", "peers", "NODE"),
    "node export": ("node", "export", "NODE", "stick"),
    "node import": ("node", "import", "NODE", "stick"),
    "node confirm": ("node", "confirm", "NODE"),
    "node reindex": ("node", "reindex", "NODE"),
    "node serve": ("node", "serve", "NODE", "--port", "0"),
    "export receipt": ("export", "receipt", "kh.example/log#0", "--node", "NODE"),
    "export bundle": ("export", "bundle", "kh.example/log#0", "--node", "NODE"),
    "publish": ("publish", "--node", "NODE"),
    "system register": ("system", "register", "relief.toml", *DIGEST, "--node", "NODE"),
    "bank commit": ("bank", "commit", "bank.jsonl", "--claim", "flood.claim.toml",
                    "--node", "NODE"),
    "policy set": ("policy", "set", "good.policy.toml", "--node", "NODE"),
    "assess apply": ("assess", "apply", "relief", "--bank", "flood", "--node", "NODE"),
    "assess plan": ("assess", "plan", "APPLICATION", "--threshold", "0.5", "--goal", "0.9",
                    "--node", "NODE"),
    "assess reveal": ("assess", "reveal", "PLAN", "--node", "NODE"),
    "assess run": ("assess", "run", "PLAN", *CHAT, "--node", "NODE"),
    "assess report": ("assess", "report", "PLAN", "--node", "NODE"),
    "assess status": ("assess", "status", "--node", "NODE"),
    "assess hand-over": ("assess", "hand-over", "FINDING", "--to", "br", "--node", "NODE"),
    "assess take-over": ("assess", "take-over", "CUSTODY", "--node", "NODE"),
    "assess continue": ("assess", "continue", "FINDING", "--node", "NODE"),
    "recognise": ("recognise", "FINDING", "--node", "NODE"),
    "dossier": ("dossier", "FINDING", "--node", "NODE", "--out", "new.json"),
    "programme assign": ("programme", "assign", "example-khm", "--node", "NODE"),
    "programme review": ("programme", "review", "--node", "NODE"),
    "council replay": ("council", "replay", "consensus", "--node", "NODE"),
    "consult open": ("consult", "open", "relief.toml", "--node", "NODE"),
    "consult add": ("consult", "add", "kh.example/log#1", "relief.toml", "--node", "NODE"),
    "consult vote": ("consult", "vote", "kh.example/log#1", "relief.toml", "--node", "NODE"),
    "consult count": ("consult", "count", "kh.example/log#1", "--node", "NODE"),
    "consult report": ("consult", "report", "kh.example/log#1", "--node", "NODE"),
    "consult verify": ("consult", "verify", "kh.example/log#1", "--node", "NODE"),
    "consult export": ("consult", "export", "kh.example/log#1", "--out", "new",
                       "--node", "NODE"),
    "council propose": ("council", "propose", "relief.toml", "--title", "T", "--rule",
                        "consensus", "--node", "NODE"),
    "council amend": ("council", "amend", "kh.example/log#1", "relief.toml", "--node", "NODE"),
    "council vote": ("council", "vote", "kh.example/log#1", "yes", "--node", "NODE"),
    "council position": ("council", "position", "kh.example/log#1", "for", "--node", "NODE"),
    "council challenge": ("council", "challenge", "kh.example/log#1", "--reason", "r",
                          "--node", "NODE"),
    "council mandate": ("council", "mandate", "mekong", "br", "--node", "NODE"),
    "council roll": ("council", "roll", "br", "withdrawn", "--node", "NODE"),
    "council receive": ("council", "receive", "--node", "NODE"),
    "council tally": ("council", "tally", "kh.example/log#1", "--node", "NODE"),
    "council result": ("council", "result", "kh.example/log#1", "--node", "NODE"),
    "council compare": ("council", "compare", "kh.example/log#1", "--node", "NODE"),
    "council show": ("council", "show", "kh.example/log#1", "--node", "NODE"),
    "council list": ("council", "list", "--node", "NODE"),
    "exposure show": ("exposure", "show", "KHM", "--node", "NODE"),
    "exposure shock": ("exposure", "shock", "--layer", "chips", "--node", "NODE"),
    "exposure diversify": ("exposure", "diversify", "--options", OPTIONS, "--state", "KHM",
                           "--node", "NODE"),
    "exposure leverage": ("exposure", "leverage", "KHM", "--node", "NODE"),
    "exposure memo": ("exposure", "memo", "KHM", "--node", "NODE"),
}  # fmt: skip
"""Each verb that opens a node."""

CITES = {
    "blob consent": ("blob", "consent", "IT", "--node", "kh"),
    "blob disclose": ("blob", "disclose", "IT", "--field", "a", "--to", "br", "--out", "new",
                      "--node", "kh"),
    "blob erase": ("blob", "erase", "IT", "--class", "secret", "--basis", "b", "--node", "kh"),
    "node redact": ("node", "redact", "kh", "IT", "--class", "secret", "--basis", "b"),
    "assess appeal": ("assess", "appeal", "IT", "--grounds", "It is wrong.", "--node", "kh"),
    "assess countersign": ("assess", "countersign", "IT", "--node", "kh"),
    "assess reply": ("assess", "reply", "IT", "It holds.", "--node", "kh"),
    "assess said": ("assess", "said", "IT", "--node", "kh"),
    "assess total": ("assess", "total", "IT", "--over", "90%", "--node", "kh"),
    "withdraw": ("withdraw", "IT", "--reason", "It is wrong.", "--node", "kh"),
    "assess apply": ("assess", "apply", "IT", "--bank", "flood", "--node", "kh"),
    "assess apply --bank": ("assess", "apply", "relief", "--bank", "IT", "--node", "kh"),
    "assess plan": ("assess", "plan", "IT", "--threshold", "0.5", "--goal", "0.9",
                    "--node", "kh"),
    "assess reveal": ("assess", "reveal", "IT", "--node", "kh"),
    "assess run": ("assess", "run", "IT", *CHAT, "--node", "kh"),
    "assess report": ("assess", "report", "IT", "--node", "kh"),
    "assess hand-over": ("assess", "hand-over", "IT", "--to", "br", "--node", "kh"),
    "assess take-over": ("assess", "take-over", "IT", "--node", "kh"),
    "assess continue": ("assess", "continue", "IT", "--node", "kh"),
    "recognise": ("recognise", "IT", "--node", "kh"),
    "dossier": ("dossier", "IT", "--node", "kh", "--out", "new.json"),
    "consult vote": ("consult", "vote", "IT", "relief.toml", "--node", "kh"),
    "consult count": ("consult", "count", "IT", "--node", "kh"),
    "consult report": ("consult", "report", "IT", "--node", "kh"),
    "consult verify": ("consult", "verify", "IT", "--node", "kh"),
    "consult export": ("consult", "export", "IT", "--out", "new", "--node", "kh"),
    "council amend": ("council", "amend", "IT", "relief.toml", "--node", "kh"),
    "council vote": ("council", "vote", "IT", "yes", "--node", "kh"),
    "council position": ("council", "position", "IT", "for", "--node", "kh"),
    "council challenge": ("council", "challenge", "IT", "--reason", "r", "--node", "kh"),
    "council roll": ("council", "roll", "br", "expelled", "--by", "IT", "--node", "kh"),
    "council tally": ("council", "tally", "IT", "--node", "kh"),
    "council result": ("council", "result", "IT", "--node", "kh"),
    "council compare": ("council", "compare", "IT", "--node", "kh"),
    "council show": ("council", "show", "IT", "--node", "kh"),
}  # fmt: skip
"""Each argument that cites a statement."""

BAD_VALUES = {
    "a history nobody knows": (("council", "replay", "consensus", "eu-counci"), "'eu-council'"),
    "no history": (("council", "replay", "consensus"), "a history or --node"),
    "a bloc nobody knows": (("council", "replay", "consensus", "asean-consensus", "--blocs",
                             "aseam"), "'asean'"),
    "a code that means nothing": (("council", "replay", "consensus", "asean-consensus",
                                   "--choices", "1"), "1=yes"),
    "a rule without its regions": (("council", "replay", "without-hegemon",
                                    "asean-consensus"), "'region'"),
    "a programme nobody knows": (("programme", "show", "action-plam"), "'action-plan'"),
    "a bloc nobody has": (("council", "power", "consensus", "--body", "waico", "--blocs",
                           "asaen"), "'asean'"),
    "unknown market": (("determine", "relief.toml", "--in", "BRZ"), "BRA"),
    "bad date": (("determine", "relief.toml", "--on", "2026-02-30"), "2026-02-30"),
    "a date of another land": (("determine", "relief.toml", "--on", "21.11.2026"), "21.11."),
    "unknown role": (("determine", "relief.toml", "--role", "provder"), "provider"),
    "unknown norm": (("determine", "relief.toml", "--explain", "eu.aia.999"), "eu.aia.999"),
    "contradiction": (("determine", "contradicts.toml"), "remote_biometric"),
    "unknown fact": (("determine", "misspelt.toml"), "is_ai_system"),
    "no number": (("determine", "relief.toml", "--questions", "many"), "many"),
    "unknown pack": (("align", CORE, "--to", "soft.gaig"), "soft.gaigi"),
    "unknown side": (("relate", "EUU", "CHN"), "'EU'"),
    "unknown side of a conflict": (("prove", "conflicts", "CHN", "EUU"), "'EU'"),
    "no such norm": (("prove", "certify", "within", "eu.aia.50.2", "eu.aia.502"), "502"),
    "a relation nobody knows": (("prove", "certify", "beside", "a", "b"), "beside"),
    "a register of less than nothing": (("register", "make", "n.parquet", "--rows", "-1"),
                                        "--rows"),
    "a register to nowhere": (("register", "make", "no/where.parquet"), "cannot write"),
    "a draft that is none": (("sweep", "r.parquet", "--draft", "nothing.md"), "nothing.md"),
    "since when": (("changes", "relief.toml", "--since", "then"), "then"),
    "a match over nothing": (("cooperate", "match"), "--records"),
    "weights of no file": (("cooperate", "weights", "no-such-model"), "no file"),
    "a method nobody knows": (("cooperate", "match", "--records", "--method", "fair"),
                              "stable"),
    "a state of no code to match": (("cooperate", "match", "--records", "--state", "khm"),
                                    "KHM"),
    "a state of no code": (("exposure", "show", "khm"), "KHM"),
    "a way out for nobody": (("exposure", "diversify", "--options", OPTIONS), "for whom"),
    "a way out for two": (("exposure", "diversify", "--options", OPTIONS, "--state", "KHM",
                           "--bloc", "asean"), "not both"),
    "a ceiling of nothing": (("exposure", "diversify", "--options", OPTIONS, "--state", "KHM",
                              "--ceiling", "0%"), "no share above nothing"),
    "a bloc of no name to supply": (("exposure", "diversify", "--options", OPTIONS, "--bloc",
                                     "asaen"), "'asean'"),
    "a partner of no code": (("exposure", "leverage", "KHM", "--partner", "usa"), "'USA'"),
    "a memo from nothing": (("exposure", "memo", "KHM"), "--inventory FILE"),
    "a memo under no ceiling": (("exposure", "memo", "KHM", "--inventory", INVENTORY,
                                 "--ceiling", "all"), "'all' is no share"),
    "a memo on no state": (("exposure", "memo", "khm", "--inventory", INVENTORY), "KHM"),
    "a memo on another state": (("exposure", "memo", "VNM", "--inventory", INVENTORY),
                                "template.csv is an inventory of KHM, not of VNM"),
    "a memo on no day": (("exposure", "memo", "KHM", "--inventory", INVENTORY, "--on",
                          "soon"), "soon"),
    "a shock on nothing": (("exposure", "shock"), "--worst 3"),
    "a layer of no stack": (("exposure", "shock", "--layer", "chip"), "'chips'"),
    "a jurisdiction of no state": (("exposure", "shock", "--jurisdiction", "usa"), "'USA'"),
    "a scenario of no name": (("exposure", "shock", "usa-chip-contrls"), "usa-chip-controls"),
    "worst of none": (("exposure", "shock", "--worst", "0"), "from 1 to 10"),
    "no share of a loss": (("exposure", "shock", "--layer", "chips", "--need", "all"), "all"),
    "unknown verb": (("determin", "relief.toml"), "determine"),
    "unknown option": (("determine", "relief.toml", "--inn", "EU"), "--in"),
    "nothing given": (("determine",), "requires an argument"),
    "bank of no size": (("bank", "build", CORE, "--seed", "1", "--out", "n", "--size", "-1"),
                        "8 to 100000 items"),
    "bank to nowhere": (("bank", "build", CORE, "--seed", "1", "--out", "no/where"),
                        "cannot write"),
    "bank over a folder": (("bank", "build", CORE, "--seed", "1", "--out", "folder",
                            "--replace"), "folder"),
    "demo on a bad day": (("demo", "--on", "tomorrow", "--folder", "new"), "tomorrow"),
    "demo over a file": (("demo", "--no-serve", "--folder", "relief.toml"), "relief.toml"),
    "a root key over a file": (("identity", "root-new", "relief.toml", "--name", "n"),
                               "relief.toml"),
    "a node over another": (("node", "init", "kh", *FOUND), "not empty"),
    "a node over a file": (("node", "init", "relief.toml", *FOUND), "relief.toml"),
    "no role and no state": (("node", "init", "new", *ODD), "ISO 3166-1"),
    "an origin of no log": (("node", "init", "new", *ODD[:6], "--origin", "a b"), "no space"),
    "a peer that is no log": (("node", "peer", "kh", "folder"), "folder"),
    "a peer's short id": (("node", "follow", "kh", "nobody"), "nobody"),
    "a port of no machine": (("node", "serve", "kh", "--port", "-1"), "cannot listen"),
    "a host of no machine": (("node", "serve", "kh", "--host", "no.such.host.invalid"),
                             "cannot listen"),
    "no weights and no digest": (("system", "register", "relief.toml", "--node", "kh"),
                                 "--weights, --subject and --digest"),
    "half a digest": (("system", "register", "relief.toml", "--digest", "ab", "--method", "m",
                       "--node", "kh"), "64"),
    "no share": (("assess", "plan", "APPLICATION", "--threshold", "most", "--goal", "2",
                  "--node", "kh"), "most"),
    "goal below threshold": (("assess", "plan", "OPEN", "--threshold", "0.9", "--goal", "0.5",
                              "--node", "kh"), "goal"),
    "a category of no bank": (("assess", "plan", "OPEN", "--threshold", "0.5", "--goal", "0.9",
                               "--category", "sheltr", "--node", "kh"), "shelter"),
    "an access nobody knows": (("blob", "keep", "relief.toml", "--access", "freinds", "--node",
                                "kh"), "members"),
    "a class and a basis of none": (("blob", "erase", "abababab", "--class", "whim", "--basis",
                                     "", "--node", "kh"), "personal data"),
    "a blob for nobody": (("blob", "keep", "relief.toml", "--node", "kh"), "--to"),
    "a sealed file over another": (("blob", "seal", "relief.toml", "--to", "br", "--out",
                                    "bank.jsonl", "--node", "kh"), "is there already"),
    "a file nobody sealed": (("blob", "open", "bank.jsonl", "--out", "new", "--node", "kh"),
                             "not canonical"),
    "to nobody": (("assess", "hand-over", "FINDING", "--to", "xx", "--node", "kh"), "xx"),
    "a dossier to nowhere": (("dossier", "FINDING", "--node", "kh", "--out", "no/where"),
                             "no/where"),
    "a dossier over another": (("dossier", "FINDING", "--node", "kh", "--out", "relief.toml"),
                               "is there already"),
    "an address of nobody": (("verify", "http://127.0.0.1:1"), "cannot be reached"),
    "an address of no kind": (("verify", "gopher://127.0.0.1"), "neither an http(s) address"),
    "an endpoint of nobody": (("assess", "run", "DUE", *CHAT, "--node", "kh"),
                              "nothing answers"),
    "an endpoint of no kind": (("assess", "run", "DUE", "--endpoint", "nowhere", "--model", "m",
                                "--node", "kh"), "the url"),
    "a key nobody set": (("assess", "run", "DUE", *CHAT, "--credential-env", "NO_SUCH_KEY",
                          "--node", "kh"), "NO_SUCH_KEY"),
}  # fmt: skip
"""What people mistype, and a word of the answer that helps them."""


def listing(folder: Path) -> dict[str, str]:
    """Return every file's name and digest; databases and locks by their names only."""
    found: dict[str, str] = {}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.name.endswith(("-wal", "-shm", "-journal")):
            continue
        is_counted = path.is_file() and path.suffix != ".sqlite" and path.name != "lock"
        found[name] = hashlib.sha256(path.read_bytes()).hexdigest() if is_counted else ""
    return found


def assert_refused(ran: Ran, *words: str) -> None:
    """Hold a verb to what every refusal is: exit 2, a sentence, no traceback."""
    said = ran.out + ran.err

    assert ran.code == 2, said
    assert said.strip()
    assert "Traceback" not in said
    for word in words:
        assert word in said


@pytest.fixture(scope="module")
def plans(story: Story) -> dict[str, str]:
    """Return places: the story's, an application nobody answered, a plan nobody ran."""
    town = story.town
    kh, maker = town.path("kh"), town.path("maker")
    apply = ("assess", "apply", "relief", "--bank", "flood", "--node", maker)
    shares = ("--threshold", "50%", "--goal", "9/10", "--risk", "0.5", "--timeout-s", "0.2")
    due = town.do("assess", "plan", town.do(*apply).cited, *shares, "--node", kh).cited
    for member in (maker, kh):
        town.do("assess", "reveal", due, "--node", member)
    return {
        "APPLICATION": story.cited("application"),
        "PLAN": story.cited("plan"),
        "FINDING": story.cited("report"),
        "CUSTODY": story.cited("hand-over"),
        "OPEN": town.do(*apply).cited,
        "DUE": due,
    }


@pytest.fixture
def desk(story: Story, plans: dict[str, str], tmp_path: Path) -> Iterator[Path]:
    """Return a folder with copies of what one works with, good and bad; one works in it."""
    assert plans
    folder = tmp_path / "desk"
    folder.mkdir()
    town = story.town
    for name in ("relief.toml", "flood.claim.toml", "bank.jsonl"):
        shutil.copy(town.path(name), folder)
    shutil.copytree(town.path("kh"), folder / "kh")
    profile = town.path("relief.toml").read_text("utf-8")
    policy = 'bank = "flood"\ntrusts = ["br"]\nroute = "plan"\nrisk = 0.05\nthreshold = 0.5\n'
    files = {
        "good.policy.toml": policy,
        "contradicts.toml": profile + "remote_biometric = true\nbiometric = false\n",
        "misspelt.toml": profile.replace("is_ai_system", "is_ai_sistem"),
        "broken.toml": 'a = [1,\nb = "',
        "broken.json": '{"predicateType": "policy", ',
        "empty": "",
    }
    for name, text in files.items():
        (folder / name).write_text(text, "utf-8")
    (folder / "binary").write_bytes(b"\xff\xfe\x00\x80" * 64)
    (folder / "folder").mkdir()
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        yield folder


def typed(words: tuple[object, ...], places: dict[str, str]) -> list[str]:
    """Put what stands for something else in its place."""
    found = []
    for word in map(str, words):
        for name, place in places.items():
            if word in {name, f"@{name}"}:
                word = word.replace(name, place)  # noqa: PLW2901 - the word as typed
        found.append(word)
    return found


@pytest.mark.parametrize(
    "file", ["nowhere", "folder", "binary", "broken.toml", "broken.json", "empty"]
)
@pytest.mark.parametrize("verb", READS_A_FILE)
def test_a_file_that_cannot_be_read_is_named(
    desk: Path, plans: dict[str, str], verb: str, file: str
) -> None:
    """Missing, a folder, not text, not its language, empty: it is said of which file."""
    before = listing(desk)

    ran = comity(*typed(READS_A_FILE[verb], plans | {"FILE": file}))

    is_text_of_any_kind = verb == "node follow" and file in {
        "broken.toml",
        "broken.json",
        "empty",
    }
    assert_refused(ran, "passphrase" if is_text_of_any_kind else file)
    assert listing(desk) == before


NEEDS_NO_KEY = {"node show", "node peers"}
"""They show what is public, and know no passphrase."""

ONLY_READS = {
    "assess attempts", "assess standing", "assess status", "blob erasures", "blob list",
    "consult export", "consult report", "consult verify", "council compare", "council list",
    "council replay", "council show", "council tally", "determine", "dossier",
    "export bundle", "exposure diversify", "exposure leverage", "exposure memo",
    "exposure shock", "exposure show", "identity show", "instrument list",
    "instrument matrix", "instrument pairs", "instrument status", "node reindex",
    "programme review",
}  # fmt: skip
"""They open the key file only where something sealed must be read, which is nowhere here."""


@pytest.mark.parametrize("node", ["nowhere", "folder", "relief.toml"])
@pytest.mark.parametrize("verb", [*OPENS_A_NODE, "node fsck"])
def test_what_is_no_node_is_said_not_to_be_one(
    desk: Path, plans: dict[str, str], verb: str, node: str
) -> None:
    """And how one founds one."""
    before = listing(desk)
    words = OPENS_A_NODE.get(verb, ("node", "fsck", "NODE"))

    ran = comity(*typed(words, plans | {"NODE": node}))

    assert_refused(ran, f"{node} holds no node", "comity node init")
    assert listing(desk) == before


@pytest.mark.parametrize("verb", sorted(ONLY_READS))
def test_what_only_reads_asks_for_no_passphrase(
    desk: Path, plans: dict[str, str], verb: str
) -> None:
    """A wrong one is not even tried: it answers, or refuses for a reason of its own."""
    wrong = desk / "wrong"
    wrong.write_text("another", "utf-8")

    ran = comity(*typed(OPENS_A_NODE[verb], plans | {"NODE": "kh"}), "--passphrase-file", wrong)

    assert "passphrase" not in ran.out + ran.err


@pytest.mark.parametrize("verb", sorted({*OPENS_A_NODE} - NEEDS_NO_KEY - ONLY_READS))
def test_a_wrong_passphrase_opens_nothing(desk: Path, plans: dict[str, str], verb: str) -> None:
    """Every verb that signs or unseals says that it is the passphrase."""
    wrong = desk / "wrong"
    wrong.write_text("another", "utf-8")
    before = listing(desk)

    ran = comity(*typed(OPENS_A_NODE[verb], plans | {"NODE": "kh"}), "--passphrase-file", wrong)

    assert_refused(ran, "passphrase")
    assert listing(desk) == before


@pytest.mark.parametrize("verb", sorted({*OPENS_A_NODE} - {"node show", "node serve"}))
def test_faults_in_node_toml_are_said_with_their_places(
    desk: Path, plans: dict[str, str], verb: str
) -> None:
    """It is the one file operators edit by hand."""
    with (desk / "kh" / "node.toml").open("a", encoding="utf-8") as file:
        file.write("\n[[peer]]\nmember = 3\n")
    before = listing(desk)

    ran = comity(*typed(OPENS_A_NODE[verb], plans | {"NODE": "kh"}))

    assert_refused(ran)
    assert listing(desk) == before


@pytest.mark.parametrize(
    "cited",
    [
        "maker.example/log#99",
        "no.example/log#1",
        "f00dface",
        "abc",
        "kh.example/log#0",
        "#",
        "",
    ],
)
@pytest.mark.parametrize("verb", CITES)
def test_what_does_not_exist_cannot_be_cited(
    desk: Path, plans: dict[str, str], verb: str, cited: str
) -> None:
    """A place too far, another log, digits of nothing, too few, another kind, nothing."""
    before = listing(desk)

    ran = comity(*typed(CITES[verb], plans | {"IT": cited}))

    assert_refused(ran)
    assert listing(desk) == before


def test_a_name_of_two_members_is_ambiguous(desk: Path, plans: dict[str, str]) -> None:
    """All who answer to it are listed."""
    assert plans
    registered = comity("system", "register", "relief.toml", *DIGEST, "--node", "kh",
                        "--no-publish")  # fmt: skip
    assert registered.code == 0
    before = listing(desk)

    ran = comity("assess", "apply", "relief", "--bank", "flood", "--node", "kh")

    assert_refused(ran, "2 system statements answer to 'relief'", "maker.example/log#1")
    assert listing(desk) == before


@pytest.mark.parametrize("name", BAD_VALUES)
def test_what_is_mistyped_is_answered_with_help(
    desk: Path, plans: dict[str, str], name: str
) -> None:
    """The answer names what was wrong, or what it may have meant."""
    words, said = BAD_VALUES[name]
    before = listing(desk)

    ran = comity(*typed(words, plans))

    assert_refused(ran, said)
    assert listing(desk) == before


def test_a_port_in_use_is_said(desk: Path) -> None:
    """With the option that chooses another."""
    before = listing(desk)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        ran = comity("node", "serve", "kh", "--port", taken.getsockname()[1])

    assert_refused(ran, "--port")
    assert listing(desk) == before


def _nonsense(_text: str) -> str:
    return "\x00" * 40_000


def _slow(text: str) -> str:
    time.sleep(1)
    return text


@pytest.mark.parametrize(
    ("answer", "path", "said"),
    [(last_word, "not.there", "not.there"), (_nonsense, "said", ""), (_slow, "said", "")],
    ids=["another form", "garbage", "slow"],
)
def test_a_service_that_fails_at_the_greeting_is_asked_nothing(
    desk: Path, plans: dict[str, str], answer: object, path: str, said: str
) -> None:
    """No item of the bank is shown to it, and nothing is kept."""
    before = listing(desk)
    with service(answer) as url:  # type: ignore[arg-type] # any of the three
        ran = comity(
            "assess", "run", plans["DUE"], "--node", "kh", "--kind", "json", "--endpoint", url,
            "--template", TEMPLATE, "--answer-path", path,
        )  # fmt: skip

    assert_refused(ran, said)
    assert listing(desk) == before


WRITES = {
    "publish": ("publish", "note.json", "--node", "kh"),
    "system register": ("system", "register", "relief.toml", *DIGEST, "--node", "kh"),
    "policy set": ("policy", "set", "good.policy.toml", "--node", "kh"),
    "bank commit": ("bank", "commit", "bank.jsonl", "--claim", "flood.claim.toml",
                    "--node", "kh"),
    "assess plan": ("assess", "plan", "OPEN", "--threshold", "0.5", "--goal", "0.9",
                    "--node", "kh"),
    "recognise": ("recognise", "AGAIN", "--node", "kh"),
}  # fmt: skip
"""Verbs that write into a log."""


@pytest.fixture
def writing(desk: Path, story: Story, plans: dict[str, str]) -> dict[str, str]:
    """Prepare what the verbs that write need."""
    (desk / "note.json").write_text('{"predicateType": "note", "predicate": {"n": 1}}')
    done = comity("policy", "set", "good.policy.toml", "--node", "kh", "--no-publish")
    assert done.code == 0, done.err
    return plans | {"AGAIN": story.cited("report again")}


@pytest.mark.parametrize("verb", WRITES)
def test_a_second_writer_is_refused(desk: Path, writing: dict[str, str], verb: str) -> None:
    """One log has one writer at a time."""
    before = listing(desk)
    with (desk / "kh" / "log" / "lock").open("ab") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        ran = comity(*typed(WRITES[verb], writing))

    assert_refused(ran, "another process is writing")
    assert listing(desk)["kh/log/journal"] == before["kh/log/journal"]
    assert listing(desk)["kh/public/checkpoint"] == before["kh/public/checkpoint"]


@contextmanager
def full_disk(length: int) -> Iterator[None]:
    """Let no file of this process grow past a length in bytes."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (length, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.parametrize("verb", WRITES)
def test_a_full_disk_leaves_the_log_as_it_was(
    desk: Path, writing: dict[str, str], verb: str
) -> None:
    """The databases still fit, the journal does not: nothing of it is in the log after.

    What was made ready behind its last frame is zeros, and counts as full as well.
    """
    before = listing(desk)
    length = len((desk / "kh" / "log" / "journal").read_bytes().rstrip(b"\0"))
    with full_disk(length + 10):
        ran = comity(*typed(WRITES[verb], writing))
    after = comity("node", "fsck", "kh", "--json")

    assert_refused(ran, "free space")
    assert listing(desk)["kh/log/journal"] == before["kh/log/journal"]
    assert listing(desk)["kh/public/checkpoint"] == before["kh/public/checkpoint"]
    assert after.json["problems"] == []


@pytest.mark.parametrize("length", [0, 2_000, 30_000])
@pytest.mark.parametrize(
    "words",
    [
        ("node", "init", "new", *FOUND, "--example"),
        ("bank", "build", CORE, "--seed", "1", "--out", "new.jsonl"),
        ("dossier", "FINDING", "--node", "kh", "--out", "new.json"),
    ],
    ids=["node init", "bank build", "dossier"],
)
def test_on_a_full_disk_nothing_is_made_by_half(
    desk: Path, plans: dict[str, str], words: tuple[object, ...], length: int
) -> None:
    """What is made is made whole, or not at all."""
    before = listing(desk)
    with full_disk(length):
        ran = comity(*typed(words, plans))

    assert_refused(ran)
    assert listing(desk) == before


@pytest.mark.parametrize(
    "words", [["--help"], ["determine", "relief.toml"], ["determine", "relief.toml", "--json"]]
)
def test_an_output_that_is_full_is_said(desk: Path, words: list[str]) -> None:
    """A report cut short must not look like a report."""
    assert desk.is_dir()
    with Path("/dev/full").open("wb") as full:
        ran = subprocess.run(
            [sys.executable, "-m", "comity.cli", *words],
            stdout=full, stderr=subprocess.PIPE, text=True, check=False,
        )  # fmt: skip

    assert ran.returncode == 2
    assert "cannot write the output: No space left on device" in ran.stderr
    assert "Traceback" not in ran.stderr


def test_a_reader_who_has_seen_enough_is_no_error(desk: Path) -> None:
    """`comity determine … | head -1` says nothing of it."""
    assert desk.is_dir()
    reading, writing = os.pipe()
    os.close(reading)
    try:
        ran = subprocess.run(
            [sys.executable, "-m", "comity.cli", "determine", "relief.toml"],
            stdout=writing, stderr=subprocess.PIPE, text=True, check=False,
        )  # fmt: skip
    finally:
        os.close(writing)

    assert (ran.returncode, ran.stderr) == (141, "")


def test_a_problem_is_told_to_programs_too(desk: Path) -> None:
    """With --json the error is JSON, on stderr, with its code."""
    assert desk.is_dir()

    ran = comity("determine", "relief.toml", "--in", "BRZ", "--json")

    assert json.loads(ran.err)["error"]["code"]
    assert ran.out == ""


def test_no_verb_is_left_out() -> None:
    """Whoever adds a verb says here how it is used wrongly."""
    others = (
        "align",
        "demo",
        "node init",
        "node fsck",
        "prove certify",
        "register make",
        "relate",
        # tried beside their own verbs, there or on the pages of docs/how-to
        "assess contribute",
        "assess drift",
        "bank alarms",
        "bank life",
        "blob conceal",
        "identity root-new",
        "statement example",
        "statement schema",
        "statement schemas",
        "trust policy",
        "programme list",
        "cooperate projects",
        "cooperate weights",
        "exposure scenarios",
        "exposure figures",
        "exposure template",
        "node backup",
        "node restore",
        "view show",
        "bank open",
        "judge audit",
        "judge collect",
        "judge grade",
        "judge ppi",
        "judge queue",
        "judge serve",
    )
    tables = (READS_A_FILE, OPENS_A_NODE, CITES, dict.fromkeys(others, ()))
    named = {" ".join(name.split()[:2]) if name.split()[0] in GROUPS else name.split()[0]
             for table in tables for name in table}  # fmt: skip

    assert named == set(_verbs())


GROUPS = {
    "assess",
    "bank",
    "blob",
    "consult",
    "cooperate",
    "council",
    "export",
    "exposure",
    "identity",
    "instrument",
    "judge",
    "node",
    "pack",
    "policy",
    "programme",
    "prove",
    "register",
    "statement",
    "subject",
    "system",
    "trust",
    "view",
}


def _verbs() -> Iterator[str]:
    app = build(with_summaries=False)
    for name in (one for one in app if not one.startswith("-")):
        inner = [one for one in app[name] if not one.startswith("-")]
        yield from (f"{name} {one}" for one in inner) if inner else (name,)
