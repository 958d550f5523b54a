/** The two ports: the HTTP API and HTTP actions. */
export { listen } from "./server";
