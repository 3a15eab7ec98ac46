"use strict";
(() => {
  const form = document.getElementById("filter");
  const heading = document.getElementById("results");
  const shown = document.getElementById("shown");
  const results = [...document.querySelectorAll(".result")];
  const groups = [...document.querySelectorAll("[data-group]")];
  const choices = [...form.querySelectorAll("select")].map((choice) => choice.name);
  const texts = new Map();

  const textOf = (result) => {
    if (!texts.has(result)) {
      const parts = result.querySelectorAll(":scope > summary, :scope > .about");
      const cause = result.closest(".cause")?.querySelector("p")?.textContent ?? "";
      texts.set(result, [...parts].map((part) => part.textContent).concat(cause).join(" ").toLowerCase());
    }
    return texts.get(result);
  };

  const apply = () => {
    const wanted = Object.fromEntries(new FormData(form));
    const words = wanted.find.toLowerCase().split(/\s+/).filter(Boolean);
    let count = 0;
    for (const result of results) {
      const fits = choices.every((name) => !wanted[name] || result.dataset[name].split("|").includes(wanted[name]))
        && words.every((word) => textOf(result).includes(word));
      result.hidden = !fits;
      count += fits ? 1 : 0;
    }
    for (const group of groups) {
      group.hidden = !group.querySelector(".result:not([hidden])");
    }
    shown.textContent = `${count} of ${results.length} ${shown.dataset.noun} shown`;
  };

  const address = () => {
    const given = [...new FormData(form)].filter(([, value]) => value);
    return given.length ? `#${new URLSearchParams(given)}` : location.pathname + location.search;
  };

  const changed = () => {
    apply();
    history.replaceState(null, "", address());
  };

  const decoded = (name) => {
    try {
      return decodeURIComponent(name);
    } catch {
      return name;
    }
  };

  const choose = (given) => {
    for (const name of choices) {
      const wanted = given.get(name) ?? "";
      const known = [...form.elements[name].options].some((option) => option.value === wanted);
      form.elements[name].value = known ? wanted : "";
    }
    form.elements.find.value = given.get("find") ?? "";
    apply();
  };

  const show = (target) => {
    if (target.closest("[hidden]")) {
      choose(new URLSearchParams());
    }
    for (let box = target.closest("details"); box; box = box.parentElement.closest("details")) {
      box.open = true;
    }
    target.scrollIntoView();
  };

  const follow = () => {
    const hash = location.hash.slice(1);
    if (!hash) {
      choose(new URLSearchParams());
    } else if (hash.includes("=")) {
      choose(new URLSearchParams(hash));
      heading.focus();
      heading.scrollIntoView();
    } else {
      const target = document.getElementById(decoded(hash));
      if (target) {
        show(target);
      }
    }
  };

  for (const link of document.querySelectorAll("a[data-filter]")) {
    link.href = `#${link.dataset.filter}`;
  }
  addEventListener("click", (event) => {
    // Where the address is the same already there is no hashchange.
    const link = event.target.closest("a[href^='#']");
    if (link && link.href === location.href) {
      follow();
    }
  });

  const put = async (text) => {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      // Not every browser has a clipboard for pages that come from a file.
      const box = document.createElement("textarea");
      box.value = text;
      document.body.append(box);
      box.select();
      const done = document.execCommand("copy");
      box.remove();
      return done;
    }
  };

  for (const source of document.querySelectorAll("[data-copy]")) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "copy";
    button.textContent = "Copy";
    button.setAttribute("aria-label", `Copy ${source.dataset.copy}`);
    source.after(button);
  }
  addEventListener("click", async (event) => {
    const button = event.target.closest("button.copy");
    if (button) {
      const source = button.previousElementSibling;
      const done = await put(source.href ?? source.textContent);
      button.focus();
      button.textContent = done ? "Copied" : "Not copied";
      document.getElementById("said").textContent = button.textContent;
      button.addEventListener("blur", () => { button.textContent = "Copy"; }, { once: true });
    }
  });
  form.hidden = false;
  form.addEventListener("input", changed);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => requestAnimationFrame(changed));
  addEventListener("hashchange", (event) => {
    // It comes late on a busy machine: what the reader chose meanwhile is not to be taken from under them.
    if (event.newURL === location.href) {
      follow();
    }
  });
  apply();
  follow();
})();
