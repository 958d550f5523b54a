import { spawnSync } from "node:child_process";

/**
 * A command line that runs `args` with a disk of its own at `folder`, which needs no rights where Linux lets everybody
 * have a namespace.
 */
export function onSmallDisk(folder: string, size: `${number}m`, ...args: string[]): [file: string, ...args: string[]] {
  const mount = `mount -t tmpfs -o size=${size} none "${folder}" && exec "$@"`;
  return ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c", mount, "sh", ...args];
}

/** Whether this machine can run `onSmallDisk`. */
export function canHaveSmallDisks(): boolean {
  const [file, ...args] = onSmallDisk("/tmp", "1m", "true");
  return spawnSync(file, args).status === 0;
}
