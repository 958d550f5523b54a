/** The loaded components and their functions; resolves a call's address to one of them. */
import { ModuleSet } from "../isolate";
import type { Json, JsonObject } from "../values";
import type { ComponentInstance, DefinitionCode, AppSources } from "./app";
import type { FunctionHandles } from "./function-handles";
import { type Target } from "./function-handles";
import type { LogRecord } from "./log-lines";

export type UdfType = "query" | "mutation" | "action";

export interface LoadedFunction {
  component: LoadedComponent;
  /** `dir/module.js`. */
  module: string;
  name: string;
  /** `dir/module.js:name`, for logs and `_scheduled_functions`. */
  identifier: string;
  udfType: UdfType;
  isPublic: boolean;
  environment: "isolate" | "node";
  /** Whether its module gets contexts again that it has used. */
  reusesContext: boolean;
  /** As log records name it. */
  logged: Logged;
  /** Null: anything goes. */
  args: JsonObject | null;
  returns: JsonObject | null;
}

export interface LoadedComponent {
  instance: ComponentInstance;
  code: DefinitionCode;
  modules: ModuleSet;
  /** By `dir/module.js:name`. */
  functions: Map<string, LoadedFunction>;
}

/** A place to call, as a syscall names it. */
export interface Address {
  name?: string;
  reference?: string;
  functionHandle?: string;
}

/** Writes `mod:fn`, `mod.js:fn` and `mod` (its default export) as `mod.js:fn`. */
function canonicalizePath(path: string): string {
  const colon = path.lastIndexOf(":");
  const module = colon < 0 ? path : path.slice(0, colon);
  const name = colon < 0 ? "default" : path.slice(colon + 1);
  return `${module.endsWith(".js") ? module : `${module}.js`}:${name}`;
}

/** Formats a path as developers write it: without `.js`, and without `:default`. */
export function formatPath(path: string): string {
  return canonicalizePath(path)
    .replace(/\.js:/, ":")
    .replace(/:default$/, "");
}

export class FunctionTable {
  readonly app: AppSources;
  readonly #components = new Map<string, LoadedComponent>();
  readonly #handles: FunctionHandles;

  /** @throws Error when a component names a definition that is not part of the app. */
  constructor(app: AppSources, handles: FunctionHandles) {
    this.app = app;
    this.#handles = handles;
    const sets = new Map<string, ModuleSet>();
    for (const instance of app.components) {
      const code = app.definitions[instance.definitionPath];
      if (!code)
        throw new Error(`Component "${instance.path}" has no code: definition "${instance.definitionPath}" is missing`);
      const modules = sets.get(instance.definitionPath) ?? new ModuleSet(code.modules);
      sets.set(instance.definitionPath, modules);
      const component: LoadedComponent = { instance, code, modules, functions: new Map() };
      for (const found of listFunctions(component)) component.functions.set(`${found.module}:${found.name}`, found);
      this.#components.set(instance.path, component);
    }
  }

  components(): Iterable<LoadedComponent> {
    return this.#components.values();
  }

  component(path: string): LoadedComponent | undefined {
    return this.#components.get(path);
  }

  /** The function of a call, or why there is none. Handles override the component. */
  find(component: string, path: string, reach: "public" | "all"): LoadedFunction | string {
    let target: Target = { component, path };
    if (path.startsWith("function://")) {
      const parsed = reach === "all" ? this.#handles.parse(path) : null;
      if (!parsed) return "Function handle not found";
      target = parsed;
    }
    const loaded = this.#components.get(target.component);
    const found = loaded?.functions.get(target.path) ?? loaded?.functions.get(canonicalizePath(target.path));
    if (found && (reach === "all" || found.isPublic)) return found;
    const where = target.component === "" ? "" : ` in component "${target.component}"`;
    const kind = reach === "public" ? "public function" : "function";
    const hint = reach === "public" ? "." : ". Did you forget to run `npx convex dev`?";
    return `Could not find ${kind} for '${formatPath(target.path)}'${where}${hint}`;
  }

  /**
   * Where a syscall's address leads from a component.
   * @throws Error when it leads nowhere a component may call.
   */
  target(from: string, address: Address): Target {
    if (address.functionHandle !== undefined) {
      const target = this.#handles.parse(address.functionHandle);
      if (!target) throw new Error("Function handle not found");
      return target;
    }
    if (address.name !== undefined) return { component: from, path: canonicalizePath(address.name) };
    const parts = address.reference?.split("/") ?? [];
    if (parts[0] !== "_reference" || parts[1] !== "childComponent" || parts.length < 5) {
      throw new Error(`Invalid function reference: ${address.reference ?? "(none)"}`);
    }
    const child = this.#components.get(from)?.instance.children[parts[2] as string];
    if (child === undefined) throw new Error(`Child component "${parts[2]}" not found`);
    const target = { component: child, path: `${parts.slice(3, -1).join("/")}.js:${parts.at(-1)}` };
    const found = this.#components.get(child)?.functions.get(target.path);
    if (found && !found.isPublic)
      throw new Error(`Function "${formatPath(target.path)}" is not exported by component "${child}"`);
    return target;
  }

  handle(target: Target): string {
    return this.#handles.create(target);
  }
}

function listFunctions(component: LoadedComponent): LoadedFunction[] {
  const found: LoadedFunction[] = [];
  for (const module of component.code.modules) {
    for (const entry of component.code.analysis[module.path]?.functions ?? []) {
      if (entry.udfType === "HttpAction") continue;
      found.push({
        component,
        module: module.path,
        name: entry.name,
        identifier: `${module.path}:${entry.name}`,
        udfType: entry.udfType.toLowerCase() as UdfType,
        isPublic: entry.visibility === "public",
        environment: module.environment,
        reusesContext: component.code.analysis[module.path]?.reusesContext === true,
        logged: {
          identifier: `${module.path}:${entry.name}`,
          udfType: entry.udfType,
          component: component.instance.path,
        },
        args: parseValidatorText(entry.args),
        returns: parseValidatorText(entry.returns),
      });
    }
  }
  return found;
}

function parseValidatorText(text: string | null): JsonObject | null {
  const json = text === null ? null : (JSON.parse(text) as Json);
  if (json === null || typeof json !== "object" || Array.isArray(json) || json.type === "any") return null;
  return json;
}

/** Environment of a component: the app sees all variables, a component its bindings and the two URLs. */
export function makeEnvironment(
  table: FunctionTable,
  path: string,
  variables: Record<string, string>,
): (name: string) => string | undefined {
  if (path === "") return (name) => (Object.hasOwn(variables, name) ? variables[name] : undefined);
  const { env: bindings = {}, httpPrefix = null } = table.component(path)?.instance ?? {};
  const siteUrl = addPrefix(variables.CONVEX_SITE_URL, httpPrefix);
  const parent = path.includes("/") ? path.slice(0, path.lastIndexOf("/")) : "";
  const parentVariable = makeEnvironment(table, parent, variables);
  return (name) => {
    if (name === "CONVEX_CLOUD_URL") return variables[name];
    if (name === "CONVEX_SITE_URL") return siteUrl;
    const binding = Object.hasOwn(bindings, name) ? bindings[name] : undefined;
    return binding?.type === "envVar" ? parentVariable(binding.name) : binding?.value;
  };
}

/** Where a component's own routes are. */
const addPrefix = (siteUrl: string | undefined, prefix: string | null): string | undefined =>
  prefix === null ? siteUrl : siteUrl?.replace(/\/+$/, "") + prefix.replace(/\/+$/, "");

export interface Logged {
  identifier: string;
  udfType: LogRecord["udfType"];
  component: string;
}
