/** The transactions that answer the REST requests of deviceRoutes.ts (accounts/README §3). */
import { v } from "convex/values";
import { internalMutation } from "../../_generated/server";
import { vCaller, vClient } from "../../identity/caller";
import { restCommand, restQuery } from "../../rest/functions";
import { reply } from "../../rest/reply";
import * as Commands from "../devices/commands";
import * as Devices from "../devices/list";
import { requireUser, resolvePrincipal } from "../../identity/principal";
import { toWireDevice } from "./wire";

export { experimental_reuseContext } from "../../lib/contexts";

export const list = restQuery({
  args: { search: v.optional(v.string()) },
  handler: async (ctx, { search }) => {
    const { devices, total } = await Devices.listDevices({ ...ctx, principal: requireUser(ctx.principal) }, search);
    const sessions = devices.map((device) => toWireDevice(device.session, device));
    return reply(200, { success: true, data: { sessions, total_count: total } });
  },
});

/** Audits that the caller listed their sessions. */
export const noteListing = internalMutation({
  args: { caller: vCaller, client: vClient },
  returns: v.null(),
  handler: async (ctx, { caller, client }) => {
    await Devices.noteListing({ ...ctx, principal: requireUser(await resolvePrincipal(ctx, caller)), client });
    return null;
  },
});

export const endOne = restCommand(Commands.end, ({ publicId, deviceName }) =>
  reply(200, {
    success: true,
    message: "Session terminated successfully",
    data: { session_id: publicId, device_name: deviceName },
  }),
);

export const rename = restCommand(Commands.rename, ({ id, deviceName }) =>
  reply(200, {
    success: true,
    message: "Session renamed successfully",
    data: { session_id: id, device_name: deviceName },
  }),
);

export const endAll = restCommand(Commands.endAll, (count) =>
  reply(200, {
    success: true,
    message: "All sessions terminated successfully",
    data: { terminated_count: count },
  }),
);
