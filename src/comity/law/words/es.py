# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""The words of the pack language in Spanish: the grammar's word, then the word on the page.

A draft nobody has reviewed; the words are the surface, the meaning is the grammar's.
"""

WORDS = """
pack         paquete
fact         hecho
conduct      conducta
axiom        axioma
exclusion    exclusión
define       definición
norm         norma
gap          laguna
title        título
market       mercado
status       estado
version      versión
language     idioma
kind         clase
label        etiqueta
question     pregunta
means        significa
dpv          dpv
guard        condición previa
entails      conlleva
when         cuando
implies      implica
cite         cita
basis        base
source       fuente
rows         filas
who          destinatario
must         debe
must_not     no debe
may          puede
should       debería
should_not   no debería
asks         pide
unless       salvo que
from         desde
until        hasta
exceptions   excepciones
about        acerca de
says         dice
divisible    divisible
together     juntos
because      porque
and          y
or           o
not          no
is           es
is_not       no es
one_of       es uno de
not_one_of   no es uno de
has          incluye
any_of       incluye alguno de
all_of       incluye todos
none_of      no incluye ninguno de
within       dentro de
at_least     al menos
at_most      como máximo
more_than    más de
below        menos de
before       antes del
after        después del
on_or_after  el día o después del
on_or_before el día o antes del
step         paso
"""
