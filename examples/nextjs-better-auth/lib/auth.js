import { betterAuth } from "better-auth";
import { jwt } from "better-auth/plugins";
import { Pool } from "pg";

// Without BETTER_AUTH_URL, which the literal mode leaves out, Better Auth goes by the request's own URL.
export const auth = betterAuth({
  database: new Pool({ connectionString: process.env.DATABASE_URL }),
  emailAndPassword: { enabled: true, minPasswordLength: 8 },
  session: {
    expiresIn: 60 * 60 * 24 * 7, // 7 days
    updateAge: 60 * 60 * 24, // 1 day
    cookieCache: { enabled: true, maxAge: 5 * 60 }, // 5 minutes
  },
  // On in production, unless it is said here.
  rateLimit: process.env.RATE_LIMIT === "0" ? { enabled: false } : undefined,
  plugins: process.env.MODE === "corrected" ? [jwt()] : [],
});
