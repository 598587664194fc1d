// Small help for every page. Nothing here is needed to finish a task.
(() => {
  "use strict";
  document.documentElement.classList.add("tc-script");

  // A link to a row inside a closed table opens the table first: "#line-table", "#line-e12".
  const openFor = (hash) => {
    if (!hash || hash.length < 2) return;
    const target = document.getElementById(decodeURIComponent(hash.slice(1)));
    if (!target) return;
    for (let box = target.closest("details"); box; box = box.parentElement?.closest("details")) box.open = true;
    if (target.matches("details")) target.open = true;
    if (target.matches("tr, li")) { target.setAttribute("tabindex", "-1"); target.focus({ preventScroll: true }); }
    target.scrollIntoView({ block: "nearest" });
  };
  addEventListener("hashchange", () => openFor(location.hash));
  document.addEventListener("click", (event) => {
    const link = event.target.closest('a[href^="#"]');
    if (link) setTimeout(() => openFor(link.getAttribute("href")), 0);
  });
  openFor(location.hash);

  // What has just gone wrong, or been done, is where reading begins.
  const first = document.querySelector("[data-focus-me]");
  if (first) { first.setAttribute("tabindex", "-1"); first.focus(); }

  // One press sends a form once. Coming back to the page makes it ready again.
  for (const form of document.querySelectorAll("form[data-once]")) {
    const button = form.querySelector("button:not([type=button])");
    const words = button?.textContent;
    form.addEventListener("submit", (event) => {
      if (form.dataset.sent) { event.preventDefault(); return; }
      form.dataset.sent = "yes";
      form.classList.add("tc-busy");
      if (button) { button.setAttribute("aria-disabled", "true"); button.textContent = "Sending…"; }
    });
    addEventListener("pageshow", () => {
      delete form.dataset.sent;
      form.classList.remove("tc-busy");
      if (button && words) { button.removeAttribute("aria-disabled"); button.textContent = words; }
    });
  }

  // In the strip of time, Alt and an arrow go to the earlier or the later change.
  document.addEventListener("keydown", (event) => {
    if (!event.altKey || !["ArrowLeft", "ArrowRight"].includes(event.key) || !event.target.closest?.(".tc-time")) return;
    const to = document.querySelector(`.tc-time a[data-key="${event.key === "ArrowLeft" ? "earlier" : "later"}"]`);
    if (to) { event.preventDefault(); to.click(); }
  });
})();
