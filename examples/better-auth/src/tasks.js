import { Hono } from "hono";
import { accessToken } from "./session.js";

const WRITES = ["POST", "PUT", "PATCH"];
const PATIENCE = 10_000; // milliseconds for the task API to answer

const isJson = (c) =>
  c.req.header("Content-Type")?.split(";")[0].trim().toLowerCase() === "application/json";

/** Method and JSON body go to the task API with a JWT, which never reaches the browser. */
async function forward(c) {
  const token = await accessToken(c);
  c.header("Cache-Control", "private, no-store");
  if (!token) return c.json({ error: "Unauthorized" }, 401);

  const hasBody = WRITES.includes(c.req.method);
  // A page of another origin can post a form here, but no JSON: that takes a preflight, which is not answered.
  if (hasBody && !isJson(c)) return c.json({ error: "Content-Type must be application/json" }, 415);

  const headers = { Authorization: `Bearer ${token}` };
  if (hasBody) headers["Content-Type"] = "application/json";

  const id = c.req.param("id");
  const path = id === undefined ? "/api/tasks" : `/api/tasks/${id}`;
  let answer;
  try {
    answer = await fetch(new URL(path, process.env.TASKS_API_URL), {
      method: c.req.method,
      headers,
      body: hasBody ? await c.req.text() : undefined,
      redirect: "manual",
      signal: AbortSignal.timeout(PATIENCE),
    });
  } catch (error) {
    console.error("The task API did not answer:", error.cause?.code ?? error.name);
    return c.json({ error: "The task service is not available" }, 502);
  }
  const type = answer.headers.get("Content-Type");
  if (type) c.header("Content-Type", type);
  return c.body(answer.body, answer.status);
}

export const tasks = new Hono().on(["GET", "POST"], "/", forward);
if (process.env.TASK_ROUTES !== "collection") {
  tasks.on(["GET", "PUT", "PATCH", "DELETE"], "/:id{[\\w-]+}", forward);
}
