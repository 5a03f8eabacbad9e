"""The model of a spec: what a TOML file may say, and the same in Python."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from symbackprop.layers.layer import Value

MOST_ITERATIONS = 10_000_000
MOST_LAYERS = 64
MOST_ROWS = 100_000
NAME = r"^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$"
DATE = r"^(\d{4}-\d{2}-\d{2})?$"
MOST_DIGITS = 30

Order = Literal["simultaneous", "sequential"]
Language = Literal["en", "zh"]
Form = Literal["scalar", "indexed", "matrix"]
Localised = dict[str, str] | str
Values = list[Value | list[Value]]


class Data(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Values of the samples. What is left out stays symbolic."""

    inputs: Annotated[
        Values | None,
        Meta(
            description="one sample: a number for each input; several samples, or steps in time for a recurrent "
            "network: a list of such lists"
        ),
    ] = None
    targets: Annotated[
        Values | Literal["inputs"] | None,
        Meta(description='a number for each output, or a list of such lists; "inputs": the inputs themselves'),
    ] = None
    rows: Annotated[
        Annotated[int, Meta(ge=1, le=MOST_ROWS)] | None,
        Meta(description="number of samples, or of steps in time, where no values tell it; left out: one sample"),
    ] = None


class Training(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How the parameters are updated."""

    learning_rate: Annotated[Value | None, Meta(description="the learning rate η; left out: symbolic")] = None
    momentum: Annotated[
        Value | None, Meta(description="the share of the last step that is kept, for optimisers with momentum")
    ] = None
    optimiser: Annotated[str, Meta(description="name of an optimiser", extra={"choices": "optimiser"})] = "sgd"
    update_biases: Annotated[bool, Meta(description="whether biases are trained")] = True
    order: Annotated[
        Order,
        Meta(
            description='"simultaneous": all gradients use the original weights; "sequential": the error goes back '
            "through weights that are already updated"
        ),
    ] = "simultaneous"
    batch: Annotated[
        Literal["all", "sample"],
        Meta(description='"all": one update from all samples; "sample": one update after each sample, in their order'),
    ] = "all"
    reduction: Annotated[
        Literal["mean", "sum"], Meta(description="whether E is the mean or the sum of the samples' errors")
    ] = "mean"
    iterations: Annotated[int, Meta(ge=0, le=MOST_ITERATIONS, description="how often all samples are gone through")] = 0


class Numbers(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How numbers are shown."""

    digits: Annotated[int, Meta(ge=1, le=MOST_DIGITS, description="how many digits")] = 9
    scheme: Annotated[
        Literal["decimals", "significant"], Meta(description="whether digits counts decimals or significant digits")
    ] = "decimals"
    ties: Annotated[Literal["half_up", "half_even"], Meta(description="how a 5 at the end is rounded")] = "half_up"
    trailing_zeros: Annotated[bool, Meta(description="whether zeros at the end are kept")] = False


class About(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the document says of itself."""

    title: Annotated[Localised, Meta(description="one title, or a table of titles by language")] = ""
    language: Annotated[Language, Meta(description="the language it is written in unless another is asked for")] = "en"
    detail: Annotated[
        Literal["full", "brief"], Meta(description="whether every weight is shown in full, or one and then a table")
    ] = "full"
    outline: Annotated[str, Meta(description="name of an outline", extra={"choices": "outline"})] = "worked_example"
    forms: Annotated[
        list[Form], Meta(description="which forms the document shows besides: indexed, matrix; scalar is always there")
    ] = msgspec.field(default_factory=lambda: ["scalar"])
    layout: Annotated[
        Literal["", "row", "column", "both"], Meta(description="how matrices stand; left out: as the notation has it")
    ] = ""
    author: Annotated[str, Meta(description="who wrote it")] = ""
    date: Annotated[
        str, Meta(pattern=DATE, description="YYYY-MM-DD", extra={"expected": "a date as text, YYYY-MM-DD"})
    ] = ""
    tags: Annotated[list[str], Meta(description="keywords for the front matter")] = []


class Network(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A network, its values, and how its derivation is to be written."""

    name: Annotated[
        str,
        Meta(
            pattern=NAME,
            description="names the files that are written",
            extra={"expected": "1 to 64 letters, digits, - and _, the first a letter or digit"},
        ),
    ]
    inputs: Annotated[int, Meta(ge=1, le=4096, description="number of inputs")]
    layers: Annotated[list[Any], Meta(description="the layers, the one behind the inputs first")]
    loss: Annotated[str, Meta(description="name of a loss", extra={"choices": "loss"})] = "half_squared_error"
    penalties: Annotated[
        dict[str, Value | bool],
        Meta(
            description="terms that E adds for large weights, each with its coefficient (true: a symbolic one)",
            extra={"choices": "penalty"},
        ),
    ] = {}
    notation: Annotated[str, Meta(description="name of a notation", extra={"choices": "notation"})] = "mazur"
    data: Annotated[Data, Meta(description="inputs and targets")] = Data()
    training: Annotated[Training, Meta(description="how the parameters are updated")] = Training()
    numbers: Annotated[Numbers, Meta(description="how numbers are shown")] = Numbers()
    about: Annotated[About, Meta(description="title, language, author and the like")] = About()

    @property
    def sizes(self) -> tuple[int, ...]:
        """The number of units of every layer, the input first."""
        sizes = [self.inputs]
        for layer in self.layers:
            sizes.append(layer.units or sizes[-1])
        return tuple(sizes)

    @property
    def over_time(self) -> bool:
        """Whether the rows of the data are steps in time."""
        return any(layer.over_time for layer in self.layers)


def number(value: int | float | str | Decimal) -> Decimal:
    """A number for a spec built in Python; floats mean what they print (0.1 is one tenth)."""
    return Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
