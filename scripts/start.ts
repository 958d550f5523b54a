/**
 * `npm start`: one command that runs everything on a bare machine. Starts the embedded store and deployment, pushes
 * `convex/` with the official CLI, seeds demo data on the first run and serves the web application.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { adminClient, type AdminClient } from "./lib/admin";
import { HELP_OPTION, readArguments } from "./lib/arguments";
import { startChild } from "./lib/processes/children";
import type { DemoData } from "./lib/demo/seed";
import { nameDeployment } from "./lib/start/env-local";
import { makeFolder } from "./lib/folders/folders";
import { keepRunning } from "./lib/processes/keep-running";
import { environmentAtStart, webOrigins } from "./lib/start/environment";
import { printAsJson, wantsJsonLogs } from "./lib/start/json-logs";
import { assertPortsFree } from "./lib/start/ports";
import { configureOutside, outsideDeployment, type ReachedDeployment } from "./lib/start/outside";
import { step } from "./lib/start/progress";
import { cliEnvironment, pushFunctions, pushIfChanged } from "./lib/start/push";
import { adminKey, randomKey } from "./lib/start/secrets";
import { makeSigningKeys, tidyKeys } from "./lib/start/signing-keys";
import { assertPublicUrl, PROJECT_DIR, readSettings, type Settings } from "./lib/settings";

const HELP = `npm start -- [options]     start live-sessions

  --headless       without the web application
  --no-seed        start empty instead of with demo data
  --dev            web application from Vite's development server, reloading on change
  --no-env-local   leave .env.local, in which npx convex finds its deployment, as it is
  --help           this text

  --seed           demo data and its public logins also when HOST is no loopback address

With a self-hosted deployment, which keeps every variable it has set and gets only what is asked for:

  --seed             demo data and its public logins
  --embedded-store   the embedded store, reached from this machine only, for as long as this runs

Environment: CONVEX_PORT (3210), CONVEX_SITE_PORT (3211), STORE_PORT (5433), WEB_PORT (5173), DATA_DIR (.data),
HOST (127.0.0.1), LOG_FORMAT (text, or json: one object a line, with a line for each request), PERMANENT_STORE_URL (this
PostgreSQL or REST store instead of the embedded one), CONVEX_SELF_HOSTED_URL and CONVEX_SELF_HOSTED_ADMIN_KEY (that
deployment instead of the embedded one), CONVEX_SITE_URL (where its HTTP actions answer, when not where it says). For
Convex Cloud see the README: npm start does not push there. Passed on to the deployment when set: SERVICE_KEY,
CORS_ALLOWED_ORIGINS, and the others that the README lists.`;

interface Closable {
  close(): Promise<void>;
}

async function main(): Promise<void> {
  const { values: flags } = readArguments({
    options: {
      headless: { type: "boolean", default: false },
      "no-seed": { type: "boolean", default: false },
      seed: { type: "boolean", default: false },
      "embedded-store": { type: "boolean", default: false },
      dev: { type: "boolean", default: false },
      "no-env-local": { type: "boolean", default: false },
      help: HELP_OPTION,
    },
  });
  if (flags.help) return console.log(HELP);
  if (wantsJsonLogs()) printAsJson();
  const settings = readSettings();
  assertPublicUrl(process.env.PUBLIC_URL);
  const running: Closable[] = [];
  stopWith(running);
  const startedAt = Date.now();
  console.log("live-sessions is starting");

  if (!flags.headless) await assertPortsFree(settings.host, { WEB_PORT: settings.webPort });
  const backend = await startBackend(settings, running, {
    storeForOutside: flags["embedded-store"],
    inEnvLocal: !flags["no-env-local"],
  });
  const { demoData } = await step("settings", () =>
    backend.outside
      ? configureOutside(
          backend.admin,
          { environment: process.env, webUrls: webUrlsOf(settings), storeUrl: backend.store?.url },
          flags.seed,
        )
      : configure(
          backend.admin,
          settings,
          backend.store?.url ?? process.env.PERMANENT_STORE_URL!,
          wantsDemo(flags, settings),
        ),
  );
  await step(
    "functions",
    async () => {
      if (!backend.outside) return await pushIfChanged(backend.admin, backend.cli, settings.dataDir);
      await pushFunctions(backend.cli);
      return true;
    },
    (pushed) => (pushed ? "pushed" : "unchanged"),
  );
  if (backend.store) await backend.store.wait();
  const seeded = await seed(backend, demoData);
  const convexUrl = backend.admin.url;
  if (!flags.headless)
    running.unshift(
      await step("web application", async () => {
        const { serveWeb } = await import("./lib/start/web");
        return await serveWeb({
          port: settings.webPort,
          host: settings.host,
          dataDir: settings.dataDir,
          dev: flags.dev,
          settings: {
            convexUrl,
            offersGoogle: await offersGoogle(backend.admin),
            demoLogins: seeded?.logins ?? [],
          },
        });
      }),
    );
  await askOnce(backend.siteUrl);
  console.log(`\nReady in ${((Date.now() - startedAt) / 1000).toFixed(1)} s`);
  if (!flags.headless) console.log(`  Web application   ${webUrlsOf(settings)[0]}`);
  console.log(`  REST and docs     ${backend.siteUrl}/api/docs`);
  console.log(`  Live functions    ${convexUrl}`);
  if (seeded)
    for (const { email, password, note } of seeded.logins)
      console.log(`  Demo login        ${email} / ${password}   ${note}`);
  console.log("Ctrl-C stops everything.");
}

/** The first request loads much that later ones need: it takes ten times as long, and nobody has to wait for it. */
const askOnce = (siteUrl: string) =>
  fetch(`${siteUrl}/api/health/`, { signal: AbortSignal.timeout(10_000) }).catch(() => undefined);

const LOOPBACK = /^(127(\.\d{1,3}){3}|::1|localhost)$/;

/** Demo logins are public, so whoever can be reached from elsewhere has them only when asked for. */
const wantsDemo = (flags: { "no-seed": boolean; seed: boolean }, { host }: Settings): boolean =>
  !flags["no-seed"] && (flags.seed || LOOPBACK.test(host));

type Backend = ReachedDeployment & {
  /** Whether the deployment is not one that was started here. */
  outside: boolean;
  /** The embedded store, when there is one; it may still be starting. */
  store: StartingStore | undefined;
};

interface StartingStore {
  url: string;
  /** Resolves when it answers. */
  wait(): Promise<unknown>;
}

/**
 * The embedded store and deployment, or the ones the environment names. An outside deployment gets the store if asked
 * for.
 */
async function startBackend(
  settings: Settings,
  running: Closable[],
  { storeForOutside, inEnvLocal }: { storeForOutside: boolean; inEnvLocal: boolean },
): Promise<Backend> {
  const outside = await outsideDeployment(process.env);
  const embeddedStore = !process.env.PERMANENT_STORE_URL && (!outside || storeForOutside);
  if (!outside)
    await assertPortsFree(settings.host, { CONVEX_PORT: settings.convexPort, CONVEX_SITE_PORT: settings.sitePort });
  if (embeddedStore) await assertPortsFree("127.0.0.1", { STORE_PORT: settings.storePort });
  makeDataFolder(settings.dataDir);
  const store = embeddedStore ? await startEmbeddedStore(settings, running) : undefined;
  // Entries that wait for delivery need the store. A new deployment has none, so both start at once.
  if (store && (outside || existsSync(join(settings.dataDir, "deployment")))) await store.wait();
  if (outside) return { ...outside, outside: true, store };
  const key = adminKey(settings.dataDir);
  const launch = () =>
    startChild<{ cloudUrl: string; siteUrl: string }>(
      new URL("./lib/start/deployment-child.ts", import.meta.url),
      {
        dataDir: join(settings.dataDir, "deployment"),
        host: settings.host,
        cloudPort: settings.convexPort,
        sitePort: settings.sitePort,
        adminKey: key,
        projectDir: PROJECT_DIR,
      },
      DEPLOYMENT_NODE_OPTIONS,
    );
  const deployment = await step("deployment", () => launch().catch(explained(join(settings.dataDir, "deployment"))));
  // The pushed code is in the data folder, so a deployment that died goes on where it was, and clients come back by
  // themselves.
  running.unshift(keepRunning(deployment, launch, { name: "deployment", log: (line) => console.error(line) }));
  const { cloudUrl, siteUrl } = deployment.ready;
  if (inEnvLocal) nameDeployment(cloudUrl, key);
  return { admin: adminClient(cloudUrl, key), siteUrl, cli: cliEnvironment(cloudUrl, key), outside: false, store };
}

async function startEmbeddedStore(settings: Settings, running: Closable[]): Promise<StartingStore> {
  const { startStore } = await import("./store/start");
  let say = (_doing: string): void => undefined;
  const port = settings.storePort;
  const started = startStore({ dataDir: join(settings.dataDir, "store"), port, onProgress: (doing) => say(doing) });
  // It stops last, after what delivers to it. Whoever waits for it learns why it cannot start.
  started.then(
    (store) => running.push(store),
    () => undefined,
  );
  let waited: Promise<unknown> | undefined;
  const wait = () => (waited ??= step("permanent store", (onProgress) => ((say = onProgress), started)));
  return { url: `postgresql://postgres@127.0.0.1:${port}/postgres`, wait };
}

/**
 * Most of what a request allocates is gone with it: with more room, little of that is ever copied. The second lets the
 * deployment see unhandled rejections before it commits (deployment/isolate/unhandled-errors.ts).
 */
const DEPLOYMENT_NODE_OPTIONS = ["--max-semi-space-size=64", "--expose-internals"];

/** A native crash says nothing of its cause, which at a start is nearly always what it reads. */
const explained = (folder: string) => (error: unknown) => {
  if (!(error instanceof Error) || !/\(SIG(SEGV|BUS|ABRT)\)/.test(error.message)) throw error;
  throw new Error(
    `The deployment cannot read its data folder ${folder}: it seems to be damaged. Restore it, or start with another DATA_DIR.`,
  );
};

function makeDataFolder(folder: string): void {
  try {
    makeFolder(folder);
  } catch (error) {
    throw new Error(`DATA_DIR ${folder} cannot be used as a folder (${(error as NodeJS.ErrnoException).code}).`);
  }
}

const webUrlsOf = ({ host, webPort }: Settings) =>
  [host.includes(":") ? `[${host}]` : host, "localhost"].map((name) => `http://${name}:${webPort}`);

/** Sets the app's variables: those in this environment, and secrets that a new deployment lacks. */
async function configure(
  admin: AdminClient,
  settings: Settings,
  storeUrl: string,
  withDemo: boolean,
): Promise<{ demoData: DemoData }> {
  const present = await admin.environment();
  const webUrls = webUrlsOf(settings);
  const fresh = present.JWT_PRIVATE_KEY === undefined;
  const demoData = fresh ? (withDemo ? "wanted" : "none") : ((present.DEMO_DATA ?? "none") as DemoData);
  const changes = environmentAtStart(process.env, present, (staying) => ({
    PERMANENT_STORE_URL: storeUrl,
    DEMO_DATA: demoData,
    ...(fresh ? makeSigningKeys() : tidyKeys(present.JWKS)),
    ...(staying.SERVICE_KEY ? {} : { SERVICE_KEY: randomKey() }),
    ...(staying.SITE_URL ? {} : { SITE_URL: webUrls[0]! }),
    ...(staying.CORS_ALLOWED_ORIGINS ? {} : { CORS_ALLOWED_ORIGINS: webOrigins(webUrls, staying.SITE_URL) }),
  }));
  await admin.setEnvironment(changes);
  return { demoData };
}

/** Whether sign-in with Google is set up: by this start, an earlier one or an operator. */
async function offersGoogle(admin: AdminClient): Promise<boolean> {
  const { AUTH_GOOGLE_ID, AUTH_GOOGLE_SECRET } = await admin.environment();
  return !!AUTH_GOOGLE_ID && !!AUTH_GOOGLE_SECRET;
}

async function seed(backend: Backend, demoData: DemoData) {
  if (demoData === "none") return null;
  const { seedDemo, DEMO_LOGINS } = await import("./lib/demo/seed");
  if (demoData === "wanted") {
    await step("demo data", () => seedDemo(backend.admin, backend.siteUrl));
    await backend.admin.setEnvironment({ DEMO_DATA: "seeded" });
  }
  return { logins: DEMO_LOGINS };
}

let stopping = false;

async function stopAll(running: Closable[], code: number): Promise<never> {
  if (!stopping) {
    stopping = true;
    for (const part of running) await part.close().catch((error: unknown) => console.error(error));
  }
  process.exit(code);
}

/** Ctrl-C, SIGTERM and the end of the `npm` that started this all stop everything cleanly. */
function stopWith(running: Closable[]): void {
  for (const signal of ["SIGINT", "SIGTERM"] as const)
    process.on(signal, () => {
      if (!stopping) console.log("\nStopping");
      void stopAll(running, 0);
    });
  const parent = process.ppid;
  if (process.env.npm_lifecycle_event)
    setInterval(() => process.ppid !== parent && void stopAll(running, 0), 500).unref();
}

main().catch((error: unknown) => {
  // Parts that are being stopped break off whatever was waiting for them.
  if (stopping) return;
  console.error(`\n${error instanceof Error ? error.message : String(error)}`);
  process.exit(1);
});
