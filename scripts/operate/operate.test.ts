/** The samples do what they say, as far as the programs they are for are installed here. */
import { execFile, spawn, spawnSync, type ChildProcess } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import { Agent, request } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { WebSocket, WebSocketServer } from "ws";
import { freePorts } from "../lib/free-ports";
import { waitFor } from "../lib/server";
import { PROJECT_DIR } from "../lib/settings";

const sample = (name: string) => join(PROJECT_DIR, "scripts/operate", name);
const isInstalled = (program: string) => spawnSync(program, ["--version"]).error === undefined;
const run = promisify(execFile);

interface Place {
  folder: string;
  upstream: number;
  port: number;
  key: string;
  certificate: string;
}
interface Proxy {
  program: string;
  sample: string;
  /** Makes a configuration from the sample. → the arguments that check it and that start the proxy with it */
  prepare: (place: Place) => { check: string[]; start: string[] };
}

const toUpstream = (text: string, { upstream }: Place) =>
  text.replace(/127\.0\.0\.1:(3211|3210|5173)/g, `127.0.0.1:${upstream}`);

const PROXIES: Proxy[] = [
  {
    program: "nginx",
    sample: "nginx.conf",
    prepare: (place) => {
      const { folder, port, key, certificate } = place;
      const servers = toUpstream(readFileSync(sample("nginx.conf"), "utf8"), place)
        .replace(/listen 443/g, `listen 127.0.0.1:${port}`)
        .replace(/\S+fullchain\.pem/g, certificate)
        .replace(/\S+privkey\.pem/g, key);
      const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map(
        (name) => `${name}_temp_path ${join(folder, name)};`,
      );
      writeFileSync(
        join(folder, "nginx.conf"),
        `daemon off; pid ${folder}/pid; error_log ${folder}/error.log; events {} http { access_log off; ${temporary.join(" ")}\n${servers} }`,
      );
      const args = ["-p", folder, "-c", join(folder, "nginx.conf")];
      return { check: [...args, "-t"], start: args };
    },
  },
  {
    program: "caddy",
    sample: "Caddyfile",
    prepare: (place) => {
      const { folder, port, key, certificate } = place;
      // Its own certificates come from outside.
      const sites = toUpstream(readFileSync(sample("Caddyfile"), "utf8"), place).replace(
        /^(\w+\.example\.com) \{/gm,
        `$1 {\n\ttls ${certificate} ${key}`,
      );
      const options = `{\n\tadmin off\n\tauto_https disable_redirects\n\thttps_port ${port}\n\tdefault_bind 127.0.0.1\n}\n`;
      writeFileSync(join(folder, "Caddyfile"), options + sites);
      const config = ["--config", join(folder, "Caddyfile"), "--adapter", "caddyfile"];
      return { check: ["validate", ...config], start: ["run", ...config] };
    },
  },
];

describe.each(PROXIES)("$sample", ({ program, prepare }) => {
  const missing = [program, "openssl"].filter((name) => !isInstalled(name));
  describe.skipIf(missing.length > 0)(`needs ${program} and openssl; missing: ${missing.join(", ") || "none"}`, () => {
    const folder = mkdtempSync(join(tmpdir(), `${program}-`));
    const body = JSON.stringify({ text: "x".repeat(5_000) });
    let upstream: Server;
    let sockets: WebSocketServer;
    let proxy: ChildProcess;
    let port: number;

    beforeAll(async () => {
      upstream = createServer((asked, answer) => {
        answer.writeHead(200, { "Content-Type": "application/json", ETag: '"1"', "X-Path": asked.url ?? "" });
        answer.end(asked.url === "/large" ? body : JSON.stringify(asked.headers));
      });
      sockets = new WebSocketServer({ server: upstream });
      sockets.on("connection", (socket) => socket.on("message", (data) => socket.send((data as Buffer).toString())));
      await new Promise<void>((resolve) => upstream.listen(0, "127.0.0.1", resolve));
      port = (await freePorts()).web;
      const [key, certificate] = [join(folder, "key.pem"), join(folder, "cert.pem")];
      const subject = ["-subj", "/CN=example.com", "-days", "1", "-nodes"];
      await run("openssl", ["req", "-x509", "-newkey", "rsa:2048", "-keyout", key, "-out", certificate, ...subject]);
      const place = { folder, upstream: (upstream.address() as AddressInfo).port, port, key, certificate };
      const { check, start } = prepare(place);
      // It ends with an error where anything is wrong.
      await run(program, check, { env: { ...process.env, HOME: folder } });
      proxy = spawn(program, start, { stdio: "ignore", env: { ...process.env, HOME: folder } });
      const answers = () =>
        ask("api.example.com", "/").then(
          () => true,
          () => false,
        );
      await waitFor(answers, 10_000);
    });
    afterAll(async () => {
      proxy?.kill("SIGTERM");
      sockets?.close();
      upstream?.closeAllConnections();
      upstream?.close();
      rmSync(folder, { recursive: true, force: true });
    });

    /** A request to the proxy for that host. */
    function ask(host: string, path: string, headers: Record<string, string> = {}) {
      return new Promise<{ status: number; headers: IncomingHttpHeaders; text: string }>((resolve, reject) => {
        const target = { host: "127.0.0.1", port, path, servername: host, rejectUnauthorized: false };
        const sent = request({ ...target, headers: { Host: host, ...headers }, agent: false }, (answer) => {
          let text = "";
          answer.on("data", (part: Buffer) => (text += part.toString()));
          answer.on("end", () => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, text }));
        });
        sent.on("error", reject);
        sent.end();
      });
    }

    test("paths go on byte for byte", async () => {
      for (const path of ["/api/sessions/", "/api/sessions", "/api//x///", "/a%2Fb/%7e?x=%20&y=/", "/a/./b"])
        expect((await ask("api.example.com", path)).headers["x-path"]).toBe(path);
    });

    test("the client's address is the last that X-Forwarded-For names, whatever the client sends", async () => {
      for (const host of ["api.example.com", "live.example.com"]) {
        const { text } = await ask(host, "/", { "X-Forwarded-For": "198.51.100.9" });
        const seen = JSON.parse(text) as Record<string, string>;
        const forwarded = seen["x-forwarded-for"]?.split(", ").at(-1);
        expect([forwarded, seen["x-forwarded-proto"], seen.host]).toEqual(["127.0.0.1", "https", host]);
      }
    });

    test("ETags and bodies stay what they are", async () => {
      const { headers, text } = await ask("api.example.com", "/large", { "Accept-Encoding": "gzip" });
      expect([headers.etag, headers["content-encoding"], text]).toEqual(['"1"', undefined, body]);
    });

    test("WebSockets go through, figures do not", async () => {
      const socket = new WebSocket(`wss://127.0.0.1:${port}/api/1.0/sync`, {
        agent: new Agent({ servername: "live.example.com", rejectUnauthorized: false }),
        headers: { Host: "live.example.com" },
      });
      const echoed = new Promise<string>((resolve, reject) => {
        socket.on("open", () => socket.send("there and back"));
        socket.on("message", (data) => resolve((data as Buffer).toString()));
        socket.on("error", reject);
      });
      expect(await echoed).toBe("there and back");
      socket.close();
      expect((await ask("live.example.com", "/metrics")).status).toBe(404);
    });
  });
});

test.skipIf(!isInstalled("promtool"))(
  "promtool finds nothing wrong with rules and scrapes (needs promtool)",
  async () => {
    const folder = mkdtempSync(join(tmpdir(), "promtool-"));
    try {
      const files = { "alerts.yml": readFileSync(sample("alerts.yml"), "utf8"), key: "x" };
      for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
      const config = readFileSync(sample("prometheus.yml"), "utf8").replace(
        /credentials_file: .+/g,
        `credentials_file: ${folder}/key`,
      );
      writeFileSync(join(folder, "prometheus.yml"), config);
      const { stdout } = await run("promtool", ["check", "config", join(folder, "prometheus.yml")]);
      expect(stdout).toMatch(/rules found/);
      expect(stdout).not.toContain("FAILED");
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
);

test.skipIf(!isInstalled("systemd-analyze"))("systemd takes the unit (needs systemd-analyze)", () => {
  const { stderr } = spawnSync("systemd-analyze", ["verify", sample("live-sessions.service")], { encoding: "utf8" });
  // Whether the program is where the sample says depends on the machine.
  const said = stderr.split("\n").filter((line) => line.includes("live-sessions") && !/is not executable/.test(line));
  expect(said).toEqual([]);
});
