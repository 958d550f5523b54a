/** The two ports: the HTTP API and HTTP actions. */
export type { ApiHost } from "./http-api";
export { listen } from "./server";
