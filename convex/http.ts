import { restRouter } from "./rest/router";
import { deviceApp } from "./accounts/deviceRoutes";
import { signInApp } from "./accounts/routes";
import { auth } from "./auth";
import { focusApp } from "./focus/routes";
import { createApi } from "./rest/pipeline";
import { valuationApp } from "./valuations/cardRoutes";
import { notificationApp } from "./notifications/routes";
import { tutoringApp } from "./tutoring/routes";

/** Each domain's REST app; which one owns a path is decided by the path alone (contracts §1). */
const http = restRouter(createApi([signInApp, deviceApp, focusApp, tutoringApp, notificationApp, valuationApp]));

auth.addHttpRoutes(http);

export default http;
