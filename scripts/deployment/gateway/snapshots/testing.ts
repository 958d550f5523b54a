/** For tests: imports and exports over HTTP, as the command line tool makes them but without its seconds. */
import { ADMIN_KEY, eventually } from "../../deploy/testing";

const HEADERS = { Authorization: `Convex ${ADMIN_KEY}` };

interface ImportState {
  state: string;
  error_message?: string;
  num_rows_written?: unknown;
}
export interface ImportSource {
  format: string;
  mode: string;
  tableName?: string;
  componentPath?: string;
}

async function post(url: string, path: string, body: BodyInit): Promise<unknown> {
  const response = await fetch(`${url}${path}`, { method: "POST", headers: HEADERS, body });
  if (!response.ok) throw new Error(await response.text());
  return await response.json();
}

async function stateOf(url: string, importId: string): Promise<ImportState> {
  const body = JSON.stringify({ path: "_system/cli/queryImport", args: [{ importId }] });
  return ((await post(url, "/api/query", body)) as { value: { state: ImportState } }).value.state;
}

async function untilNot(url: string, importId: string, ...states: string[]): Promise<ImportState> {
  let state = await stateOf(url, importId);
  while (states.includes(state.state)) {
    await new Promise((resolve) => setTimeout(resolve, 5));
    state = await stateOf(url, importId);
  }
  return state;
}

/** Uploads and has it checked. @returns the import's id. @throws Error with the reason of a refusal. */
export async function prepareImport(url: string, source: ImportSource, file: string | Uint8Array): Promise<string> {
  const { uploadToken } = (await post(url, "/api/import/start_upload", "")) as { uploadToken: string };
  await post(url, `/api/import/upload_part?uploadToken=${uploadToken}&partNumber=1`, file as BodyInit);
  const body = JSON.stringify({ uploadToken, partTokens: [], import: source });
  const { importId } = (await post(url, "/api/import/finish_upload", body)) as { importId: string };
  const state = await untilNot(url, importId, "uploaded");
  if (state.state === "failed") throw new Error(state.error_message);
  return importId;
}

export async function performImport(url: string, importId: string): Promise<void> {
  await post(url, "/api/perform_import", JSON.stringify({ importId }));
  const state = await untilNot(url, importId, "in_progress", "waiting_for_confirmation");
  if (state.state === "failed") throw new Error(state.error_message);
}

export async function importFile(url: string, source: ImportSource, file: string | Uint8Array): Promise<void> {
  await performImport(url, await prepareImport(url, source, file));
}

export async function exportAll(url: string, includeStorage = true): Promise<Uint8Array> {
  const latest = async () => {
    const body = JSON.stringify({
      path: "_system/cli/exports:getLatest",
      args: [{}],
      format: "convex_encoded_json",
    });
    const { value } = (await post(url, "/api/query", body)) as {
      value: { state: string; start_ts: { $integer: string } } | null;
    };
    return value;
  };
  const before = JSON.stringify(await latest());
  await post(url, `/api/export/request/zip?includeStorage=${includeStorage}`, "");
  await eventually(async () => {
    const now = await latest();
    return now?.state === "completed" && JSON.stringify(now) !== before;
  }, "the export");
  const ts = Buffer.from((await latest())!.start_ts.$integer, "base64").readBigInt64LE(0);
  return new Uint8Array(await (await fetch(`${url}/api/export/zip/${ts}`, { headers: HEADERS })).arrayBuffer());
}
