/** Send JSON. Resolves to the answer's JSON (null if it has none); throws an Error to show. */
export async function request(method, path, body, credentials = {}) {
  let answer;
  try {
    answer = await fetch(path, {
      method,
      headers: body === undefined ? credentials : { ...credentials, "Content-Type": "application/json" },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  } catch {
    throw new Error("The server could not be reached. Please try again.");
  }
  const data = await answer.json().catch(() => null);
  if (!answer.ok) {
    const error = new Error(data?.message ?? data?.error ?? "Something went wrong. Please try again.");
    error.status = answer.status;
    throw error;
  }
  return data;
}

/** Run a task with its button disabled and saying so; what it throws is shown in the page's alert. */
export async function pending(button, task) {
  const alert = document.querySelector("[role=alert]");
  const label = button.textContent;
  alert.textContent = "";
  button.disabled = true;
  button.textContent = button.dataset.pending ?? label;
  try {
    await task();
  } catch (error) {
    alert.textContent = error.message;
  } finally {
    button.disabled = false;
    button.textContent = label;
  }
}
