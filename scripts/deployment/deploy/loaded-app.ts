import type { LoadedApp } from "../functions";
import type { ModuleSource } from "../isolate";
import { AUTH_CONFIG } from "./analyze";
import type { ModuleRef } from "./module-texts";
import type { ServedCode } from "./served-code";

/** The served code as the engine loads it, with the texts of its modules. */
export function makeLoadedApp(
  served: ServedCode,
  findModule: (ref: ModuleRef) => ModuleSource | null,
  nodeModulesDir: string | null,
): LoadedApp {
  return {
    definitions: Object.fromEntries(
      Object.entries(served.definitions).map(([definitionPath, { modules, analysis }]) => [
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
    components: served.components,
    nodeModulesDir,
  };
}
