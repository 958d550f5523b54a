import type { SchemaBuild } from "../documents";
import type { AuthProvider } from "../identity";
import { HttpError } from "../lib";
import type { JsonObject } from "../values";
import { evaluateAuth, makeEvaluator } from "./analyze";
import { LastAnalysis } from "./last-analysis";
import { makeSources } from "./app-sources";
import { hashModule, ModuleTexts } from "./module-texts";
import type { PendingPush } from "./pending-push";
import { analyzePush, type PushTarget } from "./push-analysis";
import {
  makeEvaluateSchemaResponse,
  makeFinishPushResponse,
  makeSchemaChange,
  makeStartPushResponse,
} from "./push-answers";
import { parsePushRequest } from "./push-request";
import { makeManifest, readManifest, type AppManifest, writeManifest } from "./app-manifest";

const MAX_PENDING = 8;
const MAX_WAIT_MS = 30_000;

export interface PushOptions extends PushTarget {
  /** Called inside the commit that serves the new code, for state that must change with it: `Crons.reconcile`. */
  onActivate(served: AppManifest): void;
  /**
   * Called when there may be rows of dropped indexes to remove, after a push that was finished and one that was dropped
   * alike: `TableWork.sweep`.
   */
  onRowsToSweep(): void;
}

/** The deploy2 protocol: start (analyze), wait for schemas, finish (serve). */
export class PushService {
  served: AppManifest;
  readonly #options: PushOptions;
  readonly #texts: ModuleTexts;
  readonly #lastAnalysis = new LastAnalysis();
  readonly #pending = new Map<string, PendingPush>();
  readonly #listeners: ((served: AppManifest) => void)[] = [];

  constructor(options: PushOptions) {
    this.#options = options;
    this.#texts = new ModuleTexts(options.store.meta);
    this.served = readManifest(options.store.meta);
  }

  /** Calls `listener` after each commit that changes what is served. */
  onServed(listener: (served: AppManifest) => void): void {
    this.#listeners.push(listener);
  }

  /** Serves what the last finished push left, after a start of the deployment. */
  async restore(): Promise<void> {
    const { engine, env, nodeModulesDir } = this.#options;
    const app = makeSources(this.served, (ref) => this.#texts.get(ref), nodeModulesDir);
    await engine.prepare(app);
    engine.load(app);
    // The addresses may have changed with the ports. What cannot be evaluated with the new ones stays as it was.
    this.serveAuth(await this.evaluateServedAuth(env.all()).catch(() => this.served.auth));
  }

  /**
   * Evaluates the auth config of the served code with other variables.
   * @throws HttpError 400 when it lacks one then.
   */
  evaluateServedAuth(variables: Record<string, string>): Promise<AuthProvider[]> {
    const { engine, nodeModulesDir } = this.#options;
    const modules = this.served.definitions[""]!.modules.map((ref) => this.#texts.get(ref)).filter(
      (module) => module !== null,
    );
    return evaluateAuth(modules, variables, makeEvaluator(engine, variables, { component: "", nodeModulesDir }));
  }

  /** Serves the code as before with these providers. */
  serveAuth(auth: AuthProvider[]): void {
    if (isSame(auth, this.served.auth)) return;
    const { store } = this.#options;
    const next = { ...this.served, auth };
    store.groupCommit(() => writeManifest(store.meta, next));
    this.served = next;
    this.#announce(next);
  }

  #announce(served: AppManifest): void {
    for (const listener of this.#listeners) listener(served);
  }

  describeConfig(): JsonObject {
    const modules = this.served.definitions[""]?.modules ?? [];
    return {
      config: { functions: "convex/" },
      moduleHashes: modules.map(({ path, environment, hash }) => ({ path, environment, hash })),
      nodeDependencies: [],
      ...(this.served.udfServerVersion === null ? {} : { udfServerVersion: this.served.udfServerVersion }),
      ...(this.served.nodeVersion === null ? {} : { nodeVersion: this.served.nodeVersion }),
    };
  }

  async start(body: Record<string, unknown>): Promise<JsonObject> {
    const push = await this.#analyze(body);
    this.#pending.set(push.id, push);
    for (const [id, old] of this.#pending) {
      if (this.#pending.size <= MAX_PENDING) break;
      this.#drop(old);
      this.#pending.delete(id);
    }
    return makeStartPushResponse(push, this.#options.env.all(), this.#options.store.catalog);
  }

  /** Analyzes a push like `start`, for `deploy`'s preview: only what would change in the schemas. */
  async previewPush(body: Record<string, unknown>): Promise<JsonObject> {
    const push = await this.#analyze(body);
    return { schemaChange: makeSchemaChange(push, this.#options.store.catalog) };
  }

  /** Analyzes a push like `start`, for the CLI's warnings: how much its schemas would have to check and to fill. */
  async previewSchemas(body: Record<string, unknown>): Promise<JsonObject> {
    return makeEvaluateSchemaResponse(await this.#analyze(body), this.#options.store);
  }

  #analyze(body: Record<string, unknown>): Promise<PendingPush> {
    return analyzePush(
      parsePushRequest(body, (ref) => this.#texts.get(ref)),
      this.#options,
      this.#lastAnalysis,
    );
  }

  /**
   * Validates rows and fills indexes in slices, until done or `timeoutMs` has passed.
   * @param change the `schemaChange` that `start` answered with.
   */
  async waitForSchema(change: unknown, timeoutMs: number): Promise<JsonObject> {
    const push = this.#require((change as { pushId?: unknown } | null)?.pushId);
    const deadline = performance.now() + Math.min(Math.max(timeoutMs, 0), MAX_WAIT_MS);
    return await this.#build(push, deadline);
  }

  async #build(push: PendingPush, deadline: number): Promise<JsonObject> {
    for (;;) {
      if (push.dropped) return { type: "raceDetected" };
      push.builds ??= this.#beginBuilds(push);
      const status = this.#stepBuilds(push);
      if (status["type"] !== "inProgress" || performance.now() > deadline) return status;
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  #beginBuilds(push: PendingPush): Map<string, SchemaBuild> {
    // One schema at a time: an older push that still builds loses.
    for (const other of this.#pending.values()) if (other !== push && other.builds !== null) this.#drop(other);
    return new Map(
      push.components.map(({ path, definitionPath }) => [
        path,
        this.#options.store.prepareSchema(path, push.definitions.get(definitionPath)!.schema),
      ]),
    );
  }

  #stepBuilds(push: PendingPush): JsonObject {
    const components: JsonObject = {};
    let complete = true;
    for (const [componentPath, build] of push.builds!) {
      const progress = build.step();
      if (progress.type === "failed") {
        this.#drop(push);
        this.#pending.delete(push.id);
        return { type: "failed", error: progress.error, componentPath, tableName: progress.table };
      }
      if (progress.type === "complete")
        components[componentPath] = { schemaValidationComplete: true, indexesComplete: 0, indexesTotal: 0 };
      else {
        complete = false;
        const { schemaValidationComplete, indexesComplete, indexesTotal } = progress;
        components[componentPath] = { schemaValidationComplete, indexesComplete, indexesTotal };
      }
    }
    return complete ? { type: "complete" } : { type: "inProgress", components };
  }

  /** Whether nothing would be served that is not served already: code, schemas, and packages on disk. */
  #isServed(push: PendingPush, next: AppManifest): boolean {
    const { catalog } = this.#options.store;
    return (
      !push.request.usesPackages &&
      isSame(next, this.served) &&
      push.components.every(({ path, definitionPath }) =>
        isSame(catalog.schema(path), push.definitions.get(definitionPath)!.schema),
      )
    );
  }

  /** Swaps schemas, auth, crons and the stored code in one commit, then runs that code. A failure changes nothing. */
  async finish(start: unknown, dryRun: boolean): Promise<JsonObject> {
    const push = this.#require((start as { pushId?: unknown } | null)?.pushId);
    const { store, engine, env } = this.#options;
    const next = makeManifest(push);
    const sources = new Map(
      [...push.definitions.values()]
        .flatMap(({ source }) => source.modules)
        .map((module) => [hashModule(module), module]),
    );
    const app = makeSources(
      next,
      (ref) => ({ ...sources.get(ref.hash)!, path: ref.path }),
      this.#options.nodeModulesDir,
    );
    // Whoever has not waited for the schema waits here; others are served meanwhile.
    mustNotFail(await this.#build(push, Number.POSITIVE_INFINITY));
    await engine.prepare(app);
    // From here on nothing is awaited: what is checked still holds when the commit begins.
    if (push.dropped) throw makeRaceError("Another push finished first. Push again.");
    if (push.envVersion !== env.version)
      throw makeRaceError("Environment variables changed during the push. Push again.");
    // The builds were complete. What can undo that since: a write that only the new schema refuses, a table that an
    // import has replaced, and a commit that was abandoned with what the builds had put into it.
    let status = this.#stepBuilds(push);
    while (status["type"] === "inProgress") status = this.#stepBuilds(push);
    mustNotFail(status);
    const answer = makeFinishPushResponse(push, this.served, store.catalog);
    const isServed = this.#isServed(push, next);
    this.#pending.delete(push.id);
    if (dryRun || push.request.dryRun) {
      this.#drop(push);
      return answer;
    }
    store.groupCommit(() => {
      for (const build of push.builds!.values()) build.activate();
      for (const module of sources.values()) this.#texts.put(module);
      this.#texts.prune(Object.values(next.definitions).flatMap(({ modules }) => modules));
      writeManifest(store.meta, next);
      this.#options.onActivate(next);
    });
    // Contexts that are in use, and what is cached, stay as they are where nothing has changed.
    if (!isServed) engine.load(app);
    this.served = next;
    this.#lastAnalysis.forget();
    // They stay known, so that whoever goes on with one learns that another was first.
    for (const other of this.#pending.values()) this.#drop(other);
    this.#options.onRowsToSweep();
    this.#announce(next);
    return answer;
  }

  #drop(push: PendingPush): void {
    push.dropped = true;
    for (const build of push.builds?.values() ?? []) build.abandon();
    if (push.builds) this.#options.onRowsToSweep();
    push.builds = null;
  }

  #require(id: unknown): PendingPush {
    const push = typeof id === "string" ? this.#pending.get(id) : undefined;
    if (push === undefined)
      throw makeRaceError(
        "This push is no longer known to the deployment: another one overtook it, or the deployment restarted. Push again.",
      );
    return push;
  }
}

/** As text: what was analyzed here and what was read from the disk have other prototypes. */
const isSame = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

function mustNotFail(status: JsonObject): void {
  if (status["type"] === "failed") throw new HttpError(400, "SchemaValidationFailed", status["error"] as string);
}

function makeRaceError(message: string): HttpError {
  return new HttpError(400, "RaceDetected", message);
}
