# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""The words of the pack language, one table per human language.

A language is a table, not a grammar: the same norm written with another table's words has
the same syntax tree and the same digest. Names, values, units and roles stay as they are.
"""

from collections.abc import Mapping
from types import MappingProxyType

BLOCKS = frozenset({"pack", "fact", "conduct", "axiom", "exclusion", "define", "norm", "gap"})

CLAUSES = frozenset({
    "title", "market", "status", "version", "language", "kind", "label", "question", "means",
    "dpv", "guard", "entails", "when", "implies", "cite", "basis", "source", "rows", "who",
    "must", "must_not", "may", "should", "should_not", "asks", "unless", "from", "until",
    "exceptions", "about", "says", "divisible", "together", "because",
})  # fmt: skip

_EN: dict[str, str] = {
    **{word: word for word in BLOCKS | CLAUSES if "_" not in word},
    "must not": "must_not",
    "should not": "should_not",
    "and": "and",
    "or": "or",
    "not": "not",
    "is": "is",
    "is not": "is_not",
    "is one of": "one_of",
    "is not one of": "not_one_of",
    "has": "has",
    "has any of": "any_of",
    "has all of": "all_of",
    "has none of": "none_of",
    "within": "within",
    "at least": "at_least",
    "at most": "at_most",
    "more than": "more_than",
    "below": "below",
    "before": "before",
    "after": "after",
    "on or after": "on_or_after",
    "on or before": "on_or_before",
    "step": "step",
}

_ZH: dict[str, str] = {
    "规则包": "pack",
    "事实": "fact",
    "行为": "conduct",
    "公理": "axiom",
    "互斥": "exclusion",
    "定义": "define",
    "规范": "norm",
    "缺口": "gap",
    "标题": "title",
    "市场": "market",
    "状态": "status",
    "版本": "version",
    "语言": "language",
    "类别": "kind",
    "标签": "label",
    "问题": "question",
    "含义": "means",
    "词汇": "dpv",
    "前提": "guard",
    "包括": "entails",
    "可分": "divisible",
    "同时": "together",
    "因为": "because",
    "当": "when",
    "则": "implies",
    "依据": "cite",
    "基础": "basis",
    "来源": "source",
    "条目": "rows",
    "主体": "who",
    "应当": "must",
    "不得": "must_not",
    "可以": "may",
    "宜": "should",
    "不宜": "should_not",
    "要求": "asks",
    "除非": "unless",
    "自": "from",
    "至": "until",
    "例外": "exceptions",
    "关于": "about",
    "说明": "says",
    "且": "and",
    "或": "or",
    "非": "not",
    "为": "is",
    "不为": "is_not",
    "属于": "one_of",
    "不属于": "not_one_of",
    "含": "has",
    "含任一": "any_of",
    "含全部": "all_of",
    "不含": "none_of",
    "限于": "within",
    "不少于": "at_least",
    "不超过": "at_most",
    "多于": "more_than",
    "低于": "below",
    "早于": "before",
    "晚于": "after",
    "不早于": "on_or_after",
    "不晚于": "on_or_before",
    "步长": "step",
}

LEXICONS: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {"en": MappingProxyType(_EN), "zh": MappingProxyType(_ZH)}
)
"""Surface words to the grammar's words, by language."""


def surface(keyword: str, language: str) -> str:
    """Return how *language* writes a word of the grammar."""
    return next(word for word, known in LEXICONS[language].items() if known == keyword)
