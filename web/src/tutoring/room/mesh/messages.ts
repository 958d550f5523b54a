/** The bodies of signals between two pages, and those of the data channel between them. */

/**
 * `call` names the sender's connection and `to` the one it is meant for, as far as the sender knows it: a page that was
 * loaded anew has another connection, and what was meant for the old one is of no use to it.
 */
type Envelope = { call: string; to: string | null };
export type DescriptionBody = Envelope & { description: RTCSessionDescriptionInit };
export type CandidatesBody = Envelope & { candidates: RTCIceCandidateInit[] };

/** Sent as `bye`: the sender's earlier call is over, and this one waits for an offer. */
export type GreetingBody = Envelope & { isGreeting: true };
export type Body = DescriptionBody | CandidatesBody | GreetingBody;

export type Signal = { from: number; kind: "offer" | "answer" | "candidate" | "bye"; body: string };

/** Told over the data channel. */
export type Standing = { isMuted: boolean; hasCamera: boolean; wantsToSend: boolean };

function parse(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}

const isTextOrNull = (value: unknown): value is string | null => value === null || typeof value === "string";

/** The body of a signal; null for one that this page did not write, and is therefore ignored. */
export function readBody(text: string): Body | null {
  const body = parse(text);
  if (!body || typeof body.call !== "string" || !isTextOrNull(body.to)) return null;
  if (Array.isArray(body.candidates)) return body as CandidatesBody;
  if (body.isGreeting === true) return body as GreetingBody;
  return typeof body.description === "object" && body.description !== null ? (body as DescriptionBody) : null;
}

export function readStanding(text: unknown): Standing | null {
  const body = typeof text === "string" ? parse(text) : null;
  const isStanding = [body?.isMuted, body?.hasCamera, body?.wantsToSend].every((value) => typeof value === "boolean");
  return isStanding ? (body as Standing) : null;
}
