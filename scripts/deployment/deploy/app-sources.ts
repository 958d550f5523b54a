import type { AppSources } from "../functions";
import type { ModuleSource } from "../isolate";
import { AUTH_CONFIG } from "./analyze";
import type { ModuleRef } from "./module-texts";
import type { AppManifest } from "./app-manifest";

/** The app of a manifest as the engine loads it, with the texts of its modules. */
export function makeSources(
  manifest: AppManifest,
  findModule: (ref: ModuleRef) => ModuleSource | null,
  nodeModulesDir: string | null,
): AppSources {
  return {
    definitions: Object.fromEntries(
      Object.entries(manifest.definitions).map(([definitionPath, { modules, analysis }]) => [
        definitionPath,
        {
          definitionPath,
          modules: modules
            .filter(({ path }) => path !== AUTH_CONFIG)
            .map((ref) => {
              const module = findModule(ref);
              if (module === null)
                throw new Error(`The data folder has lost the source of module ${ref.path} (${ref.hash}).`);
              return module;
            }),
          analysis,
        },
      ]),
    ),
    components: manifest.components,
    nodeModulesDir,
  };
}
