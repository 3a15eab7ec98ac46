import SignOutButton from "./sign-out-button";
import TaskList from "./task-list";

export default function TasksPage() {
  return (
    <>
      <h1>Tasks</h1>
      <SignOutButton />
      <TaskList />
    </>
  );
}
