# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0

import pytest

from comity.errors import InvalidDocument
from comity.node.fetch.settings import DEFAULT, HttpSettings
from comity.node.member.config import from_toml

HEAD = 'origin = "kh.example/log"\n[quorum]\ncounts_when = "all"\ncounts_self = true\n'


def test_without_the_section_the_defaults_hold() -> None:
    """A node of last year still starts."""
    assert from_toml(HEAD.encode()).http == DEFAULT
    assert from_toml((HEAD + "[http]\n").encode()).http == DEFAULT


def test_every_setting_is_read() -> None:
    """The section as docs/how-to/run-a-node.md shows it."""
    text = (
        HEAD
        + """
[http]
allow = ["10.0.0.7", "peer.internal"]
ports = [8443]
sign = false
hosts = ["ai-office.example"]
proxies = ["127.0.0.1", "10.0.0.0/8"]
certificate = "tls/chain.pem"
key = "tls/key.pem"
requests_a_minute = 60
member_requests_a_minute = 600
requests_at_once = 8
log_addresses = true
"""
    )
    assert from_toml(text.encode()).http == HttpSettings(
        allow=("10.0.0.7", "peer.internal"),
        ports=(8443,),
        sign=False,
        hosts=("ai-office.example",),
        proxies=("127.0.0.1", "10.0.0.0/8"),
        certificate="tls/chain.pem",
        key="tls/key.pem",
        requests_a_minute=60,
        member_requests_a_minute=600,
        requests_at_once=8,
        log_addresses=True,
    )


def test_every_fault_is_listed_at_once() -> None:
    """An operator mends the file in one round."""
    text = (
        HEAD
        + """
[http]
allow = ["not a host", "10.0.0.0/8"]
ports = [0]
hosts = ["UPPER.example"]
proxies = ["10.0.0.1/8"]
certificate = "tls/chain.pem"
requests_a_minute = 0
sing = true
"""
    )
    with pytest.raises(InvalidDocument) as refused:
        from_toml(text.encode())
    said = str(refused.value)
    for part in (
        "http.allow names 'not a host'", "http.allow names '10.0.0.0/8'", "lists 0",
        "UPPER.example", "http.proxies", "key go together", "requests_a_minute", "http.sing",
    ):  # fmt: skip
        assert part in said
