/**
 * The seams of the embedded deployment. Four folders meet only here:
 *
 *   data/    documents, indexes, schemas, transactions on LMDB         exports `openStore(dir): Store`
 *   run/     sandboxes, syscalls, turns, query cache, actions          exports `createEngine(store, options): Engine`
 *   deploy/  pushes (deploy2), analysis, components, scheduler, crons
 *   serve/   WebSocket sync, HTTP API, HTTP actions, auth, logs, `startDeployment(options): Deployment`
 *
 * JSON everywhere is Convex JSON (`$integer`, `$bytes`, `$float`), as `convex/values` writes it. Documents and results
 * cross seams as JSON *text*, because the sandbox parses text anyway: storing and passing text skips two conversions.
 */

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
export type JsonObject = { [key: string]: Json };

// ------------------------------------------------------------------ data/

/** A half-open interval of encoded index keys; `end` null means "to the end of the index". */
export interface KeyRange {
  start: Uint8Array;
  end: Uint8Array | null;
}

/** What a transaction read, by global index id. Point reads are ranges on the table's `by_id`. */
export type ReadSet = Map<number, KeyRange[]>;

/** An index key that a commit added or removed; null stands for all of an index that came to an end. */
export interface WrittenKey {
  indexId: number;
  key: Uint8Array | null;
}

export interface Commit {
  /** Commit time in ns since the epoch, strictly increasing, never backwards over restarts. */
  ts: bigint;
  writes: WrittenKey[];
}

/** Errors a function may see: `message` reaches the sandbox as an Error thrown from the syscall. */
export class FunctionError extends Error {}

/**
 * One transaction of one execution. All methods are synchronous. Components are named by path ("" is the app);
 * tables and ids mean something only within a component. Writes stay in an overlay until `TurnWriter.commit`.
 */
export interface Tx {
  readonly reads: ReadSet;
  readonly readOnly: boolean;
  /** ms since the epoch, fixed for the execution: base of `_creationTime` and of `Date.now()`. */
  readonly now: number;

  get(component: string, id: string, table?: string, isSystem?: boolean): string | null;
  insert(component: string, table: string, value: JsonObject): string;
  /** The three return the document before (remove) or after the change, as text. System tables only with `system`. */
  shallowMerge(component: string, id: string, value: JsonObject, table?: string): string;
  replace(component: string, id: string, value: JsonObject, table?: string): string;
  remove(component: string, id: string, table?: string): string;
  count(component: string, table: string): number;
  normalizeId(component: string, table: string, idString: string, isSystem?: boolean): string | null;

  /** `query` as the sandbox sends it to `1.0/queryStream`: `{source, operators}`. */
  openStream(component: string, query: Json): number;
  nextInStream(stream: number): string | null;
  closeStream(stream: number): void;
  /** Arguments of `1.0/queryPage`; returns the page object as text. `journal`: end cursor of the first run, if any. */
  page(component: string, args: Json, journal: PageJournal): string;

  /** A sub-transaction: sees this one's writes; `join` folds writes and reads in, `drop` only the reads. `limits` are its own. */
  fork(limits?: Partial<Metrics>): Tx;
  join(child: Tx): void;
  drop(child: Tx): void;

  /**
   * Raw access for the deployment itself (scheduler, storage, auth caches): skips schema and system-table checks.
   * `insert` keeps an `_id` and a `_creationTime` that are in the value, as imports need.
   */
  readonly system: Pick<Tx, "insert" | "shallowMerge" | "replace" | "remove">;
  /** Work done after a successful commit, in order (deleting blobs, waking the scheduler). Dropped with the overlay. */
  afterCommit(work: () => void): void;
  /** Hit counters against the documented limits; throws FunctionError when one is passed. */
  readonly metrics: Readonly<Metrics>;
  /** Counts what was used outside of the transaction on its behalf. Throws FunctionError when a limit is passed. */
  charge(metrics: Partial<Metrics>): void;
}

/** What a transaction uses and is limited in, by the names that `ctx.meta.getTransactionMetrics` has for it. */
export interface Metrics {
  bytesRead: number;
  bytesWritten: number;
  /** Ranges of indexes. */
  databaseQueries: number;
  documentsRead: number;
  documentsWritten: number;
  functionsScheduled: number;
  scheduledFunctionArgsBytes: number;
}

/** Carries the end of the page a paginated query reached, so that re-runs return the same interval. */
export interface PageJournal {
  /** What the previous run reached (from the client or the cache), or null on a first run. */
  previous: string | null;
  /** Set by `page`. */
  next: string | null;
}

export interface TurnWriter {
  /** Applies the overlay to the open KV transaction; later `begin`s in this turn see it. */
  commit(tx: Tx): Commit;
}

export interface Store {
  readonly catalog: Catalog;
  /** ts of the newest commit, ns. */
  readonly lastTs: bigint;
  /** `unlimited`: the deployment's own work (exports, scheduler), which the limits of functions do not concern. */
  begin(mode: "read" | "write", options?: { now?: number; enforceSchema?: boolean; unlimited?: boolean }): Tx;
  /** Before functions run under a time limit: see `Kv`. */
  prepareReads(): void;
  /** Runs `work` inside one KV write transaction and returns when it is durable (group commit). Not re-entrant. */
  turn<T>(work: (writer: TurnWriter) => T): T;
  /** Small durable values outside the document model (push state, environment, cron state, outcomes of mutations). */
  readonly meta: MetaStore;
  readonly blobs: BlobStore;
  /**
   * Starts loading a table, for imports.
   * @param number its number from then on. @param numberOf the numbers that tables of the component will have.
   * @param replaces whether the rows that are there go.
   */
  load(
    component: string,
    table: string,
    number: number,
    numberOf: (table: string) => number | null,
    replaces: boolean,
  ): TableLoad;
  /** Removes some of what tables have left that are not served any more, or never were. @returns whether there is more. */
  sweep(): boolean;
  close(): Promise<void>;
}

/** Rows for one table, which are checked as they come and written by one transaction. */
export interface TableLoad {
  readonly component: string;
  readonly table: string;
  readonly number: number;
  readonly count: number;
  /** Keeps `_id` and `_creationTime` when they are given. @throws FunctionError with what is wrong with the row. */
  add(row: JsonObject): void;
  /**
   * Makes the table that takes the place of the one that is there, aside and in slices; `pause` is awaited between them.
   * @throws FunctionError when an id is there by now.
   */
  stage(pause: () => Promise<void>): Promise<void>;
  /** Inside a turn, after `stage`. @throws FunctionError when it cannot be served as things are now. */
  check(): void;
  /** Inside that turn, after `check`: the rows are there. */
  serve(tx: Tx): void;
  /** After that turn, or instead of it. What is of no use any more is for `Store.sweep`. */
  end(): void;
}

export interface MetaStore {
  get(key: string): string | null;
  /** Inside a turn it joins the turn's transaction; outside it is its own durable one. */
  put(key: string, value: string): void;
  delete(key: string): void;
  list(prefix: string): Iterable<[key: string, value: string]>;
}

/** File contents, content-addressed on disk beside LMDB. */
export interface BlobStore {
  write(data: Uint8Array): string;
  /** Absolute path for streaming, or null. */
  path(blobId: string): string | null;
  delete(blobId: string): void;
}

export interface IndexSpec {
  name: string;
  fields: string[];
  staged?: boolean;
}

/** Tables, indexes, schemas and components as data; all durable, all changed only inside a turn. */
export interface Catalog {
  components(): string[];
  tables(component: string): { name: string; number: number; system: boolean }[];
  /** Schema JSON as `JSON.parse(schema.export())`, or null. */
  schema(component: string): Json | null;
  /** Starts building what `schema` needs beside what is served; nothing served changes before `activate`. */
  prepareSchema(component: string, schema: Json | null): SchemaBuild;
  /** For imports, inside a turn: gives a table, whose rows are replaced, another number; makes it when there is none. */
  renumber(component: string, table: string, number: number): void;
  /** For imports, inside a turn: gives an empty table a number that is neither in use nor among `taken`. */
  moveAside(component: string, table: string, taken: ReadonlySet<number>): void;
}

export interface SchemaBuild {
  /** Validates existing rows and fills new indexes, a slice (~5 ms) per call. */
  step(): SchemaProgress;
  /** Inside a turn: serve it. Returns the index differences for the CLI. */
  activate(): { added: (IndexSpec & { table: string })[]; removed: (IndexSpec & { table: string })[] };
  abandon(): void;
}

export type SchemaProgress =
  | { type: "inProgress"; indexesComplete: number; indexesTotal: number; schemaValidationComplete: boolean }
  | { type: "complete" }
  | { type: "failed"; error: string; table: string };

// ------------------------------------------------------------------ run/

/** The claims functions see, in Convex's spelling, plus a stable key for caching. */
export interface Identity {
  key: string;
  claims: JsonObject;
}

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
  /** What `1.0/getRequestMetadata` answers; nested calls inherit it. Absent for the scheduler and crons. */
  client?: ClientInfo;
  /** The scheduled job this call runs for; nested calls inherit it and so do targets given to `scheduler.schedule`. */
  job?: { component: string; id: string };
}

/** Lets the deployment tie its own bookkeeping to a mutation: both happen or neither does. */
export interface MutationHooks {
  /** On the mutation's transaction before it runs. False: it does not run, nothing is written, the outcome is null. */
  admit?(tx: Tx): boolean;
  /** After success on the mutation's own transaction, after failure on a fresh one; committed in the same turn. */
  settle?(tx: Tx, outcome: Outcome): void;
}

/** Where a request came from: the socket's address and the handshake's or request's User-Agent. */
export interface ClientInfo {
  ip: string | null;
  userAgent: string | null;
}

export type Outcome =
  | { ok: true; value: string; logLines: string[] }
  | { ok: false; errorMessage: string; errorData?: string; logLines: string[] };

export type QueryOutcome = Outcome & { journal: string | null; ts: bigint };
export type MutationOutcome = Outcome & { ts: bigint };

/** A live query. Entries are shared by everyone whose result must be equal; a watch is one subscriber's hold on one. */
export interface Watch {
  /** Bring the result up to `store.lastTs`; runs the query only if something it read has changed. Synchronous. */
  refresh(): QueryOutcome;
  /** True when a commit touched what the last run read (or the code changed) and nobody has refreshed since. */
  readonly dirty: boolean;
  close(): void;
}

export interface Engine {
  /** One-off query through the same cache as watches: equal calls between two relevant writes run once. */
  query(call: FunctionCall, journal?: string | null): QueryOutcome;
  watch(call: FunctionCall, journal: string | null, onDirty: () => void): Watch;
  /** Queued for the next turn; resolves when durable. `session` makes it exactly-once: a repeat gets the stored outcome. */
  mutation(call: FunctionCall, session?: { sessionId: string; requestId: number }): Promise<MutationOutcome>;
  /** A mutation with bookkeeping (scheduled jobs); null when `admit` refused. */
  mutationWith(call: FunctionCall, hooks: MutationHooks): Promise<MutationOutcome | null>;
  /** The deployment's own work as one transaction of the next turn; invalidates like a mutation. A throw drops it and rejects. */
  transact<T>(work: (tx: Tx) => T): Promise<T>;
  /** As `transact`, for work that has no time limit. It must not throw once it has changed more than what is in the transaction. */
  transactAtLength<T>(work: (tx: Tx) => T): Promise<T>;
  /** After every turn that committed something, once its watches have been told. For native queries (tables, files). */
  onCommit(listener: () => void): void;
  action(call: FunctionCall): Promise<Outcome>;
  /** Routes through the app's `http.ts` (and components' with a prefix). Null when the app has none or nothing matches. */
  httpAction(request: Request, identity: Identity | null, client?: ClientInfo): Promise<Response | null>;
  /** What kind a function is, or null; `reach` decides whether internal ones are found. */
  resolve(component: string, path: string, reach: "public" | "all"): "query" | "mutation" | "action" | null;
  /** Compiles modules ahead, so that `load` and the first calls need not. */
  prepare(app: LoadedApp): Promise<void>;
  /** Serve this code from now on; every cache entry and watch becomes dirty. Called inside finish_push's turn. */
  load(app: LoadedApp): void;
  /** What `environment()` answers has changed: functions, watches and workers start afresh. */
  environmentChanged(): void;
  /** Evaluate modules without serving them, for push analysis. Throws with a readable message. */
  evaluate(
    modules: ModuleSource[],
    env: Record<string, string>,
    options: { component: string; nodeModulesDir?: string | null },
  ): Promise<EvaluatedModule[]>;
  /** `onLog` gets one record per finished execution, and per line for actions in progress. */
  onLog(listener: (record: LogRecord) => void): void;
  close(): Promise<void>;
}

export interface ModuleSource {
  path: string;
  source: string;
  sourceMap?: string;
  environment: "isolate" | "node";
}

/** A module's live exports in its evaluation realm; deploy/analyze reads `isQuery`, `exportArgs()`… from them. */
export interface EvaluatedModule {
  path: string;
  environment: "isolate" | "node";
  /** Plain data extracted inside the realm. */
  functions: {
    name: string;
    udfType: "Query" | "Mutation" | "Action" | "HttpAction";
    visibility: "public" | "internal" | null;
    args: string | null;
    returns: string | null;
  }[];
  /** `getRoutes()` when the default export is an HTTP router. */
  httpRoutes: [path: string, method: string][] | null;
  /** `export()` of a default-exported cron, schema, auth or component definition, as text; null when there is none. */
  exported: string | null;
}

/** One component definition's code. Code is per definition, data per component path. */
export interface DefinitionCode {
  definitionPath: string;
  modules: ModuleSource[];
  /** What analysis found, by module path: drives `resolve` without evaluating anything. */
  analysis: Record<string, EvaluatedModule>;
}

export interface ComponentInstance {
  /** "" for the app, "a/b" below. */
  path: string;
  definitionPath: string;
  /** Child name → component path. */
  children: Record<string, string>;
  /** Mounted under this prefix on the app's HTTP router, if any. */
  httpPrefix: string | null;
  /** Bindings from `app.use(c, {env})`; the app itself sees all environment variables. */
  env: Record<string, { type: "value"; value: string } | { type: "envVar"; name: string }>;
}

export interface LoadedApp {
  definitions: Record<string, DefinitionCode>;
  components: ComponentInstance[];
  /** npm packages for "use node" modules come from here (`<project>/node_modules`). */
  nodeModulesDir: string | null;
}

export interface LogRecord {
  kind: "Completion" | "Progress";
  udfType: "Query" | "Mutation" | "Action" | "HttpAction";
  /** `module.js:function`, or `METHOD /path` for HTTP actions. */
  identifier: string;
  component: string;
  /** ms since the epoch. */
  timestamp: number;
  executionTimeMs: number;
  logLines: { messages: string[]; level: string; timestamp: number; isTruncated: boolean }[];
  success: boolean;
  error: string | null;
  requestId: string;
  executionId: string;
  cached: boolean;
}

/** What run/ needs from its surroundings; serve/ wires them. */
export interface EngineOptions {
  store: Store;
  /** User variables plus CONVEX_CLOUD_URL and CONVEX_SITE_URL; read at call time. */
  environment(): Record<string, string>;
  scheduler: {
    /** Inside the caller's transaction; returns the `_scheduled_functions` id. */
    schedule(tx: Tx, caller: string, target: FunctionCall, atMs: number): string;
    cancel(tx: Tx, caller: string, id: string): void;
  };
  storage: {
    generateUploadUrl(component: string): string;
    getUrl(tx: Tx | null, component: string, storageId: string): string | null;
    delete(tx: Tx, component: string, storageId: string): void;
    /** From actions. Writes the bytes durably, then commits the `_storage` document. */
    store(component: string, blob: Blob, sha256?: string): Promise<string>;
    load(component: string, storageId: string): Promise<Blob | null>;
  };
  /** Time limit of a query or mutation, ms (1,000). */
  functionTimeoutMs?: number;
  /** Memory for cached query results, bytes (64 MiB). */
  cacheBytes?: number;
  /** Where modules for "use node" actions are written; a temporary folder when absent. */
  workDir?: string;
}

// ------------------------------------------------------------------ serve/

export interface DeploymentOptions {
  dataDir: string;
  /** Listen address; loopback unless told otherwise. */
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
  /** Takes one text for each failure that an operator has to know of: unexpected errors, with their cause and request id. */
  onFailure?: (text: string) => void;
}

export interface Deployment {
  cloudUrl: string;
  siteUrl: string;
  adminKey: string;
  engine: Engine;
  store: Store;
  close(): Promise<void>;
}
