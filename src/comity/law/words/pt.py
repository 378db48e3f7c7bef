# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""The words of the pack language in Portuguese: the grammar's word, then the word on the page.

A draft nobody has reviewed; the words are the surface, the meaning is the grammar's.
"""

WORDS = """
pack         pacote
fact         facto
conduct      conduta
axiom        axioma
exclusion    exclusão
define       definição
norm         norma
gap          lacuna
title        título
market       mercado
status       estado
version      versão
language     língua
kind         género
label        rótulo
question     pergunta
means        significa
dpv          dpv
guard        condição prévia
entails      acarreta
when         quando
implies      implica
cite         citação
basis        base
source       fonte
rows         linhas
who          destinatário
must         deve
must_not     não deve
may          pode
should       deveria
should_not   não deveria
asks         pede
unless       salvo se
from         desde
until        até
exceptions   exceções
about        acerca de
says         diz
divisible    divisível
together     juntos
because      porque
and          e
or           ou
not          não
is           é
is_not       não é
one_of       é um de
not_one_of   não é um de
has          inclui
any_of       inclui algum de
all_of       inclui todos
none_of      não inclui nenhum de
within       dentro de
at_least     pelo menos
at_most      no máximo
more_than    mais de
below        menos de
before       antes de
after        depois de
on_or_after  em ou depois de
on_or_before em ou antes de
step         passo
"""
