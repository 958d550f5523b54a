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
/** After so long others have their turn, once a module is loaded. */
const SLICE_MS = 10;

/**
 * Loads every module, all of this call in one sandbox or Node process (shared chunks only where imported), and
 * describes what it exports.
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
  const evaluated = await evaluateInSandbox(isolate, modules, env, where);
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

async function evaluateInSandbox(
  wanted: ModuleSource[],
  modules: ModuleSource[],
  env: Record<string, string>,
  where: string,
): Promise<EvaluatedModule[]> {
  const evaluated: EvaluatedModule[] = [];
  const sandbox = new Sandbox(new ModuleSet(modules), (name) => (Object.hasOwn(env, name) ? env[name] : undefined));
  const limit = new TimeLimit();
  let leftMs = ANALYSIS_LIMIT_MS;
  while (evaluated.length < wanted.length) {
    const startedAt = performance.now();
    const completed = limit.run(() => {
      while (evaluated.length < wanted.length && performance.now() - startedAt < SLICE_MS) {
        const { path } = wanted[evaluated.length]!;
        try {
          evaluated.push({ path, environment: "isolate", ...extract(sandbox.load(path)) });
        } catch (error) {
          throw new Error(
            `Failed to analyze ${path}${where}: ${formatFailure(describeThrown(sandbox.slot.describe(error)))}`,
          );
        }
      }
    }, leftMs);
    leftMs -= performance.now() - startedAt;
    if (!completed || leftMs <= 0) {
      const { path } = wanted[evaluated.length] ?? wanted.at(-1)!;
      throw new Error(`Failed to analyze ${path}${where}: loading took longer than ${ANALYSIS_LIMIT_MS / 1000} s`);
    }
    await new Promise((resolve) => setImmediate(resolve));
  }
  return evaluated;
}
