/** Kinds of fields that the commands of several domains take. */
import { cleanText, listTextProblems } from "../text";
import { z } from "./zod";

/** A string as rest/README §0 takes it: cleaned, then length-checked in characters. */
export const text = (options: { max: number; min?: number }) =>
  z
    .string()
    .overwrite(cleanText)
    .min(options.min ?? 0)
    .superRefine((value, ctx) => {
      for (const message of listTextProblems(value, options.max)) ctx.addIssue({ code: "custom", message });
    })
    .meta({ ...(options.min && { minLength: options.min }), maxLength: options.max });
