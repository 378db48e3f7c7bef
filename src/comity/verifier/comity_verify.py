# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Check a Comity dossier with Python alone: one file, no packages, no network.

    python3 comity_verify.py finding.json

A dossier holds one finding about an AI service, every signed statement it rests on, and the
questions and answers. This program re-derives the finding from them and believes nobody:

 1. every statement is signed by its member and stands in that member's log;
 2. the right members said the right things, in the right order;
 3. the plan's numbers hold the risk they promise, computed exactly;
 4. the draw follows from what both sides committed to beforehand;
 5. the questions asked are those that were due, and each was in the sealed bank;
 6. the answers are scored again, where the rule is plain text;
 7. verdicts, e-values and bounds follow from the outcomes.

Exit 0: verified. Exit 1: refuted; the first place where it fails is named. Exit 2: the file
cannot be read, which is no verdict. Exit 3: nothing is refuted, but something was not checked
by this verifier, and it says what.

Written from docs/spec/evidence.md and docs/spec/statements.md. It shares no line with Comity's
own verifier, so that two programs must agree. Python 3.8 or later; read it from the top. As
comity_verify.pyz it has Comity's scorers of plain text beside it: what one means is its text.
"""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import hmac
import json
import re
import sys
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from fractions import Fraction
from importlib import import_module
from math import comb
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple
from zipimport import zipimporter

MAX_FILE_BYTES = 256 * 1024 * 1024

if TYPE_CHECKING:  # names for readers; Python 3.8 need not understand them
    Json = Any
    Said = dict[str, Any]
    Point = tuple[int, int, int, int]
    Points = list[tuple[int, int, int]]
    Wrongs = Iterator[tuple[str, str]]


class RefutedError(Exception):
    """Something published does not lead to what was signed."""

    def __init__(self, place: str, message: str) -> None:
        super().__init__(message)
        self.place = place


class UnreadableError(Exception):
    """The file is not a dossier."""


# ---------------------------------------------------------------- 1. JSON, base64 and hashes
# RFC 8785, narrowed to integers, ASCII keys and 32 levels; RFC 4648 section 4; RFC 9162.


def to_canonical(value: Json) -> bytes:
    """Write a JSON value as its only bytes."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return text.encode("utf-8")


def from_canonical(encoded: bytes) -> Json:
    """Read JSON; ValueError where the bytes are not the canonical form of their value."""
    try:
        value = json.loads(encoded.decode("utf-8"))
        check_profile(value, 0)
    except RecursionError:
        raise ValueError("nested too deeply") from None
    if to_canonical(value) != encoded:
        raise ValueError("not in canonical form (RFC 8785)")
    return value


def check_profile(value: Json, depth: int) -> None:
    """Refuse what the profile leaves out, with ValueError."""
    if isinstance(value, dict):
        if not all(key.isascii() for key in value):
            raise ValueError("a key that is not ASCII")
    elif isinstance(value, float) or (isinstance(value, int) and abs(value) >= 2**53):
        raise ValueError("a number that is not an integer below 2**53")
    if depth > 32:
        raise ValueError("deeper than 32 levels")
    if isinstance(value, (dict, list)):
        for part in value.values() if isinstance(value, dict) else value:
            check_profile(part, depth + 1)


def from_base64(text: str) -> bytes:
    """Read standard base64 in its one spelling; ValueError otherwise."""
    raw = base64.b64decode(text, validate=True)
    if base64.b64encode(raw).decode("ascii") != text:
        raise ValueError("another spelling of base64")
    return raw


def sha256(*parts: bytes) -> bytes:
    """Hash parts one after the other."""
    return hashlib.sha256(b"".join(parts)).digest()


def root_from_path(leaf: bytes, index: int, size: int, path: list[bytes]) -> bytes:
    """Fold a leaf and its path into a root (RFC 9162, section 2.1.3.2); ValueError."""
    if not 0 <= index < size:
        raise ValueError("the tree has no such leaf")
    node, last, rest = leaf, size - 1, list(path)
    while last > 0:
        if index % 2 == 1 or index < last:
            if not rest:
                raise ValueError("the path is too short")
            pair = (rest.pop(0), node) if index % 2 == 1 else (node, rest.pop(0))
            node = sha256(b"\x01", *pair)
        index, last = index // 2, last // 2
    if rest:
        raise ValueError("the path is too long")
    return node


# ---------------------------------------------------------------- 2. Ed25519, verification only
# RFC 8032, section 5.1. One verdict for everybody: the scalar is reduced, encodings are
# canonical, points of small order are refused, the equation is checked without the cofactor.
# A point is (X, Y, Z, T) with x = X/Z, y = Y/Z and x y = T/Z.

FIELD = 2**255 - 19
GROUP = 2**252 + 27742317777372353535851937790883648493
CURVE_D = -121665 * pow(121666, FIELD - 2, FIELD) % FIELD
ORDER_8_Y = 0x05FC536D880238B13933C6D305ACDFD5F098EFF289F4C345B027B2C28F95E826
SMALL_ORDER = frozenset(
    (y | sign << 255).to_bytes(32, "little")
    for y in (0, 1, ORDER_8_Y, FIELD - ORDER_8_Y, FIELD - 1, FIELD, FIELD + 1)
    for sign in (0, 1)
)


def add(one: Point, other: Point) -> Point:
    """Add two points (section 5.1.4)."""
    a = (one[1] - one[0]) * (other[1] - other[0]) % FIELD
    b = (one[1] + one[0]) * (other[1] + other[0]) % FIELD
    c = 2 * one[3] * other[3] * CURVE_D % FIELD
    d = 2 * one[2] * other[2] % FIELD
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % FIELD, g * h % FIELD, f * g % FIELD, e * h % FIELD


def double(one: Point) -> Point:
    """Add a point to itself (section 5.1.4)."""
    a, b = one[0] * one[0] % FIELD, one[1] * one[1] % FIELD
    h, g = a + b, a - b
    e, f = h - (one[0] + one[1]) ** 2, 2 * one[2] * one[2] + g
    return e * f % FIELD, g * h % FIELD, f * g % FIELD, e * h % FIELD


def decode_point(encoded: bytes) -> Point | None:
    """Read a point (section 5.1.3); None for what is not one."""
    y = int.from_bytes(encoded, "little")
    sign, y = y >> 255, y & (2**255 - 1)
    top, bottom = (y * y - 1) % FIELD, (CURVE_D * y * y + 1) % FIELD
    x = top * bottom**3 * pow(top * bottom**7, (FIELD - 5) // 8, FIELD) % FIELD
    if bottom * x * x % FIELD != top:
        x = x * pow(2, (FIELD - 1) // 4, FIELD) % FIELD
    if y >= FIELD or bottom * x * x % FIELD != top or (x == 0 and sign):
        return None
    x = x if x % 2 == sign else FIELD - x
    return x, y, 1, x * y % FIELD


def encode_point(point: Point) -> bytes:
    """Write a point in its one encoding (section 5.1.2)."""
    inverse = pow(point[2], FIELD - 2, FIELD)
    x, y = point[0] * inverse % FIELD, point[1] * inverse % FIELD
    return (y | (x % 2) << 255).to_bytes(32, "little")


def sixteen_multiples(point: Point) -> list[Point]:
    """Return 0, 1, 2 … 15 times a point."""
    found = [(0, 1, 1, 0)]
    for _ in range(15):
        found.append(add(found[-1], point))
    return found


BASE_Y = 4 * pow(5, FIELD - 2, FIELD) % FIELD
BASE = sixteen_multiples(decode_point(BASE_Y.to_bytes(32, "little")) or (0, 1, 1, 0))
CHECKED: dict[tuple[bytes, bytes, bytes], bool] = {}
"""Verdicts so far: all proofs of one log repeat one checkpoint."""


def is_signature(key: bytes, message: bytes, signature: bytes) -> bool:
    """Tell whether a signature verifies: s B - h A must be exactly R (section 5.1.7)."""
    if (key, message, signature) not in CHECKED:
        CHECKED[key, message, signature] = is_new_signature(key, message, signature)
    return CHECKED[key, message, signature]


def is_new_signature(key: bytes, message: bytes, signature: bytes) -> bool:
    """Verify a signature that was not asked about before."""
    point, scalar = decode_point(key), int.from_bytes(signature[32:], "little")
    if len(key) != 32 or len(signature) != 64 or point is None or scalar >= GROUP:
        return False
    if key in SMALL_ORDER or signature[:32] in SMALL_ORDER:
        return False
    digest = hashlib.sha512(signature[:32] + key + message).digest()
    factor = int.from_bytes(digest, "little") % GROUP
    negated = sixteen_multiples((FIELD - point[0], point[1], point[2], FIELD - point[3]))
    total: Point = (0, 1, 1, 0)
    for shift in range(252, -4, -4):
        total = double(double(double(double(total))))
        total = add(total, BASE[scalar >> shift & 15])
        total = add(total, negated[factor >> shift & 15])
    return encode_point(total) == signature[:32]


# ---------------------------------------------------------------- 3. Shapes of documents
# docs/spec/statements.md, as data. "?" allows null, "~" leaves a field out, "[…]" means a list;
# fields that are not named here may stand there too.


def is_count(value: Json) -> bool:
    """Tell whether a value is an integer of at least 0; true and false are none."""
    return type(value) is int and value >= 0


def is_text(value: Json) -> bool:
    """Tell whether a value is a text that is not empty."""
    return isinstance(value, str) and value != ""


def is_digest(value: Json) -> bool:
    """Tell whether a value is 64 lower-case hexadecimal digits."""
    return isinstance(value, str) and re.fullmatch("[0-9a-f]{64}", value) is not None


def is_instant(value: Json) -> bool:
    """Tell whether a value is an instant like 2026-11-21T19:19:24Z."""
    form = "%Y-%m-%dT%H:%M:%SZ"
    try:
        moment = dt.datetime.strptime(value, form)  # noqa: DTZ007 - the form says Z, so UTC
        return bool(moment.strftime(form) == value)
    except (TypeError, ValueError):
        return False


def is_ratio(value: Json) -> bool:
    """Tell whether a value is a ratio in lowest terms, {"num", "den"}."""
    if not isinstance(value, dict) or set(value) != {"num", "den"}:
        return False
    top, bottom = value["num"], value["den"]
    is_whole = type(top) is int and type(bottom) is int and bottom > 0
    return is_whole and Fraction(top, bottom).denominator == bottom


def is_by_language(value: Json) -> bool:
    """Tell whether a value is texts by language, English among them."""
    texts = isinstance(value, dict) and all(map(is_text, (*value, *value.values())))
    return texts and value.get("en") is not None


def is_reference(value: Json) -> bool:
    """Tell whether a value says where a statement stands, and the digest of its bytes."""
    if not isinstance(value, dict) or set(value) != {"log", "index", "sha256"}:
        return False
    return is_text(value["log"]) and is_count(value["index"]) and is_digest(value["sha256"])


def are_numbers(value: Json) -> bool:
    """Tell whether a value is pairs of counts, the first rising, the second never falling."""
    if not isinstance(value, list):
        return False
    for pair in value:
        if not isinstance(pair, list) or len(pair) != 2 or not all(map(is_count, pair)):
            return False
    return all(b[0] > a[0] and b[1] >= a[1] for a, b in zip(value, value[1:]))


REASONS = ("timeout", "error", "oversize", "busy", "unreachable", "interrupted")
TESTS: dict[str, Callable[[Json], bool]] = {
    "any": lambda value: True,  # noqa: ARG005 - anything may stand there
    "text": is_text,
    "string": lambda value: isinstance(value, str),
    "object": lambda value: isinstance(value, dict),
    "flag": lambda value: isinstance(value, bool),
    "count": is_count,
    "number": lambda value: is_count(value) and value > 0,
    "digest": is_digest,
    "instant": is_instant,
    "ratio": is_ratio,
    "languages": is_by_language,
    "reference": is_reference,
    "numbers": are_numbers,
    "counts": lambda value: isinstance(value, dict) and all(map(is_count, value.values())),
    "country": lambda value: isinstance(value, str) and bool(re.fullmatch("[A-Z]{3}", value)),
    "reason": lambda value: isinstance(value, str) and value in REASONS,
    "labels": lambda value: (
        isinstance(value, dict) and all(map(is_by_language, value.values()))
    ),
    "any_design": lambda value: (
        isinstance(value, dict) and ("kind" in value or not misfit(value, "design", ""))
    ),
}
SHAPES: dict[str, str] = {
    "dossier": "dossier=comity/dossier/v1 finding:reference statements:[sheet] bundles:[text]",
    "sheet": "log:text index:count sha256:digest entry:string proof:text",
    "envelope": "payload:text payloadType=application/vnd.in-toto+json signatures:[signature]",
    "signature": "keyid:string sig:text",
    "statement": "_type=https://in-toto.io/Statement/v1 predicateType:text predicate:object"
    " subject:[subject]",
    "subject": "digest:object",
    "keyset": "name:text role=regulator|provider jurisdiction:country example:flag log_key:text"
    " statement_keys:[key] witness_key:text agreement_key:digest sequence:count next:digest"
    " issued:instant root~root officers~counts witness_key_mldsa~text",
    "key": "keyid:text ed25519:digest",
    "root": "threshold:number keys:[key]",
    "compromise": "sequence:count keys:[text] last_good:count reason:text issued:instant",
    "bank": "issued:instant bank:text claim:languages scorer:text categories:[category]"
    " size:number root:digest templates:count near_duplicates:count conducts:[text]"
    " limits:string licence:text unreviewed~counts replaces~digest practice~flag labels~labels",
    "category": "name:text count:number",
    "application": "issued:instant bank_root:digest tester:text nonce_commitment:digest",
    "plan": "issued:instant bank_root:digest application:reference nonce_commitment:?digest"
    " designs:[any_design] categories:[tested] rules:rules attempt:number continues:?reference"
    " test=first|continuation draw~object retired~[count] judges~object",
    "design": "size:number threshold:ratio goal:ratio risk:ratio power:ratio cap:number"
    " acceptance:numbers rejection:numbers",
    "tested": "name:text design:count",
    "rules": "timeout_ms:number max_answer_bytes:number missing=failure order=draw"
    " retry~retry rate~rate attempts~any publish_items~any",
    "retry": "reasons:[reason] waits_ms:[count]",
    "rate": "questions:number per_ms:number",
    "reveal": "issued:instant plan:reference role=provider|tester nonce:digest",
    "draw-commitment": "issued:instant application:reference nonce_commitment:digest",
    "draw-reveal": "issued:instant plan:reference",
    "beacon": "public_key:text genesis:instant period_s:number scheme:text round:number",
    "pulse": "round:number signature:text",
    "contributor": "member:text commitment:reference",
    "finding": "issued:instant plan:reference seed:digest results:[result] transcript:digest"
    " bundle:digest",
    "result": "category:text verdict=shown|not_shown|insufficient asked:count failed:count"
    " e_value:text lower_bound_ppm:count mean_ppm~count",
    "custody": "issued:instant plan:reference to:text blob:digest first_positions:counts",
    "bundle": "bundle=comity/evidence-bundle/v1 plan:digest",
    "record": "draw:number item:item salt:digest path:[digest] answer:?string"
    " missing:?reason passed:flag score_ppm~count tries~[reason]",
    "item": "position:count category:text prompt:any reference:any scorer:text",
}


def misfit(value: Json, shape: str, place: str) -> str:
    """Return the first place where a value has not its shape, or an empty text."""
    if shape[0] == "?":
        return "" if value is None else misfit(value, shape[1:], place)
    if shape in TESTS:
        return "" if TESTS[shape](value) else place
    found: Iterator[str] = iter([place])
    if shape[0] == "[" and isinstance(value, list):
        found = (misfit(one, shape[1:-1], f"{place}[{at}]") for at, one in enumerate(value))
    elif shape[0] != "[" and isinstance(value, dict):
        found = (misfit_field(value, field, place) for field in SHAPES[shape].split())
    return next((wrong for wrong in found if wrong), "")


def misfit_field(value: Json, field: str, place: str) -> str:
    """Return the place of one field that has not its shape.

    A field is "name:shape", "name=words", or "name~shape" where it may be left out.
    """
    name, mark, rest = re.split("([:=~])", field, maxsplit=1)
    if mark == "~" and value.get(name) is None:
        return ""
    if name not in value:
        return f"{place}.{name}"
    if mark == "=":
        return "" if value[name] in rest.split("|") else f"{place}.{name}"
    return misfit(value[name], rest, f"{place}.{name}")


def expect(value: Json, shape: str, place: str) -> None:
    """Refute what has not its shape."""
    wrong = misfit(value, shape, place)
    if wrong:
        raise RefutedError(wrong, "this is missing or malformed")


# ---------------------------------------------------------------- 4. Keys and checkpoints
# C2SP signed-note, tlog-checkpoint, tlog-cosignature, tlog-proof. Readers raise ValueError.


class NoteKey(NamedTuple):
    """A public key as notes know it; type 1 signs a log, type 4 cosigns with a time."""

    name: str
    kind: int
    public: bytes

    def short(self) -> bytes:
        """Return the four bytes that, with the name, pick the key out."""
        return sha256(self.name.encode(), b"\n", bytes([self.kind]), self.public)[:4]


class Keyset(NamedTuple):
    """The keys of a member from after one entry of its log on.

    `root` says how many of which keys must sign the next keyset; `purposes` has every key
    with what it is for; `names` has them as a compromise names them.
    """

    entry: int
    said: Said
    log_key: NoteKey
    witness_key: NoteKey
    statement_keys: dict[str, bytes]
    root: tuple[int, dict[str, bytes]]
    purposes: frozenset[tuple[bytes, str]]
    names: frozenset[str]


class Theft(NamedTuple):
    """A member's word that others may hold keys of its, and its last good entry."""

    entry: int
    keys: frozenset[str]
    last_good: int
    reason: str


class Member(NamedTuple):
    """Who signs. The id is the digest of the first keyset; whose it is, no file can prove."""

    identity: str
    keysets: tuple[Keyset, ...]
    thefts: tuple[Theft, ...]

    @property
    def name(self) -> str:
        """Return what it calls itself."""
        return str(self.keysets[-1].said["name"])

    @property
    def log(self) -> str:
        """Return the name of its log, which no rotation changes."""
        return self.keysets[0].log_key.name

    def before(self, index: int) -> Keyset:
        """Return the keyset in force for the entry at an index."""
        return [one for one in self.keysets if one.entry < max(index, 1)][-1]

    def is_standing(self, index: int) -> bool:
        """Tell whether the root has vouched for the entry at an index."""
        stood = [one.entry for one in self.keysets] + [one.entry for one in self.thefts]
        return index in stood

    def witness_keys(self) -> list[NoteKey]:
        """Return every key it cosigned with and did not declare stolen."""
        stolen = frozenset[str]().union(*(theft.keys for theft in self.thefts))
        keys = dict.fromkeys(one.witness_key for one in self.keysets)
        return [key for key in keys if written(key) not in stolen]


class Note(NamedTuple):
    """A checkpoint and the signatures under it, each a name, a short id and bytes."""

    text: str
    origin: str
    size: int
    root: bytes
    signatures: list[tuple[str, bytes, bytes]]


def read_key(text: str, kind: int) -> NoteKey:
    """Read a key written as name+id+base64."""
    name, _, rest = text.partition("+")
    identifier, _, encoded = rest.partition("+")
    raw = from_base64(encoded)
    key = NoteKey(name, kind, raw[1:])
    is_sound = len(raw) == 33 and raw[0] == kind and key.short().hex() == identifier
    if not is_sound or not is_signer(name) or key.public in SMALL_ORDER:
        raise ValueError(f"not a key of type {kind}, written name+id+base64")
    return key


def is_signer(name: str) -> bool:
    """Tell whether a text may name a key."""
    return re.fullmatch(r"[^\s+]+", name) is not None and name.isprintable()


def read_note(encoded: bytes) -> Note:
    """Read a checkpoint with its signatures, none of them checked yet."""
    content = encoded.decode("utf-8")
    text, blank, tail = content.rpartition("\n\n")
    lines, said = tail.split("\n"), text.split("\n")
    if len(encoded) > 65_536 or any(sign < " " and sign != "\n" for sign in content):
        raise ValueError("a note too large, or with control characters")
    if not blank or lines.pop() != "" or not 1 <= len(lines) <= 64:
        raise ValueError("a note is a text, an empty line and 1 to 64 signature lines")
    if len(said) < 3 or "" in said or not re.fullmatch("0|[1-9][0-9]{0,18}", said[1]):
        raise ValueError("a checkpoint has an origin, a size and a root, a line each")
    root = from_base64(said[2])
    if len(root) != 32 or int(said[1]) >= 2**63:
        raise ValueError("the checkpoint's size or root is malformed")
    signatures = [read_signature_line(line) for line in lines]
    return Note(text + "\n", said[0], int(said[1]), root, signatures)


def read_signature_line(line: str) -> tuple[str, bytes, bytes]:
    """Read one signature line as name, short id and signature."""
    name, _, encoded = line[2:].partition(" ")
    raw = from_base64(encoded)
    if line[:2] != "\u2014 " or not is_signer(name) or len(raw) < 5:
        raise ValueError("not a signature line")
    return name, raw[:4], raw[4:]


def check_note_signature(text: str, key: NoteKey, signature: bytes) -> None:
    """Check one signature under a checkpoint: the log's own, or a witness's with its time."""
    message = text.encode()
    if key.kind == 4:
        seconds, signature = int.from_bytes(signature[:8], "big"), signature[8:]
        if not 0 < seconds <= 253_402_300_799:  # the last second of the year 9999
            raise ValueError(f"the cosignature of {key.name} has no time")
        message = f"cosignature/v1\ntime {seconds}\n{text}".encode()
    if not is_signature(key.public, message, signature):
        raise ValueError(f"the signature of {key.name} does not verify")


def read_proof(encoded: bytes) -> tuple[int, list[bytes], Note]:
    """Read where an entry stands, the path to the root, and the checkpoint."""
    head, _, checkpoint = encoded.partition(b"\n\n")
    lines = head.decode("ascii").split("\n")
    index = re.fullmatch("index (0|[1-9][0-9]{0,18})", lines[1]) if len(lines) > 1 else None
    if lines[0] != "c2sp.org/tlog-proof@v1" or index is None or len(lines) > 65:
        raise ValueError("not a tlog-proof, or one with bytes that nobody signed")
    path = [from_base64(line) for line in lines[2:]]
    if any(len(one) != 32 for one in path):
        raise ValueError("a hash has 32 bytes")
    return int(index.group(1)), path, read_note(checkpoint)


# ---------------------------------------------------------------- 5. Signed statements
# DSSE v1.0.2 and in-toto Statement v1, each in one spelling. Readers raise ValueError.


class Statement(NamedTuple):
    """One signed statement, where it stands and whose log that is."""

    reference: Said
    member: str
    kind: str
    said: Said
    subject: str

    def place(self) -> str:
        """Say where it stands."""
        return f"{self.reference['log']} entry {self.reference['index']}"

    def order(self) -> int:
        """Return its index, which is the order within one log."""
        return int(self.reference["index"])


def read_envelope(entry: bytes) -> tuple[bytes, bytes, dict[str, bytes]]:
    """Return an entry's payload, what its signatures cover, and those by the key's id."""
    envelope = from_canonical(entry)
    wrong = misfit(envelope, "envelope", "envelope")
    if wrong or len(entry) > 65_535 or not 1 <= len(envelope["signatures"]) <= 16:
        raise ValueError(f"not a statement's envelope {wrong}")
    payload, kind = from_base64(envelope["payload"]), envelope["payloadType"].encode()
    made = {one["keyid"]: from_base64(one["sig"]) for one in envelope["signatures"]}
    if len(made) < len(envelope["signatures"]) or len(payload) > 32_768:
        raise ValueError("one key signs twice, or the payload is above 32 KiB")
    if any(len(one) != 64 for one in made.values()):
        raise ValueError("a signature has not 64 bytes")
    return payload, b"DSSEv1 %d %s %d %s" % (len(kind), kind, len(payload), payload), made


def check_signed(entry: bytes, keys: dict[str, bytes], needed: int) -> None:
    """Check that so many of the keys signed an entry, and none of them wrongly."""
    _, covered, made = read_envelope(entry)
    signers = set(made) & set(keys)
    if not signers:
        raise ValueError("no key of the member's keyset signed this statement")
    for keyid in signers:
        if not is_signature(keys[keyid], covered, made[keyid]):
            raise ValueError(f"the signature by key {keyid[:16]} does not verify")
    if len(signers) < needed:
        raise ValueError(f"signed by {len(signers)} of {needed} officers")


def is_signed_by_root(entry: bytes, root: tuple[int, dict[str, bytes]]) -> bool:
    """Tell whether enough keys of a root signed; a wrong signature counts for nothing."""
    _, covered, made = read_envelope(entry)
    threshold, keys = root
    signers = set(made) & set(keys)
    return sum(is_signature(keys[one], covered, made[one]) for one in signers) >= threshold


def read_statement(entry: bytes) -> Said:
    """Read what an entry says, its signatures unseen."""
    payload, _, _ = read_envelope(entry)
    statement: Said = from_canonical(payload)
    wrong = misfit(statement, "statement", "statement")
    for one in () if wrong else statement["subject"]:
        texts = (*one["digest"].values(), one.get("name", ""))
        if not one["digest"] or not all(isinstance(text, str) for text in texts):
            wrong = "statement.subject"
    if wrong:
        raise ValueError(f"{wrong} is missing or malformed")
    return statement


def kind_of(statement: Said) -> str:
    """Return the short name of our kinds of statement, or the whole address of another."""
    address = str(statement["predicateType"])
    ours = re.fullmatch(r"https://comity\.example/(.+)/v1", address, re.DOTALL)
    return ours.group(1) if ours else address


def subject_of(statement: Said) -> str:
    """Return the first SHA-256 a statement is about, or an empty text."""
    digests = [one["digest"].get("sha256") for one in statement["subject"]]
    named = [digest for digest in digests if digest is not None]
    return named[0] if named and is_digest(named[0]) else ""


def read_keyset(keyset: Said, entry: int) -> Keyset:
    """Read the keys that a keyset states at an entry; signatures unseen."""
    wrong = misfit(keyset, "keyset", "keyset")
    if wrong:
        raise ValueError(f"{wrong} is missing or malformed")
    log_key, witness_key = read_key(keyset["log_key"], 1), read_key(keyset["witness_key"], 4)
    keys, stated = read_keys(keyset["statement_keys"]), keyset.get("root")
    offline = {} if stated is None else read_keys(stated["keys"])
    root = (1, keys) if stated is None else (stated["threshold"], offline)
    signing = [log_key.public, witness_key.public, *keys.values(), *offline.values()]
    uses = ["log", "witness", *["statement"] * len(keys), *["root"] * len(offline)]
    if len(set(signing)) != len(signing) or root[0] > len(root[1]):
        raise ValueError("a key with two purposes, or more keys asked for than there are")
    agreement = (bytes.fromhex(keyset["agreement_key"]), "agreement")
    purposes = frozenset([*zip(signing, uses), agreement])
    for kind, count in (keyset.get("officers") or {}).items():
        if kind in {"keyset", "compromise"} or not 1 <= count <= len(keys):
            raise ValueError("more officers asked for than there are keys")
    second = keyset.get("witness_key_mldsa")  # ML-DSA-44: not checked here, and no voice
    witnesses = [written(witness_key), *([] if second is None else [second])]
    if any(one.split("+")[0].rpartition("/")[0] != log_key.name for one in witnesses):
        raise ValueError("a witness key is not named after its own log")
    names = frozenset((*keys, *offline, written(log_key), *witnesses))
    return Keyset(entry, keyset, log_key, witness_key, keys, root, purposes, names)


def read_keys(rows: list[Said]) -> dict[str, bytes]:
    """Read 1 to 16 keys by their ids."""
    keys = {one["keyid"]: bytes.fromhex(one["ed25519"]) for one in rows}
    if not 1 <= len(keys) <= 16 or len(keys) != len(rows):
        raise ValueError("1 to 16 keys, and none twice")
    for keyid, key in keys.items():
        if keyid != sha256(key).hex() or key in SMALL_ORDER:
            raise ValueError("a key has another id, or is no key")
    return keys


def written(key: NoteKey) -> str:
    """Write a key as one line, name+id+key."""
    raw = base64.b64encode(bytes([key.kind]) + key.public).decode()
    return f"{key.name}+{key.short().hex()}+{raw}"


def read_member(entry: bytes) -> Member:
    """Read a log's first entry: its member's keys, signed by themselves."""
    statement = read_statement(entry)
    keyset = statement["predicate"]
    if kind_of(statement) != "keyset" or keyset.get("sequence") != 0:
        raise ValueError("a log begins with its member's first keyset")
    first = read_keyset(keyset, 0)
    check_signed(entry, first.statement_keys, 1)
    return Member(sha256(to_canonical(keyset)).hex(), (first,), ())


def after(member: Member, index: int, entry: bytes) -> Member:
    """Return who a member is after one further entry; what has no right to changes nothing."""
    try:
        statement = read_statement(entry)
        kind = kind_of(statement)
        if kind == "keyset" and len(entry) <= 16 * 1024:
            found = read_keyset(statement["predicate"], index)
            if is_successor(member, found, statement, entry):
                return member._replace(keysets=(*member.keysets, found))
        elif kind == "compromise":
            theft = read_theft(member, index, statement["predicate"])
            if is_signed_by_root(entry, member.keysets[-1].root):
                return member._replace(thefts=(*member.thefts, theft))
    except (ValueError, KeyError, TypeError):
        pass
    return member


def is_successor(member: Member, found: Keyset, statement: Said, entry: bytes) -> bool:
    """Tell whether a keyset follows the one in force: docs/spec/ledger.md, "The member"."""
    old, said = member.keysets[-1], found.said
    digests = [one["digest"].get("sha256") for one in statement["subject"]]
    names = ("agreement_key", "log_key", "witness_key")
    rows = [
        {name: one[name] for name in ("keyid", "ed25519")} for one in said["statement_keys"]
    ]
    announced = {**{name: said[name] for name in names}, "statement_keys": rows}
    stolen = frozenset[str]().union(*(theft.keys for theft in member.thefts))
    purposes = found.purposes.union(*(one.purposes for one in member.keysets))
    return (
        sha256(to_canonical(said)).hex() in digests
        and said["sequence"] == old.said["sequence"] + 1 < 256  # all fit into fork evidence
        and found.log_key.name == member.log
        and sha256(to_canonical(announced)).hex() == old.said["next"]
        and len({key for key, _ in purposes}) == len(purposes)
        and (said.get("root") is None or not stolen.intersection(found.root[1]))
        and is_signed_by_root(entry, old.root)
        and is_signed_by_root(entry, found.root)
    )


def read_theft(member: Member, index: int, said: Said) -> Theft:
    """Read which keys a member says others may hold."""
    wrong = misfit(said, "compromise", "compromise")
    if wrong or said["sequence"] >= len(member.keysets) or said["last_good"] >= index:
        raise ValueError("of a keyset or an entry that is not there")
    keys = frozenset(said["keys"])
    if not keys or keys - member.keysets[said["sequence"]].names:
        raise ValueError("of keys that are not there")
    return Theft(index, keys, said["last_good"], said["reason"])


def check_undisputed(member: Member, index: int, entry: bytes) -> None:
    """Refuse what the member itself disputes."""
    _, _, made = read_envelope(entry)
    log_key = written(member.before(index + 1).log_key)
    for theft in member.thefts:
        if index > theft.last_good and theft.keys & {*made, log_key}:
            said = f"its own member disputes it in entry {theft.entry}"
            raise ValueError(f"{said}: {theft.reason}")


# ---------------------------------------------------------------- 6. The file


class Dossier(NamedTuple):
    """A dossier whose signatures and proofs all hold; cosigners by the name of the log."""

    finding: Said
    bundles: list[str]
    statements: list[Statement]
    members: dict[str, Member]
    cosigners: dict[str, list[str]]


@contextmanager
def refuting(place: str) -> Iterator[None]:
    """Refute the file at a place where reading or checking raises ValueError."""
    try:
        yield
    except (ValueError, KeyError, TypeError) as error:
        raise RefutedError(place, str(error)) from None


def read_file(encoded: bytes) -> tuple[Said, list[tuple[Said, bytes]]]:
    """Read a dossier without trusting it: the whole, and its rows with their entries."""
    try:
        value = from_canonical(encoded)
        wrong = misfit(value, "dossier", "dossier")
        rows = [] if wrong else value["statements"]
        entries = [from_base64(row["entry"]) for row in rows]
    except ValueError as error:
        raise UnreadableError(str(error)) from None
    if wrong:
        raise UnreadableError(f"{wrong} is missing or malformed")
    return value, list(zip(rows, entries))


def open_dossier(encoded: bytes) -> Dossier:
    """Read a dossier and check every signature and every proof in it."""
    value, rows = read_file(encoded)
    members: dict[str, Member] = {}
    for number, (row, entry) in sorted(enumerate(rows), key=lambda one: one[1][0]["index"]):
        log, index = row["log"], row["index"]
        if index == 0:
            with refuting(f"statements[{number}].entry"):
                members[log] = read_member(entry)
        elif log in members:
            members[log] = after(members[log], index, entry)
    notes: dict[str, Note] = {}
    statements = []
    for number, (row, entry) in enumerate(rows):
        log, place = row["log"], f"statements[{number}]"
        if log not in members or members[log].log != log:
            raise RefutedError(f"{place}.log", "the log's own keyset is not in this file")
        if sha256(entry).hex() != row["sha256"]:
            raise RefutedError(f"{place}.entry", "the entry has another digest")
        with refuting(f"{place}.proof"):
            note = check_proof(row, entry, members)
        if notes.setdefault(log, note).text != note.text:
            raise RefutedError(f"{place}.proof", "two proofs of one log, two checkpoints")
        with refuting(f"{place}.entry"):
            statements.append(statement_of(row, entry, members[log]))
    statements.sort(key=lambda one: (one.reference["log"], one.reference["index"]))
    cosigners = {log: cosigners_of(note, log, members) for log, note in notes.items()}
    return Dossier(value["finding"], value["bundles"], statements, members, cosigners)


def statement_of(row: Said, entry: bytes, member: Member) -> Statement:
    """Read one statement, signed by its member; ValueError."""
    said, index = read_statement(entry), row["index"]
    reference = {name: row[name] for name in ("log", "index", "sha256")}
    kind, subject = kind_of(said), subject_of(said)
    if not index or not member.is_standing(index):
        keyset = member.before(index)
        officers = keyset.said.get("officers") or {}
        check_signed(entry, keyset.statement_keys, officers.get(kind, 1))
        check_undisputed(member, index, entry)
    return Statement(reference, member.identity, kind, said["predicate"], subject)


def check_proof(row: Said, entry: bytes, members: dict[str, Member]) -> Note:
    """Check that an entry stands in its log, and every signature on the checkpoint."""
    index, path, note = read_proof(row["proof"].encode())
    if index != row["index"] or note.origin != row["log"]:
        raise ValueError("the proof is of another entry or of another log")
    if root_from_path(sha256(b"\x00", entry), index, note.size, path) != note.root:
        raise ValueError("the path leads to another root")
    keysets = [keyset for one in members.values() for keyset in one.keysets]
    every = [key for one in keysets for key in (one.log_key, one.witness_key)]
    keys = {(key.name, key.short()): key for key in every}
    for name, short, signature in note.signatures:
        if (name, short) not in keys:
            raise ValueError(f"nobody in this file has the key {name}")
        check_note_signature(note.text, keys[name, short], signature)
    owner = members[row["log"]]
    if not is_signed_by(note, owner.before(note.size).log_key):
        raise ValueError("the log's own key did not sign this checkpoint")
    if any(is_signed_by(note, one.witness_key) for one in owner.keysets):
        raise ValueError("its owner cosigned its own log")
    return note


def is_signed_by(note: Note, key: NoteKey) -> bool:
    """Tell whether a note carries a signature in a key's name."""
    return (key.name, key.short()) in [(name, short) for name, short, _ in note.signatures]


def cosigners_of(note: Note, log: str, members: dict[str, Member]) -> list[str]:
    """Return the names of the other members in the file that cosigned a checkpoint."""
    own = {one.witness_key.public for one in members[log].keysets}
    others = [one for one in members.values() if one.identity != members[log].identity]
    return [
        one.name
        for one in others
        if any(key.public not in own and is_signed_by(note, key) for key in one.witness_keys())
    ]


# ---------------------------------------------------------------- 7. One test, put together


class Record(NamedTuple):
    """One question of the transcript: its line as written, and what the line says."""

    line: bytes
    said: Said


class Test:
    """All that was published of one test; *first* is the test it goes on with, or None."""

    def __init__(self, dossier: Dossier, finding: Said, depth: int = 0) -> None:
        self.dossier = dossier
        self.finding = self.find(finding, "finding")
        self.plan = self.find(self.finding.said["plan"], "plan")
        if self.plan.member != self.finding.member:
            raise RefutedError(self.finding.place(), "not by the member that planned the test")
        continued = self.plan.said["continues"]
        if (continued is None) != (self.plan.said["test"] == "first") or depth > 32:
            raise RefutedError(self.plan.place(), "a first test or a continuation?")
        self.first: Test | None = Test(dossier, continued, depth + 1) if continued else None
        self.number: int = self.first.number + 1 if self.first else 0
        self.tester: str = self.first.tester if self.first else self.plan.member
        self.application = self.find(self.plan.said["application"], "application")
        if self.application.said["tester"] != self.tester:
            raise RefutedError(self.application.place(), "it applied to another tester")
        if self.application.member == self.plan.member:
            raise RefutedError(self.plan.place(), "nobody tests a system of its own")
        self.bank = self.bank_of(self.plan.said["bank_root"])
        if sum(one["count"] for one in self.bank.said["categories"]) > 10_000_000:
            raise RefutedError(self.bank.place(), "a bank has at most ten million items")
        self.check_others()
        self.reveals = {} if self.first else self.reveals_in_order()
        self.records = self.read_bundle(f"bundles[{self.number}]")
        self.designs = [Design(one) for one in self.plan.said["designs"]]
        self.tested: dict[str, Design] = {}
        for one in self.plan.said["categories"]:
            if one["name"] in self.tested or one["design"] >= len(self.designs):
                raise RefutedError(self.plan.place(), "a category twice, or without a design")
            self.tested[one["name"]] = self.designs[one["design"]]

    def find(self, reference: Said, kind: str) -> Statement:
        """Return the statement a reference names, its shape checked."""
        for one in self.dossier.statements:
            if one.reference == reference and one.kind == kind:
                wrong = misfit(one.said, kind, kind)
                if wrong:
                    raise RefutedError(one.place(), f"{wrong} is missing or malformed")
                return one
        where = f"{reference['log']} entry {reference['index']}"
        raise RefutedError(where, f"the {kind} that is cited there is not in this file")

    def every(self, kind: str, member: str) -> Iterator[Statement]:
        """Yield a member's statements of one kind, malformed ones left out, in order."""
        for one in self.dossier.statements:
            is_it = one.kind == kind and one.member == member
            if is_it and (kind not in SHAPES or not misfit(one.said, kind, kind)):
                yield one

    def bank_of(self, root: str) -> Statement:
        """Return the tester's first statement of the bank with this root."""
        for one in self.dossier.statements:
            if one.kind == "bank" and one.member == self.tester and one.subject == root:
                return self.find(one.reference, "bank")
        raise RefutedError("statements", "the tester's bank with this root is not in this file")

    def check_others(self) -> None:
        """Check that the system is registered, and that the bank was handed over."""
        version = self.application.subject
        systems = self.every("system", self.application.member)
        if not version or version not in [one.subject for one in systems]:
            raise RefutedError(self.application.place(), "its system is not registered here")
        if self.first is not None and self.first.plan.member != self.plan.member:
            handed = (self.first.plan.reference, self.plan.member)
            custody = self.every("custody", self.first.plan.member)
            if handed not in [(one.said["plan"], one.said["to"]) for one in custody]:
                raise RefutedError(self.plan.place(), "nobody handed the bank to this tester")

    def reveals_in_order(self) -> dict[str, Statement]:
        """Return both nonces' reveals, what had to stand before the plan and them checked."""
        index, own = self.plan.order(), self.plan.member
        if self.bank.order() > index:
            raise RefutedError(self.bank.place(), "the bank was stated after the plan")
        for one in self.every("plan", own):
            is_earlier = one.order() < index and one.said["continues"] is None
            if is_earlier and one.said["application"] == self.application.reference:
                raise RefutedError(self.plan.place(), "its application served a draw before")
        reveals: dict[str, Statement] = {}
        for role, member in (("provider", self.application.member), ("tester", own)):
            for one in self.every("reveal", member):
                if (one.said["plan"], one.said["role"]) == (self.plan.reference, role):
                    reveals.setdefault(role, one)
        for one in reveals.values():
            for before, later in (
                (self.application, one),
                (self.plan, one),
                (one, self.finding),
            ):
                if before.member == later.member and before.order() > later.order():
                    raise RefutedError(before.place(), f"it stands after {later.place()}")
        return reveals

    def read_bundle(self, place: str) -> list[Record]:
        """Read the transcript that stands in the file for this test."""
        if self.number >= len(self.dossier.bundles):
            raise RefutedError(place, "the evidence of this finding is not in this file")
        lines = self.dossier.bundles[self.number].encode().split(b"\n")
        if lines.pop() != b"" or not lines:
            raise RefutedError(place, "the last line has no line break")
        records = []
        for number, line in enumerate(lines):
            with refuting(f"{place} line {number + 1}"):
                said = from_canonical(line)
                wrong = misfit(said, "record" if number else "bundle", "record")
                if wrong or (number and not is_coherent(said)):
                    raise ValueError(f"{wrong or 'record'} is missing or malformed")
                records.append(Record(line, said))
        return records

    def asked(self) -> Iterator[tuple[str, Said]]:
        """Yield every record with its place."""
        for row, record in enumerate(self.records[1:]):
            yield f"records[{row}]", record.said

    def outcomes(self, category: str) -> list[bool]:
        """Return a category's outcomes from question 1, a continued test's first."""
        before = self.first.outcomes(category) if self.first else []
        mine = [said for _, said in self.asked() if said["item"]["category"] == category]
        return before + [said["passed"] for said in mine]


def is_coherent(said: Said) -> bool:
    """Tell whether a record has an answer or the reason why not, and passes only with one."""
    is_missing = said["missing"] is not None
    known = said.get("tries") != []
    more = set(said["item"]) - {"position", "category", "prompt", "reference", "scorer"}
    fits = not more or (more == {"review"} and said["item"]["review"] == "unreviewed")
    return bool(fits and known and is_missing == (said["answer"] is None)) and not (
        is_missing and said["passed"]
    )


# ---------------------------------------------------------------- 8. The plan's numbers
# docs/spec/evidence.md, "Exact rates", "The e-value", "The lower bound"; exact fractions only.


class Design:
    """The numbers of a plan for one category: from question n on, f failures decide."""

    def __init__(self, said: Said) -> None:
        self.said = said
        self.is_known = not {"kind", "about"} & set(said)
        if not self.is_known:  # of scores, or of a population: said to be unchecked
            return
        ratios = [said[name] for name in ("threshold", "goal", "risk", "power")]
        fractions = [Fraction(one["num"], one["den"]) for one in ratios]
        self.threshold, self.goal, self.risk, self.power = fractions
        self.size, self.cap = said["size"], min(said["cap"], 20_000)
        self.false_from = self.size - int(self.threshold * self.size)
        self.goal_until = int((1 - self.goal) * self.size)
        self.accept = self.spread(said["acceptance"], -1)
        self.reject = self.spread(said["rejection"], self.cap + 1)
        self.points: Points = []

    def spread(self, pairs: list[list[int]], before: int) -> list[int]:
        """Return the number in force at each question from 0 to the cap."""
        found, number, rest = [], before, list(pairs)
        for asked in range(self.cap + 1):
            while rest and rest[0][0] <= asked:
                number = rest.pop(0)[1]
            found.append(number)
        return found

    def is_sound(self) -> bool:
        """Tell whether every path ends with one verdict, and can be computed."""
        rates = 0 <= self.threshold < self.goal <= 1
        if not rates or not 0 < self.risk < 1 or not 0 < self.power < 1:
            return False
        last = self.said["acceptance"][-1][1] if self.said["acceptance"] else 0
        if self.said["cap"] > min(self.size, 20_000) or self.cap * (last + 2) > 4_000_000:
            return False
        pairs = list(zip(self.accept, self.reject))
        return all(r > a for a, r in pairs) and pairs[-1][1] == pairs[-1][0] + 1

    def paths(self, *, obey: bool) -> Points:
        """Count the orders that are first accepted at each point: (asked, failed, ways)."""
        found: Points = []
        undecided = {0: 1}
        for asked in range(1, self.cap + 1):
            ways: dict[int, int] = {}
            for failed, count in undecided.items():
                ways[failed] = ways.get(failed, 0) + count
                ways[failed + 1] = ways.get(failed + 1, 0) + count
            limit = self.reject[asked] if obey else self.accept[-1] + 1
            found += [(asked, f, n) for f, n in ways.items() if f <= self.accept[asked]]
            undecided = {f: n for f, n in ways.items() if self.accept[asked] < f < limit}
        return found

    def chance(self, points: Points, failing: int) -> Fraction:
        """Return the chance of "shown" when so many of the items fail."""
        total = sum(ways * completions(self.size, failing, n, f) for n, f, ways in points)
        return Fraction(total, comb(self.size, failing))

    def decide(self, outcomes: list[bool]) -> tuple[str, int, int]:
        """Return the first verdict on the path, with questions and failures up to it."""
        if not self.is_known:
            return "insufficient", 0, 0
        failed = 0
        for asked, passed in enumerate(outcomes, start=1):
            failed += not passed
            if asked <= self.cap and failed <= self.accept[asked]:
                return "shown", asked, failed
            if asked <= self.cap and failed >= self.reject[asked]:
                return "not_shown", asked, failed
        return "insufficient", len(outcomes), failed

    def bet(self, asked: int, failed: int) -> Fraction:
        """Return what the three bets pay: weight times the chance of this very path."""
        spikes = ((6, self.goal_until), (1, self.goal_until // 2), (3, 0))
        paid = [w * likelihood(self.size, m, asked, failed) for w, m in spikes]
        return sum(paid, Fraction(0)) / 10

    def e_value(self, asked: int, failed: int) -> str:
        """Return the e-value, floored to two decimals."""
        paid = self.bet(asked, failed)
        against = likelihood(self.size, self.false_from, asked, failed)
        if not against:
            return "inf" if paid else "0.00"
        hundredths = int(paid / against * 100)
        return f"{hundredths // 100}.{hundredths % 100:02d}"

    def lower_bound(self, verdict: str, asked: int, failed: int) -> int:
        """Return the pass rate, in millionths, that holds with confidence 1 - risk."""
        mixed = (self.bet(asked, failed) + Fraction(1, (asked + 1) * comb(asked, failed))) / 2
        high = self.size - (asked - failed)
        if verdict == "shown":
            high = min(high, self.false_from - 1)
        low = min(high, failed * self.size // asked if asked else 0)
        while low < high:  # beyond the likeliest number, refutation only grows
            middle, risk = (low + high + 1) // 2, self.risk
            if middle >= self.false_from:
                self.points = self.points or self.paths(obey=False)
                risk -= self.chance(self.points, middle)
            is_refuted = mixed * risk >= likelihood(self.size, middle, asked, failed)
            low, high = (low, middle - 1) if risk > 0 and is_refuted else (middle, high)
        return int((self.size - low) * 1_000_000 // self.size)


def completions(size: int, failing: int, asked: int, failed: int) -> int:
    """Count the ways the rest can fall when so many of the items fail."""
    return comb(size - asked, failing - failed) if failing >= failed else 0


def likelihood(size: int, failing: int, asked: int, failed: int) -> Fraction:
    """Return the chance of one very path to this point when so many of the items fail."""
    return Fraction(completions(size, failing, asked, failed), comb(size, failing))


# ---------------------------------------------------------------- 9. Scorers of plain text
# docs/reference/banks.md. An id never changes its meaning; any other is said to be unchecked.


def is_exact(reference: str, answer: str) -> bool:
    """Tell whether the answer is the reference, white space apart: exact/1."""
    one, other = (unicodedata.normalize("NFC", text).split() for text in (reference, answer))
    return one == other


def is_found(reference: str, answer: str) -> bool:
    """Tell whether the reference, a simple expression, is found in the answer: regex/1.

    Simple: no groups, at most one part that repeats, so that no answer makes it slow.
    """
    bare = re.sub(r"\\.", "_", reference[4:] if reference[:4] == "(?i)" else reference)
    bare = re.sub(r"\[\^?\]?[^]]*\]", "_", bare)
    repeats = sum(bare.count(sign) for sign in "*+{")
    if len(reference) > 400 or "(" in bare or repeats > 1 or bare.count("?") > 3:
        return False
    try:
        return re.search(reference, answer[:4_096]) is not None
    except re.error:
        return False


def archived() -> dict[str, Any]:
    """Return the scorers that stand beside this file in an archive; the file alone has none."""
    if sys.version_info < (3, 11) or not isinstance(globals().get("__loader__"), zipimporter):
        return {}
    return dict(import_module("comity.assess.scorers.plain").PLAIN)


def text_of(value: Json) -> str:
    """Return what a scorer reads: a text as it is, anything else as canonical JSON."""
    return value if isinstance(value, str) else to_canonical(value).decode("utf-8")


SCORERS: dict[str, Callable[[str, str, str], bool]] = {
    **archived(),
    "exact/1": lambda _, reference, answer: is_exact(reference, answer),
    "regex/1": lambda _, reference, answer: is_found(reference, answer),
}


# ---------------------------------------------------------------- 10. The checks, in order
# Each yields place and message of what disagrees, the first one first. The sentence above a
# check is what is said when it holds.


def same(found: Json, expected: Json, place: str, message: str) -> Wrongs:
    """Find a disagreement where two values differ."""
    if found != expected:
        yield place, message


def check_plan(test: Test) -> Wrongs:
    """One system version, one bank, one application, designs of the categories' sizes."""
    plan, bank = test.plan.said, test.bank.said
    subjects = {test.application.subject, test.plan.subject, test.finding.subject}
    yield from same(len(subjects), 1, "subject", "not all of one system version")
    root = bank["root"]
    yield from same(plan["bank_root"], root, "plan.bank_root", "the plan is for another bank")
    theirs = test.application.said["bank_root"]
    yield from same(theirs, root, "application.bank_root", "it applied for another bank")
    spans = spans_of(test)
    total, place = sum(map(len, spans.values())), "bank.categories"
    yield from same(len(bank["categories"]), len(spans), place, "a category stands twice")
    yield from same(bank["size"], total, "bank.size", "the categories do not add up to it")
    retired = set(plan.get("retired") or ())
    for name, design in test.tested.items():
        left = len(set(spans.get(name, ())) - retired)
        yield from same(
            design.said.get("size"), left, f"plan.categories.{name}", "made for another size"
        )
    has_nonce = plan["nonce_commitment"] is not None
    place = "plan.nonce_commitment"
    yield from same(has_nonce, test.first is None, place, "it stands where a draw is made")
    if test.first is not None:
        before, version = test.first.plan.said, test.first.plan.subject
        for name in ("bank_root", "application", "attempt", "retired"):
            theirs, place = before.get(name), f"plan.{name}"
            yield from same(plan.get(name), theirs, place, "not as in the test continued")
        yield from same(test.plan.subject, version, "subject", "another system version")


def spans_of(test: Test) -> dict[str, range]:
    """Return the positions of every category of the bank."""
    spans, start = {}, 0
    for one in test.bank.said["categories"]:
        spans[one["name"]] = range(start, start + one["count"])
        start += one["count"]
    return spans


def check_designs(test: Test) -> Wrongs:
    """Every design holds its risk and reaches its power, computed exactly."""
    for row, design in enumerate(test.designs):
        place = f"plan.designs[{row}]"
        if not design.is_known:
            continue
        if not design.is_sound():
            yield place, "these numbers do not end every path with one verdict"
        elif design.chance(design.paths(obey=False), design.false_from) > design.risk:
            yield f"{place}.risk", "wrong recognition is likelier than promised"
        elif design.chance(design.paths(obey=True), design.goal_until) < design.power:
            yield f"{place}.power", "the power is less than promised"


def check_seed(test: Test) -> Wrongs:
    """Both nonces are the committed ones and give this seed."""
    seed, plan = test.finding.said["seed"], test.plan
    if test.first is not None:
        first = test.first.finding.said["seed"]
        yield from same(seed, first, "finding.seed", "not the seed of the test continued")
        return
    parts = [bytes.fromhex(plan.said["bank_root"]), bytes.fromhex(plan.reference["sha256"])]
    for role, statement in (("provider", test.application), ("tester", plan)):
        committed = statement.said["nonce_commitment"]
        if role not in test.reveals or committed is None:
            yield f"reveal.{role}", f"the {role} revealed no nonce"
            return
        nonce = bytes.fromhex(test.reveals[role].said["nonce"])
        found = sha256(b"comity/draw-nonce/v1\n", role.encode(), b"\n", nonce).hex()
        yield from same(found, committed, f"reveal.{role}", "not the nonce committed to")
        parts.append(nonce)
    third = third_of(test)
    drawn = sha256(b"comity/draw-seed/v1\n", *parts, len(third).to_bytes(4, "big"), third)
    yield from same(seed, drawn.hex(), "finding.seed", "the nonces give another seed")


def said_by_third(test: Test) -> Said:
    """Return how the tester first closed the draw, or nothing."""
    plan = test.plan
    for one in test.every("draw-reveal", plan.member):
        if one.said["plan"] == plan.reference and "nonce" not in one.said:
            return one.said
    return {}


def third_of(test: Test) -> bytes:
    """Return what a third adds to the seed: nothing where the plan names none."""
    draw, closing = test.plan.said.get("draw"), said_by_third(test)
    if draw is None:
        return b""
    if not closing or not isinstance(draw, dict):
        raise RefutedError("draw", "the draw was not closed with its third")
    if "beacon" in draw:
        return pulse_of(test, draw["beacon"], closing.get("pulse"))
    nodes: Json = draw.get("nodes")
    shares: Json = closing.get("shares")
    expect(nodes, "[contributor]", "plan.draw.nodes")
    expect(shares, "[reference]", "draw.shares")
    expect(draw.get("threshold"), "number", "plan.draw.threshold")
    parts = [part_of(test, node) for node in nodes if revealed_by(test, node) in shares]
    if len(parts) != len(shares) or len(parts) < draw["threshold"]:
        raise RefutedError("draw.shares", "too few of those named take part, or others do")
    return sha256(b"comity/draw-shares/v1\n", *parts)


def pulse_of(test: Test, beacon: Json, pulse: Json) -> bytes:
    """Return the value of the plan's round, which was not out when anybody spoke."""
    expect(beacon, "beacon", "plan.draw.beacon")
    expect(pulse, "pulse", "draw.pulse")
    signature = pulse["signature"]
    if pulse["round"] != beacon["round"] or not re.fullmatch("[0-9a-f]{96}", signature):
        raise RefutedError("draw.pulse", "this is not the plan's round")
    passed_s = (beacon["round"] - 1) * beacon["period_s"]
    if passed_s > 10**11:
        raise RefutedError("plan.draw.beacon.round", "no year is as late as this round")
    genesis = beacon["genesis"][:-1]  # until Python 3.11 no "Z" is read
    start = dt.datetime.fromisoformat(f"{genesis}+00:00")
    due = (start + dt.timedelta(seconds=passed_s)).strftime("%Y-%m-%dT%H:%M:%SZ")
    for one in (test.plan, *test.reveals.values()):
        if one.said["issued"] >= due:
            raise RefutedError(one.place(), "the beacon's round was out before this was said")
    return sha256(bytes.fromhex(signature))


def revealed_by(test: Test, node: Said) -> Json:
    """Return where a third first revealed its nonce for the plan, or None."""
    for one in test.every("draw-reveal", node["member"]):
        if one.said["plan"] == test.plan.reference and "nonce" in one.said:
            return one.reference
    return None


def part_of(test: Test, node: Said) -> bytes:
    """Return a third's member id and nonce, which it committed to for this application."""
    if node["member"] in {test.plan.member, test.application.member}:
        raise RefutedError("plan.draw.nodes", "a party to the test is its own third")
    committed = test.find(node["commitment"], "draw-commitment")
    nonce = test.find(revealed_by(test, node), "draw-reveal").said["nonce"]
    expect(nonce, "digest", "draw.shares")
    name, raw = str(node["member"]).encode(), bytes.fromhex(nonce)
    found = sha256(b"comity/draw-nonce/v1\n", b"node ", name, b"\n", raw).hex()
    is_own = committed.member == node["member"]
    is_for = committed.said["application"] == test.application.reference
    if not (is_own and is_for and found == committed.said["nonce_commitment"]):
        raise RefutedError("draw.shares", "this nonce was not committed to for this test")
    return name + b"\n" + raw


def check_transcript(test: Test) -> Wrongs:
    """The transcript is the one the finding names."""
    said, plan = test.finding.said, test.plan.reference["sha256"]
    yield from same(test.records[0].said["plan"], plan, "bundle.plan", "of another plan")
    found = sha256(b"".join(record.line + b"\n" for record in test.records)).hex()
    yield from same(found, said["bundle"], "finding.bundle", "its bytes have another digest")
    head = sha256(b"comity/transcript/v1\n", bytes.fromhex(plan))
    for record in test.records[1:]:
        head = sha256(head, sha256(record.line))
    yield from same(head.hex(), said["transcript"], "finding.transcript", "another head")


def due_of(test: Test) -> dict[str, list[int]]:
    """Return the order in which each category's items are due: that of their tickets."""
    seed, retired = (
        bytes.fromhex(test.finding.said["seed"]),
        (test.plan.said.get("retired") or ()),
    )

    def ticket(position: int) -> bytes:
        return hmac.new(seed, position.to_bytes(8, "big"), hashlib.sha256).digest()

    spans = {name: span for name, span in spans_of(test).items() if name in test.tested}
    gone = set(retired)
    return {name: sorted(set(span) - gone, key=ticket) for name, span in spans.items()}


def check_draw(test: Test) -> Wrongs:
    """The questions asked are those that were due, in order, none missing."""
    due = due_of(test)
    asked = {name: len(test.first.outcomes(name)) if test.first else 0 for name in due}
    for place, said in test.asked():
        item, draw, name = said["item"], said["draw"], said["item"]["category"]
        if name not in asked:
            yield f"{place}.item.category", "the plan does not test this category"
            return
        asked[name] += 1
        if draw != asked[name] or draw > len(due[name]):
            yield f"{place}.draw", f"draw {asked[name]} of {name} was due"
            return
        position = due[name][draw - 1]
        message = f"draw {draw} of {name} was due to be position {position}"
        yield from same(item["position"], position, f"{place}.item.position", message)


def check_items(test: Test) -> Wrongs:
    """Every question asked stood in the sealed bank, at its place, with its scorer."""
    bank, spans = test.bank.said, spans_of(test)
    for place, said in test.asked():
        item, salt = said["item"], bytes.fromhex(said["salt"])
        leaf = sha256(b"\x00", b"comity/bank-item/v1\n", to_canonical(item), salt)
        path = [bytes.fromhex(one) for one in said["path"]]
        try:
            root = root_from_path(leaf, item["position"], bank["size"], path).hex()
        except ValueError:
            root = ""
        is_there = root == bank["root"] and item["position"] in spans.get(item["category"], ())
        if not is_there:
            yield f"{place}.item", "this is not the committed item"
        if item["scorer"] not in bank["scorer"].split():
            yield f"{place}.item.scorer", "the bank names no such scorer"


def check_answers(test: Test) -> Wrongs:
    """No answer above the plan's limit stands for one, and none was asked for too often."""
    rules = test.plan.said["rules"]
    limit, retry = rules["max_answer_bytes"], rules.get("retry") or {}
    reasons, most = retry.get("reasons", []), len(retry.get("waits_ms", []))
    decided = {name: test.tested[name].decide(test.outcomes(name))[1] for name in test.tested}
    for place, said in test.asked():
        if len((said["answer"] or "").encode()) > limit:
            yield f"{place}.answer", f"above {limit} bytes, so it had to count as failed"
        tries = said.get("tries") or []
        if not set(tries) <= set(reasons) or len(tries) > most:
            yield f"{place}.tries", "asked again, and the plan does not allow it"
        is_due = said["draw"] <= decided.get(said["item"]["category"], 0)
        if is_due and said["missing"] in reasons and len(tries) < most:
            yield f"{place}.tries", "given up before the plan's last try"


def check_scores(test: Test) -> Wrongs:
    """Every answer scores again as recorded, where the scorer is one of plain text."""
    for place, said in test.asked():
        item, answer = said["item"], said["answer"]
        if answer is not None and item["scorer"] in SCORERS:
            texts = text_of(item["prompt"]), text_of(item["reference"]), answer
            passed = SCORERS[item["scorer"]](*texts)
            message = f"{item['scorer']} does not find what was recorded"
            yield from same(passed, said["passed"], f"{place}.passed", message)


def check_results(test: Test) -> Wrongs:
    """Verdicts, e-values and bounds follow from the outcomes."""
    results, names = test.finding.said["results"], list(test.tested)
    listed = [one["category"] for one in results]
    yield from same(listed, names, "finding.results", "not the plan's categories in order")
    for row, (said, design) in enumerate(zip(results, test.tested.values())):
        if not design.is_known:
            continue
        verdict, asked, failed = design.decide(test.outcomes(said["category"]))
        found = {"verdict": verdict, "asked": asked, "failed": failed}
        found["e_value"] = design.e_value(asked, failed)
        found["lower_bound_ppm"] = design.lower_bound(verdict, asked, failed)
        for name, value in found.items():
            place = f"finding.results[{row}].{name}"
            yield from same(said[name], value, place, f"the outcomes give {value}")


CHECKS: tuple[tuple[str, Callable[[Test], Wrongs]], ...] = (
    ("plan", check_plan),
    ("designs", check_designs),
    ("seed", check_seed),
    ("transcript", check_transcript),
    ("draw", check_draw),
    ("items", check_items),
    ("answers", check_answers),
    ("scores", check_scores),
    ("results", check_results),
)
FIRM = ("transcript", "items")
"""Checks that no unknown field of a plan can bear on."""


class Check(NamedTuple):
    """One thing checked: it holds (True), is refuted (False), or stays open (None)."""

    name: str
    place: str
    message: str
    holds: bool | None = None


def unknown_in(test: Test) -> list[str]:
    """Return what this verifier does not know in the plan and the records."""
    plan, known = test.plan.said, fields_of("plan")
    found = [f"plan.{name}" for name in sorted(set(plan) - known)]
    rules = fields_of("rules")
    found += [f"plan.rules.{name}" for name in sorted(set(plan["rules"]) - rules)]
    for row, design in enumerate(plan["designs"]):
        more = sorted(set(design) - fields_of("design"))
        found += [f"plan.designs[{row}].{name}" for name in more]
    found += [f"{place}.score_ppm" for place, said in test.asked() if "score_ppm" in said][:1]
    return found


def fields_of(shape: str) -> set[str]:
    """Return the names of a shape's fields."""
    return {re.split("[:=~]", field)[0] for field in SHAPES[shape].split()}


def first_wrong(check: Callable[[Test], Wrongs], test: Test) -> tuple[str, str] | None:
    """Return place and message of the first disagreement, or None."""
    try:
        return next(check(test), None)
    except RefutedError as error:
        return error.place, str(error)


def checks_of(test: Test, before: str) -> Iterator[Check]:
    """Make every check of one test, then say what stays open."""
    unknown, is_sound = unknown_in(test), True
    for name, check in CHECKS:
        if name == "results" and not is_sound:
            continue
        wrong = first_wrong(check, test)
        is_sound = is_sound and not (name == "designs" and wrong)
        place, message = wrong or ("", str(check.__doc__).rstrip("."))
        holds = wrong is None or (None if unknown and name not in FIRM else False)
        yield Check(before + name, place, message, holds=holds)
    for place in unknown:
        yield Check(before + "plan", place, "this verifier does not know this field")
    if "pulse" in said_by_third(test):
        message = "that the beacon signed its round: this needs more than Python has"
        yield Check(before + "seed", "draw.pulse.signature", message)
    if test.plan.said.get("judges"):
        message = "that the numbers bear the judges' error, and what the judges said"
        yield Check(before + "judges", "plan.judges", message)
    judged = {said["item"]["scorer"] for _, said in test.asked() if said["answer"] is not None}
    for scorer in sorted(judged - set(SCORERS)):
        yield Check(before + "scores", scorer, "not scored again by this verifier")
    if test.first is not None:
        message = "that these are the numbers the first plan and this risk give"
        yield Check(before + "designs", "plan.designs", message)


def verify(encoded: bytes) -> tuple[Dossier, Test, list[Check]]:
    """Check a dossier, a continued test before the one that goes on with it."""
    dossier = open_dossier(encoded)
    last = Test(dossier, dossier.finding)
    if len(dossier.bundles) > last.number + 1:
        raise RefutedError(f"bundles[{last.number + 1}]", "no evidence of this finding")
    checks = [
        Check("statements", "", "Every statement is signed and stands in its log", holds=True)
    ]
    chain = [last]
    while chain[0].first is not None:
        chain.insert(0, chain[0].first)
    for test in chain:
        checks += checks_of(test, "first " * (last.number - test.number))
    return dossier, last, checks


# ---------------------------------------------------------------- 11. What is said

EXITS = {"verified": 0, "refuted": 1, "unreadable": 2, "not wholly checked": 3}
MARKS = {True: "holds  ", False: "REFUTED", None: "open   "}
LIMITS = (
    "that the keys are whose they say: compare the member ids over a channel of your own",
    "that the answers are what the system said: they are the tester's testimony",
    "that provider and tester did not choose the draw together",
    "that nothing was said since: read the logs themselves",
)


def main(arguments: list[str]) -> int:
    """Check the file that is named and say what was found."""
    paths = [one for one in arguments if one != "--json"]
    if len(paths) != 1 or paths[0].startswith("-"):
        sys.stdout.write(str(__doc__))
        return EXITS["unreadable"]
    verdict, checks, more = examine(paths[0])
    if len(paths) < len(arguments):
        found = {"verdict": verdict, "checks": [one._asdict() for one in checks]}
        sys.stdout.write(json.dumps({**found, "not_checked": LIMITS}, indent=1) + "\n")
        return EXITS[verdict]
    for one in checks:
        where = f" at {one.place}" if one.place else ""
        tell(f"{MARKS[one.holds]} {one.name}{where}: {one.message}")
    for line in (*more, *(f"not checked: {limit}" for limit in LIMITS), verdict.upper()):
        tell(line)
    return EXITS[verdict]


def examine(path: str) -> tuple[str, list[Check], list[str]]:
    """Return the verdict on a file, the checks made, and on whose keys it rests."""
    try:
        with Path(path).open("rb") as file:
            encoded = file.read(MAX_FILE_BYTES + 1)
        if len(encoded) > MAX_FILE_BYTES:
            return "unreadable", [Check("file", path, "larger than 256 MB")], []
        dossier, test, checks = verify(encoded)
    except (OSError, UnreadableError) as error:
        return "unreadable", [Check("file", path, str(error))], []
    except RefutedError as error:
        return "refuted", [Check("statements", error.place, str(error), holds=False)], []
    states = [one.holds for one in checks]
    verdict = "refuted" if False in states else "not wholly checked"
    more = [
        f"{one['category']}: {one['verdict'].replace('_', ' ')}, {one['asked']} asked, "
        f"{one['failed']} failed, e-value {one['e_value']}, "
        f"pass rate at least {one['lower_bound_ppm'] / 10_000:.2f} %"
        for one in test.finding.said["results"]
    ]
    for log, member in dossier.members.items():
        names = ", ".join(dossier.cosigners.get(log, [])) or "nobody in this file"
        more.append(f"keys of {member.name}, member {member.identity}, cosigned by {names}")
    return "verified" if all(states) else verdict, checks, more


def tell(line: str) -> None:
    """Write a line, what others wrote in it made harmless to a terminal."""
    shown = "".join(sign if sign.isprintable() else "?" for sign in line)
    sys.stdout.write(shown.encode("ascii", "backslashreplace").decode("ascii") + "\n")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
