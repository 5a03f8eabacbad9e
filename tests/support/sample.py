"""A document with every kind of block, and two languages for it, that no other part has to provide."""

from __future__ import annotations

from symbackprop.document.blocks import (
    Code,
    Document,
    Enumeration,
    Figure,
    Formula,
    Heading,
    Message,
    Reference,
    Say,
    Table,
    Text,
)
from symbackprop.expression import (
    ONE,
    Apply,
    Chain,
    Expression,
    Number,
    Symbol,
    add,
    chain,
    divide,
    multiply,
    negate,
    partial,
    power,
    subtract,
)
from symbackprop.latex.printer import Printer
from symbackprop.render.locale import Language, Locale

ENGLISH = Locale(
    Language(
        name="English",
        tag="en",
        enumeration=", ",
        enumeration_last=" and ",
        equation="({number})",
        figure="Figure {number}",
        table="Table {number}",
        caption=": ",
    ),
    {
        "title": "Backpropagation of {name}",
        "summary": "One step by hand: 100 % of it, & no more.",
        "forward": "Forward pass",
        "start": "With the inputs {inputs}, neuron {neuron} gets {value} (see {reference}).",
        "steps.first": "Compute {value}.",
        "steps.second": "- then go back, as {reference} and {table} say",
        "caption.table": "Weights of {name}",
        "caption.figure": "The network, with {weight} in it",
        "weight": "Weight",
        "value": "Value",
        "slope": "the slope {slope}",
        "nested": "1. Not a list: {what}.",
    },
    "english",
)
CHINESE = Locale(
    Language(
        name="中文",
        tag="zh",
        enumeration="、",
        enumeration_last="和",
        equation="({number})",
        figure="图 {number}",
        table="表 {number}",
        caption="：",
    ),
    {
        "title": "{name}的反向传播",
        "summary": "手算一步：100%，不多不少。",
        "forward": "前向传播",
        "start": "输入为{inputs}时，神经元{neuron}得到{value}（见式{reference}）。",
        "steps.first": "计算{value}。",
        "steps.second": "- 再按式{reference}与{table}往回走",
        "caption.table": "{name}的权重",
        "caption.figure": "网络，其中有{weight}",
        "weight": "权重",
        "value": "取值",
        "slope": "斜率{slope}",
        "nested": "1. 这不是列表：{what}。",
    },
    "chinese",
)
LOCALES = (ENGLISH, CHINESE)

NAMES = {"input": "i", "weight": "w", "bias": "b", "preactivation": "net", "activation": "out", "loss": "E"}


def quantity(kind: str, *indices: int) -> Symbol:
    return Symbol(kind, None, indices)


def spell(symbol: Symbol) -> str:
    head = NAMES[symbol.kind]
    subscript = "".join(str(index) for index in symbol.indices or ())
    return (rf"\mathrm{{{head}}}" if len(head) > 1 else head) + (f"_{{{subscript}}}" if subscript else "")


TEX = Printer(spell, product=r"\cdot").tex

INPUTS = (quantity("input", 1), quantity("input", 2))
NET, OUT, LOSS = quantity("preactivation", 1), quantity("activation", 1), quantity("loss")
WEIGHTS = tuple(quantity("weight", number) for number in range(1, 9))
SLOPE = partial(LOSS, WEIGHTS[4])


def forward() -> Chain:
    """A chain too long for one row: definition, substituted, value."""
    substituted = add(multiply(Number("0.15"), Number("0.05")), multiply(Number("0.20"), Number("0.10")))
    shares = [multiply(weight, value) for weight, value in zip(WEIGHTS, INPUTS, strict=False)]
    return chain(
        NET, add(*shares, multiply(quantity("bias", 1), ONE)), add(substituted, Number("0.35")), Number("0.3775")
    )


def long_sum() -> Chain:
    """A member too long for any row."""
    terms: list[Expression] = [multiply(weight, subtract(ONE, OUT), SLOPE) for weight in WEIGHTS]
    return chain(LOSS, add(*terms[:4], negate(terms[4]), *terms[5:]))


def sample_document() -> Document:
    """Every kind of block, with words that are traps for some format."""
    name = Text("mazur_2-2-2 <b>{{7*7}}</b> 100%")
    sigmoid = divide(ONE, add(ONE, Apply("exp", (negate(NET),))))
    return Document(
        Message("title", {"name": name}),
        (
            Heading(1, Message("forward")),
            Say(
                Message(
                    "start",
                    {
                        "inputs": INPUTS,
                        "neuron": Text("h1"),
                        "value": chain(NET, Number("0.3775")),
                        "reference": Reference("forward"),
                    },
                )
            ),
            Formula((forward(),), "forward"),
            Formula((chain(OUT, sigmoid),)),
            Heading(2, Message("slope", {"slope": SLOPE})),
            Formula(
                (chain(SLOPE, multiply(partial(LOSS, OUT), partial(OUT, NET), partial(NET, WEIGHTS[4]))),), "chain rule"
            ),
            Formula((long_sum(),), "long"),
            Formula((chain(NET, Number("0.3775")), chain(OUT, Number("0.593269992"), relation="≈"))),
            Say(Message("nested", {"what": Message("slope", {"slope": power(SLOPE, Number("2"))})})),
            Enumeration(
                (
                    Message("steps.first", {"value": NET}),
                    Message("steps.second", {"reference": Reference("chain rule"), "table": Reference("weights")}),
                ),
                ordered=True,
            ),
            Table(
                Message("caption.table", {"name": name}),
                (Message("weight"), Message("value"), Text("a | b")),
                tuple(
                    (weight, Number(f"0.{number}5"), Apply("absolute", (weight,)))
                    for number, weight in enumerate(WEIGHTS[:4], 1)
                ),
                "weights",
                "crl",
            ),
            Figure("network", Message("caption.figure", {"weight": WEIGHTS[4]}), "network"),
            Code("python", "print('```')\n    # 100% {{7*7}} \\input{/etc/passwd}\n"),
        ),
        summary=Message("summary"),
        author="the_author & 王 \u202egnp.exe",
        date="2026-01-02",
        tags=("backpropagation", '反向传播 "x"'),
    )
