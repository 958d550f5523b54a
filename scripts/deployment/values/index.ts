/** Convex values in their JSON form: order, keys, ids, sizes and validators. */
export { cleanJsonText } from "./clean-json";
export { displayValue, nameType } from "./display";
export { measureDocument, SYSTEM_LIMITS } from "./document-size";
export { decodeId, encodeId, makeInternalId } from "./ids";
export type { Json, JsonObject } from "./json";
export { compareValues, encodeKey, findPrefixEnd, makeSuccessor } from "./keys";
export { isNestedDeeper, TOO_NESTED } from "./nesting";
export { hasUnpairedSurrogate, UNPAIRED_SURROGATE } from "./surrogates";
export { findPassedLimit } from "./value-limits";
export { measureText } from "./text-size";
export { type TableNumbers, validate, type ValidatorJson } from "./validator";
export { decodeNumber, readField, encodeNumber } from "./values";
