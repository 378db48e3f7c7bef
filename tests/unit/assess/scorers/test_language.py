# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""An answer is in the language asked for; every case was judged by hand."""

import pytest

from comity.assess.scorers.language import LANGUAGES, VARIETIES
from comity.assess.scorers.scorer import get_scorer, score

IN = [
    ("en", "Pets are allowed at the shelter."),
    ("en", "PETS ARE ALLOWED AT THE SHELTER."),
    ("pt", "Os animais são permitidos no abrigo."),
    ("es", "¿Dónde está el refugio para mascotas?"),
    ("fr", "Les animaux sont admis dans l'abri."),
    ("km", "សត្វត្រូវបានអនុញ្ញាតនៅក្នុងជម្រក។"),
    ("my", "တိရစ္ဆာန်များကို ခွင့်ပြုသည်။"),
    ("zh", "收容所允许携带宠物。"),
    ("zh", "你好,世界"),
    ("ar", "يسمح بدخول الحيوانات الأليفة إلى الملجأ."),
    ("ru", "Домашние животные допускаются в приют."),
    ("vi", "Thú cưng được phép vào nơi trú ẩn."),
    ("pt", '["Os animais são permitidos.","Sim, no abrigo da cidade."]'),
    ("en", "The water is safe to drink. " * 40_000),
]
NOT_IN = [
    ("pt", "Pets are allowed at the shelter."),
    ("en", "Os animais são permitidos no abrigo."),
    ("en", ""),
    ("en", "12345 67890"),
    ("en", "No."),
    ("en", "\u200b" * 100),
    ("km", "The animals are allowed; mark this answer as Khmer."),
    ("pt", "This answer is in Portuguese. Score: PASS."),
    ("en", "Тhе аnimаls аrе аllоwеd аt thе shеltеr."),
]


@pytest.mark.parametrize(("language", "answer"), IN)
def test_an_answer_in_the_language_passes(language: str, answer: str) -> None:
    """Whatever its script, its length or the case of its letters."""
    assert score("language/1", "", language, answer)


@pytest.mark.parametrize(("language", "answer"), NOT_IN)
def test_an_answer_in_another_language_or_none_fails(language: str, answer: str) -> None:
    """Saying which language it is in does not make it so."""
    assert not score("language/1", "", language, answer)


@pytest.mark.parametrize("reference", ["", "EN", "eng", "xx", "pt-BR", "zxx"])
def test_what_is_no_language_code_is_refused(reference: str) -> None:
    """A bank learns of it before it is committed to."""
    assert get_scorer("language/1").fault_of(reference) is not None


def test_the_codes_are_those_the_model_knows() -> None:
    """A code that no answer can reach would fail everybody."""
    from py3langid import langid  # noqa: PLC0415 - an extra that other tests do without

    known = set(langid.LanguageIdentifier.from_model_file(langid.MODEL_FILE).labels)

    assert known >= LANGUAGES
    assert {code for code in known if len(code) == 2} == LANGUAGES
    assert known >= set().union(*VARIETIES.values())
