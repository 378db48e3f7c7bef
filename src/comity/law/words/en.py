# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""The words of the pack language in English: the grammar's word, then the word on the page."""

WORDS = """
pack         pack
fact         fact
conduct      conduct
axiom        axiom
exclusion    exclusion
define       define
norm         norm
gap          gap
title        title
market       market
status       status
version      version
language     language
kind         kind
label        label
question     question
means        means
dpv          dpv
guard        guard
entails      entails
when         when
implies      implies
cite         cite
basis        basis
source       source
rows         rows
who          who
must         must
must_not     must not
may          may
should       should
should_not   should not
asks         asks
unless       unless
from         from
until        until
exceptions   exceptions
about        about
says         says
divisible    divisible
together     together
because      because
and          and
or           or
not          not
is           is
is_not       is not
one_of       is one of
not_one_of   is not one of
has          has
any_of       has any of
all_of       has all of
none_of      has none of
within       within
at_least     at least
at_most      at most
more_than    more than
below        below
before       before
after        after
on_or_after  on or after
on_or_before on or before
step         step
"""
