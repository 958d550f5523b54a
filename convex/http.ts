import { restRouter } from "./rest/router";
import { deviceApp } from "./accounts/rest/deviceRoutes";
import { signInApp } from "./accounts/rest/routes";
import { auth } from "./auth";
import { focusApp } from "./focus/rest/routes";
import { createApi } from "./rest/pipeline";
import { valuationApp } from "./valuations/rest/cardRoutes";
import { notificationApp } from "./notifications/rest/routes";
import { tutoringApp } from "./tutoring/rest/routes";

/** Each domain's REST app; which one owns a path is decided by the path alone (rest/README.md §1). */
const http = restRouter(createApi([signInApp, deviceApp, focusApp, tutoringApp, notificationApp, valuationApp]));

auth.addHttpRoutes(http);

export default http;
