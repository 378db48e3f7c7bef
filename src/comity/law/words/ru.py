# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""The words of the pack language in Russian: the grammar's word, then the word on the page.

A draft nobody has reviewed; the words are the surface, the meaning is the grammar's.
"""

WORDS = """
pack         пакет
fact         факт
conduct      поведение
axiom        аксиома
exclusion    несовместимость
define       определение
norm         норма
gap          пробел
title        заголовок
market       рынок
status       статус
version      версия
language     язык
kind         вид
label        метка
question     вопрос
means        значение
dpv          dpv
guard        предпосылка
entails      влечёт
when         когда
implies      следует
cite         ссылка
basis        основа
source       источник
rows         строки
who          адресат
must         обязан
must_not     не вправе
may          вправе
should       следует бы
should_not   не следует бы
asks         требует
unless       кроме случаев
from         с
until        до
exceptions   исключения
about        касается
says         гласит
divisible    делимо
together     вместе
because      потому что
and          и
or           или
not          не
is           равно
is_not       не равно
one_of       одно из
not_one_of   ни одно из
has          содержит
any_of       содержит любое из
all_of       содержит все
none_of      не содержит ни одного из
within       в пределах
at_least     не менее
at_most      не более
more_than    более
below        менее
before       раньше
after        позже
on_or_after  не раньше
on_or_before не позже
step         шаг
"""
