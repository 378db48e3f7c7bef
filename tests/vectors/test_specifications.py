# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Published examples of the formats we speak: what their authors' bytes mean to us."""

import base64
import hashlib

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

from comity.kernel.canonical import Json, from_canonical, to_canonical
from comity.kernel.instant import from_posix, from_rfc3339
from comity.ledger.checkpoint import from_text
from comity.ledger.envelope import pre_authentication
from comity.ledger.note import NoteKey, from_bytes, from_vkey
from comity.ledger.signature import SigningKey, is_valid
from comity.ledger.tile import bundle_path, is_tile_path, tiles_of

RFC_8032: dict[str, tuple[str, str, str, str]] = {
    "TEST 1": (
        "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        (
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bac"
            "c61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"
        ),
    ),
    "TEST 2": (
        "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        (
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e"
            "458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
        ),
    ),
    "TEST 3": (
        "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        (
            "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290"
            "ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"
        ),
    ),
    "TEST SHA(abc)": (
        "833fe62409237b9d62ec77587520911e9a759cec1d19755b7da901b96dca3d42",
        "ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf",
        hashlib.sha512(b"abc").hexdigest(),
        (
            "dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b58909351fc9ac90b3ec"
            "fdfbc7c66431e0303dca179c138ac17ad9bef1177331a704"
        ),
    ),
}
"""Seed, key, message, signature: RFC 8032, section 7.1."""


@pytest.mark.parametrize("name", RFC_8032)
def test_ed25519_signs_as_rfc_8032_shows(name: str) -> None:
    """The key, and every byte of the signature."""
    seed, public, message, signature = map(bytes.fromhex, RFC_8032[name])

    key = SigningKey.from_seed(seed)

    assert key.public == public
    assert key.sign(message) == signature
    assert is_valid(public, message, signature)


def test_what_is_signed_is_what_the_dsse_protocol_shows() -> None:
    """DSSE protocol, "Test Vectors": the bytes, and an ECDSA signature over exactly them."""
    covered = pre_authentication("http://example.com/HelloWorld", b"hello world")
    x = 46950820868899156662930047687818585632848591499744589407958293238635476079160
    y = 5640078356564379163099075877009565129882514886557779369047442380624545832820
    raw = base64.b64decode(
        "A3JqsQGtVsJ2O2xqrI5IcnXip5GToJ3F+FnZ+O88SjtR6rDAajabZKciJTfUiHqJPcIAriEGAHTVeCUj"
        "W2JIZA=="
    )
    r, s = int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big")

    key = ec.EllipticCurvePublicNumbers(x, y, ec.SECP256R1()).public_key()

    assert covered == b"DSSEv1 29 http://example.com/HelloWorld 11 hello world"
    key.verify(encode_dss_signature(r, s), covered, ec.ECDSA(SHA256()))


NEUMANN = (
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n"
    "\n"
    "— PeterNeumann "
    "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyB"
    "wJnAM=\n"
)


def test_the_note_of_gos_documentation_is_signed_by_its_key() -> None:
    """The example of the package that signed notes come from."""
    key = from_vkey("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW")
    note = from_bytes(NEUMANN.encode())
    (line,) = note.signatures

    assert (line.name, line.key_id) == (key.name, key.key_id)
    assert is_valid(key.public, note.text.encode(), line.signature)
    assert not is_valid(key.public, note.text.replace("you", "we").encode(), line.signature)
    assert note.encoded == NEUMANN.encode()


QUASIMODO = (
    "Ognuno sta solo sul cuor della terra\n"
    "trafitto da un raggio di sole:\n"
    "\n"
    "ed è subito sera.\n"
    "\n"
    "— quasimodo.example/salvatore "
    "NnugSzTjtVAewIS+Z/iJhUPeFDkO/5QQ2i5ddnGITLlC+EhfLW9oJKONrMouFSQU0xMcXxj99ihAQwaqP3ZekR"
    "wNtIc=\n"
)


def test_a_text_with_empty_lines_is_a_note() -> None:
    """C2SP signed-note's example: the last empty line parts text and signatures."""
    note = from_bytes(QUASIMODO.encode())

    assert note.text.endswith("\n\ned è subito sera.\n")
    assert [one.name for one in note.signatures] == ["quasimodo.example/salvatore"]
    assert note.encoded == QUASIMODO.encode()


SOFA = (
    "example.com/behind-the-sofa\n"
    "20852163\n"
    "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"
    "\n"
    "— example.com/behind-the-sofa "
    "Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcT"
    "OAYQ8=\n"
    "— witness.example.com/w1 "
    "jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xU"
    "e+mbIUBkBIfZ+qnA==\n"
)


def test_the_cosigned_checkpoint_of_the_specification_is_read() -> None:
    """C2SP tlog-checkpoint and tlog-cosignature: origin, size, root, time of the cosigning."""
    note = from_bytes(SOFA.encode())
    found = from_text(note.text)
    own, witness = note.signatures

    assert (found.origin, found.size) == ("example.com/behind-the-sofa", 20_852_163)
    assert found.root.hex().startswith("0ac5186a91863e8e")
    assert found.text == note.text
    assert own.name == found.origin
    assert len(witness.signature) == 8 + 64
    seconds = int.from_bytes(witness.signature[:8], "big")
    assert from_posix(seconds) == from_rfc3339("2023-03-20T12:25:47Z")
    assert note.encoded == SOFA.encode()


def test_tiles_stand_where_tlog_tiles_says() -> None:
    """Its three examples: index 1,234,067; a tree of 70,000; a tree of 256."""
    tiles = list(tiles_of(70_000))
    partial = [(tile.level, tile.width) for tile in tiles if tile.width < 256]
    full = [tile.level for tile in tiles if tile.width == 256]

    assert bundle_path(1_234_067) == "tile/entries/x001/x234/067"
    assert is_tile_path("tile/0/x001/x234/067")
    assert (full.count(0), full.count(1)) == (273, 1)
    assert partial == [(0, 112), (1, 17), (2, 1)]
    assert [(tile.level, tile.width) for tile in tiles_of(256)] == [(0, 256), (1, 1)]


def test_a_keys_id_is_the_start_of_a_digest_of_name_type_and_key() -> None:
    """C2SP signed-note, "Signatures": the same key under two types has two ids."""
    ids = {NoteKey(name="n.example", kind=kind, public=bytes(32)).key_id for kind in (1, 4)}

    assert hashlib.sha256(b"n.example\n\x01" + bytes(32)).digest()[:4] in ids
    assert hashlib.sha256(b"n.example\n\x04" + bytes(32)).digest()[:4] in ids


JCS: dict[str, tuple[Json, str]] = {
    "arrays": ([56, {"d": True, "10": None, "1": []}], '[56,{"1":[],"10":null,"d":true}]'),
    "unicode": (
        {"Unnormalized Unicode": "A\u030a"},
        '{"Unnormalized Unicode":"A\u030a"}',
    ),
    "the string of section 3.2.2": (
        "\u20ac$\u000f\u000aA'\u0042\u0022\u005c\\\"/",
        r'''"€$\u000f\nA'B\"\\\\\"/"''',
    ),
    "literals": ([None, True, False], "[null,true,false]"),
    "keys that sort as code units": (
        {"1": {"f": {"f": "hi", "F": 5}, "\n": 56}, "10": {}, "": "empty", "a": {}, "A": {}},
        '{"":"empty","1":{"\\n":56,"f":{"F":5,"f":"hi"}},"10":{},"A":{},"a":{}}',
    ),
}
"""Value, canonical text: RFC 8785, its sections 3.2.2 and 3.2.3 and its published test data."""


@pytest.mark.parametrize("name", JCS)
def test_json_is_canonical_as_rfc_8785_shows(name: str) -> None:
    """Nothing is normalized, nothing is escaped that need not be."""
    value, text = JCS[name]

    assert to_canonical(value) == text.encode()
    assert from_canonical(text.encode()) == value
