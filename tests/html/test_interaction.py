"""Pages in a real browser that are used: pointed at, moved, reached with the keyboard."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.browser import Browser

from symbackprop.api import derive, load
from symbackprop.derive.course import course
from symbackprop.figures.keys import key

SHOWN_FORMULA = ".katex-html [data-quantity='weight-1-0-0']"


def set_slider(browser: Browser, position: int) -> None:
    browser.script(
        "const s = document.getElementById('count'); s.value = arguments[0]; s.dispatchEvent(new Event('input'))",
        position,
    )


def value(text: str) -> tuple[float, float]:
    """A number as the page writes it, and half a unit of its last place."""
    mantissa, _, power = text.replace("−", "-").partition("·10")
    exponent = int(power.translate(str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")) or 0)
    return float(f"{mantissa}e{exponent}"), 0.501 * 10.0 ** (exponent - len(mantissa.partition(".")[2]))


def test_pointing_at_a_weight_in_the_figure_lights_up_its_paths_and_its_factors(
    chromium: Browser, pages: dict[tuple[str, str], Path]
) -> None:
    chromium.open(pages["mazur", "en"])
    chromium.point_at("[data-key='weight-1-0-0'] .hit")
    lit = set(chromium.script("return [...document.querySelectorAll('figure .active')].map(one => one.dataset.key)"))
    assert {"weight-1-0-0", "activation-1-0", "weight-2-0-0", "weight-2-1-0", "activation-2-1"} <= lit
    assert not {"weight-1-0-1", "weight-1-1-0", "activation-1-1", "weight-2-0-1", "activation-0-0"} & lit
    factors = set(
        chromium.script("return [...document.querySelectorAll('.lit-factor')].map(one => one.dataset.quantity)")
    )
    assert {"preactivation-1-0|weight-1-0-0", "activation-1-0|preactivation-1-0", "loss|weight-1-0-0"} <= factors
    assert not {"preactivation-1-1|weight-1-1-0", "loss|weight-2-0-0"} & factors
    assert chromium.script("return document.querySelector(arguments[0]).classList.contains('lit')", SHOWN_FORMULA)


def test_pointing_at_a_weight_in_a_formula_lights_up_the_figure(
    chromium: Browser, pages: dict[tuple[str, str], Path]
) -> None:
    chromium.open(pages["mazur", "en"])
    # in the denominator of a fraction, where KaTeX's boxes reach over each other
    chromium.point_at(f"[id='equation:10'] {SHOWN_FORMULA}")
    lit = chromium.script("return [...document.querySelectorAll('figure .active')].map(one => one.dataset.key)")
    assert "weight-1-0-0" in lit
    assert "weight-2-1-0" in lit
    tip = chromium.script("const t = document.getElementById('tip'); return t.hidden ? '' : t.textContent")
    assert "weight that leads to neuron 1 of the hidden layer from input 1 · at the start: 0.15" in tip


def test_buttons_keep_a_quantity_lit_and_the_keyboard_reaches_them(
    chromium: Browser, pages: dict[tuple[str, str], Path]
) -> None:
    from selenium.webdriver.common.keys import Keys

    chromium.open(pages["mazur", "en"])
    button = chromium.driver.find_element("css selector", "[data-choice='weight-2-0-0']")
    button.send_keys(Keys.ENTER)
    lit = "return document.querySelectorAll('.lit').length"
    assert button.get_attribute("aria-pressed") == "true"
    assert chromium.script(lit) > 1
    button.send_keys(Keys.ESCAPE)
    assert button.get_attribute("aria-pressed") == "false"
    assert chromium.script(lit) == 0


def test_the_tabulator_goes_through_the_page_in_its_order(
    chromium: Browser, pages: dict[tuple[str, str], Path]
) -> None:
    from selenium.webdriver.common.by import By
    from selenium.webdriver.common.keys import Keys

    chromium.open(pages["mazur", "en"])
    body = chromium.driver.find_element(By.TAG_NAME, "body")
    body.send_keys(Keys.TAB)
    assert chromium.driver.switch_to.active_element.get_attribute("class") == "skip"
    reached = []
    for _ in range(200):
        active = chromium.driver.switch_to.active_element
        if active.get_attribute("id") == "count":
            break
        reached.append(active.get_attribute("class") + (active.get_attribute("data-choice") or ""))
        active.send_keys(Keys.TAB)
    else:
        pytest.fail("the slider is not reached")
    assert [name for name in reached if name.startswith("weight-1")] == [
        "weight-1-0-0", "weight-1-0-1", "weight-1-1-0", "weight-1-1-1",
    ]  # fmt: skip
    assert any(name == "term" for name in reached)
    assert any(name == "number" for name in reached)
    slider = chromium.driver.switch_to.active_element
    slider.send_keys(Keys.ARROW_RIGHT)
    assert chromium.script("return document.getElementById('counted').value") == "1"


@pytest.mark.parametrize("name", ["mazur", "autoencoder", "softmax-mlp", "recurrent"])
def test_the_slider_shows_the_course_of_training(
    chromium: Browser, pages: dict[tuple[str, str], Path], name: str
) -> None:
    network = derive(load(name))
    chromium.open(pages[name, "en"])
    last = int(chromium.script("return document.getElementById('count').max"))
    iterations = network.story.iterations
    read = (
        "return [document.getElementById('counted').value, Object.fromEntries([...document.querySelectorAll("
        "'[data-watched]')].map(cell => [cell.dataset.watched, cell.textContent]))]"
    )
    for position, count in ((0, 0), (1, 1), (last, iterations)):
        set_slider(chromium, position)
        counted, shown = chromium.script(read)
        (snapshot,) = course(network.derivation, network.derivation.network.training.order, (count,))
        true = {"loss": snapshot.error} | {
            key(entry): number for entry, number in {**snapshot.outputs, **snapshot.parameters}.items()
        }
        assert counted.replace(",", "") == str(count)
        assert len(shown) > 3
        for entry, text in shown.items():
            number, half = value(text)
            expected = float(true[entry])
            # six digits or six places; zeros at the end are not written
            most = min(half, max(5.01e-7, 5.01e-6 * abs(expected)))
            assert number == pytest.approx(expected, rel=0, abs=max(most, 1e-12)), (entry, count)


def test_the_slider_moves_the_figure_and_the_curve(chromium: Browser, pages: dict[tuple[str, str], Path]) -> None:
    chromium.open(pages["mazur", "en"])
    look = (
        "const at = (q) => document.querySelector(q); const m = at('.marker');"
        "return [at('.moving [data-key=\"weight-2-0-0\"] .number').textContent,"
        " at('.moving [data-key=\"weight-2-0-0\"] .line').style.strokeDasharray,"
        " [...document.querySelectorAll('.moving .reached')].map(one => one.textContent),"
        " Number(m.getAttribute('cx')), Number(m.getAttribute('cy'))]"
    )
    set_slider(chromium, 0)
    weight, dashes, outputs, x, y = chromium.script(look)
    assert (weight, dashes, outputs) == ("0.4", "none", ["0.751", "0.773"])
    set_slider(chromium, 10_000)
    weight_after, dashes_after, outputs_after, x_after, y_after = chromium.script(look)
    assert (weight_after, outputs_after) == ("−3.89", ["0.0159", "0.984"])
    assert dashes_after != "none"
    assert x_after > x + 100
    assert y_after > y + 100  # downwards, as the error


def test_the_dot_stays_on_its_number_where_the_curve_ends_early(
    chromium: Browser, pages: dict[tuple[str, str], Path]
) -> None:
    """An error of 0 has no place on a logarithmic axis, so the curve of this network ends before training does."""
    chromium.open(pages["deep-autoencoder", "en"])
    places, labels = chromium.script(
        "const find = (text) => [...document.querySelector('.marker').ownerSVGElement.querySelectorAll('text')].find("
        "one => one.textContent === text); return [['0', '50'].map(t => { const b = find(t).getBBox();"
        "return b.x + b.width / 2; }), JSON.parse(document.getElementById('facts').textContent).iterations]"
    )
    position = labels.index(next(count for count in labels if 40 <= count <= 60))
    set_slider(chromium, position)
    x = chromium.script("return Number(document.querySelector('.marker').getAttribute('cx'))")
    assert x == pytest.approx(places[0] + labels[position] / 50 * (places[1] - places[0]), abs=1.5)
    set_slider(chromium, len(labels) - 1)
    assert chromium.script("return getComputedStyle(document.querySelector('.marker')).display") == "none"


def test_a_link_into_what_is_folded_unfolds_it(chromium: Browser, pages: dict[tuple[str, str], Path]) -> None:
    chromium.open(pages["mazur", "en"])
    chromium.script("document.querySelector('main > details .equation').id = 'inside'; location.hash = 'inside'")
    assert chromium.driver.execute_async_script(
        "const done = arguments[0]; requestAnimationFrame(() => setTimeout(() => "
        "done(document.querySelector('main > details').open)))"
    )


def test_dark_and_light_follow_the_system_and_the_button(chromium: Browser, pages: dict[tuple[str, str], Path]) -> None:
    paper = "return getComputedStyle(document.body).backgroundColor"
    circle = "return getComputedStyle(document.querySelector('.shape.hidden')).fill"
    light, dark = "rgb(255, 255, 255)", "rgb(13, 17, 23)"
    chromium.open(pages["mazur", "en"], scheme="dark")
    chromium.script("localStorage.clear()")
    assert chromium.script(paper) == dark
    dark_circle = chromium.script(circle)
    chromium.script("document.getElementById('scheme').click()")
    assert chromium.script(paper) == light
    assert chromium.script(circle) != dark_circle
    chromium.media("light")
    chromium.script("document.getElementById('scheme').click()")
    assert chromium.script(paper) == dark
    chromium.media("dark", "print")
    assert chromium.script(paper) == light
    chromium.script("localStorage.clear()")
    chromium.media()
