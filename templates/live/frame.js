"use strict";
(() => {
  const frame = document.getElementById("page");
  const problem = document.getElementById("problem");
  const told = document.getElementById("told");
  const state = document.getElementById("state");
  let version = null;

  // the reader stays at the same place of the page
  const reload = () => {
    const place = frame.contentWindow.scrollY;
    const open = [...frame.contentDocument.querySelectorAll("details")].map((one) => one.open);
    frame.addEventListener("load", () => {
      const folds = [...frame.contentDocument.querySelectorAll("details")];
      if (folds.length === open.length) folds.forEach((one, at) => { one.open = open[at]; });
      frame.contentWindow.scrollTo({ top: place, behavior: "instant" });
      state.textContent = `up to date (${version})`;
    }, { once: true });
    frame.contentWindow.location.reload();
  };

  const events = new EventSource("/events");
  events.addEventListener("message", (event) => {
    const news = JSON.parse(event.data);
    told.textContent = news.error;
    problem.hidden = !news.error;
    if (news.error) state.textContent = "waiting for a change";
    else if (version !== null && news.version !== version) { version = news.version; reload(); }
    else state.textContent = `up to date (${news.version})`;
    version = news.version;
  });
  events.addEventListener("error", () => { state.textContent = "the server is gone"; });
})();
