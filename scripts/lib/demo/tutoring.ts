/**
 * Tutoring for the demo: something to take part in, to decide and to approve, with the notifications that come of it.
 */
import type { DemoUser, Rest } from "./people";

const HOUR_MS = 60 * 60 * 1000;

/** On the hour, `days` from now. */
const inDays = (days: number): string => new Date(Math.ceil(Date.now() / HOUR_MS + days * 24) * HOUR_MS).toISOString();

/**
 * An open session of `tutor`, who is a moderator, with a seat for `student`, and the request of `asking` to be decided.
 */
export async function seedTutoring(
  rest: Rest,
  { tutor, student, asking }: Record<"tutor" | "student" | "asking", DemoUser>,
): Promise<void> {
  const { id } = await rest<{ id: number }>("POST", "/api/sessions/", tutor.auth, {
    title: "Recursion, step by step",
    description: "From factorials to trees. Bring a function that you never dared to write.",
    subject: "Programming",
    level: "beginner",
    date: inDays(2),
    duration: 60,
    max_participants: 4,
  });
  const act = (who: DemoUser, verb: string, body?: object) =>
    rest("POST", `/api/sessions/${id}/${verb}/`, who.auth, body);
  await act(tutor, "approve");
  await act(tutor, "materials", {
    title: "Before we meet",
    type: "note",
    content: "Write down what happens, call by call, for factorial(3).",
  });
  await act(student, "join", { message: "I know loops, and would like to know when to leave them." });
  await act(tutor, "approve_request", { user_id: student.publicId });
  await act(asking, "join", { message: "May I bring a question about halting?" });
  await rest("POST", "/api/sessions/", student.auth, {
    title: "Drawing from life",
    description: "Forty minutes of quick poses, then one long one. Paper and a soft pencil are enough.",
    subject: "Drawing",
    level: "beginner",
    date: inDays(5),
    duration: 90,
    max_participants: 6,
  });
}
