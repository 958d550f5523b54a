/**
 * zod with `.openapi()`. Import `z` from here, not from `@hono/zod-openapi`: that package extends zod as a side effect
 * of being imported, which bundlers may drop from modules that use nothing else of it.
 */
import { extendZodWithOpenApi } from "@hono/zod-openapi";
import { z } from "zod";

extendZodWithOpenApi(z);

export { z };
