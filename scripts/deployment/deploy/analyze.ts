import { posix } from "node:path";
import { checkSchema, type SchemaJson } from "../documents";
import type { Engine } from "../engine";
import type { AuthProvider } from "../identity";
import type { EvaluatedModule, ModuleSource } from "../isolate";
import { checkSchedule, type CronDefinition, CRONS, readCrons } from "../jobs";
import { FunctionError, HttpError } from "../lib";
import type { Json, JsonObject } from "../values";
import { parseAuthConfig } from "./auth-config";
import { type ComponentDefinition, NO_CONFIG, parseDefinition } from "./components";
import type { DefinitionSource } from "./push-request";

export const AUTH_CONFIG = "auth.config.js";

/** A component definition whose modules have been loaded and described, without serving them. */
export interface AnalyzedDefinition {
  source: DefinitionSource;
  definition: ComponentDefinition;
  /** `JSON.parse(schema.export())`, or null. */
  schema: Json | null;
  analysis: Record<string, EvaluatedModule>;
  auth: AuthProvider[];
}

/**
 * Evaluates definitions (dependencies first, as a definition sees the names of those it uses), schemas and functions.
 * @param env the environment the app sees.
 * @param nodeModulesDir where packages of "use node" modules come from.
 * @throws HttpError 400 with the one reason that must be fixed first.
 */
export async function analyzeDefinitions(
  engine: Engine,
  sources: DefinitionSource[],
  env: Record<string, string>,
  nodeModulesDir: string | null,
): Promise<Map<string, AnalyzedDefinition>> {
  const done = new Map<string, AnalyzedDefinition>();
  const byPath = new Map(sources.map((source) => [source.definitionPath, source]));
  const visiting = new Set<string>();
  const visit = async (path: string): Promise<void> => {
    if (done.has(path)) return;
    const source = byPath.get(path);
    if (source === undefined) throw makeInvalidModulesError(`Component definition ${path} is used but was not sent.`);
    if (visiting.has(path)) throw makeInvalidModulesError(`Component definition ${path} uses itself.`);
    visiting.add(path);
    for (const dependency of source.dependencies) await visit(dependency);
    const variables = path === "" ? env : pickOwnUrls(env);
    const evaluate = makeEvaluator(engine, variables, { component: path, nodeModulesDir });
    done.set(path, await analyzeDefinition(source, variables, evaluate, done));
  };
  for (const source of sources) await visit(source.definitionPath);
  return done;
}

function pickOwnUrls(env: Record<string, string>): Record<string, string> {
  const { CONVEX_CLOUD_URL = "", CONVEX_SITE_URL = "" } = env;
  return { CONVEX_CLOUD_URL, CONVEX_SITE_URL };
}

type Evaluate = (modules: ModuleSource[]) => Promise<EvaluatedModule[]>;

/** Evaluates modules with these variables; what they throw is an HttpError 400. */
export const makeEvaluator =
  (
    engine: Engine,
    variables: Record<string, string>,
    options: { component: string; nodeModulesDir: string | null },
  ): Evaluate =>
  (modules) =>
    engine.evaluate(modules, variables, options).catch((error: unknown) => {
      throw makeInvalidModulesError(error instanceof Error ? error.message : String(error));
    });

async function analyzeDefinition(
  source: DefinitionSource,
  env: Record<string, string>,
  evaluate: Evaluate,
  done: Map<string, AnalyzedDefinition>,
): Promise<AnalyzedDefinition> {
  const component = source.definitionPath;
  const definition = await evaluateConfig(source, evaluate, done);
  const schema =
    source.schema === null
      ? null
      : requireExportedJson(
          await evaluate([source.schema]),
          source.schema.path,
          "a schema (export default defineSchema(…))",
        );
  if (schema !== null) checkServable(schema);
  checkEnvironments(source);
  const functions = source.modules.filter((module) => module.path !== AUTH_CONFIG);
  const evaluated = await evaluate(functions);
  const analysis = Object.fromEntries(evaluated.map((module) => [module.path, module]));
  for (const module of evaluated) {
    const wrong = module.environment === "node" ? module.functions.find((fn) => fn.udfType !== "Action") : undefined;
    if (wrong !== undefined) {
      throw makeInvalidModulesError(
        `${wrong.name} defined in ${module.path} is a ${wrong.udfType}. Only actions can be defined in Node.js modules ("use node").`,
      );
    }
  }
  checkCrons(analysis);
  const auth = component === "" ? await evaluateAuth(source.modules, env, evaluate) : [];
  return { source, definition, schema, analysis, auth };
}

/**
 * Evaluates `auth.config.ts`, which may read variables.
 * @param modules those of the app.
 * @throws HttpError 400 when it is invalid or a variable is missing.
 */
export async function evaluateAuth(
  modules: ModuleSource[],
  env: Record<string, string>,
  evaluate: Evaluate,
): Promise<AuthProvider[]> {
  const config = modules.find(({ path }) => path === AUTH_CONFIG);
  if (config === undefined) return [];
  const evaluated = await evaluate([config, ...modules.filter(({ path }) => isChunk(path))]);
  return parseAuthConfig(config, findExportedText(evaluated, AUTH_CONFIG), env);
}

async function evaluateConfig(
  source: DefinitionSource,
  evaluate: Evaluate,
  done: Map<string, AnalyzedDefinition>,
): Promise<ComponentDefinition> {
  const config = source.definition;
  if (config === null) return NO_CONFIG;
  // The bundler leaves the components a definition uses as imports from this folder; what they export is agreed with
  // `use()`.
  const dependencies = source.dependencies.map((path): ModuleSource => {
    const definition = { componentDefinitionPath: path, defaultName: done.get(path)?.definition.name ?? null };
    return {
      path: posix.join(posix.dirname(config.path), "_componentDeps", Buffer.from(path).toString("base64url")),
      source: `export default ${JSON.stringify(definition)};`,
      environment: "isolate",
    };
  });
  const exported = requireExportedJson(
    await evaluate([config, ...dependencies]),
    config.path,
    "an app or component definition",
  );
  return parseDefinition(source.definitionPath, exported as JsonObject);
}

/**
 * Code that several modules of a definition share, and the auth config may be one of them. The stand-ins of components,
 * which evaluation skips beside chunks, are not among what was pushed: `evaluateConfig` makes them.
 */
function isChunk(path: string): boolean {
  return path.startsWith("_deps/");
}

function checkEnvironments(source: DefinitionSource): void {
  if (source.definitionPath === "") return;
  const node = source.modules.find((module) => module.environment === "node");
  if (node !== undefined)
    throw makeInvalidModulesError(
      `In component ${source.definitionPath}: ${node.path} says "use node", which components do not support.`,
    );
}

function checkCrons(analysis: Record<string, EvaluatedModule>): void {
  if (analysis[CRONS] !== undefined && analysis[CRONS].exported === null)
    throw makeInvalidModulesError("crons.ts must export default the result of cronJobs().");
  for (const [identifier, cron] of Object.entries(readCrons(analysis))) {
    checkCron(identifier, cron);
    const [module = "", name = "default"] = cron.name.split(":");
    const path = module.endsWith(".js") ? module : `${module}.js`;
    const target = analysis[path]?.functions.find((fn) => fn.name === name);
    if (target === undefined)
      throw makeInvalidModulesError(
        `The cron job '${identifier}' schedules a function that does not exist: ${cron.name}`,
      );
    if (target.udfType !== "Mutation" && target.udfType !== "Action")
      throw makeInvalidModulesError(
        `The cron job '${identifier}' schedules ${cron.name}, which is a ${target.udfType}; only mutations and actions can be scheduled.`,
      );
  }
}

/** Exports of `crons.ts` need not come from `cronJobs()`, which does not read cron expressions either. */
function checkCron(identifier: string, cron: CronDefinition): void {
  const refuse = (why: string) => makeInvalidModulesError(`The cron job '${identifier}' cannot be scheduled: ${why}.`);
  if (!/^[ -~]*$/.test(identifier)) throw refuse("its name may only have printable ASCII characters");
  if (
    typeof cron?.name !== "string" ||
    !Array.isArray(cron.args) ||
    typeof cron.schedule !== "object" ||
    !cron.schedule
  )
    throw refuse("crons.ts must export default the result of cronJobs()");
  try {
    checkSchedule(cron.schedule);
  } catch (error) {
    throw refuse(
      `its schedule ${JSON.stringify(cron.schedule["cron"] ?? cron.schedule)} is invalid, ${(error as Error).message}`,
    );
  }
}

function findExportedText(modules: EvaluatedModule[], path: string): string | null {
  return modules.find((module) => module.path === path)?.exported ?? null;
}

function requireExportedJson(modules: EvaluatedModule[], path: string, what: string): Json {
  const exported = findExportedText(modules, path);
  if (exported === null) throw makeInvalidModulesError(`${path} must export default ${what}.`);
  return JSON.parse(exported) as Json;
}

function makeInvalidModulesError(message: string): HttpError {
  return new HttpError(400, "InvalidModules", message);
}

function checkServable(schema: Json): void {
  try {
    checkSchema(schema as unknown as SchemaJson);
  } catch (error) {
    if (error instanceof FunctionError) throw new HttpError(400, "InvalidSchema", error.message);
    throw error;
  }
}
