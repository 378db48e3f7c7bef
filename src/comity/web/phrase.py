# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Sentences that Comity itself signs in English, said in the page's language.

The statement keeps the English; a sentence nobody here knows is shown as it stands. Drafts:
no reader of these languages has reviewed them.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

_Row = tuple[str, str, str]

_WORDS: tuple[_Row, ...] = (
    ("shown", "已证明", "مُثبَت"),
    ("not shown", "未证明", "غير مُثبَت"),
    ("insufficient", "证据不足", "أدلة غير كافية"),
    ("not tested", "未测试", "لم يُختبر"),
    ("this member's own test", "本成员自己的测试", "اختبار هذا العضو نفسه"),
    ("a trusted member", "一个受信任的成员", "عضو موثوق"),
    ("1 further item", "再问 1 题", "بند إضافي واحد"),
    ("{n} further items", "再问 {n} 题", "{n} من البنود الإضافية"),
)

_SENTENCES: tuple[_Row, ...] = (
    ("shown at a risk of {a}, and {b} is accepted", "在 {a} 的风险下已证明，可接受的风险为 {b}",
     "مُثبَت بمخاطرة {a}، والمقبول {b}"),
    ("shown at a risk of {a}; only {b} is accepted", "在 {a} 的风险下已证明；但只接受 {b}",
     "مُثبَت بمخاطرة {a}؛ ولا يُقبل إلا {b}"),
    ("shown at a risk of {a} after {w} of the same draw",
     "在同一次抽题中{w}后，在 {a} 的风险下已证明", "مُثبَت بمخاطرة {a} بعد {w} من السحب نفسه"),
    ("{w} at a risk of {a} after {x}", "{x}后，在 {a} 的风险下{w}", "{w} بمخاطرة {a} بعد {x}"),
    ("the tester found it {w}", "测试方的判定为{w}", "وجده المختبِر {w}"),
    ("{x} found it {w}", "{x}的判定为{w}", "وجده {x} {w}"),
    ("the plan asks for more than {a}; the policy for {b}", "计划要求高于 {a}；政策要求 {b}",
     "تشترط الخطة ما يزيد على {a}؛ وتشترط السياسة {b}"),
    ("not continued at the accepted risk of {a}", "未按可接受的 {a} 风险继续",
     "لم يُتابَع بالمخاطرة المقبولة {a}"),
    ("{s}; declined with the whole", "{s}；随整体一并不予承认", "{s}؛ ورُفض مع الكل"),
    ("{n}, which the policy requires, is not recognised", "政策要求的 {n} 未获承认",
     "لم يُعترف بـ {n} الذي تشترطه السياسة"),
    ("recognised, each at a risk of at most {a}: {n}", "予以承认，各项风险至多为 {a}：{n}",
     "معترف بها، كل منها بمخاطرة لا تزيد على {a}: {n}"),
    ("no category is recognised", "没有任何类别获得承认", "لم يُعترف بأي فئة"),
    ("the policy is for another bank", "该政策针对另一个题库", "السياسة لبنك آخر"),
    ("the finding is not yet under enough cosignatures, or what it rests on",
     "该测试结论或其依据尚未获得足够的共同签署",
     "لم تبلغ النتيجة أو ما تستند إليه عددًا كافيًا من التوقيعات المشتركة"),
    ("the tester planned {n} more attempts than the plan counts",
     "测试方的计划比所计多出 {n} 次尝试",
     "خطط المختبِر لعدد {n} من المحاولات زيادة على ما تحسبه الخطة"),
    ("the policy asks for a continuation of one's own, and there is none",
     "政策要求自行延续测试，而尚无延续", "تشترط السياسة متابعة خاصة ولا توجد"),
    ("the continuation goes on with another finding", "该延续接续的是另一测试结论",
     "المتابعة تخص نتيجة أخرى"),
    ("the continuation is another member's", "该延续属于另一成员", "المتابعة لعضو آخر"),
    ("the policy was logged after the continuation was planned", "该政策在延续计划之后才记录",
     "سُجلت السياسة بعد التخطيط للمتابعة"),
    ("the ceiling on {n}", "对 {n} 的上限", "السقف على {n}"),
    ("the least share that is worth a contract", "值得签约的最小份额",
     "أقل حصة تستحق عقدًا"),
    ("{n} takes at most {a} %", "{n} 至多承接 {a} %", "يأخذ {n} على الأكثر {a} %"),
    ("To leave is to cut off all at once: suppliers, territory, what firms own abroad.",
     "离开即同时切断一切：供应商、领土、企业在境外拥有的一切。",
     "المغادرة قطعُ كل شيء دفعة واحدة: المورّدين والإقليم وما تملكه الشركات في الخارج."),
    ("No game is solved: who would leave first, or yield, these figures cannot carry.",
     "不求解任何博弈：谁先离开、谁会让步，这些数字承载不了。",
     "لا تُحلّ أي لعبة: من يغادر أولًا أو يتنازل أمر لا تحتمله هذه الأرقام."),
    ("What nobody stated is open; a partner without an inventory may lose all or nothing.",
     "无人陈述之处存疑；没有清单的伙伴可能失去一切，也可能毫无损失。",
     "ما لم يصرّح به أحد مفتوح؛ والشريك بلا جرد قد يخسر كل شيء أو لا شيء."),
    ("Sales and money that a partner's firms would lose are in no log and are left out.",
     "伙伴的企业会损失的销售和资金不在任何日志中，故略去。",
     "ما تخسره شركات الشريك من مبيعات وأموال ليس في أي سجل، فهو متروك."),
    ("An alternative is a supplier that somebody named; capacity and price are not known here.",
     "替代者是有人提到过的供应商；其容量和价格此处不知。",
     "البديل مورّد سمّاه أحد؛ وسعته وسعره غير معروفين هنا."),
    ("What nobody stated is taken at its worst: an unknown jurisdiction may be any.",
     "无人陈述的一律按最坏情形计：未知的法域可能是任何一个。",
     "ما لم يصرّح به أحد يؤخذ على أسوئه: فالولاية المجهولة قد تكون أيًّا كانت."),
    ("A supplier that nobody says rests on anything is taken to rest on nothing.",
     "无人说明其依赖的供应商，视为不依赖任何事物。",
     "المورّد الذي لا يقول أحد إنه يعتمد على شيء يُعدّ غير معتمد على شيء."),
    ("Suppliers one has now without an option are left, as nobody says what they cost.",
     "现有而没有选项的供应商予以放弃，因为无人说明其成本。",
     "يُترك المورّدون الحاليون الذين لا خيار لهم، إذ لا يقول أحد كم يكلّفون."),
    ("Costs grow with shares; quantity rebates, prices that change and time are left out.",
     "成本随份额增长；数量折扣、价格变动和时间均略去。",
     "تنمو الكلفة مع الحصص؛ وتُترك خصومات الكمية وتغيّر الأسعار والزمن."),
    ("Every layer counts whole; layers do not share suppliers' onboarding.",
     "每一层各自完整计算；各层不共享供应商的引入。",
     "تُحسب كل طبقة كاملة؛ ولا تتقاسم الطبقات ضمّ المورّدين."),
)  # fmt: skip

_COLUMN = {"zh": 1, "ar": 2}
_INNER = frozenset("swx")
"""Places that hold words or a sentence of ours again; the others hold numbers and names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrase:
    """A sentence and whether it is in the page's own language."""

    text: str
    is_own: bool


def in_language(sentence: str, tag: str) -> Phrase:
    """Say one of our sentences in a language; anybody else's stays as it is.

    >>> in_language("the tester found it not shown", "zh").text
    '测试方的判定为未证明'
    """
    if tag not in _COLUMN:
        return Phrase(text=sentence, is_own=tag == "en")
    said = _said(sentence[:1_000], tag, _SENTENCES)
    return Phrase(text=sentence if said is None else said, is_own=said is not None)


def _said(sentence: str, tag: str, rows: tuple[_Row, ...], depth: int = 0) -> str | None:
    for row in rows:
        match = _pattern(row[0]).fullmatch(sentence)
        if match is None:
            continue
        parts = _inside(match.groupdict(), tag, depth)
        if parts is not None:
            return row[_COLUMN[tag]].format(**parts)
    return None


def _inside(parts: Mapping[str, str], tag: str, depth: int) -> dict[str, str] | None:
    """Say the parts that are words of ours; None where one is not."""
    found: dict[str, str] = {}
    for name, part in parts.items():
        said: str | None = part
        if name in _INNER:
            rows = _SENTENCES if name == "s" else _WORDS
            said = _said(part, tag, rows, depth + 1) if depth < 3 else None
        if said is None:
            return None
        found[name] = said
    return found


@lru_cache(maxsize=64)
def _pattern(sentence: str) -> "re.Pattern[str]":
    escaped = re.sub(r"\\\{(\w)\\\}", r"(?P<\1>.+)", re.escape(sentence))
    return re.compile(escaped, re.DOTALL)
