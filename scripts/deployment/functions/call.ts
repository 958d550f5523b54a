import type { Identity } from "../identity";
import type { Json } from "../values";

export interface FunctionCall {
  /** Component path; "" is the app. */
  component: string;
  /** `module:function`, `module.js:function`, `module` (default export) or `function://` handle. */
  path: string;
  /** The one argument object. */
  args: Json;
  identity: Identity | null;
  /** Clients reach public functions only; the deployment itself (admin, scheduler, crons) reaches all. */
  reach: "public" | "all";
  requestId?: string;
  /** The answer of `1.0/getRequestMetadata`; nested calls inherit it. Absent for the scheduler and crons. */
  client?: ClientInfo;
  /** The scheduled job this call runs for; nested calls inherit it and so do targets given to `scheduler.schedule`. */
  job?: { component: string; id: string };
}

/** The origin of a request: the socket's address and the handshake's or request's User-Agent. */
export interface ClientInfo {
  ip: string | null;
  userAgent: string | null;
}

/** How often a call that the time limit cut while the machine kept it waiting (`TimeLimit.starved`) is run again. */
export const STARVED_RETRIES = 3;

export type Outcome =
  | { ok: true; value: string; logLines: string[] }
  | { ok: false; errorMessage: string; errorData?: string; logLines: string[] };

export type QueryOutcome = Outcome & { journal: string | null; ts: bigint };
export type MutationOutcome = Outcome & { ts: bigint };
