import { randomBytes } from "node:crypto";
import { cpSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { type Deployment, startDeployment } from "../../deployment/main";
import { PROJECT_DIR } from "../../lib/settings";
import { findFreePorts } from "../ports";
import { pushProject } from "../project";
import type { StartedDeployment } from "./wire";

interface Running {
  deployment: Deployment;
  dataDir: string;
}

/**
 * Deployments for tests, which ask for them over HTTP: each begins as a copy of the folder of one to which the
 * application was pushed with the same schema.
 */
export class TestDeployments {
  readonly #folder: string;
  readonly #app: string;
  /** The suite expects a deployment called `test`. */
  readonly #adminKey = `test|${randomBytes(32).toString("hex")}`;
  /** Folders by the text of their schema. */
  readonly #pushed = new Map<string | null, string>();
  readonly #running = new Map<number, Running>();
  #nextId = 0;
  /** The end of the line: what comes next writes to the application, too. */
  #last: Promise<unknown> = Promise.resolve();
  #server: Server | null = null;

  /**
   * @param folder for data, removed by nobody here
   * @param app a project whose `convex/schema.ts` may be replaced
   */
  constructor(folder: string, app: string) {
    this.#folder = folder;
    this.#app = app;
  }

  /** Begins to answer `POST /start` and `POST /close/<id>`. @returns the address. */
  async listen(): Promise<string> {
    const server = createServer((request, response) => void this.#answer(request, response));
    this.#server = server;
    await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.#server?.close();
    for (const id of this.#running.keys()) await this.#stop(id);
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    try {
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const closed = /^\/close\/(\d+)$/.exec(request.url!)?.[1];
      if (closed !== undefined) {
        await this.#stop(Number(closed));
        response.end("null");
        return;
      }
      const { schema } = JSON.parse(Buffer.concat(chunks).toString()) as { schema: string | null };
      const turn = this.#last.then(() => this.#start(schema));
      this.#last = turn.catch(() => undefined);
      response.end(JSON.stringify(await turn));
    } catch (error) {
      response.statusCode = 500;
      response.end(error instanceof Error ? error.message : String(error));
    }
  }

  async #start(schema: string | null): Promise<StartedDeployment> {
    const pushed = this.#pushed.get(schema) ?? (await this.#push(schema));
    const id = this.#nextId++;
    const dataDir = join(this.#folder, `test-${id}`);
    cpSync(pushed, dataDir, { recursive: true });
    const deployment = await this.#open(dataDir);
    this.#running.set(id, { deployment, dataDir });
    return { id, cloudUrl: deployment.cloudUrl, siteUrl: deployment.siteUrl, adminKey: this.#adminKey };
  }

  async #push(schema: string | null): Promise<string> {
    const file = join(this.#app, "convex/schema.ts");
    if (schema === null) rmSync(file, { force: true });
    else writeFileSync(file, `export default { export: () => ${JSON.stringify(schema)} };\n`);
    const dataDir = join(this.#folder, `pushed-${this.#pushed.size}`);
    rmSync(dataDir, { recursive: true, force: true });
    const deployment = await this.#open(dataDir);
    try {
      await pushProject(this.#app, PROJECT_DIR, deployment.cloudUrl, this.#adminKey);
    } finally {
      await deployment.close();
    }
    this.#pushed.set(schema, dataDir);
    return dataDir;
  }

  async #open(dataDir: string): Promise<Deployment> {
    const [cloudPort, sitePort] = await findFreePorts();
    return await startDeployment({ dataDir, cloudPort, sitePort, adminKey: this.#adminKey });
  }

  async #stop(id: number): Promise<void> {
    const running = this.#running.get(id);
    if (running === undefined) return;
    this.#running.delete(id);
    await running.deployment.close();
    rmSync(running.dataDir, { recursive: true, force: true });
  }
}
