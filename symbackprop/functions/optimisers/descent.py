"""Gradient descent, plain and with momentum.

Momentum as in Rumelhart, Hinton & Williams 1986 (Δw(n) = -η ∂E/∂w + α Δw(n-1)); Nesterov's in the form
of Sutskever et al. 2013 with the look-ahead folded into the update.
"""

from __future__ import annotations

from symbackprop.functions.optimiser import Optimiser

ENTRIES = (
    Optimiser("sgd", (("value", lambda value, learning_rate, gradient: value - learning_rate * gradient),)),
    Optimiser(
        "momentum",
        (
            (
                "velocity",
                lambda momentum, velocity, learning_rate, gradient: momentum * velocity - learning_rate * gradient,
            ),
            ("value", lambda value, velocity: value + velocity),
        ),
        states=("velocity",),
    ),
    Optimiser(
        "nesterov",
        (
            (
                "velocity",
                lambda momentum, velocity, learning_rate, gradient: momentum * velocity - learning_rate * gradient,
            ),
            (
                "value",
                lambda value, momentum, velocity, learning_rate, gradient: (
                    value + momentum * velocity - learning_rate * gradient
                ),
            ),
        ),
        states=("velocity",),
    ),
)
