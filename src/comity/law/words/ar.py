# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""The words of the pack language in Arabic: the grammar's word, then the word on the page.

A draft nobody has reviewed; the words are the surface, the meaning is the grammar's.
"""

WORDS = """
pack         حزمة
fact         واقعة
conduct      سلوك
axiom        مسلمة
exclusion    تنافٍ
define       تعريف
norm         قاعدة
gap          ثغرة
title        عنوان
market       سوق
status       حالة
version      إصدار
language     لغة
kind         نوع
label        تسمية
question     سؤال
means        معنى
dpv          dpv
guard        شرط مسبق
entails      يستتبع
when         عندما
implies      يقتضي
cite         مرجع
basis        أساس
source       مصدر
rows         صفوف
who          المخاطب
must         يجب
must_not     يحظر
may          يجوز
should       ينبغي
should_not   لا ينبغي
asks         يطلب
unless       ما لم
from         اعتبارا من
until        حتى
exceptions   استثناءات
about        بشأن
says         ينص
divisible    قابل للتجزئة
together     معا
because      لأن
and          و
or           أو
not          ليس صحيحا أن
is           هو
is_not       ليس
one_of       واحد من
not_one_of   ليس واحدا من
has          يشمل
any_of       يشمل أيا من
all_of       يشمل كل
none_of      لا يشمل أيا من
within       ضمن
at_least     على الأقل
at_most      على الأكثر
more_than    أكثر من
below        أقل من
before       قبل
after        بعد
on_or_after  في أو بعد
on_or_before في أو قبل
step         خطوة
"""
