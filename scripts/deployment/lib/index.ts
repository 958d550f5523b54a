export { FunctionError, HttpError } from "./errors";
export { Heap } from "./heap";
export { randomHex } from "./random";
export { slices } from "./slices";
