"use client";

import { useRouter } from "next/navigation";
import { signOut } from "@/lib/auth-client";

export default function SignOutButton() {
  const router = useRouter();

  async function leave() {
    await signOut();
    router.push("/");
  }

  return (
    <button type="button" onClick={leave}>
      Sign out
    </button>
  );
}
