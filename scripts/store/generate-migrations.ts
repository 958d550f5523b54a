/**
 * After a change to convex/store/adapters/postgres/schema.ts: lets drizzle-kit write the SQL that leads there, and puts
 * all migrations into convex/store/adapters/postgres/migrations.ts, because a Convex bundle carries no .sql files.
 */
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const root = fileURLToPath(new URL("../..", import.meta.url));
const folder = fileURLToPath(new URL("./migrations", import.meta.url));
export const EMBEDDED = fileURLToPath(new URL("../../convex/store/adapters/postgres/migrations.ts", import.meta.url));

interface Journal {
  entries: { tag: string }[];
}

/** The source text of migrations.ts for the SQL files in scripts/store/migrations. */
export function embed(): string {
  const journal = JSON.parse(readFileSync(`${folder}/meta/_journal.json`, "utf8")) as Journal;
  const entries = journal.entries.map(({ tag }) => {
    const statements = readFileSync(`${folder}/${tag}.sql`, "utf8")
      .split("--> statement-breakpoint")
      .map((statement) => statement.trim());
    return `  {\n    name: ${JSON.stringify(tag)},\n    statements: [\n${statements
      .map((statement) => `      \`${statement.replace(/[\\`]|\$\{/g, "\\$&")}\`,\n`)
      .join("")}    ],\n  },\n`;
  });
  return `// Written by scripts/store/generate-migrations.ts from scripts/store/migrations. Edit neither by hand.

export type Migration = { name: string; statements: string[] };

export const migrations: Migration[] = [
${entries.join("")}];
`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { values } = parseArgs({ options: { name: { type: "string" }, help: { type: "boolean" } } });
  if (values.help) {
    console.log("Usage: tsx scripts/store/generate-migrations.ts [--name <what-it-changes>]");
  } else {
    const name = values.name === undefined ? [] : ["--name", values.name];
    execFileSync("npx", ["drizzle-kit", "generate", "--config", "scripts/store/drizzle.config.ts", ...name], {
      cwd: root,
      stdio: "inherit",
    });
    writeFileSync(EMBEDDED, embed());
  }
}
