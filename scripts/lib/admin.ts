/** Requests to a deployment with its admin key: environment variables and functions. */
export interface AdminClient {
  url: string;
  /** All variables that are set, by name. */
  environment(): Promise<Record<string, string>>;
  /** Sets the named variables; null removes one. */
  setEnvironment(values: Record<string, string | null>): Promise<void>;
  /** The modules of the app that it serves, without those of components, each with its digest, as JSON text. */
  servedModules(): Promise<string>;
  /** Where its HTTP actions answer. */
  siteUrl(): Promise<string>;
  /** Runs any function, public or internal. Throws with the function's own error text. */
  run<Result = unknown>(path: string, args?: Record<string, unknown>): Promise<Result>;
}

export function adminClient(url: string, key: string): AdminClient {
  const request = async (path: string, init: RequestInit): Promise<Response> => {
    const headers = { "Content-Type": "application/json", Authorization: `Convex ${key}` };
    const response = await fetch(`${url}${path}`, { ...init, headers });
    // 560 is the status of a function that threw; its answer says what.
    if (!response.ok && response.status !== 560)
      throw new Error(`${path} answered ${response.status}: ${(await response.text()).slice(0, 500)}`);
    return response;
  };
  const post = (path: string, body: unknown) => request(path, { method: "POST", body: JSON.stringify(body) });
  const run = async <Result>(path: string, args: Record<string, unknown> = {}): Promise<Result> => {
    const answer = (await (await post("/api/function", { path, args: [args], format: "json" })).json()) as {
      status: string;
      value: Result;
      errorMessage?: string;
    };
    if (answer.status !== "success") throw new Error(`${path}: ${answer.errorMessage ?? "failed"}`);
    return answer.value;
  };
  return {
    url,
    run,
    async servedModules() {
      return await (await post("/api/get_config_hashes", {})).text();
    },
    async siteUrl() {
      const urls = (await (await request("/api/v1/get_canonical_urls", {})).json()) as { convexSiteUrl: string };
      return urls.convexSiteUrl;
    },
    async environment() {
      const rows = await run<{ name: string; value: string }[]>("_system/cli/queryEnvironmentVariables");
      return Object.fromEntries(rows.map(({ name, value }) => [name, value]));
    },
    async setEnvironment(values) {
      const changes = Object.entries(values).map(([name, value]) => ({ name, value }));
      if (changes.length > 0) await post("/api/update_environment_variables", { changes });
    },
  };
}
