/**
 * zod with `.openapi()`. Import `z` from here, not from `@hono/zod-openapi` or `zod`: the extension is a side effect, and
 * bundlers that split code order side effects only along the names that modules import. So `z` is a name of this module,
 * not one passed on from zod.
 */
import { extendZodWithOpenApi } from "@hono/zod-openapi";
import { z as zod } from "zod";
import { wording } from "./wording";

extendZodWithOpenApi(zod);
// One wording of every reason, wherever a schema is used.
zod.config({ customError: wording });

export const z: typeof zod = zod;

// The types that go with the value: callers write z.infer as with zod itself.
export declare namespace z {
  type ZodType<Output = unknown, Input = unknown> = zod.ZodType<Output, Input>;
  type infer<Schema extends zod.ZodType> = zod.infer<Schema>;
  type output<Schema extends zod.ZodType> = zod.output<Schema>;
}
