// A pressed button says that work is under way. It comes back by itself, in case the request never gets through.
"use strict";

const GIVE_UP_MS = 4000;

document.addEventListener("submit", (event) => {
  const button = event.submitter;
  if (!(button instanceof HTMLButtonElement)) return;
  const label = button.textContent;
  const restore = () => {
    button.disabled = false;
    button.removeAttribute("aria-busy");
    button.textContent = label;
  };
  button.disabled = true;
  button.setAttribute("aria-busy", "true");
  if (button.dataset.pending) button.textContent = button.dataset.pending;
  setTimeout(restore, GIVE_UP_MS);
  addEventListener("pageshow", restore, { once: true });
});
