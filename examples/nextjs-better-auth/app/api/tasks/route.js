import { forward } from "@/lib/backend";

export async function GET() {
  return forward("/api/tasks");
}

export async function POST(request) {
  return forward("/api/tasks", { method: "POST", body: await request.text() });
}
