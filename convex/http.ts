import { restRouter } from "./rest/router";
import { deviceRest } from "./accounts/rest/deviceRoutes";
import { signInRest } from "./accounts/rest/routes";
import { analyticsRest } from "./analytics/rest/routes";
import { auth } from "./auth";
import { focusRest } from "./focus/rest/routes";
import { createApi } from "./rest/pipeline";
import { valuationRest } from "./valuations/rest/routes";
import { webhookRest } from "./webhooks/rest/routes";
import { notificationRest } from "./notifications/rest/routes";
import { operationsRest } from "./operations/rest/routes";
import { tutoringRest } from "./tutoring/rest/routes";

export { experimental_reuseContext } from "./lib/contexts";

/** The endpoints of each domain; which one owns a path is decided by the path alone (rest/README.md §1). */
const http = restRouter(
  createApi({
    sign_in: signInRest,
    devices: deviceRest,
    focus: focusRest,
    tutoring: tutoringRest,
    notifications: notificationRest,
    operations: operationsRest,
    analytics: analyticsRest,
    webhooks: webhookRest,
    valuations: valuationRest,
  }),
);

auth.addHttpRoutes(http);

export default http;
