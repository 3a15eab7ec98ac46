import { html } from "hono/html";

// hono/html escapes every value that goes into a template.

const page = (title, body, script = "") => html`<!doctype html>
  <html lang="en">
    <head>
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <title>${title} · Tasks</title>
      <link rel="stylesheet" href="/static/style.css" />
      ${script && html`<script type="module" src="/static/${script}"></script>`}
    </head>
    <body>
      <main>
        <h1>${title}</h1>
        ${body}
      </main>
    </body>
  </html>`;

const attributes = (name, type, autocomplete) =>
  html`id="${name}" name="${name}" type="${type}" autocomplete="${autocomplete}" required`;

const field =
  process.env.FIELDS === "placeholders"
    ? (label, ...rest) => html`<input ${attributes(...rest)} placeholder="${label}" />`
    : (label, name, ...rest) => html`<label for="${name}">${label}</label>
        <input ${attributes(name, ...rest)} />`;

const name = field("Name", "name", "text", "name");
const email = field("Email", "email", "email", "email");

/** The button stays disabled until the script has taken over the form. */
const form = (endpoint, fields, button, pending) => html`<form method="post" data-endpoint="${endpoint}">
  ${fields}
  <p role="alert"></p>
  <button type="submit" data-pending="${pending}" disabled>${button}</button>
  <noscript>This form needs JavaScript.</noscript>
</form>`;

export const home = page(
  "Your tasks, in one place",
  html`<p>Write down what is to be done, from any device.</p>
    <nav><a class="button" href="/signup">Sign up</a> <a href="/signin">Sign in</a></nav>`,
);

export const signUp = page(
  "Create an account",
  html`${form(
      "/api/auth/sign-up/email",
      html`${name} ${email} ${field("Password", "password", "password", "new-password")}`,
      "Sign up",
      "Signing up…",
    )}
    <p>Already have an account? <a href="/signin">Sign in</a></p>`,
  "account.js",
);

export const signIn = page(
  "Welcome back",
  html`${form(
      "/api/auth/sign-in/email",
      html`${email} ${field("Password", "password", "password", "current-password")}`,
      "Sign in",
      "Signing in…",
    )}
    <p>No account yet? <a href="/signup">Sign up</a></p>`,
  "account.js",
);

export const taskList = (user, api = "") =>
  page(
    "Tasks",
    html`<header>
        <p>Signed in as <strong>${user.name}</strong></p>
        <button type="button" id="sign-out" data-pending="Signing out…" disabled>Sign out</button>
      </header>
      <form method="post" id="add">
        <label for="title">New task</label>
        <input id="title" name="title" type="text" maxlength="200" autocomplete="off" required />
        <button type="submit" data-pending="Adding…" disabled>Add</button>
      </form>
      <p role="alert"></p>
      <p id="state" role="status">Loading…</p>
      <ul id="tasks" aria-label="Tasks" data-api="${api}"></ul>`,
    "tasks.js",
  );
