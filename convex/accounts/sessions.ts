import { v } from "convex/values";
import { liveCommand, userQuery } from "../identity/builders";
import { parse } from "../lib/schemas/parse";
import { z } from "../lib/schemas/zod";
import * as Commands from "./devices/commands";
import * as Devices from "./devices/list";
import { vDeviceInfo, vLoginMethod } from "../identity/validators";

export { experimental_reuseContext } from "../lib/contexts";

const listInput = z.strictObject({ search: Commands.search().optional() });

/** One device as the list shows it; times in ms since the epoch. */
const vDevice = v.object({
  id: v.number(),
  /** For display; authenticates nothing. */
  sessionKey: v.string(),
  ipAddress: v.string(),
  userAgent: v.string(),
  deviceInfo: vDeviceInfo,
  location: v.union(v.string(), v.null()),
  isActive: v.boolean(),
  lastActivity: v.number(),
  createdAt: v.number(),
  deviceName: v.string(),
  loginMethod: vLoginMethod,
  isCurrent: v.boolean(),
});

/** The caller's active sessions, current first, then by last activity; live as devices come and go. */
export const list = userQuery({
  args: { search: v.optional(v.string()) },
  returns: v.array(vDevice),
  handler: async (ctx, args) => {
    const { devices } = await Devices.listDevices(ctx, parse(listInput, args).search);
    return devices.map(({ session, lastActivityAt, isCurrent }) => ({
      id: session.publicId,
      sessionKey: session.keyStub,
      ipAddress: session.ipAddress ?? "",
      userAgent: session.userAgent,
      deviceInfo: session.deviceInfo,
      location: session.location,
      isActive: session.state.kind === "active",
      lastActivity: lastActivityAt,
      createdAt: session.createdAt,
      deviceName: session.deviceName,
      loginMethod: session.loginMethod,
      isCurrent,
    }));
  },
});

/** Ends one of the caller's sessions, which signs that device out at once. `NOT_FOUND` for any other id. */
export const end = liveCommand(Commands.end, {
  returns: v.object({ id: v.number(), deviceName: v.string() }),
  present: ({ publicId, deviceName }) => ({ id: publicId, deviceName }),
});

/** Ends all of the caller's sessions, with `excludeCurrent` all others; → how many. */
export const endAll = liveCommand(Commands.endAll, { returns: v.number(), present: (count) => count });

/** Names one of the caller's sessions; "" gives back the name of its User-Agent. → the name in force */
export const rename = liveCommand(Commands.rename, {
  returns: v.object({ id: v.number(), deviceName: v.string() }),
  present: (renamed) => renamed,
});
