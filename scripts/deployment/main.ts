import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { listDeclaredCrons, Environment, PushService } from "./deploy";
import { createEngine, type Engine, startWatchdog } from "./engine";
import { DeploymentMetrics, LogStream, SystemQueries } from "./gateway/admin";
import { FileStorage } from "./gateway/files";
import { type AnsweredRequest, describeFailures, type FailureEntry, formatFailure } from "./gateway/http";
import { listen } from "./gateway/server";
import { Exports, Imports, TableWork } from "./gateway/snapshots";
import { SyncHub } from "./gateway/sync";
import { AdminKeys, TokenVerifier } from "./identity";
import { interrupter } from "./isolate";
import { Crons, Scheduler } from "./jobs";
import { openStore, type Store } from "./transactions";

const LOOPBACK = "127.0.0.1";

/**
 * Opens the data folder, serves what was last pushed to it and listens on both ports.
 * @throws Error, one line, when the folder or a port cannot be used.
 */
export async function startDeployment(options: DeploymentOptions): Promise<Deployment> {
  const host = options.host ?? LOOPBACK;
  const cloudUrl = removeSlash(options.cloudUrl ?? `http://${makeUrlHost(host)}:${options.cloudPort}`);
  const siteUrl = removeSlash(options.siteUrl ?? `http://${makeUrlHost(host)}:${options.sitePort}`);
  const dataDir = resolve(options.dataDir);
  const redactErrors = options.redactErrors === true;
  const store = openStore(dataDir);
  const undo: (() => Promise<void> | void)[] = [() => store.close()];
  try {
    const keys = new AdminKeys(store.meta, options.adminKey);
    const env = new Environment(store.meta, { cloudUrl, siteUrl });
    const logs = new LogStream();
    const metrics = new DeploymentMetrics({ dataDir, sockets: () => sync.size });
    undo.push(() => logs.release());
    const storage = new FileStorage(store, cloudUrl);
    const scheduler = new Scheduler(store);
    const crons = new Crons(store);
    const engine: Engine = createEngine(store, {
      store,
      instanceName: keys.instanceName,
      environment: () => env.all(),
      scheduler: { schedule: scheduler.schedule.bind(scheduler), cancel: scheduler.cancel.bind(scheduler) },
      storage: storage.forFunctions,
      workDir: join(dataDir, "node-modules"),
    });
    undo.push(() => engine.close());
    const onFailure = options.onFailure ?? (() => undefined);
    engine.onLog((record) => {
      logs.add(record);
      metrics.add(record);
      for (const failure of describeFailures(record)) onFailure(failure);
    });
    const tokens = new TokenVerifier(siteUrl, (request) => engine.httpAction(request, null));
    const tableWork = new TableWork(store);
    const push = new PushService({
      store,
      engine,
      env,
      nodeModulesDir: options.projectDir === undefined ? null : join(resolve(options.projectDir), "node_modules"),
      onActivate: (served) => crons.reconcile(listDeclaredCrons(served)),
      onRowsToSweep: () => tableWork.sweep(),
    });
    const exports = new Exports(store, storage, dataDir);
    const imports = new Imports({ engine, store, storage, work: tableWork });
    const system = new SystemQueries({
      store,
      env,
      served: () => push.served,
      exports,
      imports,
      cloudUrl,
      siteUrl,
    });
    const changed = (): void => system.invalidate();
    exports.onChange(changed);
    imports.onChange(changed);
    engine.onCommit(changed);
    push.onServed((served) => {
      tokens.setProviders(served.auth);
      crons.reload();
      changed();
    });
    env.onChange(() => {
      // Keys and providers may come from variables, and so may anything a query has read.
      tokens.forget();
      engine.environmentChanged();
      changed();
    });
    storage.start(engine);
    tableWork.sweep();
    undo.push(() => tableWork.stop());
    await push.restore();
    tokens.setProviders(push.served.auth);
    const sync: SyncHub = new SyncHub({ engine, store, keys, tokens, system, redactErrors });
    const api = {
      engine,
      store,
      keys,
      tokens,
      env,
      push,
      logs,
      metrics,
      system,
      storage,
      exports,
      imports,
      cloudUrl,
      siteUrl,
      redactErrors,
      onFailure,
      onAnswered: options.onAnswered,
    };
    const servers = await listen({ host, cloudPort: options.cloudPort, sitePort: options.sitePort }, api, sync);
    undo.push(async () => {
      logs.release();
      await sync.close();
      await servers.close();
    });
    if (options.stuckAfterMs !== undefined) undo.push(startWatchdog(options.stuckAfterMs));
    if (options.ownsInterrupts) undo.push(await interrupter.start());
    await scheduler.start(engine);
    crons.start(engine);
    undo.push(() => {
      scheduler.stop();
      crons.stop();
    });
    let closing: Promise<void> | null = null;
    return {
      cloudUrl,
      siteUrl,
      adminKey: keys.clearKey,
      engine,
      store,
      close: () => (closing ??= undoAll(undo)),
    };
  } catch (error) {
    await undoAll(undo);
    throw error;
  }
}

async function undoAll(steps: (() => Promise<void> | void)[]): Promise<void> {
  while (steps.length > 0) await steps.pop()!();
}

function removeSlash(url: string): string {
  return url.replace(/\/+$/, "");
}

/** A wildcard address is no place to connect to. */
function makeUrlHost(host: string): string {
  if (host === "0.0.0.0" || host === "::") return LOOPBACK;
  return host.includes(":") ? `[${host}]` : host;
}

const HELP = `Runs the embedded deployment by itself.

  tsx --expose-internals scripts/deployment/main.ts --data <folder> [options]

  Without the option of Node, a function in which a promise is rejected and nothing handles it does not fail.

  --data <folder>      where documents, files and code are kept (required)
  --host <address>     listen address, default ${LOOPBACK}
  --cloud-port <port>  API, WebSocket and files, default 3210
  --site-port <port>   HTTP actions, default 3211
  --cloud-url <url>    public address of the cloud port, when it is another
  --site-url <url>     public address of the site port, when it is another
  --admin-key <key>    "<name>|<secret>"; made and printed on the first start without it
  --project <folder>   project whose node_modules "use node" functions import from
  --redact-errors      keep details of errors from clients, as in production
  --help               show this
`;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      data: { type: "string" },
      host: { type: "string" },
      "cloud-port": { type: "string", default: "3210" },
      "site-port": { type: "string", default: "3211" },
      "cloud-url": { type: "string" },
      "site-url": { type: "string" },
      "admin-key": { type: "string" },
      project: { type: "string" },
      "redact-errors": { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    console.log(HELP);
    return;
  }
  if (values.data === undefined) throw new Error("--data <folder> is required; see --help.");
  const deployment = await startDeployment({
    dataDir: values.data,
    cloudPort: parsePort(values["cloud-port"], "--cloud-port"),
    sitePort: parsePort(values["site-port"], "--site-port"),
    redactErrors: values["redact-errors"],
    onFailure: (failure) => console.error(formatFailure(failure)),
    ...(values.host === undefined ? {} : { host: values.host }),
    ...(values["cloud-url"] === undefined ? {} : { cloudUrl: values["cloud-url"] }),
    ...(values["site-url"] === undefined ? {} : { siteUrl: values["site-url"] }),
    ...(values["admin-key"] === undefined ? {} : { adminKey: values["admin-key"] }),
    ...(values.project === undefined ? {} : { projectDir: values.project }),
  });
  console.log(`Serving ${deployment.cloudUrl} (API) and ${deployment.siteUrl} (HTTP actions).`);
  if (values["admin-key"] === undefined && deployment.adminKey !== "")
    console.log(`Admin key, shown only now: ${deployment.adminKey}`);
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => {
      void deployment.close().then(() => process.exit(0));
    });
  }
}

function parsePort(text: string, option: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > 65_535)
    throw new Error(`${option} must be a port between 1 and 65535, got "${text}".`);
  return value;
}

if (process.argv[1] !== undefined && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  main().catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  });
}

export interface DeploymentOptions {
  dataDir: string;
  /** Listen address; loopback by default. */
  host?: string;
  cloudPort: number;
  sitePort: number;
  /** Public URLs when they differ from the listen addresses. */
  cloudUrl?: string;
  siteUrl?: string;
  /** Kept (hashed) in the data folder; generated on first start when absent and then returned once. */
  adminKey?: string;
  /** For "use node" packages: the project whose node_modules they come from. */
  projectDir?: string;
  /** Drop error details from answers to clients, as production deployments do. */
  redactErrors?: boolean;
  /** End the process (SIGKILL) when an action has run this long without awaiting anything; never when absent. */
  stuckAfterMs?: number;
  /**
   * Nobody but the deployment has a use for SIGINT in this process: functions that run too long are ended by that
   * signal, which costs less than a timer for each.
   */
  ownsInterrupts?: boolean;
  /** Takes each failure that an operator has to know of: unexpected errors, with their cause and request id. */
  onFailure?: (failure: FailureEntry) => void;
  /** Takes each request that was answered, for an access log. */
  onAnswered?: (request: AnsweredRequest) => void;
}

export interface Deployment {
  cloudUrl: string;
  siteUrl: string;
  adminKey: string;
  engine: Engine;
  store: Store;
  close(): Promise<void>;
}
