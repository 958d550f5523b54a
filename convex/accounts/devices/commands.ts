/** Acts of a user on their own account sessions (accounts/README §3). */
import { userCommand } from "../../identity/command";
import { text } from "../../lib/schemas/fields";
import { z } from "../../lib/schemas/zod";
import * as Devices from "./list";

const SEARCH_MAX = 200;
export const search = () => text({ max: SEARCH_MAX });

/** Returns the session that ended. */
export const end = userCommand({ input: z.strictObject({ id: z.number() }), run: Devices.endDevice });

const DEVICE_NAME_MAX = 60;

/** Returns the name in force. */
export const rename = userCommand({
  input: z.strictObject({
    id: z.number(),
    deviceName: text({ max: DEVICE_NAME_MAX }).describe('"" for the name that the User-Agent gives'),
  }),
  run: Devices.renameDevice,
});

/** Returns how many ended. */
export const endAll = userCommand({
  input: z.strictObject({ excludeCurrent: z.boolean().default(false) }),
  run: Devices.endAllDevices,
});
