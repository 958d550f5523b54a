import { HttpRouterWithHono } from "convex-helpers/server/hono";
import { deviceApp } from "./accounts/deviceRoutes";
import { signInApp } from "./accounts/routes";
import { auth } from "./auth";
import { focusApp } from "./focus/routes";
import { rootApp } from "./lib/rest/root";

/** Each domain's REST app; which one owns a path is decided by the path alone (contracts §1). */
const http = new HttpRouterWithHono(rootApp([signInApp, deviceApp, focusApp]));

auth.addHttpRoutes(http);

export default http;
