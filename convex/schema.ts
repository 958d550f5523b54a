import { defineSchema } from "convex/server";
import { accountsTables } from "./accounts/tables";
import { analyticsTables } from "./analytics/tables";
import { auditTables } from "./audit/tables";
import { focusTables } from "./focus/tables";
import { identityTables } from "./identity/tables";
import { counterTables, migrationTables } from "./lib/tables";
import { notificationTables } from "./notifications/tables";
import { operationsTables } from "./operations/tables";
import { restTables } from "./rest/tables";
import { storeTables } from "./store/tables";
import { tutoringTables } from "./tutoring/tables";
import { valuationsTables } from "./valuations/tables";
import { webhookTables } from "./webhooks/tables";

export default defineSchema({
  ...accountsTables,
  ...analyticsTables,
  ...auditTables,
  ...counterTables,
  ...focusTables,
  ...identityTables,
  ...migrationTables,
  ...notificationTables,
  ...operationsTables,
  ...restTables,
  ...storeTables,
  ...tutoringTables,
  ...valuationsTables,
  ...webhookTables,
});
