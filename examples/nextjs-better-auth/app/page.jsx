import Link from "next/link";

export default function Home() {
  return (
    <main>
      <h1>Your tasks, in one place</h1>
      <Link href="/signup">Sign up</Link> <Link href="/signin">Sign in</Link>
    </main>
  );
}
