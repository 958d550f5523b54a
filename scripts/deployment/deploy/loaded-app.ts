import type { LoadedApp } from "../functions";
import type { ModuleSource } from "../isolate";
import { AUTH_CONFIG } from "./analyze";
import { makeModuleRef } from "./module-texts";
import type { PendingPush } from "./pending-push";
import type { ModuleRef, ServedCode } from "./served-code";

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

/** The code that is served once the push is finished. */
export function makeServedCode(push: PendingPush): ServedCode {
  return {
    definitions: Object.fromEntries(
      [...push.definitions].map(([path, { source, analysis }]) => [
        path,
        { modules: source.modules.map(makeModuleRef), analysis },
      ]),
    ),
    components: push.components,
    auth: push.definitions.get("")!.auth,
    udfServerVersion: push.request.udfServerVersion,
    nodeVersion: push.request.nodeVersion,
  };
}
