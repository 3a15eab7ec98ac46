import { headers } from "next/headers";
import { redirect } from "next/navigation";
import { auth } from "@/lib/auth";

export default async function ProtectedLayout({ children }) {
  const session = await auth.api.getSession({ headers: await headers() });
  if (!session) redirect("/signin");

  return (
    <main>
      <p>
        Signed in as <strong>{session.user.name}</strong>
      </p>
      {children}
    </main>
  );
}
