/** The REST shapes of analytics/README §12.4. */
import { z } from "../../rest/schemas/zod";

export const ErrorBody = z
  .object({ error: z.string(), fields: z.record(z.string(), z.array(z.string())).optional() })
  .openapi("AnalyticsError");

export const DailyFigures = z
  .object({
    results: z.array(
      z.object({
        day: z.iso.date().describe("UTC"),
        event: z.string(),
        count: z.int(),
        people: z.int().describe("Different people, about: the relative error is 3 % at most"),
      }),
    ),
  })
  .openapi("DailyFigures");
