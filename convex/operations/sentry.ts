/** Hands errors on to Sentry, or to what speaks its envelope protocol, where `SENTRY_DSN` is set. */
import { v, type Infer } from "convex/values";
import { internalAction } from "../_generated/server";
import { SECOND_MS } from "../lib/time";
import { VERSION } from "./version";

export { experimental_reuseContext } from "../lib/contexts";

const ANSWER_WITHIN_MS = 10 * SECOND_MS;

const vEvent = v.object({
  fingerprint: v.string(),
  source: v.string(),
  place: v.string(),
  version: v.string(),
  name: v.string(),
  message: v.string(),
  sample: v.string(),
  at: v.number(),
});

/** The address and key that a DSN names, `https://<key>@<host>/<path>/<project>`; null for a malformed one. */
export function readDsn(dsn: string): { url: string; key: string } | null {
  if (!URL.canParse(dsn)) return null;
  const { protocol, host, pathname, username } = new URL(dsn);
  const parts = pathname.split("/").filter((part) => part !== "");
  const project = parts.pop();
  if (!/^https?:$/.test(protocol) || !username || !project) return null;
  return { url: `${[`${protocol}//${host}`, ...parts].join("/")}/api/${project}/envelope/`, key: username };
}

/** One error as an envelope. */
export function buildEnvelope(event: Infer<typeof vEvent>, dsn: string): string {
  const id = crypto.randomUUID().replaceAll("-", "");
  const payload = JSON.stringify({
    event_id: id,
    timestamp: event.at / SECOND_MS,
    platform: "javascript",
    level: "error",
    logger: event.source,
    release: `live-sessions@${event.version}`,
    transaction: event.place,
    fingerprint: [event.fingerprint],
    tags: { source: event.source },
    exception: { values: [{ type: event.name, value: event.message }] },
    extra: { sample: event.sample },
  });
  const length = new TextEncoder().encode(payload).length;
  return [
    JSON.stringify({ event_id: id, sent_at: new Date().toISOString(), dsn }),
    JSON.stringify({ type: "event", content_type: "application/json", length }),
    payload,
    "",
  ].join("\n");
}

/** Sends one. What cannot be sent stays on the operations page, and a line says why. */
export const forward = internalAction({
  args: { event: vEvent },
  returns: v.null(),
  handler: async (_ctx, { event }) => {
    const dsn = process.env.SENTRY_DSN ?? "";
    const target = readDsn(dsn);
    if (!target) {
      console.warn("SENTRY_DSN is no DSN, so errors are not handed on.");
      return null;
    }
    const answer = await fetch(target.url, {
      method: "POST",
      headers: {
        "Content-Type": "application/x-sentry-envelope",
        "X-Sentry-Auth": `Sentry sentry_version=7, sentry_client=live-sessions/${VERSION}, sentry_key=${target.key}`,
      },
      body: buildEnvelope(event, dsn),
      signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
    }).catch((error: unknown) => error);
    if (!(answer instanceof Response) || !answer.ok)
      console.warn(`An error was not handed on: ${answer instanceof Response ? answer.status : String(answer)}`);
    return null;
  },
});
