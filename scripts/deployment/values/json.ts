/**
 * Convex JSON (`$integer`, `$bytes`, `$float`), as `convex/values` writes it. Documents and results pass between the
 * folders as JSON text, because the sandbox parses text anyway: storing and passing text skips two conversions.
 */

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
export interface JsonObject {
  [key: string]: Json;
}
