import { v } from "convex/values";
import { invalid } from "../lib/errors";
import { userMutation, userQuery } from "../identity/builders";
import { cleanText, textProblems } from "../lib/text";
import { clientOfCall } from "../identity/caller";
import * as Devices from "./devices/list";
import { vDeviceInfo, vLoginMethod } from "../identity/validators";

const SEARCH_MAX = 200;

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
    const search = cleanText(args.search ?? "");
    const problems = textProblems(search, SEARCH_MAX);
    if (problems.length > 0) throw invalid({ search: problems });
    const { devices } = await Devices.listDevices(ctx, ctx.principal, search);
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
export const end = userMutation({
  args: { id: v.number() },
  returns: v.object({ id: v.number(), deviceName: v.string() }),
  handler: async (ctx, { id }) => {
    const { deviceName } = await Devices.endDevice(ctx, ctx.principal, id, await clientOfCall(ctx));
    return { id, deviceName };
  },
});

/** Ends all of the caller's sessions, with `excludeCurrent` all others; → how many. */
export const endAll = userMutation({
  args: { excludeCurrent: v.optional(v.boolean()) },
  returns: v.number(),
  handler: async (ctx, { excludeCurrent = false }) =>
    await Devices.endAllDevices(ctx, ctx.principal, { excludeCurrent, client: await clientOfCall(ctx) }),
});
