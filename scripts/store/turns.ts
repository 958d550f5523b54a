import { copiesFromClient, replacesUnnamed, usesUnnamed } from "./statements";
import { errorResponse, finalStatus, query, type FrontendMessage } from "./wire";

/** Runs whole messages on the one backend there is and returns its answer, all synchronously. */
export interface Backend {
  run(messages: Uint8Array): Uint8Array[];
}

/** The part of a connection that `Turns` uses. */
export interface Client {
  /** Sends bytes to the client. */
  send(answer: readonly Uint8Array[]): void;
  /** Ends the connection after a last message. */
  end(last: Buffer): void;
}

/** Messages that belong together: up to a Sync, a simple Query or a Flush. `renamed` is what the backend gets. */
export interface Batch {
  messages: FrontendMessage[];
  renamed: Buffer;
}

interface Waiting {
  client: Client;
  batch: Batch;
}

/**
 * Gives many connections turns on one backend. A connection keeps the turn from its first message until the backend
 * reports that no transaction is open, so transactions never mix; the others wait in order. One that sits in a
 * transaction without asking anything for `idleInTransactionMs` is rolled back and cut off, or it would block all.
 */
export class Turns {
  readonly #queue: Waiting[] = [];
  #owner: Client | null = null;
  #unnamedOwner: Client | null = null;
  #idleTimer: NodeJS.Timeout | undefined;
  #scheduled = false;
  readonly #backend: Backend;
  readonly #idleInTransactionMs: number;

  constructor(backend: Backend, idleInTransactionMs: number) {
    this.#backend = backend;
    this.#idleInTransactionMs = idleInTransactionMs;
  }

  submit(client: Client, batch: Batch): void {
    this.#queue.push({ client, batch });
    this.#schedule();
  }

  /** The connection is gone: its waiting work is dropped, its transaction rolled back, `farewell` run. */
  leave(client: Client, farewell: Buffer): void {
    for (let i = this.#queue.length - 1; i >= 0; i--) if (this.#queue[i]?.client === client) this.#queue.splice(i, 1);
    if (this.#unnamedOwner === client) this.#unnamedOwner = null;
    if (this.#owner === client) {
      this.#backend.run(query("ROLLBACK"));
      this.#release();
    }
    // Inside someone else's open transaction even a Close could be refused, so it waits for its own turn.
    if (farewell.length > 0) this.submit({ send: () => {}, end: () => {} }, { messages: [], renamed: farewell });
    this.#schedule();
  }

  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    // A macrotask between batches lets new connections and data in, however long the queue is.
    setImmediate(() => {
      this.#scheduled = false;
      this.#runNext();
    });
  }

  #runNext(): void {
    const index = this.#owner === null ? 0 : this.#queue.findIndex(({ client }) => client === this.#owner);
    const [next] = index === -1 ? [] : this.#queue.splice(index, 1);
    if (next === undefined) return;
    clearTimeout(this.#idleTimer);
    this.#serve(next);
    if (this.#queue.length > 0) this.#schedule();
  }

  #serve({ client, batch }: Waiting): void {
    const refusal = this.#refusalOf(client, batch);
    if (refusal !== null || replacesUnnamed(batch.messages)) this.#unnamedOwner = client;
    const answer = this.#backend.run(refusal ?? batch.renamed);
    client.send(answer);
    const flushed = batch.messages.at(-1)?.type === "H";
    if (!flushed && finalStatus(answer) === "I") this.#release();
    else this.#hold(client);
  }

  /** A statement that raises the error, so that the client's transaction fails with it as with any other. */
  #refusalOf(client: Client, { messages }: Batch): Buffer | null {
    if (usesUnnamed(messages) && this.#unnamedOwner !== client)
      return raise("26000", "the unnamed prepared statement does not exist: another connection has replaced it since");
    return copiesFromClient(messages) ? raise("0A000", "the embedded store does not take COPY FROM STDIN") : null;
  }

  #hold(client: Client): void {
    this.#owner = client;
    this.#idleTimer = setTimeout(() => {
      const text = `terminating connection: idle in transaction for ${this.#idleInTransactionMs} ms`;
      client.end(errorResponse("FATAL", "25P03", text));
      this.leave(client, Buffer.alloc(0));
    }, this.#idleInTransactionMs);
  }

  #release(): void {
    clearTimeout(this.#idleTimer);
    this.#owner = null;
  }
}

const raise = (code: string, text: string): Buffer =>
  query(`DO $$BEGIN RAISE EXCEPTION USING ERRCODE = '${code}', MESSAGE = '${text}'; END$$`);
