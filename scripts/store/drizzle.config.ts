import { defineConfig } from "drizzle-kit";

/** For `tsx scripts/store/generate-migrations.ts`; paths are from the project's root. */
export default defineConfig({
  dialect: "postgresql",
  schema: "./convex/store/adapters/postgres/schema.ts",
  out: "./scripts/store/migrations",
});
