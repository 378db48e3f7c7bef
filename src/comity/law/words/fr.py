# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""The words of the pack language in French: the grammar's word, then the word on the page.

A draft nobody has reviewed; the words are the surface, the meaning is the grammar's.
"""

WORDS = """
pack         paquet
fact         fait
conduct      conduite
axiom        axiome
exclusion    exclusion
define       définition
norm         norme
gap          lacune
title        titre
market       marché
status       statut
version      version
language     langue
kind         genre
label        libellé
question     question
means        sens
dpv          dpv
guard        garde
entails      entraîne
when         lorsque
implies      implique
cite         référence
basis        base
source       source
rows         lignes
who          destinataire
must         doit
must_not     ne doit pas
may          peut
should       devrait
should_not   ne devrait pas
asks         demande
unless       sauf si
from         à partir du
until        jusqu'au
exceptions   exceptions
about        concerne
says         énonce
divisible    divisible
together     ensemble
because      parce que
and          et
or           ou
not          non
is           est
is_not       n'est pas
one_of       est parmi
not_one_of   n'est pas parmi
has          comprend
any_of       comprend l'un de
all_of       comprend tous
none_of      ne comprend aucun de
within       dans les limites de
at_least     au moins
at_most      au plus
more_than    plus de
below        moins de
before       avant
after        après
on_or_after  le ou après le
on_or_before le ou avant le
step         pas de
"""
