"""Values in words, lists and tables; numbers tied to quantities by phrases; and what is left alone."""

from __future__ import annotations

import re

import pytest
from support.scanning import claims, quoted, statements, values

from symbackprop.check.statement import Origin, Role
from symbackprop.check.values.language import LANGUAGES, compiled
from symbackprop.expression import Number

GIVEN = {
    "w1 = 0.15": ["w1=0.15"],
    "w1=0.15,w2=0.20；w_3 = .25, w_{4}=-0.3": ["w1=0.15", "w2=0.20", "w_3=.25", "w_{4}=-0.3"],
    "输入数据 i1=0.05,i2=0.10。": ["i1=0.05", "i2=0.10"],
    "a learning rate η = 0.5 works": ["η=0.5"],
    "the learning rate $\\eta$ is 0.5, and $b_1$ = 0.35": ["\\eta=0.5", "b_1=0.35"],
    "学习率 $\\eta$ 为 0.5": ["\\eta=0.5"],
    "b1 = b2 = 0.35": ["b2=0.35", "b1=0.35"],
    "(i1, i2) = (0.05, 0.10)": ["i1=0.05", "i2=0.10"],
    "w1、w2和w3分别为0.1、0.2和0.3": ["w1=0.1", "w2=0.2", "w3=0.3"],
    "i1 and i2 are 0.05 and 0.10": ["i1=0.05", "i2=0.10"],
    "- w1 = 0.15\n* w2 = 0.20\n": ["w1=0.15", "w2=0.20"],
    "- w1: 0.15\n- w2: 0.20\n": ["w1=0.15", "w2=0.20"],
    "偏置 b1 取 0.35": ["b1=0.35"],
    "lr = 1e-3 and x = −2": ["lr=1e-3", "x=−2"],
}

NOT_GIVEN = [
    "z = 0.5x and a = 1 b and y = 0.5 * 3 and u = 2/3 and v = 0.5 + 1 and t = 50%",
    "x + w1 = 0.15 and 2*w2 = 0.3",
    "the accuracy is 0.95 and it is 3 steps",
    "see `w1 = 0.15` and http://a.b/?w1=0.15",
    '<img width=300 height="20" src="a.png">',
    "```\nw1 = 0.15\n```\n",
    "the updated weight w5 = 0.3589, 更新后的 w6 = 0.4087",
    "E(total) = 0.298 and out(h1) = 0.59",
    "Step 3: 0.5, chapter 4: 12",
    "$x + y$ = 0.5",
    "version v = 1.2.3",
    "| Parameter | Gradient |\n|--|--|\n| $w_1$ | 0.15 |\n",
    "| Parameter | Updated value after one step |\n|--|--|\n| $w_1$ | 0.15 |\n",
]

CLAIMED = {
    "After 10000 steps the error is 0.000035085.": [("error", ["0.000035085"], 10000)],
    "The total error was 0.2984 at first; after this first round of updates the error is now down to 0.291.":
        [("error", ["0.2984"], 0), ("error", ["0.291"], 1)],
    "We repeat this 10,000 times and the loss drops to $3.5 \\times 10^{-5}$.": [("error", ["3.5e-5"], 10000)],
    "We repeat this 10,000 times and the loss drops to 3.5e-5.": [("error", ["3.5e-5"], 10000)],
    "The error after ten thousand iterations is 0.000035.": [("error", ["0.000035"], 10000)],
    "The outputs are 0.0159 (vs 0.01) and 0.984 (target 0.99).": [("outputs", ["0.0159", "0.984"], None)],
    "We want the outputs to be small: the desired outputs are 0.01 and 0.99.": [("targets", ["0.01", "0.99"], None)],
    "The learning rate is usually chosen small, set to 0.5 here.": [("learning_rate", ["0.5"], None)],
    "一开始网络的误差为0.298371109，第一次反向传播后，误差降到0.291027924。迭代10000次后，误差只有 $0.000035085$。":
        [("error", ["0.298371109"], 0), ("error", ["0.291027924"], 1), ("error", ["0.000035085"], 10000)],
    "重复上述过程1万次后，网络的误差就下降到了0.000035085，两个输出为0.015912196(vs 0.01)和0.984065734(vs 0.99)。":
        [("error", ["0.000035085"], 10000), ("outputs", ["0.015912196", "0.984065734"], 10000)],
    "输出值为 [0.75136079 , 0.772928465]，而实际值 [0.01 , 0.99]":
        [("outputs", ["0.75136079", "0.772928465"], None), ("targets", ["0.01", "0.99"], None)],
    "The error is 0.25 after 10 epochs. At this point the outputs are 0.1 and 0.9. For a coin the loss is 0.693.":
        [("error", ["0.25"], 10), ("outputs", ["0.1", "0.9"], 10), ("error", ["0.693"], None)],
    "我们希望网络的输出为0.01和0.99": [("targets", ["0.01", "0.99"], None)],
    "学习率这里取0.5": [("learning_rate", ["0.5"], None)],
    "| Step | Total error |\n|--|--|\n| 0 | 0.298 |\n| 10,000 | $0.000035$ |\n":
        [("error", ["0.298"], 0), ("error", ["0.000035"], 10000)],
}  # fmt: skip

NOT_CLAIMED = [
    "The error of the first neuron is 0.2748 and each output has an error of 0.5.",
    "The error is 2 and the output layer has 2 neurons.",
    "The error rate is 0.05 and the loss is below 0.01.",
    "第一个神经元的输出误差为0.274811083",
    "误差小于0.01时停止；误差 $E_{o1}$ 为 0.27",
    "the outputs sum to 1, and the outputs are 3 times larger",
    "the error is 5%",
    "目标值之和为 1",
    "| Step | Error of o1 |\n|--|--|\n| 0 | 0.298 |\n",
]

TABLES = {
    "| 参数 | 值 |\n|---|---|\n| $w_1$ | 0.15 |\n| b_1 | $0.35$ |\n| words | 3 |\n": ["w_1=0.15", "b_1=0.35"],
    "| Name | Meaning | Initial value |\n|--|--|--|\n| **η** | learning rate | 0.5 |\n": ["η=0.5"],
    "| w1 | w2 |\n|--|--|\n| 0.15 | 0.20 |\n": ["w1=0.15", "w2=0.20"],
    "| | $w_1$ | $w_2$ |\n|--|--|--|\n| initial | 0.15 | 0.20 |\n| updated | 0.14 | 0.19 |\n": ["w_1=0.15", "w_2=0.20"],
    "| Weight | Value | Bias | Value |\n|--|--|--|--|\n| w1 | 0.15 | b1 | 0.35 |\n": ["w1=0.15", "b1=0.35"],
    "| 参数 | 值 |\n|---|---|\n| {% raw %}$w_1$ {% endraw %} | **0.15** |\n": ["w_1=0.15"],
    "| Step | $w_1$ |\n|--|--|\n| 1 | 0.15 |\n| 2 | 0.14 |\n": [],
    "| w1 | w2 |\n|--|--|\n| 0.15 | 0.20 |\n| 0.14 | 0.19 |\n": [],
}


@pytest.mark.parametrize("text", GIVEN)
def test_values_in_words(text: str) -> None:
    assert values(text) == GIVEN[text]


@pytest.mark.parametrize("text", NOT_GIVEN)
def test_no_values(text: str) -> None:
    assert values(text) == []


@pytest.mark.parametrize("text", TABLES)
def test_values_in_tables(text: str) -> None:
    assert values(text) == TABLES[text]


@pytest.mark.parametrize("text", CLAIMED)
def test_phrases(text: str) -> None:
    assert claims(text) == CLAIMED[text]
    for statement in statements(text):
        if statement.claim is not None:
            for number in statement.claim.numbers:
                assert number.span is not None
                shown = text[number.span.start : number.span.end]
                assert re.sub(r"\s?\\times\s?10\^\{(.*)\}", r"e\1", shown) == number.text


@pytest.mark.parametrize("text", NOT_CLAIMED)
def test_no_phrases(text: str) -> None:
    assert claims(text) == []


def test_places_of_values() -> None:
    text = "一 w1 = 0.15, (i1, i2) = (0.05, 0.10)\n\n| 参数 | 值 |\n|---|---|\n| $w_2$ | 0.20 |\n"
    found = [statement for statement in statements(text) if statement.origin is Origin.VALUE]
    assert [quoted(statement, text) for statement in found] == ["w1 = 0.15", "0.05", "0.10", "0.20"]
    for statement in found:
        assert isinstance(statement.right, Number)
        assert statement.right.span is not None
        assert text[statement.right.span.start : statement.right.span.end] == statement.right.text


def test_roles_of_values() -> None:
    text = "- 输入数据 i1=0.05,i2=0.10\n- 输出数据 o1=0.01\n- initial weights w1=0.15, bias b1=0.35\n- n=3\n"
    found = [statement.role for statement in statements(text)]
    assert found == [Role.INPUT, Role.INPUT, Role.TARGET, Role.WEIGHT, Role.BIAS, None]


def test_every_pattern_of_every_language_compiles() -> None:
    assert {"en", "zh"} <= set(LANGUAGES.names())
    for language in LANGUAGES:
        for claim in language.claims:
            assert "numbers" in compiled(language, claim.pattern).groupindex
            re.compile(claim.unless + claim.targets)
        for steps in language.steps:
            assert (steps.count is not None) or "count" in compiled(language, steps.pattern).groupindex
