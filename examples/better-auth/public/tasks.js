import { pending, request } from "./request.js";

const list = document.querySelector("#tasks");
const state = document.querySelector("#state");
const add = document.querySelector("#add");
const addButton = add.querySelector("button");
const signOut = document.querySelector("#sign-out");

/** Without a proxy the task API has an origin of its own, and takes a JWT. */
async function requestTasks(method, path, body) {
  const { api } = list.dataset;
  if (!api) return request(method, path, body);
  const { token } = await request("GET", "/api/auth/token");
  return request(method, api + path, body, { Authorization: `Bearer ${token}` });
}

function button(text, label) {
  const element = document.createElement("button");
  element.type = "button";
  element.textContent = text;
  element.setAttribute("aria-label", label);
  return element;
}

function row(task) {
  const item = document.createElement("li");
  const label = document.createElement("label");
  const done = document.createElement("input");
  done.type = "checkbox";
  done.checked = task.completed;
  label.append(done, task.title);
  const remove = button("Delete", `Delete ${task.title}`);
  item.append(label, remove);

  done.addEventListener("change", () =>
    change(remove, "PATCH", `/api/tasks/${task.id}`, { completed: done.checked }),
  );
  remove.addEventListener("click", () => change(remove, "DELETE", `/api/tasks/${task.id}`));
  return item;
}

async function show() {
  const tasks = await requestTasks("GET", "/api/tasks");
  list.replaceChildren(...tasks.map(row));
  state.textContent = tasks.length ? "" : "Nothing to do yet.";
}

/** Change one thing, then show what the server has. A session that ended sends to the sign-in page. */
function change(control, method, path, body, afterwards = () => {}) {
  return pending(control, async () => {
    try {
      await requestTasks(method, path, body);
      afterwards();
      await show();
    } catch (error) {
      if (error.status !== 401) throw error;
      window.location.assign("/signin");
    }
  });
}

add.addEventListener("submit", (event) => {
  event.preventDefault();
  const task = { title: add.elements.title.value };
  change(addButton, "POST", "/api/tasks", task, () => add.reset());
});
signOut.addEventListener("click", () =>
  pending(signOut, async () => {
    await request("POST", "/api/auth/sign-out", {});
    window.location.assign("/");
  }),
);
addButton.disabled = false;
signOut.disabled = false;

try {
  await show();
} catch (error) {
  state.textContent = "";
  document.querySelector("[role=alert]").textContent = error.message;
  if (error.status === 401) window.location.assign("/signin");
}
