"use strict";
(() => {
  const facts = JSON.parse(document.getElementById("facts").textContent);
  const root = document.documentElement;
  root.classList.add("js");

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
  const explain = (key, x, y) => {
    const words = key === null ? "" : meaning(key);
    tip.hidden = !words;
    if (!words) return;
    const start = facts.start[key];
    tip.textContent = start === undefined ? words : `${words} · ${start}`;
    const box = tip.getBoundingClientRect();
    tip.style.left = `${Math.max(8, Math.min(x + 12, innerWidth - box.width - 8))}px`;
    tip.style.top = `${y + 22 + box.height > innerHeight ? y - box.height - 12 : y + 22}px`;
  };

  const keyAt = (target) => {
    const element = target instanceof Element && target.closest("[data-quantity], [data-key]");
    return element ? element.getAttribute("data-quantity") || element.getAttribute("data-key") : null;
  };
  document.addEventListener("pointerover", (event) => {
    const key = keyAt(event.target);
    light(key === null ? pinned : key);
    explain(key, event.clientX, event.clientY);
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
    const inside = (key, selector) => [...moving.querySelectorAll(`[data-key="${CSS.escape(key)}"] ${selector}`)];
    const numbers = new Map(), lines = new Map(), halos = [];
    if (moving) for (const key of Object.keys(facts.weights)) {
      numbers.set(key, inside(key, ".number"));
      lines.set(key, inside(key, ".line"));
    }
    if (moving) {
      for (const text of moving.querySelectorAll(".weight text")) {
        const halo = document.createElementNS(text.namespaceURI, "rect");
        halo.classList.add("halo");
        text.before(halo);
        halos.push([text, halo]);
      }
    }
    const clear = () => {
      for (const [text, halo] of halos) {
        const box = text.getBBox();
        for (const name of ["x", "y", "width", "height"]) halo.setAttribute(name, box[name]);
      }
    };
    const heaviest = Math.max(1e-9, ...Object.values(facts.weights).flat().map((text) => Math.abs(Number(text))));
    const move = () => {
      const at = Number(slider.value);
      counted.value = facts.counts[at];
      slider.setAttribute("aria-valuetext", facts.counts[at]);
      for (const cell of cells) cell.textContent = facts.watched[cell.dataset.watched][at];
      for (const [key, elements] of numbers) for (const element of elements) {
        element.textContent = facts.weights[key][at].replace("-", "−");
      }
      for (const [key, elements] of lines) for (const element of elements) {
        const weight = Number(facts.weights[key][at]);
        element.style.strokeWidth = `${0.6 + (5 * Math.abs(weight)) / heaviest}`;
        element.style.strokeDasharray = weight < 0 ? "6 4" : "none";
      }
      clear();
    };
    slider.addEventListener("input", move);
    move();
  }

  // ---- reading ------------------------------------------------------------------------------

  // what scrolls sideways can be reached with the keyboard
  const scrollers = [...document.querySelectorAll(".scroll")];
  const reach = () => {
    for (const element of scrollers) {
      if (element.scrollWidth > element.clientWidth + 1 || element.scrollHeight > element.clientHeight + 1) element.tabIndex = 0;
      else element.removeAttribute("tabindex");
    }
  };
  addEventListener("resize", reach);
  addEventListener("load", reach);
  if (document.fonts) document.fonts.ready.then(reach);
  reach();

  const contents = document.querySelector("nav details");
  if (contents && innerWidth < 1312) contents.open = false;
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
    const passed = headings.filter((one) => one.getBoundingClientRect().top < 120);
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
