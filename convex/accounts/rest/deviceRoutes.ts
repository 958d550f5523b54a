/**
 * accounts/README §3 over HTTP, under both documented spellings. Errors are `{success:false, error:{code, message}}`.
 */
import { z } from "../../rest/schemas/zod";
import { internal } from "../../_generated/api";
import { nameCode } from "../../rest/errors/codes";
import { declare, restDomain, type Asked } from "../../rest/domain";
import { read, write } from "../../rest/transaction";
import { json, SECURITY } from "../../rest/schemas/fields";
import { wireBody } from "../../rest/schemas/wire";
import { rename, search } from "../devices/commands";
import { LISTING_AUDIT_INTERVAL_MS } from "../devices/list";
import { DeviceEnded, DeviceError, DeviceList, DevicesEnded } from "./schemas";

const BASES = ["/api/v1/auth/users/me/sessions/", "/api/v1/users/me/sessions/"];

export const deviceRest = restDomain(
  (error, status, c) => {
    const { message, fields } = error;
    const code = nameCode(error, status, c, "SESSION_NOT_FOUND");
    return { success: false, error: { code, message, ...(fields && { fields }) } };
  },
  DeviceError,
  BASES.map((base) => `${base}*`),
);

const TAGS = ["Devices"];
const FLAGS = new Map([
  ["true", true],
  ["1", true],
  ["false", false],
  ["0", false],
]);

const Flag = z
  .string()
  .toLowerCase()
  .refine((value) => FLAGS.has(value), "Must be true or false.")
  .transform((value) => FLAGS.get(value) ?? false)
  .openapi({ type: "boolean" });

const EndAllQuery = z.object({
  exclude_current: Flag.optional().describe("Leave the caller's own session active"),
});

// Saves the audit transaction for requests within the interval; the transaction itself decides.
const lastNoted = new Map<string, number>();
const MAX_NOTED = 20_000;

async function noteListing({ c, sender }: Asked): Promise<void> {
  const now = Date.now();
  const last = lastNoted.get(sender.credentialKey);
  if (last !== undefined && Math.abs(now - last) < LISTING_AUDIT_INTERVAL_MS) return;
  const { caller, client } = sender;
  await c.env.runMutation(internal.accounts.rest.deviceTransactions.noteListing, { caller, client });
  if (lastNoted.size >= MAX_NOTED) lastNoted.clear();
  lastNoted.set(sender.credentialKey, now);
}

const ById = z.object({
  // Longer ones are nobody's, as 0 is; and none begins with it.
  sessionId: z
    .string()
    .transform((digits) => (/^[1-9]\d{0,14}$/.test(digits) ? Number(digits) : 0))
    .openapi({ type: "integer", minimum: 0 }),
});
const DeviceName = wireBody("DeviceName", rename.input.omit({ id: true }));

for (const base of BASES) {
  declare(deviceRest, {
    contract: {
      method: "get",
      path: base,
      tags: TAGS,
      summary: "The caller's active sessions",
      security: SECURITY,
      request: {
        query: z.object({
          search: search().optional().describe("Device name, address, location or login method"),
        }),
      },
      responses: { 200: json(DeviceList, "Current first, then by last activity") },
    },
    run: async (request) => {
      const answer = await read(request, internal.accounts.rest.deviceTransactions.list, request.query);
      await noteListing(request);
      return answer;
    },
  });

  for (const path of [base, `${base}all/`])
    declare(deviceRest, {
      contract: {
        method: "delete",
        path,
        tags: TAGS,
        summary: "End all of the caller's sessions",
        security: SECURITY,
        request: { query: EndAllQuery },
        responses: { 200: json(DevicesEnded, "How many ended") },
      },
      countedByWrite: true,
      run: (request) =>
        write(request, internal.accounts.rest.deviceTransactions.endAll, {
          excludeCurrent: request.query.exclude_current ?? false,
        }),
    });

  declare(deviceRest, {
    contract: {
      method: "delete",
      path: `${base}{sessionId}/`,
      tags: TAGS,
      summary: "End one of the caller's sessions",
      security: SECURITY,
      request: { params: ById },
      responses: { 200: json(DeviceEnded, "The session that ended") },
    },
    // Any other segment is an unknown path, whatever the method (rest/README.md §0).
    pattern: { sessionId: "[0-9]+" },
    countedByWrite: true,
    run: (request) =>
      write(request, internal.accounts.rest.deviceTransactions.endOne, { id: request.params.sessionId }),
  });

  declare(deviceRest, {
    contract: {
      method: "patch",
      path: `${base}{sessionId}/`,
      tags: TAGS,
      summary: "Name one of the caller's sessions",
      security: SECURITY,
      request: { params: ById, body: { content: { "application/json": { schema: DeviceName } }, required: true } },
      responses: { 200: json(DeviceEnded, "The name in force") },
    },
    pattern: { sessionId: "[0-9]+" },
    countedByWrite: true,
    run: (request) =>
      write(request, internal.accounts.rest.deviceTransactions.rename, {
        id: request.params.sessionId,
        ...request.body,
      }),
  });
}
