import { serve } from "@hono/node-server";
import { serveStatic } from "@hono/node-server/serve-static";
import { Hono } from "hono";
import { secureHeaders } from "hono/secure-headers";
import { auth } from "./auth.js";
import { home, signIn, signUp, taskList } from "./pages.js";
import { currentUser } from "./session.js";
import { tasks } from "./tasks.js";

// Without a proxy the page asks the task API itself, with a JWT.
const taskApi = process.env.PROXY === "0" ? process.env.TASKS_API_URL : undefined;

const app = new Hono();

app.use(
  secureHeaders({
    contentSecurityPolicy: {
      defaultSrc: ["'self'"],
      connectSrc: ["'self'", ...(taskApi ? [taskApi] : [])],
      frameAncestors: ["'none'"],
      formAction: ["'self'"],
    },
  }),
);
app.all("/api/auth/*", (c) => auth.handler(c.req.raw));
if (!taskApi) app.route("/api/tasks", tasks);

app.use("/static/*", serveStatic({
  root: new URL("../public", import.meta.url).pathname,
  rewriteRequestPath: (path) => path.replace(/^\/static/, ""),
}));
app.get("/", (c) => c.html(home));
app.get("/signup", (c) => c.html(signUp));
app.get("/signin", (c) => c.html(signIn));
app.get("/tasks", async (c) => {
  const user = await currentUser(c);
  c.header("Cache-Control", "private, no-store");
  return user ? c.html(taskList(user, taskApi)) : c.redirect("/signin");
});

const server = serve({ fetch: app.fetch, hostname: "127.0.0.1", port: Number(process.env.PORT) });

for (const signal of ["SIGINT", "SIGTERM"]) {
  process.once(signal, () => {
    server.close(() => auth.options.database.end());
    server.closeAllConnections();
  });
}
