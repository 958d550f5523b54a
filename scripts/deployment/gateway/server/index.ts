export type { ApiHost } from "./http-api";
export { listen } from "./server";
