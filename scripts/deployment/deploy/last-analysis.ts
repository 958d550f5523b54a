import { createHash } from "node:crypto";
import type { AnalyzedDefinition } from "./analyze";
import { hashModule } from "./module-texts";
import type { DefinitionSource, PushRequest } from "./push-request";

type Analysis = Map<string, AnalyzedDefinition>;

/**
 * Remembers the last analysis, because the CLI sends what it deploys three times: for what would change in the schemas,
 * for what that would have to check, and to start.
 */
export class LastAnalysis {
  #known: { key: string; definitions: Analysis } | null = null;

  /** @param envVersion of the variables that `analyze` uses. */
  async find(
    { definitions: sources, usesPackages }: PushRequest,
    envVersion: number,
    analyze: () => Promise<Analysis>,
  ): Promise<Analysis> {
    if (usesPackages) return await analyze();
    const key = `${envVersion} ${digestSources(sources)}`;
    if (this.#known?.key === key) return this.#known.definitions;
    const definitions = await analyze();
    this.#known = { key, definitions };
    return definitions;
  }

  /** Once a push is finished, the next one is another. */
  forget(): void {
    this.#known = null;
  }
}

function digestSources(sources: DefinitionSource[]): string {
  const hash = createHash("sha256");
  for (const { definitionPath, definition, dependencies, schema, modules } of sources) {
    const texts = [definition, schema, ...modules].map((module) => module && [module.path, hashModule(module)]);
    hash.update(JSON.stringify([definitionPath, dependencies, texts]));
  }
  return hash.digest("base64");
}
