/**
 * Holds what the sources promise about themselves: imports go downward only, domains meet in events and in a few named
 * faces, each table has one module that writes it, and no folder grows beyond what one can take in.
 */
import ts from "typescript";
import { expect, test } from "vitest";
import schema from "./schema";

const sources: Record<string, string> = import.meta.glob(
  ["./**/*.ts", "!./_generated/**", "!./**/*.test.ts", "!./**/*.testing.ts"],
  { query: "?raw", import: "default", eager: true },
);

type Module = { path: string; imports: string[]; writes: string[] };

const WRITE = new Set(["insert", "patch", "replace", "delete"]);

const resolve = (from: string, name: string): string =>
  new URL(name, `file:///${from}`).pathname.slice(1).replace(/\.ts$/, "");

function read(path: string, text: string): Module {
  const found: Module = { path: path.slice(2, -3), imports: [], writes: [] };
  const visit = (node: ts.Node): void => {
    const isImport = ts.isImportDeclaration(node) || ts.isExportDeclaration(node);
    const name = isImport ? node.moduleSpecifier : ts.isImportTypeNode(node) ? node.argument : undefined;
    const literal = name && ts.isLiteralTypeNode(name) ? name.literal : name;
    if (literal && ts.isStringLiteral(literal) && literal.text.startsWith("."))
      found.imports.push(resolve(found.path, literal.text));
    if (ts.isCallExpression(node) && ts.isPropertyAccessExpression(node.expression)) {
      const { name: method, expression: receiver } = node.expression;
      const isDatabase = /(^|\.)db$/.test(receiver.getText());
      if (isDatabase && WRITE.has(method.text)) {
        const table = node.arguments[0];
        found.writes.push(table && ts.isStringLiteral(table) ? table.text : "a table that is not named");
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(path, text, ts.ScriptTarget.ESNext, true));
  return found;
}

const modules = Object.entries(sources).map(([path, text]) => read(path, text));
const paths = new Set(modules.map(({ path }) => path));
const ownImports = ({ imports }: Module): string[] =>
  imports.map((name) => (paths.has(name) ? name : `${name}/index`)).filter((name) => paths.has(name));

const DOMAINS = [
  "accounts",
  "analytics",
  "audit",
  "focus",
  "notifications",
  "operations",
  "store",
  "tutoring",
  "valuations",
  "webhooks",
];
/** The floors below and above the domains, from the ground up. Each imports from itself and from those below only. */
const WRITERS = ["audit/writer", "analytics/writer", "webhooks/writer"];
const BELOW = ["lib", ...WRITERS, "identity", "rest"];
const ABOVE = ["schema", "auth", "http", "crons"];

const folderOf = (path: string): string => path.split("/")[0]!;
const floorOf = (path: string): string => (WRITERS.includes(path) ? path : folderOf(path));

/** Folders that several domains or floors share, each with what it may import besides itself and `lib`. */
const SHARED: Record<string, string[]> = {
  // XP arithmetic of focus and the permanent store.
  xp: [],
  // Effects of one domain on another.
  events: ["identity", "xp", ...DOMAINS],
};

/** Modules of a domain that other domains may import directly, and which. */
const FACES: Record<string, { usedBy: string[]; because: string }> = {
  "focus/storePort": { usedBy: ["store"], because: "reconciliation and retention read the sessions that focus owns" },
  "store/reads": { usedBy: ["focus", "valuations"], because: "actions read back what only the permanent store holds" },
  "store/delivery/breaker": { usedBy: ["valuations"], because: "a new draft does not wait for a store that is silent" },
  "store/health": { usedBy: ["operations"], because: "the health check tells of the store" },
  "store/payload": { usedBy: ["focus"], because: "focus takes the snapshot that the outbox carries" },
  "store/shapes": { usedBy: ["focus"], because: "history merges rows of the permanent store with live ones" },
  "store/reconciliation/focusPort": { usedBy: ["focus"], because: "focus implements this interface" },
};

function isAllowed(from: string, to: string): boolean {
  const [source, target] = [floorOf(from), floorOf(to)];
  if (source === target || target === "lib") return true;
  if (ABOVE.includes(from)) return true;
  if (BELOW.includes(source)) return BELOW.includes(target) && BELOW.indexOf(target) < BELOW.indexOf(source);
  if (source in SHARED) return SHARED[source]!.includes(target) || WRITERS.includes(target);
  if (BELOW.includes(target) || target in SHARED || folderOf(from) === folderOf(to)) return true;
  return FACES[to]?.usedBy.includes(source) ?? false;
}

test("the scan sees the modules, their imports and their writes", () => {
  expect(modules.length).toBeGreaterThan(200);
  const users = modules.find(({ path }) => path === "identity/users");
  expect(users?.imports).toContain("lib/ids");
  expect(users?.writes).toContain("users");
});

test("imports go downward only, and domains meet in events and in named faces", () => {
  const wrong = modules.flatMap((module) =>
    ownImports(module)
      .filter((to) => !isAllowed(module.path, to))
      .map((to) => `${module.path} imports ${to}`),
  );
  expect(wrong).toEqual([]);
});

test("every face is there and is used by those it names", () => {
  const uses = modules.flatMap((module) => ownImports(module).map((to) => `${folderOf(module.path)} ${to}`));
  const unused = Object.entries(FACES).flatMap(([face, { usedBy }]) =>
    usedBy.map((domain) => `${domain} ${face}`).filter((use) => !uses.includes(use)),
  );
  expect(unused).toEqual([]);
});

test("each table is written by one module", () => {
  const writers = new Map<string, Set<string>>();
  for (const { path, writes } of modules)
    for (const table of writes) writers.set(table, (writers.get(table) ?? new Set()).add(path));
  const shared = [...writers].filter(([, by]) => by.size > 1).map(([table, by]) => `${table}: ${[...by].join(", ")}`);
  expect(shared).toEqual([]);
  expect([...writers.keys()].filter((table) => !(table in schema.tables))).toEqual([]);
});

/** Convex Auth writes these besides. */
const OF_CONVEX_AUTH = /^auth/;

test("each table but Convex Auth's has a writer", () => {
  const written = new Set(modules.flatMap(({ writes }) => writes));
  expect(Object.keys(schema.tables).filter((table) => !written.has(table) && !OF_CONVEX_AUTH.test(table))).toEqual([]);
});

/** The lexicon is data: one file for each field of activity. */
const MODULES_IN_A_FOLDER = 15;

test("no folder of a domain has more modules than one can take in", () => {
  const counts = new Map<string, number>();
  for (const { path } of modules) {
    const folder = path.split("/").slice(0, -1).join("/");
    counts.set(folder, (counts.get(folder) ?? 0) + 1);
  }
  const full = [...counts].filter(
    ([folder, count]) => DOMAINS.includes(folderOf(folder)) && count > MODULES_IN_A_FOLDER,
  );
  expect(full).toEqual([]);
});

/**
 * Modules that keep something in their global scope from one call to the next, and why that is nobody's in particular.
 */
const KEPT_STATE: Record<string, string> = {
  "accounts/rest/deviceRoutes lastNoted": "saves transactions; the transaction itself decides",
  "accounts/signIn/google known": "the public keys of the provider",
  "accounts/signIn/hashing underway": "a number of hashes",
  "accounts/signIn/hashing waiting": "hashes that wait for their turn",
  "accounts/signIn/tokens imported": "the deployment's signing key",
  "focus/rates pausedUntil": "when the model may be asked again",
  "focus/rating/currentRates scores": "results of a pure function by its arguments",
  "focus/rating/model plainJson": "addresses of models",
  "lib/files/alphabets scorers": "the letters of languages",
  "lib/numbers/currencyTexts byLocale": "the names of currencies in languages",
  "lib/numbers/spelling digits": "the digits of every script",
  "lib/numbers/typedNumber forms": "the words of languages",
  "lib/zones formatters": "formatters by time zone",
  "rest/durations held": "times of requests that are yet to be written",
  "rest/durations heldSince": "since when there are any",
  "rest/errors/failures failures": "failures that are yet to be written",
  "rest/errors/failures savedAt": "when they were last written",
  "rest/limits/leases leases": "tokens by caller, which the transaction granted",
  "rest/limits/leases renewals": "transactions under way by caller",
  "rest/tally held": "numbers of answers that are yet to be written",
  "rest/tally writtenAt": "when they were last written",
  "store/delivery/breaker answeredAt": "when the store answered",
  "store/delivery/breaker failedAt": "when the store failed",
  "store/health last": "whether the store answered a moment ago",
  "webhooks/writer transactions": "the endpoints that a transaction has read, by transaction",
  "valuations/businessCards/cache held": "what the store knows about businesses, the same for everybody",
};

/** Variables of a module's top level that can change: `let`, and containers that begin empty. */
function findState(path: string, text: string): string[] {
  const { statements } = ts.createSourceFile(path, text, ts.ScriptTarget.ESNext, true);
  const isEmpty = (node: ts.Expression | undefined): boolean =>
    node !== undefined &&
    ((ts.isNewExpression(node) && (node.arguments?.length ?? 0) === 0) ||
      (ts.isArrayLiteralExpression(node) && node.elements.length === 0) ||
      (ts.isObjectLiteralExpression(node) && node.properties.length === 0));
  return statements
    .filter(ts.isVariableStatement)
    .flatMap(({ declarationList }) =>
      declarationList.declarations
        .filter(({ initializer }) => !(declarationList.flags & ts.NodeFlags.Const) || isEmpty(initializer))
        .map(({ name }) => name.getText()),
    );
}

/** "use node" modules run in processes, which live as long as the hosted platform keeps them. */
const isForNode = (text: string): boolean => text.startsWith('"use node"');

test("contexts are used again, and modules keep nothing in them that belongs to one caller", () => {
  const found = Object.entries(sources)
    .filter(([, text]) => !isForNode(text))
    .flatMap(([path, text]) => findState(path, text).map((name) => `${path.slice(2, -3)} ${name}`));
  expect(found.sort()).toEqual(Object.keys(KEPT_STATE).sort());
});

const REGISTERS = /^export const \w+ = \w*(?:[qQ]uery|[mM]utation|[aA]ction)\(/m;
const BUILDERS = "./identity/builders.ts";

test("every module with functions says that its contexts may be used again", () => {
  const silent = Object.entries(sources)
    .filter(
      ([path, text]) =>
        path !== BUILDERS && !isForNode(text) && REGISTERS.test(text) && !text.includes("experimental_reuseContext"),
    )
    .map(([path]) => path);
  expect(silent).toEqual([]);
});
