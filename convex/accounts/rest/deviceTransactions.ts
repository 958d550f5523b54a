/** The transactions that answer the REST requests of deviceRoutes.ts (README §3). */
import { v } from "convex/values";
import { internalMutation } from "../../_generated/server";
import { vCaller, vClient } from "../../identity/caller";
import { restMutation, restQuery } from "../../rest/functions";
import { reply } from "../../rest/reply";
import * as Devices from "../devices/list";
import { requireUser, resolvePrincipal } from "../../identity/principal";
import { wireDevice } from "./wire";

export const list = restQuery({
  args: { search: v.optional(v.string()) },
  handler: async (ctx, { search }) => {
    const { devices, total } = await Devices.listDevices(ctx, requireUser(ctx.principal), search);
    const sessions = devices.map((device) => wireDevice(device.session, device));
    return reply(200, { success: true, data: { sessions, total_count: total } });
  },
});

/** Audits that the caller listed their sessions. */
export const noteListing = internalMutation({
  args: { caller: vCaller, client: vClient },
  returns: v.null(),
  handler: async (ctx, { caller, client }) => {
    await Devices.noteListing(ctx, requireUser(await resolvePrincipal(ctx, caller)), client);
    return null;
  },
});

export const endOne = restMutation({
  args: { id: v.number() },
  handler: async (ctx, { id }) => {
    const { deviceName } = await Devices.endDevice(ctx, requireUser(ctx.principal), id, ctx.client);
    return reply(200, {
      success: true,
      message: "Session terminated successfully",
      data: { session_id: id, device_name: deviceName },
    });
  },
});

export const endAll = restMutation({
  args: { excludeCurrent: v.boolean() },
  handler: async (ctx, { excludeCurrent }) => {
    const count = await Devices.endAllDevices(ctx, requireUser(ctx.principal), {
      excludeCurrent,
      client: ctx.client,
    });
    return reply(200, {
      success: true,
      message: "All sessions terminated successfully",
      data: { terminated_count: count },
    });
  },
});
