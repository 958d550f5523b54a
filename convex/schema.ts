import { defineSchema } from "convex/server";
import { accountsTables } from "./accounts/tables";
import { auditTables } from "./audit/tables";
import { focusTables } from "./focus/tables";
import { restTables } from "./lib/tables";
import { storeTables } from "./store/tables";

export default defineSchema({
  ...accountsTables,
  ...auditTables,
  ...focusTables,
  ...restTables,
  ...storeTables,
});
