// Auth.js with its Credentials provider on Express: its own sign-in page, a sign-up form, and todos in JSON.
import { randomBytes, randomUUID, scryptSync, timingSafeEqual } from "node:crypto";
import { ExpressAuth, getSession } from "@auth/express";
import Credentials from "@auth/express/providers/credentials";
import express from "express";

const users = new Map();
const hashed = (password) => scryptSync(password, "authjs", 32, { N: 1024 });
const addressed = (email) => (typeof email === "string" ? email.trim().toLowerCase() : "");

const authConfig = {
  secret: process.env.AUTH_SECRET ?? randomBytes(32).toString("hex"),
  trustHost: true,
  logger: { error() {} },
  providers: [
    Credentials({
      credentials: { email: { label: "Email", type: "email" }, password: { label: "Password", type: "password" } },
      authorize({ email, password }) {
        const user = users.get(addressed(email));
        const fits = timingSafeEqual(hashed(String(password ?? "")), user?.password ?? Buffer.alloc(32));
        return user && fits ? { id: user.id, name: user.name, email: user.email } : null;
      },
    }),
  ],
  callbacks: {
    redirect({ url, baseUrl }) {
      const to = new URL(url, baseUrl);
      return to.origin === baseUrl && to.pathname !== "/" ? to.href : `${baseUrl}/todos`;
    },
    session({ session, token }) {
      session.user.id = token.sub;
      return session;
    },
  },
};

const app = express();
const port = Number(process.argv[2]);
const origin = `http://127.0.0.1:${port}`;
app.disable("x-powered-by");
app.set("trust proxy", "loopback");
app.use((request, response, next) => {
  response.set("Cache-Control", "no-store").set("X-Content-Type-Options", "nosniff");
  next();
});
app.use("/auth/*", ExpressAuth(authConfig));
app.use((request, response, next) => {
  const from = request.get("origin");
  !from || from === origin || ["GET", "HEAD"].includes(request.method) ? next() : response.sendStatus(403);
});
app.use(express.json({ limit: "50kb" }), express.urlencoded({ extended: false, limit: "50kb" }));
app.use(async (request, response, next) => {
  try {
    response.locals.session = await getSession(request, authConfig);
    next();
  } catch (error) {
    next(error);
  }
});

const page = (body) => `<!doctype html><html lang=en><title>Todos</title><main>${body}</main></html>`;
const signUp = (problem = "") => page(`${problem && `<p role=alert>${problem}</p>`}<form method="post" action="/signup">
<label>Name <input name=name></label><label>Email <input name=email type=email></label>
<label>Password <input name=password type=password></label><button>Create account</button></form>`);
const authenticatedUser = (request, response, next) =>
  response.locals.session?.user ? next() : response.redirect("/auth/signin");
const own = (request, response, next) => {
  response.locals.todos = users.get(response.locals.session?.user?.email)?.todos;
  response.locals.todos ? next() : response.sendStatus(401);
};

app.get("/", (request, response) =>
  response.send(page('<a href="/auth/signin">Sign in</a> <a href="/signup">Create account</a> <a href="/todos">Todos</a>')),
);
app.get("/signup", (request, response) => response.send(signUp()));
app.post("/signup", (request, response) => {
  const { name, email, password } = request.body ?? {};
  const address = addressed(email);
  const good = /^[^\s@]+@[^\s@]+$/.test(address) && address.length < 200 && typeof password === "string";
  if (!good || users.has(address) || password.length < 8 || password.length > 200) {
    return response.status(422).send(signUp("This account can't be created."));
  }
  const known = typeof name === "string" ? name.slice(0, 200) : "";
  users.set(address, { id: randomUUID(), email: address, name: known, password: hashed(password), todos: new Map() });
  response.redirect(303, "/auth/signin");
});
app.get("/todos", authenticatedUser, (request, response) =>
  response.send(page(`<p>${response.locals.session.user.email}</p><ul id="todos"></ul><a href="/auth/signout">Sign out</a>
<script type="module">
const todos = await (await fetch("/api/todos")).json();
for (const { title } of todos) document.querySelector("#todos").append(Object.assign(document.createElement("li"), { textContent: title }));
</script>`)),
);

const title = (request) => {
  const given = request.body?.title;
  return typeof given === "string" && given && given.length <= 500 ? given : null;
};
app.get("/api/todos", own, (request, response) => response.json([...response.locals.todos.values()]));
app.post("/api/todos", own, (request, response) => {
  if (!title(request)) return response.sendStatus(400);
  const todo = { id: randomUUID(), title: title(request), done: false };
  response.locals.todos.set(todo.id, todo);
  response.status(201).json(todo);
});
app.use("/api/todos/:id", own, (request, response, next) => {
  request.todo = response.locals.todos.get(request.params.id);
  request.todo ? next() : response.sendStatus(404);
});
app.get("/api/todos/:id", (request, response) => response.json(request.todo));
app.put("/api/todos/:id", (request, response) => {
  if (!title(request)) return response.sendStatus(400);
  request.todo.title = title(request);
  response.json(request.todo);
});
app.delete("/api/todos/:id", (request, response) => {
  response.locals.todos.delete(request.todo.id);
  response.sendStatus(204);
});
app.use((error, request, response, next) => response.sendStatus(error.status ?? 500));
app.listen(port, "127.0.0.1");
