/** Shared parts of the HTTP endpoints: bodies, answers, credentials, failures. */
export { type AnsweredRequest, formatAnswered, getRequestId, setRequestId, watchAnswers } from "./answers";
export { chooseCoding, type Coding, encode, isCompressible, varyByEncoding } from "./compression";
export { authenticate, readBearerToken, type Caller, readClientInfo, requireAdmin } from "./credentials";
export {
  describeFailures,
  describeRequestFailure,
  type FailureEntry,
  formatFailure,
  formatFailureAsJson,
} from "./failures";
export { readBody, readJson, readRawBody, requireString, sendError, sendJson, sendText } from "./http-io";
export { redact } from "./redact";
