"use strict";
(() => {
  const facts = JSON.parse(document.getElementById("facts").textContent);
  const root = document.documentElement;
  root.classList.add("js");

  // ---- dark or light -------------------------------------------------------------------------

  // where the browser keeps nothing for this page, the choice holds until the page is left
  const kept = (change) => { try { return change(localStorage); } catch { return null; } };
  const chosen = kept((storage) => storage.getItem("symbackprop-scheme"));
  if (chosen) root.dataset.scheme = chosen;
  const scheme = document.getElementById("scheme");
  if (scheme) scheme.addEventListener("click", () => {
    const systems = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
    root.dataset.scheme = (root.dataset.scheme || systems) === "dark" ? "light" : "dark";
    kept((storage) => storage.setItem("symbackprop-scheme", root.dataset.scheme));
  });

  // ---- what belongs together ----------------------------------------------------------------

  const gather = (attribute) => {
    const found = new Map();
    for (const element of document.querySelectorAll(`[${attribute}]`)) {
      const key = element.getAttribute(attribute);
      if (!found.has(key)) found.set(key, []);
      found.get(key).push(element);
    }
    return found;
  };
  const formulas = gather("data-quantity");
  const drawn = gather("data-key");

  // a neuron is drawn once for its weighted input and its output
  const inFigure = (key) => (drawn.has(key) ? key : key.replace(/^preactivation/, "activation"));

  const reached = (key) => {
    const found = new Set([key]);
    for (const one of found) for (const user of facts.uses[one] || []) found.add(user);
    return found;
  };

  const members = (key) => {
    // an array stands for all its entries: weight-1 for weight-1-0-0, weight-1-0-1, ...
    const inside = [...Object.keys(facts.uses), ...drawn.keys()].filter((other) => other.startsWith(`${key}-`));
    return inside.length && !facts.uses[key] ? [key, ...new Set(inside)] : [key];
  };

  const belonging = (key) => {
    const main = new Set(), factors = new Set(), figure = new Set();
    if (key.includes("|")) {
      const [of, by] = key.split("|");
      factors.add(key);
      for (const end of [of, by]) for (const one of members(end)) figure.add(inFigure(one));
      return { main, factors, figure };
    }
    const own = members(key);
    const way = new Set();
    for (const one of own) {
      main.add(one);
      for (const other of reached(one)) way.add(other);
    }
    const shown = new Set([...way].map(inFigure));
    for (const one of shown) figure.add(one);
    for (const [edge, source, target] of facts.edges) if (shown.has(source) && shown.has(target)) figure.add(edge);
    for (const name of drawn.keys()) {
      const [source, target] = name.split(">");
      if (target && way.has(source) && way.has(target)) figure.add(name);
    }
    for (const name of formulas.keys()) {
      const [of, by] = name.split("|");
      if (by && way.has(of) && way.has(by)) factors.add(name);
    }
    return { main, factors, figure };
  };

  // ---- lighting up --------------------------------------------------------------------------

  let lit = [], pinned = null, shownKey = null;
  const light = (key) => {
    if (key === shownKey) return;
    shownKey = key;
    for (const [element, name] of lit) element.classList.remove(name);
    lit = [];
    if (key === null) return;
    const add = (elements, name) => {
      for (const element of elements || []) {
        if (element.classList.contains(name)) continue;
        element.classList.add(name);
        lit.push([element, name]);
      }
    };
    const { main, factors, figure } = belonging(key);
    for (const one of main) add(formulas.get(one), "lit");
    for (const one of factors) add(formulas.get(one), key.includes("|") ? "lit" : "lit-factor");
    for (const one of figure) add(drawn.get(one), "active");
  };

  const tip = document.getElementById("tip");
  const meaning = (key) => {
    const parts = key.split("-");
    for (let length = parts.length; length; length--) {
      const found = facts.meanings[parts.slice(0, length).join("-")];
      if (found) return found;
    }
    return "";
  };
  // the shortest of the formulas that show a quantity is its name
  const name = (key) => {
    const shown = (formulas.get(key) || []).filter((element) => element.closest(".katex-html"));
    const [shortest] = shown.sort((one, other) => one.textContent.length - other.textContent.length);
    if (!shortest) return [];
    const formula = document.createElement("span");
    formula.className = "katex";
    formula.append(shortest.cloneNode(true));
    for (const element of formula.querySelectorAll("*")) element.classList.remove("lit", "lit-factor");
    return [formula, " "];
  };
  const explain = (key, element, x, y) => {
    const words = key === null ? "" : meaning(key);
    tip.hidden = !words;
    if (!words) return;
    tip.replaceChildren(...name(key), [words, facts.start[key]].filter(Boolean).join(" · "));
    // above the whole fraction, so that it can still be read; a line of a figure is longer than it is high
    let outermost = element;
    while (outermost.parentElement.closest(".enclosing")) outermost = outermost.parentElement.closest(".enclosing");
    const about = outermost.closest(".katex") ? outermost.getBoundingClientRect() : { top: y - 12, bottom: y + 18 };
    const box = tip.getBoundingClientRect();
    tip.style.left = `${Math.max(8, Math.min(x - box.width / 2, innerWidth - box.width - 8))}px`;
    tip.style.top = `${about.top - box.height - 8 < 0 ? about.bottom + 8 : about.top - box.height - 8}px`;
  };

  document.addEventListener("pointerover", (event) => {
    const element = event.target instanceof Element ? event.target.closest("[data-quantity], [data-key]") : null;
    const key = element && (element.getAttribute("data-quantity") || element.getAttribute("data-key"));
    light(key === null ? pinned : key);
    explain(key, element, event.clientX, event.clientY);
  });
  document.addEventListener("pointerleave", () => { light(pinned); explain(null); });
  addEventListener("scroll", () => { tip.hidden = true; }, { passive: true });

  const buttons = [...document.querySelectorAll("[data-choice]")];
  const pin = (key) => {
    pinned = key;
    for (const button of buttons) button.setAttribute("aria-pressed", String(button.dataset.choice === key));
    light(key);
  };
  for (const button of buttons) {
    button.addEventListener("click", () => pin(pinned === button.dataset.choice ? null : button.dataset.choice));
  }
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") { pin(null); explain(null); } });

  // ---- training -----------------------------------------------------------------------------

  const slider = document.getElementById("count");
  if (slider) {
    const counted = document.getElementById("counted");
    const cells = [...document.querySelectorAll("[data-watched]")];
    const moving = document.querySelector(".moving");
    const inside = (key, selector) =>
      moving ? [...moving.querySelectorAll(`[data-key="${CSS.escape(key)}"]${selector}`)] : [];
    const drawing = (parent, tag, name) => {
      const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
      made.classList.add(name);
      parent.append(made);
      return made;
    };
    // beside the table as long as it can be read there
    if (moving) moving.style.setProperty("--own-width", moving.querySelector("svg").style.getPropertyValue("--own-width"));

    const minus = (number) => number.replace("-", "−");

    const weights = Object.entries(facts.weights).map(([key, values]) => ({
      values, numbers: inside(key, " .number"), lines: inside(key, " .line"),
    }));
    const halos = [...(moving ? moving.querySelectorAll(".weight text") : [])].map((text) => {
      const halo = drawing(text.parentNode, "rect", "halo");
      text.before(halo);
      return [text, halo];
    });
    // what the output neurons answer stands below them
    const outputs = Object.entries(facts.outputs).flatMap(([key, values]) => inside(key, ".shape").map((shape) => {
      const text = drawing(moving.querySelector("svg"), "text", "reached");
      const box = shape.getBBox();
      text.setAttribute("x", box.x + box.width / 2);
      text.setAttribute("y", box.y + box.height + 14);
      return { values, text };
    }));
    const heaviest = Math.max(1e-9, ...weights.flatMap(({ values }) => values.map((text) => Math.abs(Number(text)))));

    // a dot on the curve of the error, which is drawn between two numbers of updates
    const curve = facts.curve.length ? document.querySelector(".sbp-figure .curve-1 .line") : null;
    const dot = curve && drawing(curve.ownerSVGElement, "circle", "marker");
    const onCurve = (share) => {
      const length = curve.getTotalLength();
      const [from, to] = [curve.getPointAtLength(0).x, curve.getPointAtLength(length).x];
      let [low, high] = [0, length];
      for (let step = 0; step < 30; step++) {
        const middle = (low + high) / 2;
        if (curve.getPointAtLength(middle).x < from + share * (to - from)) low = middle;
        else high = middle;
      }
      return curve.getPointAtLength(high);
    };

    const move = () => {
      const at = Number(slider.value);
      counted.value = facts.counts[at];
      slider.setAttribute("aria-valuetext", facts.counts[at]);
      for (const cell of cells) cell.textContent = facts.watched[cell.dataset.watched][at];
      for (const { values, numbers, lines } of weights) {
        for (const number of numbers) number.textContent = minus(values[at]);
        for (const line of lines) {
          line.style.strokeWidth = `${0.6 + (5 * Math.abs(Number(values[at]))) / heaviest}`;
          line.style.strokeDasharray = Number(values[at]) < 0 ? "6 4" : "none";
        }
      }
      for (const { values, text } of outputs) text.textContent = minus(values[at]);
      for (const [text, halo] of halos) {
        const box = text.getBBox();
        const [x, y, width, height] = [box.x - 3, box.y, box.width + 6, box.height];
        for (const [name, value] of Object.entries({ x, y, width, height })) halo.setAttribute(name, value);
      }
      if (dot) {
        const [first, last] = facts.curve;
        const share = last > first ? (facts.iterations[at] - first) / (last - first) : 0;
        dot.style.display = share < 0 || share > 1 ? "none" : "";
        const { x, y } = onCurve(Math.max(0, Math.min(share, 1)));
        for (const [name, value] of Object.entries({ cx: x, cy: y, r: 5 })) dot.setAttribute(name, value);
      }
    };
    slider.addEventListener("input", move);
    move();
  }

  // ---- reading ------------------------------------------------------------------------------

  // what scrolls sideways can be reached with the keyboard
  const scrollers = [...document.querySelectorAll(".scroll")];
  const reach = () => {
    for (const element of scrollers) {
      const hides = element.scrollWidth > element.clientWidth + 1 || element.scrollHeight > element.clientHeight + 1;
      if (hides) element.tabIndex = 0;
      else element.removeAttribute("tabindex");
    }
  };
  addEventListener("resize", reach);
  addEventListener("load", reach);
  if (document.fonts) document.fonts.ready.then(reach);
  reach();

  // beside the text the contents stay open; above it they would push it down
  const nav = document.querySelector("nav");
  if (nav && getComputedStyle(nav).position !== "sticky") nav.querySelector("details").open = false;
  const open = () => {
    const target = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    const fold = target && target.closest("details");
    if (fold) fold.open = true;
  };
  addEventListener("hashchange", open);
  open();

  const links = new Map([...document.querySelectorAll("nav a")].map((link) => [link.hash.slice(1), link]));
  const headings = [...document.querySelectorAll("main :is(h2, h3, h4)[id]")].filter((one) => links.has(one.id));
  const mark = () => {
    const passed = headings.filter((one) => one.getBoundingClientRect().top < innerHeight / 3);
    const current = passed.length ? passed[passed.length - 1].id : null;
    for (const [id, link] of links) {
      if (id === current) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
  };
  let waiting = false;
  addEventListener("scroll", () => {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => { waiting = false; mark(); });
  }, { passive: true });
})();
