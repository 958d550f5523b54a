import { randomUUID } from "node:crypto";
import type { Engine } from "../engine";
import { HttpError } from "../lib";
import type { Store } from "../transactions";
import { analyzeDefinitions } from "./analyze";
import { instantiate } from "./components";
import type { Environment } from "./environment";
import type { LastAnalysis } from "./last-analysis";
import type { PendingPush } from "./pending-push";
import type { PushRequest } from "./push-request";

export interface PushTarget {
  store: Store;
  engine: Engine;
  env: Environment;
  nodeModulesDir: string | null;
}

/**
 * Loads what was pushed and describes it (`analyze.ts`), without serving it.
 * @throws HttpError 400 with the reason that must be fixed first.
 */
export async function analyzePush(
  request: PushRequest,
  target: PushTarget,
  lastAnalysis: LastAnalysis,
): Promise<PendingPush> {
  const { engine, env } = target;
  const envVersion = env.version;
  const variables = env.all();
  const analyzed = async () => {
    const definitions = await lastAnalysis.find(request, envVersion, () =>
      analyzeDefinitions(engine, request.definitions, variables, target.nodeModulesDir),
    );
    return { definitions, components: instantiate(definitions) };
  };
  const { definitions, components } = await analyzed().catch((error: unknown) => {
    // Exports that are none of those of the convex package fail anywhere. Trying again, as after a 500, would not
    // help.
    if (error instanceof HttpError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new HttpError(400, "InvalidPush", `What was pushed cannot be made sense of: ${reason}`);
  });
  const missing = definitions
    .get("")!
    .definition.envVars.filter(({ name, optional }) => !optional && variables[name] === undefined);
  if (missing.length > 0) {
    const names = missing.map(({ name }) => name).join(", ");
    throw new HttpError(
      400,
      "MissingEnvironmentVariables",
      `Environment variables declared in convex.config.ts are not set: ${names}.`,
    );
  }
  return {
    id: randomUUID(),
    request,
    definitions,
    components,
    envVersion,
    knownComponents: target.store.catalog.components(),
    builds: null,
    dropped: false,
  };
}
