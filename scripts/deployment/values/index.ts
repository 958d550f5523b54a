/** Convex values in their JSON form: order, keys, ids, sizes and validators. */
export { cleanJsonText } from "./clean-json";
export { measureDocument } from "./document-size";
export { decodeId, encodeId, newInternalId } from "./ids";
export type { Json, JsonObject } from "./json";
export { compareValues, encodeKey, prefixEnd, successor } from "./keys";
export { nestedDeeper, TOO_NESTED } from "./nesting";
export { sizeOfText } from "./text-size";
export { type TableNumbers, validate, type ValidatorJson } from "./validator";
export { asNumber, fieldAt, fromNumber } from "./values";
