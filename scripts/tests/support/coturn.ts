/** Debian's TURN server, on ports of its own. */
import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { networkInterfaces, tmpdir } from "node:os";
import { join } from "node:path";
import { freePorts } from "../../lib/free-ports";
import { waitFor } from "../../lib/server";

const PROGRAM = "turnserver";

export const hasCoturn = (): boolean => spawnSync(PROGRAM, ["--version"]).error === undefined;

/** An address of this machine that others could reach, or the loopback where it has none. */
const ownAddress = (): string =>
  Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .find(({ family, internal }) => family === "IPv4" && !internal)?.address ?? "127.0.0.1";

export interface Coturn {
  /** For `ICE_SERVERS`. */
  iceServers: { urls: string[] }[];
  /** Ends it at once, with all that it relays. */
  cut(): Promise<void>;
  /** Starts it again at the same address. */
  restore(): Promise<void>;
  stop(): Promise<void>;
}

/** @param secret of which credentials are made, `TURN_SECRET` of the deployment */
export async function startCoturn(secret: string): Promise<Coturn> {
  const folder = mkdtempSync(join(tmpdir(), "coturn-"));
  const { convex: port } = await freePorts();
  const address = ownAddress();
  let running: { child: ChildProcess; ended: Promise<void> } | null = null;

  const restore = async () => {
    let output = "";
    const child = spawn(
      PROGRAM,
      [
        ["-n", "--no-cli", "--no-tls", "--no-dtls", "--fingerprint", "--allow-loopback-peers"],
        ["--use-auth-secret", "--static-auth-secret", secret, "--realm", "example.com"],
        ["--listening-ip", address, "--relay-ip", address, "--listening-port", String(port)],
        ["--log-file", "stdout", "--pidfile", join(folder, "pid"), "--userdb", join(folder, "turndb")],
      ].flat(),
      { stdio: ["ignore", "pipe", "pipe"] },
    );
    child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
    child.stderr.on("data", (chunk: Buffer) => (output += chunk.toString()));
    const ended = new Promise<void>((resolve) => child.once("close", () => resolve()));
    running = { child, ended };
    await waitFor(
      () => output.includes("Total General servers"),
      20_000,
      () => {
        if (child.exitCode !== null) throw new Error(`${PROGRAM} ended with ${child.exitCode}:\n${output}`);
      },
    );
  };
  const cut = async () => {
    running?.child.kill("SIGKILL");
    await running?.ended;
    running = null;
  };
  await restore();
  return {
    iceServers: [{ urls: [`turn:${address}:${port}?transport=udp`] }],
    cut,
    restore,
    stop: async () => {
      await cut();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
