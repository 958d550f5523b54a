import { type Json, type JsonObject, isNestedDeeper, TOO_NESTED } from "../../values";

/** Ends a socket whose client broke the protocol: trying again would break it again. */
export class ProtocolError extends Error {}

export interface AddQuery {
  type: "Add";
  queryId: number;
  udfPath: string;
  args: Json;
  journal: string | null;
  componentPath: string;
}

export type ClientMessage =
  | { type: "Connect"; sessionId: string; maxObservedTimestamp: string | null }
  | {
      type: "Authenticate";
      tokenType: "Admin" | "User" | "None";
      value: string;
      baseVersion: number;
      impersonating: JsonObject | null;
    }
  | {
      type: "ModifyQuerySet";
      baseVersion: number;
      newVersion: number;
      modifications: (AddQuery | { type: "Remove"; queryId: number })[];
    }
  | { type: "Mutation" | "Action"; requestId: number; udfPath: string; args: Json; componentPath: string }
  | { type: "Event" };

/**
 * One frame from a client, checked field by field.
 * @throws ProtocolError naming the message and the field.
 */
export function parseClientMessage(text: string): ClientMessage {
  let raw: unknown;
  try {
    raw = JSON.parse(text);
  } catch {
    throw new ProtocolError("Received a message that is not valid JSON");
  }
  if (typeof raw !== "object" || raw === null) throw new ProtocolError("Received a message that is not an object");
  const message = raw as Record<string, unknown>;
  switch (message["type"]) {
    case "Connect": {
      const sessionId = readField(message, "sessionId", "string");
      if (sessionId.length === 0 || sessionId.length > 64)
        throw new ProtocolError("Connect.sessionId must have 1 to 64 characters");
      const observed = message["maxObservedTimestamp"];
      return {
        type: "Connect",
        sessionId,
        maxObservedTimestamp: typeof observed === "string" ? observed : null,
      };
    }
    case "Authenticate": {
      const tokenType = message["tokenType"];
      if (tokenType !== "Admin" && tokenType !== "User" && tokenType !== "None")
        throw new ProtocolError("Authenticate.tokenType must be Admin, User or None");
      const impersonating = message["impersonating"];
      return {
        type: "Authenticate",
        tokenType,
        value: tokenType === "None" ? "" : readField(message, "value", "string"),
        baseVersion: readCounter(message, "baseVersion"),
        impersonating: typeof impersonating === "object" ? (impersonating as JsonObject | null) : null,
      };
    }
    case "ModifyQuerySet": {
      const modifications = message["modifications"];
      if (!Array.isArray(modifications)) throw new ProtocolError("ModifyQuerySet.modifications must be an array");
      return {
        type: "ModifyQuerySet",
        baseVersion: readCounter(message, "baseVersion"),
        newVersion: readCounter(message, "newVersion"),
        modifications: modifications.map((entry: unknown) => parseModification(entry as Record<string, unknown>)),
      };
    }
    case "Mutation":
    case "Action":
      return {
        type: message["type"],
        requestId: readCounter(message, "requestId"),
        udfPath: readField(message, "udfPath", "string"),
        args: readArgument(message),
        componentPath: readComponentPath(message),
      };
    case "Event":
      return { type: "Event" };
    default:
      throw new ProtocolError(`Received a message of unknown type ${describeType(message["type"])}`);
  }
}

/** Another value than a text may be nested too deeply to be written. */
const describeType = (type: unknown): string =>
  typeof type === "string" ? JSON.stringify(type.slice(0, 100)) : `that is no text but ${typeof type}`;

function parseModification(entry: Record<string, unknown>): AddQuery | { type: "Remove"; queryId: number } {
  if (entry?.["type"] === "Remove") return { type: "Remove", queryId: readCounter(entry, "queryId") };
  if (entry?.["type"] !== "Add") throw new ProtocolError("A query set modification must be Add or Remove");
  const journal = entry["journal"];
  return {
    type: "Add",
    queryId: readCounter(entry, "queryId"),
    udfPath: readField(entry, "udfPath", "string"),
    args: readArgument(entry),
    journal: typeof journal === "string" ? journal : null,
    componentPath: readComponentPath(entry),
  };
}

function readField(message: Record<string, unknown>, name: string, type: "string"): string {
  const value = message[name];
  if (typeof value !== type) throw new ProtocolError(`${String(message["type"])}.${name} must be a ${type}`);
  return value as string;
}

function readCounter(message: Record<string, unknown>, name: string): number {
  const value = message[name];
  if (!Number.isInteger(value) || (value as number) < 0 || (value as number) > 0xffff_ffff) {
    throw new ProtocolError(`${String(message["type"])}.${name} must be an unsigned 32-bit integer`);
  }
  return value as number;
}

/** Arguments travel as a one-element array; clients of other languages may send the bare object. */
function readArgument(message: Record<string, unknown>): Json {
  const sent = message["args"];
  if (Array.isArray(sent) && sent.length > 1)
    throw new ProtocolError(`${String(message["type"])}.args must have at most one element`);
  const args = ((Array.isArray(sent) ? sent[0] : sent) ?? {}) as Json;
  if (isNestedDeeper(args)) throw new ProtocolError(`${String(message["type"])}.args is ${TOO_NESTED}`);
  return args;
}

function readComponentPath(message: Record<string, unknown>): string {
  const path = message["componentPath"];
  return typeof path === "string" ? path : "";
}
