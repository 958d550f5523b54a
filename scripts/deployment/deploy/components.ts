import type { ComponentInstance } from "../functions";
import type { EvaluatedModule } from "../isolate";
import { HttpError } from "../lib";
import type { JsonObject } from "../values";

type EnvBinding = ComponentInstance["env"][string];
type ExportTree = { type: "branch"; branch: [string, ExportTree][] } | { type: "leaf"; leaf: string };

/** `definition.export()` of a `convex.config.ts`, with what the CLI also wants to see again. */
export interface ComponentDefinition {
  /** As the CLI gets it back. */
  raw: JsonObject;
  /** The name that `use()` gives it by default; null for the app. */
  name: string | null;
  httpPrefix: string | null;
  children: { name: string; path: string; env: Record<string, EnvBinding> }[];
  /** Child name → prefix with a slash at both ends. */
  mounts: Record<string, string>;
  envVars: { name: string; optional: boolean }[];
}

export const NO_CONFIG: ComponentDefinition = {
  raw: {
    path: "",
    definitionType: { type: "app" },
    childComponents: [],
    httpMounts: {},
    exports: { type: "branch", branch: [] },
  },
  name: null,
  httpPrefix: null,
  children: [],
  mounts: {},
  envVars: [],
};

interface RawDefinition {
  definitionType: { type: string; name?: string };
  httpPrefix?: string;
  childComponents: { name: string; path: string; env: [string, EnvBinding][] | null }[];
  httpMounts?: Record<string, string>;
  envVars?: [string, { optional?: boolean }][];
}

export function parseDefinition(path: string, exported: JsonObject): ComponentDefinition {
  const raw = exported as unknown as RawDefinition;
  const mounts: Record<string, string> = {};
  for (const [prefix, reference] of Object.entries(raw.httpMounts ?? {}))
    mounts[reference.slice("_reference/childComponent/".length)] = prefix;
  return {
    raw: { ...exported, path },
    name: raw.definitionType.name ?? null,
    httpPrefix: raw.httpPrefix ?? null,
    children: raw.childComponents.map((child) => ({
      name: child.name,
      path: child.path,
      env: Object.fromEntries(child.env ?? []),
    })),
    mounts,
    envVars: (raw.envVars ?? []).map(([name, { optional }]) => ({ name, optional: optional === true })),
  };
}

/** Public functions as the parent may name them; the CLI types the component's API from it. */
export function makeExportTree(analysis: Record<string, EvaluatedModule>): ExportTree {
  const root: ExportTree = { type: "branch", branch: [] };
  for (const module of Object.values(analysis)) {
    const modulePath = module.path.replace(/\.js$/, "");
    for (const fn of module.functions) {
      if (fn.visibility !== "public" || fn.udfType === "HttpAction") continue;
      let node = root;
      for (const part of modulePath.split("/")) node = ensureBranch(node, part);
      node.branch.push([fn.name, { type: "leaf", leaf: `_reference/function/${modulePath}:${fn.name}` }]);
    }
  }
  return root;
}

function ensureBranch(
  node: Extract<ExportTree, { type: "branch" }>,
  name: string,
): Extract<ExportTree, { type: "branch" }> {
  const existing = node.branch.find(([key]) => key === name)?.[1];
  if (existing?.type === "branch") return existing;
  const created = { type: "branch" as const, branch: [] };
  node.branch.push([name, created]);
  return created;
}

/**
 * The tree of instances that the definitions describe, the app first.
 * @throws HttpError 400 when names clash or a child's required environment variable is not bound.
 */
export function instantiate(definitions: Map<string, { definition: ComponentDefinition }>): ComponentInstance[] {
  const instances: ComponentInstance[] = [];
  const add = (
    path: string,
    definitionPath: string,
    httpPrefix: string | null,
    env: ComponentInstance["env"],
  ): void => {
    const { definition } = definitions.get(definitionPath)!;
    const instance: ComponentInstance = { path, definitionPath, children: {}, httpPrefix, env };
    instances.push(instance);
    for (const child of definition.children) {
      if (instance.children[child.name] !== undefined)
        throw makeInvalidComponentError(
          `Component name "${child.name}" is used twice${path === "" ? "" : ` in ${path}`}. Give one of them another name: app.use(component, {name: "…"}).`,
        );
      const childPath = path === "" ? child.name : `${path}/${child.name}`;
      checkBindings(childPath, definitions.get(child.path)!.definition, child.env);
      instance.children[child.name] = childPath;
      add(childPath, child.path, joinMounts(path, httpPrefix, definition.mounts[child.name]), child.env);
    }
  };
  add("", "", definitions.get("")!.definition.httpPrefix, {});
  return instances;
}

/** A mount inside an unmounted component is out of reach. The app's own prefix is for its own routes only. */
function joinMounts(parentPath: string, parentPrefix: string | null, mount: string | undefined): string | null {
  if (mount === undefined) return null;
  if (parentPath === "") return mount;
  return parentPrefix === null ? null : parentPrefix.replace(/\/$/, "") + mount;
}

function checkBindings(path: string, definition: ComponentDefinition, env: Record<string, EnvBinding>): void {
  for (const { name, optional } of definition.envVars) {
    if (!optional && env[name] === undefined)
      throw makeInvalidComponentError(
        `Component ${path} requires the environment variable ${name}. Bind it: app.use(component, {env: {${name}: …}}).`,
      );
  }
  const declared = new Set(definition.envVars.map(({ name }) => name));
  const unknown = Object.keys(env).find((name) => !declared.has(name));
  if (unknown !== undefined)
    throw makeInvalidComponentError(`Component ${path} declares no environment variable ${unknown}.`);
}

/** `CheckedComponent` of the convex package: the instance tree as the CLI wants it. */
export function makeCheckedComponent(
  path: string,
  instances: ComponentInstance[],
  analyses: (definitionPath: string) => Record<string, EvaluatedModule>,
): JsonObject {
  const instance = instances.find((candidate) => candidate.path === path)!;
  const routes = analyses(instance.definitionPath)["http.js"]?.httpRoutes ?? null;
  const childMounts = Object.values(instance.children).flatMap(
    (child) => instances.find((candidate) => candidate.path === child)?.httpPrefix ?? [],
  );
  return {
    definitionPath: instance.definitionPath,
    componentPath: path,
    args: {},
    env: instance.env,
    childComponents: Object.fromEntries(
      Object.entries(instance.children).map(([name, child]) => [
        name,
        makeCheckedComponent(child, instances, analyses),
      ]),
    ),
    httpRoutes: {
      httpModuleRoutes: routes?.map(([routePath, method]) => ({ path: routePath, method })) ?? null,
      mounts: childMounts,
    },
    exports: {},
  };
}

function makeInvalidComponentError(message: string): HttpError {
  return new HttpError(400, "InvalidComponents", message);
}
