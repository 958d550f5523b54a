/** Reading a module's exports for push analysis. Text, because it also runs in the worker of "use node" modules. */
import { Script } from "node:vm";

export type Extracted = Omit<EvaluatedModule, "path" | "environment">;

export const EXTRACT_SOURCE = String.raw`(function (exports) {
  const kinds = { isQuery: "Query", isMutation: "Mutation", isAction: "Action", isHttp: "HttpAction" };
  const text = (value) => (typeof value === "string" ? value : JSON.stringify(value));
  const functions = [];
  for (const name of Object.keys(exports)) {
    const value = exports[name];
    if (value === null || (typeof value !== "function" && typeof value !== "object")) continue;
    const kind = Object.keys(kinds).find((mark) => value[mark] === true);
    if (kind === undefined) continue;
    functions.push({
      name,
      udfType: kinds[kind],
      visibility: value.isPublic === true ? "public" : value.isInternal === true ? "internal" : null,
      args: typeof value.exportArgs === "function" ? value.exportArgs() : null,
      returns: typeof value.exportReturns === "function" ? value.exportReturns() : null,
    });
  }
  const main = exports.default;
  const isObject = main !== null && typeof main === "object";
  const isRouter = isObject && main.isRouter === true;
  let exported = null;
  if (isObject && typeof main.export === "function") exported = text(main.export());
  else if (isObject && !isRouter) exported = JSON.stringify(main) ?? null;
  return {
    reusesContext: exports.experimental_reuseContext === true,
    functions,
    httpRoutes: isRouter ? main.getRoutes().map(([path, method]) => [path, method]) : null,
    exported,
  };
})`;

const extractor = new Script(EXTRACT_SOURCE).runInThisContext() as (exports: Record<string, unknown>) => Extracted;

/** @throws what the exports throw when asked to describe themselves, such as an undefined validator. */
export function extract(exports: Record<string, unknown>): Extracted {
  return extractor(exports);
}

/** The exports of an evaluated module as plain data, for the analysis of a push. */
export interface EvaluatedModule {
  path: string;
  environment: "isolate" | "node";
  /**
   * Whether its queries and mutations may find what earlier ones left in the global scope. Absent in older analyses.
   */
  reusesContext?: boolean;
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
