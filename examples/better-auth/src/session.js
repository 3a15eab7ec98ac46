import { APIError } from "better-auth/api";
import { auth } from "./auth.js";

/** Hand on the cookies with which Better Auth prolongs or ends a session. */
function passCookies(c, headers) {
  for (const cookie of headers.getSetCookie()) {
    c.header("Set-Cookie", cookie, { append: true });
  }
}

/** The user of the request's session, or null when nobody is signed in. */
export async function currentUser(c) {
  const { headers, response } = await auth.api.getSession({
    headers: c.req.raw.headers,
    returnHeaders: true,
  });
  passCookies(c, headers);
  return response?.user ?? null;
}

/** A JWT for the task API, or null when nobody is signed in. */
export async function accessToken(c) {
  try {
    const { headers, response } = await auth.api.getToken({
      headers: c.req.raw.headers,
      returnHeaders: true,
    });
    passCookies(c, headers);
    return response.token;
  } catch (error) {
    if (error instanceof APIError && error.status === "UNAUTHORIZED") return null;
    throw error;
  }
}
