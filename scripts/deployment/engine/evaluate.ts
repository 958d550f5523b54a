/** Evaluates pushed modules without serving them: the one place where an analysis runs them. */
import { inspectNodeModules } from "../actions";
import { describeThrown, formatFailure } from "../functions";
import {
  type EvaluatedModule,
  extract,
  ModuleSet,
  type ModuleSource,
  prepareModules,
  Sandbox,
  TimeLimit,
} from "../isolate";

// The platform allows 4 s of processor time. This is measured by the clock, which on a busy machine runs much faster.
const ANALYSIS_LIMIT_MS = 20_000;

/**
 * Loads every module, all of this call in one sandbox or Node process (shared chunks only where imported), and describes
 * what it exports. Those for the sandbox are loaded in one go, in which nothing else of the deployment runs.
 * @throws Error saying which module fails and why.
 */
export async function evaluateModules(
  modules: ModuleSource[],
  env: Record<string, string>,
  options: { component: string; nodeModulesDir?: string | null },
): Promise<EvaluatedModule[]> {
  await prepareModules(modules);
  const isolate = modules.filter((module) => module.environment === "isolate" && !isShared(module.path));
  const node = modules.filter((module) => module.environment === "node" && !isShared(module.path));
  const where = options.component === "" ? "" : ` in component "${options.component}"`;
  const evaluated = evaluateInSandbox(isolate, modules, env, where);
  if (node.length > 0) {
    if (options.component !== "") throw new Error(`"use node" is not supported${where}: ${node[0]?.path}`);
    const paths = node.map((module) => module.path);
    for (const { path, ...found } of await inspectNodeModules(modules, paths, env, options.nodeModulesDir ?? null)) {
      evaluated.push({ path, environment: "node", ...found });
    }
  }
  return evaluated;
}

/** Chunks and the stand-ins for child components are imported by others and export nothing of their own. */
function isShared(path: string): boolean {
  return path.startsWith("_deps/") || path.startsWith("_componentDeps/");
}

function evaluateInSandbox(
  wanted: ModuleSource[],
  modules: ModuleSource[],
  env: Record<string, string>,
  where: string,
) {
  const evaluated: EvaluatedModule[] = [];
  const sandbox = new Sandbox(new ModuleSet(modules), (name) => (Object.hasOwn(env, name) ? env[name] : undefined));
  let current = "";
  const completed = new TimeLimit().run(() => {
    for (const { path } of wanted) {
      current = path;
      try {
        evaluated.push({ path, environment: "isolate", ...extract(sandbox.load(path)) });
      } catch (error) {
        throw new Error(
          `Failed to analyze ${path}${where}: ${formatFailure(describeThrown(sandbox.slot.describe(error)))}`,
        );
      }
    }
  }, ANALYSIS_LIMIT_MS);
  if (!completed)
    throw new Error(`Failed to analyze ${current}${where}: loading took longer than ${ANALYSIS_LIMIT_MS / 1000} s`);
  return evaluated;
}
