"use client";

import { useCallback, useEffect, useState } from "react";
import { useSession } from "@/lib/auth-client";

export default function TaskList() {
  const { data: session, isPending } = useSession();
  const [tasks, setTasks] = useState([]);
  const [title, setTitle] = useState("");
  const [error, setError] = useState("");
  const userId = session?.user.id;

  const load = useCallback(async () => {
    const answer = await fetch("/api/tasks");
    if (answer.ok) setTasks(await answer.json());
    else setError(`Could not load your tasks (${answer.status})`);
  }, []);

  useEffect(() => {
    if (userId) load();
  }, [userId, load]);

  async function add(event) {
    event.preventDefault();
    const answer = await fetch("/api/tasks", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ title }),
    });
    if (!answer.ok) return setError(`Could not add the task (${answer.status})`);
    setTitle("");
    await load();
  }

  if (isPending) return <p>Loading…</p>;
  if (!session) return <p>You are signed out.</p>;
  return (
    <>
      <form onSubmit={add}>
        <input type="text" placeholder="New task" value={title} onChange={(e) => setTitle(e.target.value)} required />
        <button type="submit">Add</button>
      </form>
      {error && <p role="alert">{error}</p>}
      <ul>
        {tasks.map((task) => (
          <li key={task.id}>{task.title}</li>
        ))}
      </ul>
    </>
  );
}
