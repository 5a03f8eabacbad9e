"use strict";
(() => {
  const frame = document.getElementById("page");
  const problem = document.getElementById("problem");
  const told = document.getElementById("told");
  const state = document.getElementById("state");
  let version = null;

  const current = () => { state.textContent = `${state.dataset.current} · ${version}`; };

  // the page is asked for after its version is known, so that no change falls between the two
  const load = () => {
    if (!frame.src) {
      frame.addEventListener("load", () => { if (problem.hidden) current(); }, { once: true });
      frame.src = "/page";
      return;
    }
    // the reader stays at the same place
    const place = frame.contentWindow.scrollY;
    const open = [...frame.contentDocument.querySelectorAll("details")].map((one) => one.open);
    frame.addEventListener("load", () => {
      const folds = [...frame.contentDocument.querySelectorAll("details")];
      if (folds.length === open.length) folds.forEach((one, at) => { one.open = open[at]; });
      frame.contentWindow.scrollTo({ top: place, behavior: "instant" });
      if (problem.hidden) current();
    }, { once: true });
    frame.contentWindow.location.reload();
  };

  const events = new EventSource("/events");
  events.addEventListener("message", (event) => {
    const news = JSON.parse(event.data);
    const changed = news.version !== version;
    version = news.version;
    told.textContent = news.error;
    problem.hidden = !news.error;
    if (!frame.src || (changed && !news.error)) load();
    if (news.error) state.textContent = state.dataset.waiting;
  });
  events.addEventListener("error", () => {
    // another server may come in its place, and count anew
    version = null;
    state.textContent = state.dataset.gone;
  });
})();
