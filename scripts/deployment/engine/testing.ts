/** Real pushes of small modules for tests: bundled as the CLI does, on a real store in a temporary folder. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { build } from "esbuild";
import type { ComponentInstance, FunctionCall, AppSources } from "../functions";
import type { DefinitionCode } from "../functions/app";
import type { Identity } from "../identity";
import type { ModuleSource } from "../isolate";
import { openStore, type Store } from "../transactions";
import type { Json } from "../values";
import { createEngine, type Engine, type EngineOptions } from "./engine";

const NODE_MODULES = new URL("../../../node_modules", import.meta.url).pathname;

/** `_generated/server` of test apps. */
const SERVER_MODULE = `export { queryGeneric as query, mutationGeneric as mutation, actionGeneric as action, httpActionGeneric as httpAction, internalQueryGeneric as internalQuery, internalMutationGeneric as internalMutation, internalActionGeneric as internalAction, httpRouter, defineSchema, defineTable, makeFunctionReference as fn, componentsGeneric, createFunctionHandle, log } from "convex/server";
export { v, ConvexError } from "convex/values";`;

export interface TestComponent {
  /** Component path, "" for the app. */
  path: string;
  definitionPath: string;
  /** Module texts by path (`items.ts`), or a folder of compiled modules. */
  files: Record<string, string> | { directory: string };
  children?: Record<string, string>;
  httpPrefix?: string;
  env?: ComponentInstance["env"];
}

/** One ES module for each file, shared code in `_deps/`, as `convex dev` sends them. */
async function bundle(files: TestComponent["files"]): Promise<ModuleSource[]> {
  const given = "directory" in files && typeof files.directory === "string";
  const directory = given ? files.directory : mkdtempSync(join(tmpdir(), "convex-modules-"));
  try {
    const entries: { isolate: string[]; node: string[] } = { isolate: [], node: [] };
    if (given) {
      const { readdirSync } = await import("node:fs");
      for (const name of readdirSync(directory)) {
        if (name.endsWith(".js") && name !== "convex.config.js") entries.isolate.push(join(directory, name));
      }
    } else {
      writeFileSync(join(directory, "server.ts"), SERVER_MODULE);
      for (const [name, text] of Object.entries(files)) {
        const path = join(directory, name);
        mkdirSync(dirname(path), { recursive: true });
        writeFileSync(path, text);
        entries[text.startsWith('"use node"') ? "node" : "isolate"].push(path);
      }
    }
    return [...(await run(directory, entries.isolate, "isolate")), ...(await run(directory, entries.node, "node"))];
  } finally {
    if (!given) rmSync(directory, { recursive: true, force: true });
  }
}

async function run(directory: string, entryPoints: string[], environment: "isolate" | "node"): Promise<ModuleSource[]> {
  if (entryPoints.length === 0) return [];
  const result = await build({
    entryPoints,
    bundle: true,
    platform: environment === "node" ? "node" : "browser",
    format: "esm",
    target: "esnext",
    outdir: "out",
    outbase: directory,
    splitting: true,
    chunkNames: environment === "node" ? "_deps/node/[hash]" : "_deps/[hash]",
    conditions: ["convex", "module"],
    nodePaths: [NODE_MODULES],
    define: { "process.env.NODE_ENV": '"production"' },
    sourcemap: "external",
    write: false,
    logLevel: "silent",
  });
  const texts = new Map(result.outputFiles.map((file) => [relative(join(process.cwd(), "out"), file.path), file.text]));
  const modules: ModuleSource[] = [];
  for (const [path, source] of texts) {
    if (!path.endsWith(".js")) continue;
    const sourceMap = texts.get(`${path}.map`);
    modules.push({ path, source, environment, ...(sourceMap === undefined ? {} : { sourceMap }) });
  }
  return modules;
}

export interface TestEngine {
  engine: Engine;
  store: Store;
  env: Record<string, string>;
  /** Pushes the app (and components) anew. */
  push(components: TestComponent[]): Promise<void>;
  query(path: string, args?: Json, identity?: Identity | null): Json;
  mutation(path: string, args?: Json, identity?: Identity | null): Promise<Json>;
  action(path: string, args?: Json, identity?: Identity | null): Promise<Json>;
  http(path: string, init?: RequestInit): Promise<Response>;
  close(): Promise<void>;
}

/** A call as a client would make it. */
export function publicCall(path: string, args: Json = {}, identity: Identity | null = null): FunctionCall {
  return { component: "", path, args, identity, reach: "public" };
}

export function identity(subject: string): Identity {
  return {
    key: subject,
    claims: { subject, issuer: "https://test", tokenIdentifier: `https://test|${subject}` },
  };
}

/** Jobs as plain documents, which is all that functions see of the scheduler. */
function documentScheduler(): EngineOptions["scheduler"] {
  return {
    schedule: (tx, caller, target, atMs) =>
      tx.system.insert(caller, "_scheduled_functions", {
        name: target.path,
        args: [target.args],
        scheduledTime: atMs,
        state: { kind: "pending" },
      }),
    cancel: (tx, caller, id) => {
      tx.system.shallowMerge(caller, id, { state: { kind: "canceled" } });
    },
  };
}

export async function startEngine(
  app: TestComponent["files"],
  options: Partial<EngineOptions> & { components?: TestComponent[] } = {},
): Promise<TestEngine> {
  const directory = mkdtempSync(join(tmpdir(), "convex-engine-"));
  const store = openStore(directory);
  const env: Record<string, string> = {
    CONVEX_CLOUD_URL: "http://cloud.test",
    CONVEX_SITE_URL: "http://site.test",
  };
  const files = new Map<string, Blob>();
  const engine = createEngine(store, {
    store,
    instanceName: "test",
    environment: () => ({ ...env }),
    scheduler: documentScheduler(),
    storage: {
      generateUploadUrl: (component) => `http://cloud.test/upload?component=${component}`,
      getUrl: (_tx, component, id) => (files.has(component + id) ? `http://cloud.test/file/${id}` : null),
      getMetadata: () => null,
      delete: (_tx, component, id) => void files.delete(component + id),
      store: async (component, blob) => {
        files.set(`${component}file${files.size}`, blob);
        return `file${files.size - 1}`;
      },
      load: async (component, id) => files.get(component + id) ?? null,
    },
    ...options,
  });

  async function push(components: TestComponent[]): Promise<void> {
    const definitions: Record<string, DefinitionCode> = {};
    const schemas = new Map<string, Json | null>();
    for (const { definitionPath, files: source, path } of components) {
      const modules = await bundle(source);
      const evaluated = await engine.evaluate(modules, env, { component: path, nodeModulesDir: NODE_MODULES });
      const analysis = Object.fromEntries(evaluated.map((module) => [module.path, module]));
      definitions[definitionPath] = { definitionPath, modules, analysis };
      const schema = analysis["schema.js"]?.exported ?? null;
      schemas.set(path, schema === null ? null : (JSON.parse(schema) as Json));
    }
    const loaded: AppSources = {
      definitions,
      components: components.map(({ path, definitionPath, children, httpPrefix, env: bindings }) => ({
        path,
        definitionPath,
        children: children ?? {},
        httpPrefix: httpPrefix ?? null,
        env: bindings ?? {},
      })),
      nodeModulesDir: NODE_MODULES,
    };
    await engine.prepare(loaded);
    const builds = [...schemas].map(([path, schema]) => store.prepareSchema(path, schema));
    for (const building of builds) {
      let progress = building.step();
      while (progress.type === "inProgress") progress = building.step();
      if (progress.type === "failed") throw new Error(progress.error);
    }
    store.groupCommit(() => {
      for (const building of builds) building.activate();
      engine.load(loaded);
    });
  }

  await push([
    {
      path: "",
      definitionPath: "",
      files: app,
      children: Object.fromEntries(
        (options.components ?? []).filter(({ path }) => !path.includes("/")).map(({ path }) => [path, path]),
      ),
    },
    ...(options.components ?? []),
  ]);

  return {
    engine,
    store,
    env,
    push,
    query: (path, args, who) => valueOf(engine.query(publicCall(path, args, who))),
    mutation: async (path, args, who) => valueOf(await engine.mutation(publicCall(path, args, who))),
    action: async (path, args, who) => valueOf(await engine.action(publicCall(path, args, who))),
    async http(path, init) {
      const response = await engine.httpAction(new Request(`http://site.test${path}`, init), null);
      return response ?? new Response("no route", { status: 404 });
    },
    async close() {
      await engine.close();
      await store.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

function valueOf(outcome: { ok: true; value: string } | { ok: false; errorMessage: string }): Json {
  if (!outcome.ok) throw new Error(outcome.errorMessage);
  return JSON.parse(outcome.value) as Json;
}
