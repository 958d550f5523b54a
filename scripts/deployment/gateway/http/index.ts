/** Shared parts of the HTTP endpoints: bodies, answers, credentials, failures. */
export { authenticate, bearerToken, type Caller, clientInfo, requireAdmin } from "./credentials";
export { failuresIn, requestFailure } from "./failures";
export { readBody, readJson, readRawBody, requireString, sendError, sendJson, sendText } from "./http-io";
export { redact } from "./redact";
