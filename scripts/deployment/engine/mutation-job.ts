import {
  checkKind,
  type AppRuntime,
  type ExecutionLog,
  makeFailedOutcome,
  makeFailure,
  type FunctionCall,
  encodeInt64,
  type LoadedFunction,
  type MutationOutcome,
  type Outcome,
  RequestScope,
  type Result,
  runFunction,
  makeTimeoutFailure,
} from "../functions";
import { DiskFullError } from "../storage";
import type { Commit, CommitWriter, Store, Transaction } from "../transactions";
import { type CommitterJob, listWithWrites } from "./committer-job";
import type { MutationOutcomes, ClientRequest } from "./mutation-outcomes";

/** Lets the deployment tie its own bookkeeping to a mutation: both happen or neither does. */
export interface MutationHooks {
  /** On the mutation's transaction before it runs. False: it does not run, nothing is written, the outcome is null. */
  admit?(tx: Transaction): boolean;
  /** After success on the mutation's own transaction, after failure on a fresh one; committed with it. */
  settle?(tx: Transaction, outcome: Outcome): void;
}

export interface JobServices {
  store: Store;
  log: ExecutionLog;
  outcomes: MutationOutcomes;
}

/** One mutation: runs its function and answers its caller, or the deployment itself when there are hooks. */
export class MutationJob implements CommitterJob {
  retries = 0;
  #request: RequestScope | null = null;
  #fn: LoadedFunction | null = null;
  #tx: Transaction | null = null;
  #result: Result | null = null;
  #startedMs = 0;
  #tookMs = 0;
  #refused = false;
  #outcome: MutationOutcome | null = null;
  readonly #services: JobServices;
  readonly #call: FunctionCall;
  readonly #clientRequest: ClientRequest | undefined;
  readonly #hooks: MutationHooks;
  readonly #resolve: (outcome: MutationOutcome | null) => void;
  readonly #reject: (error: unknown) => void;

  constructor(
    services: JobServices,
    {
      call,
      clientRequest,
      hooks,
    }: { call: FunctionCall; clientRequest: ClientRequest | undefined; hooks: MutationHooks },
    resolve: (outcome: MutationOutcome | null) => void,
    reject: (error: unknown) => void,
  ) {
    this.#services = services;
    this.#call = call;
    this.#clientRequest = clientRequest;
    this.#hooks = hooks;
    this.#resolve = resolve;
    this.#reject = reject;
  }

  execute(code: AppRuntime): void {
    const call = this.#call;
    const hooks = this.#hooks;
    this.#startedMs = performance.now();
    if (this.#clientRequest && (this.#outcome = this.#services.outcomes.find(this.#clientRequest))) return;
    const request = (this.#request = new RequestScope(code, call));
    const tx = (this.#tx = this.#services.store.begin("write"));
    try {
      if (hooks.admit && !hooks.admit(tx)) {
        this.#refused = true;
        return;
      }
      const fn = code.table.find(call.component, call.path, call.reach);
      if (typeof fn === "string") {
        this.#result = makeFailure(fn);
        return;
      }
      this.#fn = fn;
      const { args } = call;
      const run = () => runFunction(request, { fn, args, argsText: JSON.stringify(args) }, tx);
      this.#result = checkKind(fn, "mutation") ?? run();
    } catch (error) {
      this.#result = makeFailure(error instanceof Error ? error.message : String(error));
    }
  }

  cut(code: AppRuntime, limitMs: number): void {
    this.#request ??= new RequestScope(code, this.#call);
    this.#result = makeTimeoutFailure(limitMs);
  }

  finish(writer: CommitWriter): Commit[] {
    const hooks = this.#hooks;
    const clientRequest = this.#clientRequest;
    const request = this.#request;
    const result = this.#result;
    if (this.#outcome || this.#refused || !request || !result || !this.#tx) return [];
    const logLines = request.logs.texts();
    const outcome: Outcome = result.ok
      ? { ok: true, value: result.value, logLines }
      : makeFailedOutcome(result, request.requestId, logLines);
    const tx = result.ok ? this.#tx : hooks.settle ? this.#services.store.begin("write") : null;
    if (tx) hooks.settle?.(tx, outcome);
    const commit = tx ? writer.commit(tx) : null;
    const commits = commit ? listWithWrites(commit) : [];
    const ts = commits[0]?.ts ?? this.#services.store.lastTs;
    if (outcome.ok && outcome.value.includes('"$commitTs"')) {
      outcome.value = outcome.value.replaceAll('{"$commitTs":null}', `{"$integer":"${encodeInt64(ts)}"}`);
    }
    this.#outcome = { ...outcome, ts };
    // Only successes: a failed mutation left nothing behind, so a repeat may run it again.
    if (clientRequest && outcome.ok) this.#services.outcomes.keep(clientRequest, this.#outcome);
    this.#tookMs = performance.now() - this.#startedMs;
    return commits;
  }

  answer(): void {
    if (this.#fn && this.#request && this.#result)
      this.#services.log.logFinished(this.#request, this.#fn.logged, { result: this.#result, tookMs: this.#tookMs });
    this.#resolve(this.#refused ? null : this.#outcome);
  }

  abandon(error: unknown): void {
    // The caller gets an error; a caller with hooks keeps the mutation until it succeeds, and tries again by itself.
    const isForCaller = error instanceof DiskFullError && !this.#hooks.settle && this.#request;
    if (!isForCaller) return this.#reject(error);
    const outcome = makeFailedOutcome(makeFailure(error.message), this.#request!.requestId, []);
    this.#resolve({ ...outcome, ts: this.#services.store.lastTs });
  }
}
