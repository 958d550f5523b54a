/**
 * zod with `.openapi()`. Import `z` from here, not from `@hono/zod-openapi` or `zod`, for the reason that
 * `lib/schemas/zod` gives.
 */
import { extendZodWithOpenApi } from "@hono/zod-openapi";
import { z as zod } from "../../lib/schemas/zod";

extendZodWithOpenApi(zod);

export const z: typeof zod = zod;

// The types that go with the value: callers write z.infer as with zod itself.
export declare namespace z {
  type ZodType<Output = unknown, Input = unknown> = zod.ZodType<Output, Input>;
  type ZodObject = zod.ZodObject;
  type infer<Schema extends zod.ZodType> = zod.infer<Schema>;
  type output<Schema extends zod.ZodType> = zod.output<Schema>;
}
