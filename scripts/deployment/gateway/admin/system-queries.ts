import type { Environment, AppManifest } from "../../deploy";
import type { FunctionCall, QueryOutcome } from "../../functions";
import type { Watch } from "../../queries";
import type { Store } from "../../transactions";
import type { Json, JsonObject } from "../../values";
import type { Exports, Imports } from "../snapshots";

/** Thrown by a native query; becomes the query's error message. */
class SystemQueryError extends Error {}

type Native = (component: string, args: JsonObject) => Json | { text: string };

export interface SystemSources {
  store: Store;
  env: Environment;
  served(): AppManifest;
  exports: Exports;
  imports: Imports;
  cloudUrl: string;
  siteUrl: string;
}

/**
 * The `_system/…` queries that the CLI subscribes to, as native code. They are for administrators only and few, so any
 * commit, push or change of the environment runs the subscribed ones again; equal answers are not sent twice.
 */
export class SystemQueries {
  readonly #sources: SystemSources;
  readonly #watches = new Set<SystemWatch>();
  readonly #queries: Record<string, Native>;

  constructor(sources: SystemSources) {
    this.#sources = sources;
    const { store, env, exports, imports } = sources;
    this.#queries = {
      "cli/queryEnvironmentVariables": () => Object.entries(env.user()).map(([name, value]) => ({ name, value })),
      "cli/queryEnvironmentVariables:get": (_component, args) => {
        const name = requireText(args, "name");
        const value = env.user()[name];
        return value === undefined ? null : { name, value };
      },
      "cli/tables": (component) => {
        const tables = store.catalog.tables(component).filter((table) => !table.system);
        return { page: tables.map(({ name }) => ({ name })), isDone: true, continueCursor: "" };
      },
      "cli/tableData": (component, args) => ({ text: this.#readTableData(component, args) }),
      "cli/tableSize": (component, args) => store.begin("read").count(component, requireText(args, "tableName")),
      // Only has to differ after every change of the table; that it also differs after others costs a retry at most.
      "cli/queryTable": () => store.lastTs.toString(),
      "cli/modules:apiSpec": (component) => this.#readApiSpec(component),
      "cli/convexUrl:cloudUrl": () => sources.cloudUrl,
      "cli/convexUrl:siteUrl": () => sources.siteUrl,
      "cli/exports:getLatest": () => exports.findLatest(),
      "cli/queryImport": (_component, args) => imports.state(requireText(args, "importId")),
      "cli/queryImport:list": () => imports.list(),
      "frontend/components:list": () =>
        sources.served().components.map(({ path, httpPrefix }) => ({
          id: path === "" ? "app" : path,
          name: path === "" ? null : path.split("/").at(-1)!,
          path,
          args: {},
          state: "active",
          httpPrefix,
        })),
      "frontend/getSchemas": (component) => {
        const schema = store.catalog.schema(component);
        const answer: JsonObject = schema === null ? {} : { active: JSON.stringify(schema) };
        return answer;
      },
    };
  }

  isSystemQuery(path: string): boolean {
    return path.startsWith("_system/");
  }

  run(call: FunctionCall): QueryOutcome {
    const name = call.path
      .slice("_system/".length)
      .replace(/\.js(?=:|$)/, "")
      .replace(/:default$/, "");
    const base = { logLines: [], journal: null, ts: this.#sources.store.lastTs };
    const query = call.reach === "all" ? this.#queries[name] : undefined;
    if (query === undefined)
      return { ...base, ok: false, errorMessage: `Could not find public function for '${call.path}'.` };
    try {
      const result = query(call.component, call.args as JsonObject);
      return { ...base, ok: true, value: isText(result) ? result.text : JSON.stringify(result) };
    } catch (error) {
      return { ...base, ok: false, errorMessage: error instanceof Error ? error.message : String(error) };
    }
  }

  watch(call: FunctionCall, onDirty: () => void): Watch {
    const watch = new SystemWatch(
      () => this.run(call),
      onDirty,
      () => this.#watches.delete(watch),
    );
    this.#watches.add(watch);
    return watch;
  }

  /** Marks every watch as dirty. */
  invalidate(): void {
    for (const watch of this.#watches) watch.markDirty();
  }

  #readTableData(component: string, args: JsonObject): string {
    const table = requireText(args, "table");
    const options = args["paginationOpts"] as JsonObject | undefined;
    const query = {
      source: { type: "FullTableScan", tableName: table, order: args["order"] ?? "desc" },
      operators: [],
    };
    const pageSize = options?.["numItems"] ?? 100;
    const page = {
      query,
      cursor: options?.["cursor"] ?? null,
      endCursor: null,
      pageSize,
      maximumRowsRead: 10_000,
      maximumBytesRead: 4 * 1024 * 1024,
    };
    return this.#sources.store.begin("read").readPage(component, page, { previous: null, next: null });
  }

  #readApiSpec(component: string): Json {
    const served = this.#sources.served();
    const definitionPath = served.components.find((instance) => instance.path === component)?.definitionPath;
    const analysis = definitionPath === undefined ? undefined : served.definitions[definitionPath]?.analysis;
    return Object.values(analysis ?? {}).flatMap((module): Json[] => [
      ...module.functions
        .filter((fn) => fn.udfType !== "HttpAction")
        .map((fn) => ({
          identifier: `${module.path}:${fn.name}`,
          functionType: fn.udfType,
          visibility: { kind: fn.visibility ?? "public" },
          args: JSON.parse(fn.args ?? '{"type":"any"}') as Json,
          returns: (JSON.parse(fn.returns ?? "null") as Json) ?? { type: "any" },
        })),
      ...(module.httpRoutes ?? []).map(([path, method]) => ({ functionType: "HttpAction", method, path })),
    ]);
  }
}

class SystemWatch implements Watch {
  dirty = true;
  #last: QueryOutcome | null = null;
  readonly #run: () => QueryOutcome;
  readonly #onDirty: () => void;
  readonly #onClose: () => void;

  constructor(run: () => QueryOutcome, onDirty: () => void, onClose: () => void) {
    this.#run = run;
    this.#onDirty = onDirty;
    this.#onClose = onClose;
  }

  markDirty(): void {
    if (this.dirty) return;
    this.dirty = true;
    this.#onDirty();
  }

  refresh(): QueryOutcome {
    if (this.dirty || this.#last === null) this.#last = this.#run();
    this.dirty = false;
    return this.#last;
  }

  close(): void {
    this.#onClose();
  }
}

function isText(result: Json | { text: string }): result is { text: string } {
  return (
    typeof result === "object" &&
    result !== null &&
    !Array.isArray(result) &&
    typeof result["text"] === "string" &&
    Object.keys(result).length === 1
  );
}

function requireText(args: JsonObject, name: string): string {
  const value = args[name];
  if (typeof value !== "string")
    throw new SystemQueryError(`ArgumentValidationError: argument "${name}" must be a string`);
  return value;
}
