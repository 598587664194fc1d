// Arrow keys inside a picture. Without this script every mark is still a link and can be reached with Tab.
// Left and right go through time; up and down go to the nearest mark in the next lane; Tab leaves; Escape returns.
(() => {
  "use strict";

  const middle = (mark) => {
    const box = (mark.querySelector(".hit, circle, rect, path") ?? mark).getBoundingClientRect();
    return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
  };

  const nearest = (from, marks, direction, tall) => {
    const here = middle(from);
    const along = tall ? "y" : "x";
    const across = tall ? "x" : "y";
    const forwards = direction === "later" || direction === "next";
    const axis = direction === "later" || direction === "earlier" ? along : across;
    const other = axis === along ? across : along;
    let best = null;
    let least = Infinity;
    for (const mark of marks) {
      if (mark === from) continue;
      const there = middle(mark);
      const ahead = (there[axis] - here[axis]) * (forwards ? 1 : -1);
      const aside = Math.abs(there[other] - here[other]);
      if (ahead < 0.5) continue;
      // Through time: same lane first. Across lanes: nearest lane, then nearest day.
      const far = axis === along ? ahead + aside * 20 : ahead * 8 + aside;
      if (far < least) { least = far; best = mark; }
    }
    return best;
  };

  const last = (from, marks, end, tall) => {
    const along = tall ? "y" : "x";
    const across = tall ? "x" : "y";
    const here = middle(from);
    const lane = marks.filter((mark) => Math.abs(middle(mark)[across] - here[across]) < 8);
    lane.sort((a, b) => middle(a)[along] - middle(b)[along]);
    return end ? lane.at(-1) : lane[0];
  };

  for (const picture of document.querySelectorAll("svg.picture:not(.bodymap)")) {
    const marks = [...picture.querySelectorAll("a.m")];
    if (marks.length < 2) continue;
    const tall = picture.classList.contains("tall");
    const reading = picture.closest("figure")?.querySelector(".reading");

    const stand = (mark, focus = true) => {
      for (const each of marks) each.setAttribute("tabindex", "-1");
      mark.setAttribute("tabindex", "0");
      if (focus) mark.focus();
    };
    stand(marks[0], false);

    const say = (event) => {
      const mark = event.target.closest("a.m");
      if (mark && reading) reading.textContent = mark.getAttribute("aria-label");
    };
    picture.addEventListener("focusin", say);
    picture.addEventListener("pointerover", say);

    picture.addEventListener("keydown", (event) => {
      const mark = event.target.closest("a.m");
      if (!mark) return;
      const ways = tall
        ? { ArrowUp: "earlier", ArrowDown: "later", ArrowLeft: "previous", ArrowRight: "next" }
        : { ArrowLeft: "earlier", ArrowRight: "later", ArrowUp: "previous", ArrowDown: "next" };
      let to = null;
      if (ways[event.key]) to = nearest(mark, marks, ways[event.key], tall);
      else if (event.key === "Home" || event.key === "End") to = last(mark, marks, event.key === "End", tall);
      else if (event.key === "Escape") {
        const heading = picture.closest("figure")?.querySelector("h2");
        if (heading) { heading.setAttribute("tabindex", "-1"); heading.focus(); }
        event.preventDefault();
        return;
      } else return;
      event.preventDefault();
      if (to) stand(to);
    });
  }
})();
