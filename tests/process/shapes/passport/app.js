// Passport's local strategy with express-session: forms, a page, and items of each user in JSON.
import { randomBytes, scryptSync, timingSafeEqual } from "node:crypto";
import express from "express";
import session from "express-session";
import passport from "passport";
import { Strategy } from "passport-local";

const users = new Map();
const hashed = (password) => scryptSync(password, "passport", 32, { N: 1024 });

passport.use(
  new Strategy({ usernameField: "email" }, (email, password, done) => {
    const user = users.get(email.trim().toLowerCase());
    const fits = timingSafeEqual(hashed(password), user?.password ?? Buffer.alloc(32));
    done(null, user && fits ? user : false);
  }),
);
passport.serializeUser((user, done) => done(null, user.email));
passport.deserializeUser((email, done) => done(null, users.get(email) ?? false));

const app = express();
const port = Number(process.argv[2]);
app.disable("x-powered-by");
app.use((request, response, next) => {
  response.set("Cache-Control", "no-store").set("X-Content-Type-Options", "nosniff");
  const from = request.get("origin");
  const own = !from || from === `http://${request.get("host")}`;
  own || ["GET", "HEAD"].includes(request.method) ? next() : response.sendStatus(403);
});
app.use(express.json({ limit: "50kb" }), express.urlencoded({ extended: false, limit: "50kb" }));
app.use(
  session({
    secret: randomBytes(32).toString("hex"),
    resave: false,
    saveUninitialized: false,
    cookie: { httpOnly: true, sameSite: "lax", maxAge: 3_600_000 },
  }),
);
app.use(passport.session());

const page = (body) => `<!doctype html><html lang=en><title>Passport</title><main>${body}</main></html>`;
const form = (action, button) => `<form method=post action=${action}>
<label>Email <input name=email type=email></label><label>Password <input name=password type=password></label>
<button>${button}</button></form>`;
const own = (request, response, next) => (request.user ? next() : response.sendStatus(401));

app.get("/", (request, response) => response.send(page("<a href=/login>Log in</a> <a href=/signup>Sign up</a>")));
app.get("/login", (request, response) => response.send(page(form("/login/password", "Log in"))));
app.get("/signup", (request, response) => response.send(page(form("/signup", "Sign up"))));
app.post(
  "/login/password",
  passport.authenticate("local", { successReturnToOrRedirect: "/home", failureRedirect: "/login" }),
);
app.post("/signup", (request, response, next) => {
  const { email, password } = request.body ?? {};
  const address = typeof email === "string" ? email.trim().toLowerCase() : "";
  const good = /^[^\s@]+@[^\s@]+$/.test(address) && address.length < 200 && typeof password === "string";
  if (!good || users.has(address) || password.length < 8 || password.length > 200) return response.redirect("/signup");
  const user = { id: randomBytes(8).toString("hex"), email: address, password: hashed(password), items: new Map() };
  users.set(address, user);
  request.login(user, (error) => (error ? next(error) : response.redirect("/home")));
});
app.post("/logout", (request, response, next) =>
  request.logout((error) => (error ? next(error) : response.redirect("/login"))),
);
app.get("/home", (request, response) => {
  if (!request.user) return response.redirect("/login");
  const items = [...request.user.items.values()].map((one) => `<li>${one.title.replace(/[<>&]/g, "")}</li>`).join("");
  response.send(page(`<p>${request.user.email}</p><ul>${items}</ul>
<form method=post action=/logout><button>Log out</button></form><script>fetch("/api/items")</script>`));
});
app.get("/api/user", own, (request, response) => response.json({ id: request.user.id, email: request.user.email }));

const title = (request) => {
  const given = request.body?.title;
  return typeof given === "string" && given && given.length <= 500 ? given : null;
};
app.get("/api/items", own, (request, response) => response.json([...request.user.items.values()]));
app.post("/api/items", own, (request, response) => {
  if (!title(request)) return response.sendStatus(400);
  const item = { id: randomBytes(8).toString("hex"), title: title(request) };
  request.user.items.set(item.id, item);
  response.status(201).json(item);
});
app.use("/api/items/:id", own, (request, response, next) => {
  request.item = request.user.items.get(request.params.id);
  request.item ? next() : response.sendStatus(404);
});
app.get("/api/items/:id", (request, response) => response.json(request.item));
app.put("/api/items/:id", (request, response) => {
  if (!title(request)) return response.sendStatus(400);
  request.item.title = title(request);
  response.json(request.item);
});
app.delete("/api/items/:id", (request, response) => {
  request.user.items.delete(request.item.id);
  response.sendStatus(204);
});
app.use((error, request, response, next) => response.sendStatus(error.status ?? 500));
app.listen(port, "127.0.0.1");
