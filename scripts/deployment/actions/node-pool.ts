/**
 * The Node runtime of "use node" modules: a few processes, so that a crash, `process.env` and heavy computation of an
 * action stay away from the thread that serves all requests. Processes rather than threads: allocating and freeing by
 * the hundred MiB, as hashing a password does, locks the address space that threads share, and every update would wait
 * for it.
 */
import { createHash } from "node:crypto";
import { join, dirname } from "node:path";
import { existsSync, mkdirSync, mkdtempSync, writeFileSync, symlinkSync, renameSync, rmSync } from "node:fs";
import { type ChildProcess, spawn } from "node:child_process";
import { tmpdir } from "node:os";
import {
  describeSyscallFailure,
  type LoadedFunction,
  type Result,
  describeThrown,
  makeFailure,
  formatFailure,
} from "../functions";
import type { SyscallFailure, ThrownError, ModuleSource, Extracted } from "../isolate";
import type { ActionRun } from "./action-run";
import { type ActionServices, performFileOperation, performInAction } from "./action-syscalls";
import { NODE_ENTRY_SOURCE } from "./node-entry";

const WORKER_COUNT = 2;

type ToWorker =
  | { type: "run"; run: number; module: string; name: string; args: string; requestId: string }
  | { type: "inspect"; run: number; module: string }
  | { type: "reply"; call: number; value?: unknown; failure?: SyscallFailure };

type FromWorker =
  | { type: "syscall"; run: number; call: number; op: string; json: string }
  | { type: "object"; run: number; call: number; op: string; args: Record<string, unknown> }
  | { type: "log"; run: number; level: string; messages: string[] }
  | { type: "result"; run: number; value?: unknown; error?: ThrownError }
  | { type: "crash"; message: string };

interface Pending {
  run: ActionRun | null;
  settle(value: unknown, error: ThrownError | null): void;
}

interface PackedBlob {
  blobBytes: Uint8Array<ArrayBuffer>;
  type: string;
}

/** Blobs do not pass between processes; their bytes and type do. */
async function pack(value: unknown): Promise<unknown> {
  if (!(value instanceof Blob)) return value;
  return { blobBytes: new Uint8Array(await value.arrayBuffer()), type: value.type } satisfies PackedBlob;
}

const isPacked = (value: unknown): value is PackedBlob =>
  typeof value === "object" && value !== null && "blobBytes" in value && value.blobBytes instanceof Uint8Array;

const unpack = (value: unknown): unknown =>
  isPacked(value) ? new Blob([value.blobBytes], { type: value.type }) : value;

/** Modules on disk, where `import` finds them and their packages; shared by all versions with equal modules. */
function writeModules(root: string, modules: ModuleSource[], nodeModulesDir: string | null): string {
  const files = modules.filter((module) => module.environment === "node");
  const hash = createHash("sha256").update(nodeModulesDir ?? "");
  for (const { path, source } of files) hash.update(`\0${path}\0`).update(source);
  const directory = join(root, hash.digest("hex").slice(0, 24));
  if (existsSync(directory)) return directory;
  mkdirSync(root, { recursive: true });
  const unfinished = mkdtempSync(`${directory}-`);
  writeFileSync(join(unfinished, "package.json"), '{"type":"module"}');
  for (const { path, source } of files) {
    mkdirSync(dirname(join(unfinished, path)), { recursive: true });
    writeFileSync(join(unfinished, path), source);
  }
  if (nodeModulesDir) symlinkSync(nodeModulesDir, join(unfinished, "node_modules"), "dir");
  renameSync(unfinished, directory);
  return directory;
}

/** One process and the runs it has taken. */
class NodeWorker {
  readonly #process: ChildProcess;
  readonly #pending = new Map<number, Pending>();
  readonly #services: ActionServices | null;
  #nextRun = 1;
  dead = false;

  constructor(directory: string, env: Record<string, string>, services: ActionServices | null) {
    this.#services = services;
    const { PATH, HOME, TZ, LANG } = process.env;
    const inherited = Object.fromEntries(
      Object.entries({ PATH, HOME, TZ, LANG }).filter(([, value]) => value !== undefined),
    );
    this.#process = spawn(process.execPath, ["--input-type=commonjs", "--eval", NODE_ENTRY_SOURCE, directory], {
      stdio: ["ignore", "inherit", "inherit", "ipc"],
      serialization: "advanced",
      env: { ...inherited, ...env },
    });
    this.#keep(false);
    this.#process.on("message", (message: FromWorker) => this.#receive(message));
    this.#process.on("error", (error) => this.#end(`the Node process of the action cannot run: ${error.message}`));
    this.#process.on("exit", (status, signal) =>
      this.#end(`the Node process of the action ended (${signal ? `signal ${signal}` : `status ${status}`})`),
    );
  }

  /** Keeps this process alive while that one is needed. */
  #keep(needed: boolean): void {
    if (needed) this.#process.ref();
    else this.#process.unref();
    if (needed) this.#process.channel?.ref();
    else this.#process.channel?.unref();
  }

  get load(): number {
    return this.#pending.size;
  }

  start(
    message:
      | { type: "run"; module: string; name: string; args: string; requestId: string }
      | { type: "inspect"; module: string },
    run: ActionRun | null,
  ) {
    const number = this.#nextRun++;
    return new Promise<{ value: unknown; error: ThrownError | null }>((resolve) => {
      // While something runs, the process has to stay.
      if (this.#pending.size === 0) this.#keep(true);
      this.#pending.set(number, { run, settle: (value, error) => resolve({ value, error }) });
      this.#send({ ...message, run: number });
    });
  }

  async stop(): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    const ended = new Promise((resolve) => this.#process.once("exit", resolve));
    this.#keep(true);
    this.#process.kill("SIGKILL");
    await ended;
  }

  #send(message: ToWorker): void {
    // A message that cannot be sent was to a process that has ended or is about to.
    this.#process.send(message, () => {});
  }

  #receive(message: FromWorker): void {
    if (message.type === "crash") return this.#end(`the Node process of the action crashed: ${message.message}`);
    const pending = this.#pending.get(message.run);
    if (!pending) return;
    if (message.type === "result") {
      this.#pending.delete(message.run);
      if (this.#pending.size === 0) this.#keep(false);
      pending.settle(message.value, message.error ?? null);
    } else if (message.type === "log") {
      pending.run?.request.logs.add(message.level, message.messages);
    } else {
      this.#perform(pending.run, message).then(
        (value) => this.#send({ type: "reply", call: message.call, value }),
        (error: unknown) => this.#send({ type: "reply", call: message.call, failure: describeSyscallFailure(error) }),
      );
    }
  }

  async #perform(run: ActionRun | null, message: FromWorker & { type: "syscall" | "object" }): Promise<unknown> {
    if (!run || !this.#services) throw new Error("Can't use the database at import time");
    if (message.type === "object") {
      const args = Object.entries(message.args).map(([name, value]) => [name, unpack(value)] as const);
      return pack(await performFileOperation(run, message.op, Object.fromEntries(args)));
    }
    return performInAction(this.#services, run, message.op, message.json);
  }

  #end(reason: string): void {
    this.dead = true;
    for (const call of this.#pending.values()) call.settle(undefined, { name: "Error", message: reason, stack: "" });
    this.#pending.clear();
  }
}

export interface NodePoolOptions {
  /** The folder that modules are written to. */
  root: string;
  modules: ModuleSource[];
  nodeModulesDir: string | null;
  env: Record<string, string>;
  services: ActionServices;
}

/** Processes for one version of the code and environment. */
export class NodePool {
  readonly #options: NodePoolOptions;
  #directory: string | null = null;
  #workers: NodeWorker[] = [];
  #retired = false;

  constructor(options: NodePoolOptions) {
    this.#options = options;
  }

  /** Starts a process and loads those modules in it, which takes longer than most actions. */
  warmUp(paths: Set<string>): void {
    if (this.#retired || paths.size === 0) return;
    const worker = this.#pick();
    // A module that fails to load does so again for the call that needs it.
    for (const module of paths) void worker.start({ type: "inspect", module }, null);
  }

  /** Runs one action; a process that dies meanwhile makes it fail and is replaced at the next call. */
  async run(run: ActionRun, fn: LoadedFunction, argsText: string): Promise<Result> {
    const worker = this.#pick();
    const message = {
      type: "run",
      module: fn.module,
      name: fn.name,
      args: `[${argsText}]`,
      requestId: run.request.requestId,
    } as const;
    const { value, error } = await worker.start(message, run);
    if (this.#retired && worker.load === 0) void worker.stop();
    if (error) return describeThrown(error, this.#options.modules);
    return typeof value === "string"
      ? { ok: true, value }
      : makeFailure(`Function ${fn.identifier} returned no Convex value.`);
  }

  /** No new runs; each worker ends when its last run has. */
  retire(): void {
    this.#retired = true;
    for (const worker of this.#workers) if (worker.load === 0) void worker.stop();
  }

  async stop(): Promise<void> {
    this.#retired = true;
    await Promise.all(this.#workers.map((worker) => worker.stop()));
  }

  #pick(): NodeWorker {
    this.#workers = this.#workers.filter((worker) => !worker.dead);
    const idle = this.#workers.find((worker) => worker.load === 0);
    if (idle) return idle;
    if (this.#workers.length < WORKER_COUNT) {
      const { root, modules, nodeModulesDir, env, services } = this.#options;
      this.#directory ??= writeModules(root, modules, nodeModulesDir);
      const worker = new NodeWorker(this.#directory, env, services);
      this.#workers.push(worker);
      return worker;
    }
    return this.#workers.reduce((least, worker) => (worker.load < least.load ? worker : least));
  }
}

/**
 * Describes what "use node" modules export, in a process of its own.
 * @throws Error naming the module that fails.
 */
export async function inspectNodeModules(
  modules: ModuleSource[],
  paths: string[],
  env: Record<string, string>,
  nodeModulesDir: string | null,
): Promise<(Extracted & { path: string })[]> {
  const root = mkdtempSync(join(tmpdir(), "convex-analysis-"));
  const worker = new NodeWorker(writeModules(root, modules, nodeModulesDir), env, null);
  try {
    const found: (Extracted & { path: string })[] = [];
    for (const path of paths) {
      const { value, error } = await worker.start({ type: "inspect", module: path }, null);
      if (error) throw new Error(`Failed to analyze ${path}: ${formatFailure(describeThrown(error, modules))}`);
      found.push({ path, ...(value as Extracted) });
    }
    return found;
  } finally {
    await worker.stop();
    rmSync(root, { recursive: true, force: true });
  }
}
