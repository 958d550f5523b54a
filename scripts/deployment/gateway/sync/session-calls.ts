import type { Engine } from "../../engine";
import type { FunctionCall, Outcome } from "../../functions";
import { encodeTs, formatResponse } from "./server-messages";

const MAX_PENDING_CALLS = 1_000;
/** Further actions of a client wait, and are dropped when it leaves: one client must not take all there is. */
const ACTIONS_AT_ONCE = 64;

/** The surroundings of a session's calls. */
export interface CallHost {
  readonly engine: Engine;
  send(text: string): void;
  /** Hides from an outcome what the client may not see. */
  redact(outcome: Outcome): Outcome;
  /** A transition must follow, even one without changes. */
  oweTransition(): void;
  /** There are too many calls at a time. */
  refuse(): void;
  /** A call failed by the deployment's fault. */
  fail(): void;
}

/** Runs the mutations and actions that one client calls, and answers them. */
export class SessionCalls {
  #pending = 0;
  #actions = 0;
  readonly #waitingActions: (() => void)[] = [];
  readonly #host: CallHost;

  constructor(host: CallHost) {
    this.#host = host;
  }

  mutate(call: FunctionCall, session: { sessionId: string; requestId: number }): void {
    this.#begin(async () => {
      const outcome = await this.#host.engine.mutation(call, session);
      const ts = outcome.ok ? `,"ts":"${encodeTs(outcome.ts)}"` : "";
      this.#respond("MutationResponse", session.requestId, outcome, ts);
      // The client keeps its optimistic value until a transition reaches this commit, even one without changes.
      if (outcome.ok) this.#host.oweTransition();
    });
  }

  act(call: FunctionCall, requestId: number): void {
    this.#begin(async () => {
      if (this.#actions < ACTIONS_AT_ONCE) this.#actions += 1;
      else await new Promise<void>((resolve) => this.#waitingActions.push(resolve));
      try {
        this.#respond("ActionResponse", requestId, await this.#host.engine.action(call), "");
      } finally {
        const next = this.#waitingActions.shift();
        if (next) next();
        else this.#actions -= 1;
      }
    });
  }

  /** Drops the calls that have not begun. */
  close(): void {
    this.#waitingActions.length = 0;
  }

  #begin(run: () => Promise<void>): void {
    if (this.#pending >= MAX_PENDING_CALLS) return this.#host.refuse();
    this.#pending += 1;
    run().then(
      () => (this.#pending -= 1),
      (error: unknown) => {
        // Not the function's failure but ours: without an answer the client tries again after it reconnects.
        console.error("A call from a WebSocket could not be carried out:", error);
        this.#host.fail();
      },
    );
  }

  #respond(type: string, requestId: number, outcome: Outcome, extra: string): void {
    this.#host.send(formatResponse({ type, requestId, outcome: this.#host.redact(outcome) }, extra));
  }
}
