import type { Context } from "hono";
import type { ActionCtx } from "../_generated/server";
import { toAddressKey } from "../identity/limits/address";
import type { Caller, Client, SentGuest } from "../identity/caller";
import type { ErrorData } from "../lib/errors";
import type { Usage } from "../identity/limits/limits";
import type { Admission } from "./limits/leases";

/** Makes a domain's error body of an error. `status` is decided already. */
export type ToErrorBody = (error: ErrorData, status: number, c: RestContext) => Record<string, unknown>;

/** Values that the pipeline keeps while it answers a request. */
type Variables = {
  requestId: string;
  /** When the request came in, ms. */
  startedAt: number;
  /** The endpoint that answers, as figures name it; absent where none does. */
  operation?: string;
  /** Makes the error body of the domain that owns the path. */
  toErrorBody?: ToErrorBody;
  /** The name of that domain. */
  domain?: string;
  sender: Sender;
  /** Absent where the endpoint counts its requests itself. */
  admission?: Admission;
  /** The tightest limit that the request was counted against, as the answer tells it. */
  usage?: Usage;
  /** The JSON text of the body, once it was read. */
  bodyText?: string;
};

export type RestEnv = { Bindings: ActionCtx; Variables: Variables };
export type RestContext = Context<RestEnv>;

/** The sender of a request, as its headers say; the transaction decides whether it is true. */
export type Sender = {
  caller: Caller;
  client: Client;
  /** Names the credential in memory, for leases. Never logged. */
  credentialKey: string;
  /** Whether any credential of a user or the service came along. */
  hasCredential: boolean;
  /** The guest id that came along, where the endpoint reads one. */
  guest?: SentGuest;
};

/** The sender of a request of which only the address counts. */
export const toAnonymousSender = (client: Client): Sender => ({
  caller: { anonymous: true },
  client,
  credentialKey: toAddressKey(client.ip),
  hasCredential: false,
});
