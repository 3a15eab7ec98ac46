"use strict";
(() => {
  const form = document.getElementById("filter");
  const heading = document.getElementById("results");
  const shown = document.getElementById("shown");
  const results = [...document.querySelectorAll(".result")];
  const groups = [...document.querySelectorAll("[data-group]")];
  const choices = ["verdict", "flow", "level", "severity"];
  const texts = new Map();

  const textOf = (result) => {
    if (!texts.has(result)) {
      const told = result.querySelectorAll(":scope > summary, :scope > .about");
      const cause = result.closest(".cause")?.querySelector("p")?.textContent ?? "";
      texts.set(result, [...told].map((part) => part.textContent).concat(cause).join(" ").toLowerCase());
    }
    return texts.get(result);
  };

  const apply = () => {
    const wanted = Object.fromEntries(new FormData(form));
    const words = wanted.find.toLowerCase().split(/\s+/).filter(Boolean);
    let count = 0;
    for (const result of results) {
      const fits = choices.every((name) => !wanted[name] || result.dataset[name] === wanted[name])
        && words.every((word) => textOf(result).includes(word));
      result.hidden = !fits;
      count += fits ? 1 : 0;
    }
    for (const group of groups) {
      group.hidden = !group.querySelector(".result:not([hidden])");
    }
    shown.textContent = `${count} of ${results.length} results shown`;
  };

  const address = () => {
    const given = [...new FormData(form)].filter(([, value]) => value);
    return given.length ? `#${new URLSearchParams(given)}` : location.pathname + location.search;
  };

  const changed = () => {
    apply();
    history.replaceState(null, "", address());
  };

  const show = (target) => {
    if (target.closest("[hidden]")) {
      form.reset();
    }
    for (let box = target.closest("details"); box; box = box.parentElement.closest("details")) {
      box.open = true;
    }
    target.scrollIntoView();
  };

  const follow = () => {
    const hash = location.hash.slice(1);
    if (!hash.includes("=")) {
      const target = document.getElementById(decodeURIComponent(hash));
      if (target) {
        show(target);
      }
      return;
    }
    const given = new URLSearchParams(hash);
    for (const name of choices) {
      const value = given.get(name) ?? "";
      form.elements[name].value = value;
      if (form.elements[name].selectedIndex < 0) {
        form.elements[name].value = "";
      }
    }
    form.elements.find.value = given.get("find") ?? "";
    apply();
    heading.focus();
    heading.scrollIntoView();
  };

  for (const link of document.querySelectorAll("a[data-filter]")) {
    link.href = `#${link.dataset.filter}`;
  }
  form.hidden = false;
  form.addEventListener("input", changed);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => requestAnimationFrame(changed));
  addEventListener("hashchange", follow);
  apply();
  follow();
})();
