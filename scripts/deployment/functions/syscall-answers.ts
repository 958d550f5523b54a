/** Answers of system calls that queries, mutations and actions may make, as JSON text. */
import { type Address, formatPath, type LoadedFunction } from "./function-table";
import type { RequestScope } from "./request";

export function makeFunctionHandle(request: RequestScope, component: string, address: Address): string {
  if (address.functionHandle !== undefined) return JSON.stringify(address.functionHandle);
  const { table } = request.code;
  const target = table.target(component, address);
  const found = table.find(target.component, target.path, "all");
  if (typeof found === "string") throw new Error(found);
  return JSON.stringify(table.handle({ component: target.component, path: found.identifier }));
}

export function describeIdentity(request: RequestScope): string {
  if (request.identity?.error !== undefined) throw new Error(request.identity.error);
  return request.identity === null ? "null" : JSON.stringify(request.identity.claims);
}

export function describeFunction(fn: Pick<LoadedFunction, "identifier" | "component">): string {
  return JSON.stringify({ name: formatPath(fn.identifier), componentPath: fn.component.instance.path });
}

export const describeDeployment = (request: RequestScope): string =>
  JSON.stringify({ name: request.code.options.instanceName, region: null, class: "s16" });

export function describeRequest(request: RequestScope): string {
  return JSON.stringify({
    ip: request.client?.ip ?? null,
    userAgent: request.client?.userAgent ?? null,
    requestId: request.requestId,
    scheduledFunctionId: request.job?.id ?? null,
    authToken: null,
  });
}

/** Convex JSON of an int64: 8 little-endian bytes in base64. */
export function encodeInt64(value: bigint): string {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64LE(BigInt.asIntN(64, value));
  return bytes.toString("base64");
}
