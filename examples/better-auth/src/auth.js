import { betterAuth } from "better-auth";
import { bearer, jwt } from "better-auth/plugins";
import pg from "pg";

/** Seconds from an environment variable; undefined keeps Better Auth's own default. */
function seconds(name) {
  const value = process.env[name];
  if (!value) return undefined;
  if (!/^\d+$/.test(value)) {
    console.error(`${name} must be a whole number of seconds, but it is "${value}".`);
    process.exit(1);
  }
  return Number(value);
}

const cookieCache = seconds("COOKIE_CACHE");

// BETTER_AUTH_SECRET is read from the environment by Better Auth itself.
export const auth = betterAuth({
  baseURL: process.env.BETTER_AUTH_URL,
  database: new pg.Pool({ connectionString: process.env.DATABASE_URL }),
  emailAndPassword: { enabled: true },
  session: {
    expiresIn: seconds("SESSION_EXPIRES_IN"),
    updateAge: seconds("SESSION_UPDATE_AGE"),
    cookieCache: cookieCache ? { enabled: true, maxAge: cookieCache } : undefined,
  },
  // On in production and off in development, unless it is said here.
  rateLimit: process.env.RATE_LIMIT === "0" ? { enabled: false } : undefined,
  plugins: [
    jwt({ jwt: { expirationTime: process.env.JWT_EXPIRES_IN || undefined } }),
    bearer(),
  ],
});
