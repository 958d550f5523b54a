/**
 * Pushed ES modules as cached scripts. A bundle is converted to CommonJS once per distinct source, because `vm.Script`
 * is cheap to instantiate in many contexts while ES modules in `vm` need a flag and one compilation for each context.
 */
import { Script } from "node:vm";
import { type TransformOptions, transform, transformSync, version as esbuildVersion } from "esbuild";
import { posix } from "node:path";
import { SourceMap, type SourceMapPayload } from "node:module";
import { createHash } from "node:crypto";

/** The value that the compiled script evaluates to. */
export type ModuleFactory = (
  exports: Record<string, unknown>,
  require: (specifier: string) => unknown,
  module: { exports: Record<string, unknown> },
) => void;

export interface CompiledModule {
  path: string;
  script: Script;
  /** Source maps, outermost first: CommonJS → bundle, then bundle → the developer's file when the push carried one. */
  maps: string[];
  conversion: Conversion;
}

const PREFIX = "(function (exports, require, module) {";
const TRANSFORM_OPTIONS: TransformOptions = {
  format: "cjs",
  target: "es2022",
  supported: { "dynamic-import": false },
  sourcemap: "external",
  sourcesContent: false,
  charset: "utf8",
  logLevel: "silent",
};
const MAX_CACHED_MODULES = 4_000;

/** A bundle as CommonJS. */
export interface Conversion {
  code: string;
  /** From CommonJS to the bundle. */
  map: string;
  /** The converter, with its version and options. Another's result is not used. */
  by: string;
}

const CONVERTER = `esbuild ${esbuildVersion} ${JSON.stringify(TRANSFORM_OPTIONS)}`;

const compiled = new Map<string, CompiledModule>();
/** Modules by the number in their script's file name, for reading stack traces. */
const byNumber = new Map<number, CompiledModule>();
let nextNumber = 1;

/**
 * Compiles ahead of use, so that `compileModule` finds it cached.
 * @throws Error naming the module when its source does not parse or awaits at top level.
 */
export async function prepareModules(modules: ModuleSource[]): Promise<void> {
  await Promise.all(
    modules.map(async (module) => {
      if (module.environment !== "isolate" || compiled.has(makeModuleKey(module))) return;
      try {
        remember(module, keptConversion(module) ?? (await transform(module.source, TRANSFORM_OPTIONS)));
      } catch (error) {
        throw makeUnreadableError(module, error);
      }
    }),
  );
}

/** The module's script; converts it on the spot (about 10 ms) when it was not prepared. */
export function compileModule(module: ModuleSource): CompiledModule {
  const known = compiled.get(makeModuleKey(module));
  if (known) return known;
  try {
    return remember(module, keptConversion(module) ?? transformSync(module.source, TRANSFORM_OPTIONS));
  } catch (error) {
    throw makeUnreadableError(module, error);
  }
}

/** The conversion of a module that has been compiled, to be kept with its source; undefined when it has not. */
export function findConversion(module: ModuleSource): Conversion | undefined {
  return compiled.get(makeModuleKey(module))?.conversion;
}

const keptConversion = ({ conversion }: ModuleSource): Conversion | undefined =>
  conversion?.by === CONVERTER ? conversion : undefined;

/** Resolves a relative import between pushed modules; null for anything that is not one. */
export function resolveImport(from: string, specifier: string): string | null {
  if (!specifier.startsWith(".")) return null;
  return posix.normalize(posix.join(posix.dirname(from), specifier));
}

export interface Position {
  source: string;
  /** Line and column count from 1. */
  line: number;
  column: number;
}

/** A position in the script with that number, in the developer's own files, as far as source maps reach. */
export function findOriginalPosition(number: number, line: number, column: number): Position | null {
  const module = byNumber.get(number);
  if (!module) return null;
  const [toBundle, ...further] = module.maps;
  const position = { source: module.path, line, column };
  const inBundle = tracePosition(position, [toBundle!]);
  return inBundle === position ? position : tracePosition({ ...inBundle, source: module.path }, further);
}

const MAX_PARSED_MAPS = 50;
/** Source maps by their text, the latest last: the same few functions fail again and again. */
const parsedMaps = new Map<string, SourceMap>();

function parseMap(text: string): SourceMap {
  const map = parsedMaps.get(text) ?? new SourceMap(JSON.parse(text) as SourceMapPayload);
  parsedMaps.delete(text);
  parsedMaps.set(text, map);
  const [oldest] = parsedMaps.keys();
  if (parsedMaps.size > MAX_PARSED_MAPS) parsedMaps.delete(oldest!);
  return map;
}

/** Follows source maps, as far as they can be read. */
export function tracePosition(position: Position, maps: string[]): Position {
  for (const text of maps) {
    try {
      const entry = parseMap(text).findEntry(position.line - 1, position.column - 1);
      if (!("originalLine" in entry)) break;
      position = { source: entry.originalSource, line: entry.originalLine + 1, column: entry.originalColumn + 1 };
    } catch {
      break;
    }
  }
  return position;
}

const keys = new WeakMap<ModuleSource, string>();

function makeModuleKey(module: ModuleSource): string {
  let key = keys.get(module);
  if (key === undefined) keys.set(module, (key = digestModule(module)));
  return key;
}

function digestModule(module: ModuleSource): string {
  return `${createHash("sha256").update(module.source).digest("base64")} ${module.path}`;
}

function remember(module: ModuleSource, { code, map }: { code: string; map: string }): CompiledModule {
  const number = nextNumber++;
  const entry: CompiledModule = {
    path: module.path,
    script: new Script(`${PREFIX}${code}\n})`, {
      filename: `convex-module:${number}/${module.path}`,
      columnOffset: -PREFIX.length,
    }),
    maps: module.sourceMap ? [map, module.sourceMap] : [map],
    conversion: { code, map, by: CONVERTER },
  };
  compiled.set(makeModuleKey(module), entry);
  byNumber.set(number, entry);
  if (compiled.size > MAX_CACHED_MODULES) {
    const [oldestKey] = compiled.keys();
    if (oldestKey !== undefined) compiled.delete(oldestKey);
    const [oldestNumber] = byNumber.keys();
    if (oldestNumber !== undefined) byNumber.delete(oldestNumber);
  }
  return entry;
}

function makeUnreadableError(module: ModuleSource, error: unknown): Error {
  const first = (error as { errors?: { text: string; location?: { line: number } | null }[] }).errors?.[0];
  const reason = first ? `${first.text}${first.location ? ` (line ${first.location.line})` : ""}` : String(error);
  return new Error(`Module ${module.path} cannot be loaded: ${reason}`);
}

export interface ModuleSource {
  path: string;
  source: string;
  sourceMap?: string;
  environment: "isolate" | "node";
  /** Kept from an earlier start, which saves converting it again. */
  conversion?: Conversion;
}
