export { type Caller, bearerToken, callerOf, clientInfo, requireAdmin } from "./credentials";
export { failuresIn, requestFailure } from "./failures";
export { readBody, readJson, readRawBody, requireString, sendError, sendJson, sendText } from "./http-io";
export { redact } from "./redact";
