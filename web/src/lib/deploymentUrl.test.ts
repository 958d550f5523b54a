import { expect, test } from "vitest";
import { deploymentUrl } from "./deploymentUrl";

const at = (hostname: string, protocol = "http:") => ({ hostname, protocol });

test.each([
  ["nothing told", null, at("localhost"), "http://localhost:3210"],
  ["nothing told, over https", null, at("app.example", "https:"), "https://app.example:3210"],
  [
    "a cloud deployment",
    "https://calm-owl-1.convex.cloud",
    at("app.example", "https:"),
    "https://calm-owl-1.convex.cloud",
  ],
  ["loopback from loopback", "http://127.0.0.1:4210/", at("localhost"), "http://127.0.0.1:4210"],
  ["loopback from another machine", "http://127.0.0.1:4210", at("192.168.1.5"), "http://192.168.1.5:4210"],
])("%s", (_case, told, page, url) => expect(deploymentUrl(told, page)).toBe(url));
