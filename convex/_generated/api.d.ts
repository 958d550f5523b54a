/* eslint-disable */
/**
 * Generated `api` utility.
 *
 * THIS CODE IS AUTOMATICALLY GENERATED.
 *
 * To regenerate, run `npx convex dev`.
 * @module
 */

import type * as accounts_alertModel from "../accounts/alertModel.js";
import type * as accounts_alerts from "../accounts/alerts.js";
import type * as accounts_authStore from "../accounts/authStore.js";
import type * as accounts_device from "../accounts/device.js";
import type * as accounts_deviceModel from "../accounts/deviceModel.js";
import type * as accounts_deviceRest from "../accounts/deviceRest.js";
import type * as accounts_deviceRoutes from "../accounts/deviceRoutes.js";
import type * as accounts_geo from "../accounts/geo.js";
import type * as accounts_google from "../accounts/google.js";
import type * as accounts_password from "../accounts/password.js";
import type * as accounts_passwordHash from "../accounts/passwordHash.js";
import type * as accounts_passwordModel from "../accounts/passwordModel.js";
import type * as accounts_principal from "../accounts/principal.js";
import type * as accounts_rest from "../accounts/rest.js";
import type * as accounts_routes from "../accounts/routes.js";
import type * as accounts_rules from "../accounts/rules.js";
import type * as accounts_searching from "../accounts/searching.js";
import type * as accounts_sessionModel from "../accounts/sessionModel.js";
import type * as accounts_sessions from "../accounts/sessions.js";
import type * as accounts_signIn from "../accounts/signIn.js";
import type * as accounts_signInFlow from "../accounts/signInFlow.js";
import type * as accounts_sweep from "../accounts/sweep.js";
import type * as accounts_tables from "../accounts/tables.js";
import type * as accounts_tenants from "../accounts/tenants.js";
import type * as accounts_tokens from "../accounts/tokens.js";
import type * as accounts_userModel from "../accounts/userModel.js";
import type * as accounts_users from "../accounts/users.js";
import type * as accounts_wire from "../accounts/wire.js";
import type * as audit_csv from "../audit/csv.js";
import type * as audit_entries from "../audit/entries.js";
import type * as audit_model from "../audit/model.js";
import type * as audit_reading from "../audit/reading.js";
import type * as audit_sweep from "../audit/sweep.js";
import type * as audit_tables from "../audit/tables.js";
import type * as auth from "../auth.js";
import type * as crons from "../crons.js";
import type * as focus_goals from "../focus/goals.js";
import type * as focus_model from "../focus/model.js";
import type * as focus_rest from "../focus/rest.js";
import type * as focus_routes from "../focus/routes.js";
import type * as focus_tables from "../focus/tables.js";
import type * as focus_wire from "../focus/wire.js";
import type * as http from "../http.js";
import type * as lib_admission from "../lib/admission.js";
import type * as lib_caller from "../lib/caller.js";
import type * as lib_errors from "../lib/errors.js";
import type * as lib_functions from "../lib/functions.js";
import type * as lib_ids from "../lib/ids.js";
import type * as lib_limits from "../lib/limits.js";
import type * as lib_rest_admission from "../lib/rest/admission.js";
import type * as lib_rest_app from "../lib/rest/app.js";
import type * as lib_rest_body from "../lib/rest/body.js";
import type * as lib_rest_docs from "../lib/rest/docs.js";
import type * as lib_rest_functions from "../lib/rest/functions.js";
import type * as lib_rest_idempotency from "../lib/rest/idempotency.js";
import type * as lib_rest_reply from "../lib/rest/reply.js";
import type * as lib_rest_request from "../lib/rest/request.js";
import type * as lib_rest_root from "../lib/rest/root.js";
import type * as lib_rest_schemas from "../lib/rest/schemas.js";
import type * as lib_tables from "../lib/tables.js";
import type * as lib_text from "../lib/text.js";
import type * as lib_time from "../lib/time.js";
import type * as store_payload from "../store/payload.js";
import type * as store_rules from "../store/rules.js";
import type * as store_tables from "../store/tables.js";

import type { ApiFromModules, FilterApi, FunctionReference } from "convex/server";

declare const fullApi: ApiFromModules<{
  "accounts/alertModel": typeof accounts_alertModel;
  "accounts/alerts": typeof accounts_alerts;
  "accounts/authStore": typeof accounts_authStore;
  "accounts/device": typeof accounts_device;
  "accounts/deviceModel": typeof accounts_deviceModel;
  "accounts/deviceRest": typeof accounts_deviceRest;
  "accounts/deviceRoutes": typeof accounts_deviceRoutes;
  "accounts/geo": typeof accounts_geo;
  "accounts/google": typeof accounts_google;
  "accounts/password": typeof accounts_password;
  "accounts/passwordHash": typeof accounts_passwordHash;
  "accounts/passwordModel": typeof accounts_passwordModel;
  "accounts/principal": typeof accounts_principal;
  "accounts/rest": typeof accounts_rest;
  "accounts/routes": typeof accounts_routes;
  "accounts/rules": typeof accounts_rules;
  "accounts/searching": typeof accounts_searching;
  "accounts/sessionModel": typeof accounts_sessionModel;
  "accounts/sessions": typeof accounts_sessions;
  "accounts/signIn": typeof accounts_signIn;
  "accounts/signInFlow": typeof accounts_signInFlow;
  "accounts/sweep": typeof accounts_sweep;
  "accounts/tables": typeof accounts_tables;
  "accounts/tenants": typeof accounts_tenants;
  "accounts/tokens": typeof accounts_tokens;
  "accounts/userModel": typeof accounts_userModel;
  "accounts/users": typeof accounts_users;
  "accounts/wire": typeof accounts_wire;
  "audit/csv": typeof audit_csv;
  "audit/entries": typeof audit_entries;
  "audit/model": typeof audit_model;
  "audit/reading": typeof audit_reading;
  "audit/sweep": typeof audit_sweep;
  "audit/tables": typeof audit_tables;
  "auth": typeof auth;
  "crons": typeof crons;
  "focus/goals": typeof focus_goals;
  "focus/model": typeof focus_model;
  "focus/rest": typeof focus_rest;
  "focus/routes": typeof focus_routes;
  "focus/tables": typeof focus_tables;
  "focus/wire": typeof focus_wire;
  "http": typeof http;
  "lib/admission": typeof lib_admission;
  "lib/caller": typeof lib_caller;
  "lib/errors": typeof lib_errors;
  "lib/functions": typeof lib_functions;
  "lib/ids": typeof lib_ids;
  "lib/limits": typeof lib_limits;
  "lib/rest/admission": typeof lib_rest_admission;
  "lib/rest/app": typeof lib_rest_app;
  "lib/rest/body": typeof lib_rest_body;
  "lib/rest/docs": typeof lib_rest_docs;
  "lib/rest/functions": typeof lib_rest_functions;
  "lib/rest/idempotency": typeof lib_rest_idempotency;
  "lib/rest/reply": typeof lib_rest_reply;
  "lib/rest/request": typeof lib_rest_request;
  "lib/rest/root": typeof lib_rest_root;
  "lib/rest/schemas": typeof lib_rest_schemas;
  "lib/tables": typeof lib_tables;
  "lib/text": typeof lib_text;
  "lib/time": typeof lib_time;
  "store/payload": typeof store_payload;
  "store/rules": typeof store_rules;
  "store/tables": typeof store_tables;
}>;

export declare const api: FilterApi<typeof fullApi, FunctionReference<any, "public">>;
export declare const internal: FilterApi<typeof fullApi, FunctionReference<any, "internal">>;

export declare const components: {
  rateLimiter: import("@convex-dev/rate-limiter/_generated/component.js").ComponentApi<"rateLimiter">;
  drafts: import("@convex-dev/aggregate/_generated/component.js").ComponentApi<"drafts">;
  actionCache: import("@convex-dev/action-cache/_generated/component.js").ComponentApi<"actionCache">;
};
