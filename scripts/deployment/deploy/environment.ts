import { HttpError } from "../lib";
import type { MetaStore } from "../storage";

const PREFIX = "env/";
const MAX_NAME_LENGTH = 256;
const MAX_VALUE_BYTES = 8 * 1024;
const MAX_COUNT = 512;
const MAX_TOTAL_BYTES = 512 * 1024;

export interface EnvironmentChange {
  name: string;
  /** Null removes the variable. */
  value: string | null;
}

/** The user's environment variables, durable, with the two URLs beneath them. */
export class Environment {
  /** Grows with every change: a push that started under another version must not finish. */
  version = 0;
  readonly #meta: MetaStore;
  readonly #urls: Record<string, string>;
  #user: Record<string, string> = {};
  #all: Record<string, string> = {};
  readonly #listeners: (() => void)[] = [];

  constructor(meta: MetaStore, urls: { cloudUrl: string; siteUrl: string }) {
    this.#meta = meta;
    this.#urls = { CONVEX_CLOUD_URL: urls.cloudUrl, CONVEX_SITE_URL: urls.siteUrl };
    for (const [key, value] of meta.list(PREFIX)) this.#user[key.slice(PREFIX.length)] = value;
    this.#rebuild();
  }

  /** The variables that `process.env` shows; user values win over the URLs. The object is replaced, never changed. */
  all(): Record<string, string> {
    return this.#all;
  }

  user(): Readonly<Record<string, string>> {
    return this.#user;
  }

  onChange(listener: () => void): void {
    this.#listeners.push(listener);
  }

  /** All variables as they would be after the changes. @throws as `update` */
  preview(changes: EnvironmentChange[]): Record<string, string> {
    return { ...this.#urls, ...this.#changed(changes) };
  }

  /**
   * Applies all changes or none.
   * @param inCommit runs the writes as one commit.
   * @throws HttpError 400 naming the variable and the limit it breaks.
   */
  update(changes: EnvironmentChange[], inCommit: (writes: () => void) => void): void {
    const next = this.#changed(changes);
    inCommit(() => {
      for (const { name, value } of changes) {
        if (value === null) this.#meta.delete(PREFIX + name);
        else this.#meta.put(PREFIX + name, value);
      }
    });
    this.#user = next;
    this.version += 1;
    this.#rebuild();
    for (const listener of this.#listeners) listener();
  }

  #changed(changes: EnvironmentChange[]): Record<string, string> {
    const next = { ...this.#user };
    for (const { name, value } of changes) {
      checkName(name);
      if (value === null) delete next[name];
      else {
        // Variables that data folders from before this check hold stay until they are removed.
        if (Object.hasOwn(this.#urls, name))
          throw new HttpError(
            400,
            "EnvVarNameForbidden",
            `Environment variable with name "${name}" is built-in and cannot be overridden`,
          );
        if (Buffer.byteLength(value) > MAX_VALUE_BYTES) {
          throw new HttpError(
            400,
            "EnvironmentVariableValueTooLarge",
            `Environment variable ${name} is larger than ${MAX_VALUE_BYTES} bytes.`,
          );
        }
        next[name] = value;
      }
    }
    const entries = Object.entries(next);
    if (entries.length > MAX_COUNT)
      throw new HttpError(400, "EnvVarLimitMet", `A deployment holds at most ${MAX_COUNT} environment variables.`);
    const total = entries.reduce((sum, [name, value]) => sum + name.length + Buffer.byteLength(value), 0);
    if (total > MAX_TOTAL_BYTES)
      throw new HttpError(
        400,
        "EnvVarTotalSizeLimitMet",
        `Environment variables together exceed ${MAX_TOTAL_BYTES} bytes.`,
      );
    return next;
  }

  #rebuild(): void {
    this.#all = { ...this.#urls, ...this.#user };
  }
}

function checkName(name: string): void {
  if (!/^[a-zA-Z_]\w*$/.test(name))
    throw new HttpError(
      400,
      "EnvironmentVariableNameInvalid",
      `Environment variable name ${JSON.stringify(name)} must start with a letter and hold only letters, digits and underscores.`,
    );
  if (name.length > MAX_NAME_LENGTH)
    throw new HttpError(
      400,
      "EnvironmentVariableNameTooLong",
      `Environment variable name ${name.slice(0, 64)}… is longer than ${MAX_NAME_LENGTH} characters.`,
    );
}
