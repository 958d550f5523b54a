/** One execution of a query or mutation, and of the functions it calls within the same transaction. */
import { operationTime, type SandboxHost, sharedClasses, type SyscallFailure } from "../isolate";
import type { Metrics, Store, Transaction } from "../transactions";
import { findPassedLimit, hasUnpairedSurrogate, type Json, UNPAIRED_SURROGATE, validate } from "../values";
import { makeFailure, type Failure, describeThrown, type Result } from "./failure";
import { type Address, formatPath, type LoadedFunction, type UdfType } from "./function-table";
import type { RequestScope } from "./request";
import { ASYNC_OPERATIONS, type Operation, type Running, SYNC_OPERATIONS } from "./syscalls";

const MAX_VALUE_BYTES = 16 * 1024 * 1024;
const MAX_DEPTH = 8;

/** A function with its arguments. */
export interface Invocation {
  fn: LoadedFunction;
  /** The argument object as Convex JSON, and the same as text. */
  args: Json;
  argsText: string;
  /** Calls that lead here; 0 for the outermost. */
  depth?: number;
  /** Hides the caller's identity from `fn`: a call from one component into another carries none. */
  isAnonymous?: boolean;
}

/**
 * Runs `fn` on `tx` to its end. Writes stay in `tx`: the caller commits, joins or drops it.
 * Must be called inside a time limit; when that cuts it short nothing is returned, and the sandbox is not reused.
 */
export function runFunction(request: RequestScope, invocation: Invocation, tx: Transaction): Result {
  const { fn, args, argsText, depth = 0 } = invocation;
  const { store } = request.code.options;
  const invalid = checkArguments(fn, args, argsText, store);
  if (invalid) return invalid;
  if (!fn.reusesContext) return sharedClasses.runApart(depth > 0, () => runInSandbox(request, invocation, tx));
  return runInSandbox(request, invocation, tx);
}

function runInSandbox(request: RequestScope, invocation: Invocation, tx: Transaction): Result {
  const { fn, argsText } = invocation;
  const pool = request.code.pool(fn.component.instance.path);
  const sandbox = pool.take(fn.module, fn.reusesContext);
  let callable: unknown;
  try {
    const exports = sandbox.load(fn.module);
    if (!Object.hasOwn(exports, fn.name)) return makeFailure(`Couldn't find "${fn.name}" in module "${fn.module}".`);
    callable = exports[fn.name];
  } catch (error) {
    return describeThrown(sandbox.slot.describe(error));
  }
  const isQuery = fn.udfType === "query";
  const run = new TransactionRun(request, invocation, tx);
  const method = isQuery ? "invokeQuery" : "invokeMutation";
  const slot = sandbox.call({ fn: callable, method, args: `[${argsText}]`, nowMs: tx.now, fixedClock: isQuery }, run);
  if (slot.sawTime) request.observed.time = true;
  if (slot.sawRandom) request.observed.random = true;
  const { state, value, error } = slot;
  slot.value = slot.error = undefined;
  if (state === "pending") {
    return makeFailure(`Function ${formatPath(fn.identifier)} awaits something that never resolves.`);
  }
  if (fn.reusesContext) pool.give(sandbox);
  if (state === "failed" && error) return describeThrown(error);
  return checkResult(fn, value, request.code.options.store);
}

/** Arguments against size limit and validator; null when they are good. */
export function checkArguments(fn: LoadedFunction, args: Json, argsText: string, store: Store): Failure | null {
  if (argsText.length > MAX_VALUE_BYTES) {
    return makeFailure(
      `Arguments for ${formatPath(fn.identifier)} are too large (actual: ${formatMebibytes(argsText)}, limit: 16 MiB)`,
    );
  }
  if (hasUnpairedSurrogate(argsText))
    return makeFailure(`Arguments for ${formatPath(fn.identifier)} are invalid: ${UNPAIRED_SURROGATE}`);
  const passed = findPassedLimit(argsText, 1);
  if (passed !== null) return makeFailure(`Arguments for ${formatPath(fn.identifier)} are invalid: ${passed}`);
  if (!fn.args) return null;
  const problem = validate(fn.args, args, makeTableNumbers(fn, store));
  return problem === null ? null : makeFailure(`ArgumentValidationError: ${problem}`);
}

/** A result's text against size limit and validator. */
export function checkResult(fn: LoadedFunction, value: unknown, store: Store): Result {
  if (typeof value !== "string") return makeFailure(`Function ${formatPath(fn.identifier)} returned no Convex value.`);
  if (value.length > MAX_VALUE_BYTES) {
    return makeFailure(
      `Function ${formatPath(fn.identifier)} return value is too large (actual: ${formatMebibytes(value)}, limit: 16 MiB)`,
    );
  }
  if (hasUnpairedSurrogate(value))
    return makeFailure(`Function ${formatPath(fn.identifier)} return value is invalid: ${UNPAIRED_SURROGATE}`);
  const passed = findPassedLimit(value);
  if (passed !== null) return makeFailure(`Function ${formatPath(fn.identifier)} return value is invalid: ${passed}`);
  if (fn.returns) {
    const problem = validate(fn.returns, JSON.parse(value) as Json, makeTableNumbers(fn, store));
    if (problem !== null) return makeFailure(`ReturnsValidationError: ${problem}`);
  }
  return { ok: true, value };
}

/** Explains a call of the wrong kind; null when the kind is right. */
export function checkKind(fn: LoadedFunction, wanted: UdfType): Failure | null {
  if (fn.udfType === wanted) return null;
  const [as, is] = [wanted, fn.udfType].map((kind) => kind[0]?.toUpperCase() + kind.slice(1));
  return makeFailure(`Trying to execute ${formatPath(fn.identifier)} as ${as}, but it is defined as ${is}.`);
}

class TransactionRun implements Running, SandboxHost {
  paginated = false;
  readonly request: RequestScope;
  readonly fn: LoadedFunction;
  readonly tx: Transaction;
  readonly depth: number;
  readonly isAnonymous: boolean;

  constructor(request: RequestScope, { fn, depth = 0, isAnonymous = false }: Invocation, tx: Transaction) {
    this.request = request;
    this.fn = fn;
    this.tx = tx;
    this.depth = depth;
    this.isAnonymous = isAnonymous;
  }

  syscall(op: string, json: string): string | SyscallFailure {
    return operationTime.measure(() => this.#perform(SYNC_OPERATIONS.get(op), `Unknown operation ${op}`, json));
  }

  asyncSyscall(op: string, json: string): string | SyscallFailure {
    const operation = ASYNC_OPERATIONS.get(op);
    // The called function's own code counts, and its operations are measured by themselves.
    if (op === "1.0/runUdf") return this.#perform(operation, "", json);
    return operationTime.measure(() => this.#perform(operation, `Unknown async operation ${op}`, json));
  }

  console(level: string, texts: string[]): void {
    this.request.logs.add(level, texts);
  }

  env(name: string): string | undefined {
    return this.request.code.environment(this.fn.component.instance.path)(name);
  }

  runNested(address: Address, udfType: string, args: Json, limits: Partial<Metrics> | null): string {
    const kind = udfType === "mutation" ? "mutation" : "query";
    const snapshot = udfType === "snapshotQuery";
    if (this.fn.udfType === "query" && (kind === "mutation" || snapshot)) {
      throw new Error(`Cannot call a ${udfType} function from a Query function`);
    }
    if (this.depth >= MAX_DEPTH) {
      throw new Error("Cross component call depth limit exceeded. Do you have an infinite loop in your app?");
    }
    const { table } = this.request.code;
    const target = table.target(this.fn.component.instance.path, address);
    const fn = table.find(target.component, target.path, "all");
    if (typeof fn === "string") throw new Error(fn);
    const wrongKind = checkKind(fn, kind);
    if (wrongKind) throw new Error(wrongKind.message);
    const isAnonymous = this.isAnonymous || fn.component !== this.fn.component;
    // A limited call is this caller's alone.
    if (this.fn.udfType === "query" && this.request.nested && limits === null)
      return this.request.nested.call(this, fn, args, isAnonymous);
    const { store } = this.request.code.options;
    const parent = snapshot ? store.begin("read", { now: this.tx.now }) : this.tx;
    const tx = parent.fork(limits ?? {});
    const argsText = JSON.stringify(args);
    const result = runFunction(this.request, { fn, args, argsText, depth: this.depth + 1, isAnonymous }, tx);
    if (result.ok) parent.join(tx);
    else parent.drop(tx);
    if (!result.ok) throw new NestedError(result);
    return result.value;
  }

  #perform(operation: Operation | undefined, unknown: string, json: string): string | SyscallFailure {
    if (!operation) return { message: unknown };
    if (hasUnpairedSurrogate(json)) return { message: `Invalid argument: ${UNPAIRED_SURROGATE}` };
    try {
      return operation(this, JSON.parse(json) as Record<string, Json>);
    } catch (error) {
      return describeSyscallFailure(error);
    }
  }
}

/** A called function's failure on its way to its caller, which may catch it. */
export class NestedError extends Error {
  readonly data: string | undefined;
  constructor(result: Failure) {
    super(result.message);
    this.data = result.data;
  }
}

export function describeSyscallFailure(error: unknown): SyscallFailure {
  const { message } = error as Error;
  return error instanceof NestedError && error.data !== undefined ? { message, data: error.data } : { message };
}

/** Table numbers of the function's component, for validators of document ids. */
function makeTableNumbers(fn: LoadedFunction, store: Store): { tableNumber(name: string): number | null } {
  const component = fn.component.instance.path;
  return {
    tableNumber: (name) => store.catalog.tables(component).find((table) => table.name === name)?.number ?? null,
  };
}

function formatMebibytes(text: string): string {
  return `${(text.length / 1024 / 1024).toFixed(2)} MiB`;
}
