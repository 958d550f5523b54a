/**
 * zod with one wording of every reason. Import `z` from here or, for schemas that the OpenAPI document names, from
 * `rest/schemas/zod`: the setting is a side effect, and bundlers that split code order side effects only along the
 * names that modules import. So `z` is a name of this module, not one passed on from zod.
 */
import { z as zod } from "zod";
import { formatIssue } from "./wording";

zod.config({ customError: formatIssue });

export const z: typeof zod = zod;

// The types that go with the value: callers write z.infer as with zod itself.
export declare namespace z {
  type ZodType<Output = unknown, Input = unknown> = zod.ZodType<Output, Input>;
  type ZodObject<Shape extends zod.core.$ZodShape = zod.core.$ZodLooseShape> = zod.ZodObject<Shape>;
  type ZodError = zod.ZodError;
  type infer<Schema extends zod.ZodType> = zod.infer<Schema>;
  type input<Schema extends zod.ZodType> = zod.input<Schema>;
  type output<Schema extends zod.ZodType> = zod.output<Schema>;
}
