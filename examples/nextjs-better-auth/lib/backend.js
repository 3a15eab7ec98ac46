import { headers } from "next/headers";
import { NextResponse } from "next/server";
import { auth } from "./auth";

/** What the backend gets as a Bearer token. In literal mode that is the opaque session token, which is no JWT. */
async function bearerToken(session) {
  if (process.env.MODE !== "corrected") return session.session.token;
  const { token } = await auth.api.getToken({ headers: await headers() });
  return token;
}

/** Hand a request on to the task API for whoever is signed in; 401 when nobody is. */
export async function forward(path, init = {}) {
  const session = await auth.api.getSession({ headers: await headers() });
  if (!session) return NextResponse.json({ error: "Unauthorized" }, { status: 401 });

  const answer = await fetch(`${process.env.BACKEND_URL}${path}`, {
    ...init,
    headers: { "Content-Type": "application/json", Authorization: `Bearer ${await bearerToken(session)}` },
    cache: "no-store",
  });
  return NextResponse.json(await answer.json(), { status: answer.status });
}
