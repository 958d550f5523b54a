/** The REST shapes of operations/README §12. */
import { z } from "../../rest/schemas/zod";

export const ErrorBody = z
  .object({ error: z.string(), fields: z.record(z.string(), z.array(z.string())).optional() })
  .openapi("OperationsError");

const status = z.enum(["ok", "down"]);

export const Health = z
  .object({
    status,
    version: z.string(),
    checks: z.object({
      store: z.object({
        status,
        outbox_depth: z.int().describe("Entries that wait for the permanent store, counted up to 1,000"),
        outbox_oldest_seconds: z.int().nullable().describe("Age of the oldest; null when none waits"),
      }),
      scheduler: z.object({
        status,
        last_tick_seconds: z.int().nullable().describe("Since its last run, once a minute; null before the first"),
      }),
    }),
  })
  .openapi("Health");
