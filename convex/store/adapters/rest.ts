/**
 * The permanent store behind the documented REST contract (focus/README.md §5.2, 5.3): a Django host, or another
 * deployment of this project. Runs anywhere `fetch` does.
 */
import { toWireTime } from "../../lib/time";
import { getStatus, type Delivery, type Outcome, type StorePayload } from "../payload";
import { toWireXp } from "../../xp/amounts";
import { DELIVERY_TIMEOUT_MS, redact, listSecrets } from "../rules";

type Env = Record<string, string | undefined>;
type Fetch = typeof fetch;

const REQUEST_TIMEOUT_MS = 5_000;
const PARALLEL_SESSIONS = 8;
/** Wrong token, too busy, or nobody behind the gateway: the next entry would meet the same. */
const SAYS_NOTHING_OF_THE_ENTRY = new Set([401, 429, 502, 503, 504]);

/**
 * Sends each delivery as POST (register) or PUT (complete), the entries of one session one after another.
 * Returns one outcome per delivery, in their order.
 *
 * @param env `PERMANENT_STORE_URL` (the host, with or without a path before `/api`) and `PERMANENT_STORE_TOKEN`
 */
export async function deliverOverRest(deliveries: Delivery[], env: Env, request: Fetch = fetch): Promise<Outcome[]> {
  const deadline = Date.now() + DELIVERY_TIMEOUT_MS;
  const outcomes: Outcome[] = deliveries.map(() => ({ kind: "skipped" }));
  const queues = [...groupBySession(deliveries).values()];
  const worker = async () => {
    for (let queue = queues.shift(); queue !== undefined; queue = queues.shift())
      for (const index of queue) {
        if (Date.now() > deadline) return;
        const outcome = await sendPayload(deliveries[index]!.payload, env, request);
        outcomes[index] = outcome;
        if (outcome.kind === "failed") break;
      }
  };
  await Promise.all(Array.from({ length: PARALLEL_SESSIONS }, worker));
  return outcomes;
}

function groupBySession(deliveries: Delivery[]): Map<string, number[]> {
  const groups = new Map<string, number[]>();
  deliveries.forEach(({ payload }, index) =>
    groups.set(payload.sessionId, [...(groups.get(payload.sessionId) ?? []), index]),
  );
  return groups;
}

async function sendPayload(payload: StorePayload, env: Env, request: Fetch): Promise<Outcome> {
  const base = (env.PERMANENT_STORE_URL ?? "").replace(/\/+$/, "");
  const path = payload.kind === "register" ? "" : `${encodeURIComponent(payload.sessionId)}/`;
  try {
    const response = await request(`${base}/api/v1/sessions/${path}`, {
      method: payload.kind === "register" ? "POST" : "PUT",
      headers: {
        "Content-Type": "application/json",
        Accept: "application/json",
        ...(env.PERMANENT_STORE_TOKEN ? { Authorization: `Bearer ${env.PERMANENT_STORE_TOKEN}` } : {}),
      },
      body: JSON.stringify(payload.kind === "register" ? registerBody(payload) : toCompleteBody(payload)),
      // A redirect would turn the PUT into a GET, or carry the token to another host.
      redirect: "manual",
      signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
    });
    const text = await response.text();
    if (response.status === 200 || response.status === 201)
      return readConfirmation(response.status, text, payload, env);
    return {
      kind: "failed",
      error: redact(`HTTP ${response.status} ${text}`, listSecrets(env)),
      cause: SAYS_NOTHING_OF_THE_ENTRY.has(response.status) ? "unreachable" : "rejected",
    };
  } catch (error) {
    return { kind: "failed", error: redact(error, listSecrets(env)), cause: "unreachable" };
  }
}

/** Rows leave the outbox with this, so it takes the session's id: a proxy or a sign-in page says 200 too. */
function readConfirmation(status: number, text: string, { sessionId }: StorePayload, env: Env): Outcome {
  const answer = parseJson(text);
  if (typeof answer === "object" && answer !== null && "id" in answer && answer.id === sessionId)
    return { kind: "delivered" };
  const error = redact(`HTTP ${status} without the session's id ${text}`, listSecrets(env));
  // The store itself answers with JSON.
  return { kind: "failed", error, cause: answer === undefined ? "unreachable" : "rejected" };
}

/** Undefined for what is no JSON. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

const toReferences = (payload: StorePayload) => ({
  user_id: payload.userId,
  goal_id: payload.goal.id,
  activity_id: payload.activity.id,
  started_at: toWireTime(payload.startedAt),
  ...(payload.devicePlatform === null ? {} : { device_platform: payload.devicePlatform }),
});

const registerBody = (payload: StorePayload) => ({
  session_id: payload.sessionId,
  ...toReferences(payload),
  status: getStatus(payload),
});

const toCompleteBody = (payload: Extract<StorePayload, { kind: "complete" }>) => ({
  ...toReferences(payload),
  status: getStatus(payload),
  ended_at: toWireTime(payload.endedAt),
  total_duration_seconds: payload.totalDurationSeconds,
  focused_duration_seconds: payload.focusedDurationSeconds,
  ...toWireXp(payload.xp),
  completed_reason: payload.completedReason,
});
