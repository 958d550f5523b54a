/** The reasons for which a camera or a microphone cannot be used. */
export type MediaProblem = "refused" | "missing" | "busy" | "insecure" | "failed";

/** @param error as `getUserMedia` rejects with it */
export function readProblem(error: unknown): MediaProblem {
  const name = error instanceof Error || error instanceof DOMException ? error.name : "";
  if (name === "NotAllowedError" || name === "SecurityError") return "refused";
  if (name === "NotFoundError" || name === "OverconstrainedError") return "missing";
  if (name === "NotReadableError" || name === "AbortError") return "busy";
  return "failed";
}
