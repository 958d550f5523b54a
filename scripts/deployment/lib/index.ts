/** Parts that know nothing of the deployment: errors, a heap, random names, time slices. */
export { FunctionError, HttpError } from "./errors";
export { Heap } from "./heap";
export { makeRandomHex } from "./random";
export { makeTimeSlices } from "./slices";
