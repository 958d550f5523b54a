/** Workers are shared: what a file of tests stubs must not meet the next one. */
import { afterAll, vi } from "vitest";

afterAll(() => {
  vi.unstubAllGlobals();
  vi.unstubAllEnvs();
});
