// Pressing a region chooses it in the list, which is the real record, and sends the list's form. Without this script
// each region is a link that does the same.
(() => {
  "use strict";
  const map = document.querySelector("[data-body-map]");
  const list = document.querySelector("#place-list select");
  if (!map || !list) return;
  const mark = () => {
    for (const region of map.querySelectorAll(".region")) region.classList.toggle("chosen", region.dataset.place === list.value && list.value !== "");
  };
  map.addEventListener("click", (event) => {
    const region = event.target.closest(".region");
    if (!region || ![...list.options].some((option) => option.value === region.dataset.place)) return;
    event.preventDefault();
    list.value = region.dataset.place;
    mark();
    list.form.requestSubmit();
  });
  list.addEventListener("change", mark);
})();
