import { pending, request } from "./request.js";

const form = document.querySelector("form");
const button = form.querySelector("button");

form.addEventListener("submit", (event) => {
  event.preventDefault();
  pending(button, async () => {
    await request("POST", form.dataset.endpoint, Object.fromEntries(new FormData(form)));
    window.location.assign("/tasks");
  });
});
button.disabled = false;
