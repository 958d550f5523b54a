import { formatAnswered, formatFailure, formatFailureAsJson } from "../../deployment/gateway/http";
import { startDeployment, type DeploymentOptions } from "../../deployment/main";
import { runAsChild } from "../processes/children";
import { wantsJsonLogs } from "./json-logs";

/**
 * Whoever started this process starts it again, so one action's endless loop stops the others for no longer than this.
 */
const STUCK_AFTER_MS = 20_000;

runAsChild(async (options: DeploymentOptions) => {
  const deployment = await startDeployment({
    stuckAfterMs: STUCK_AFTER_MS,
    ...(wantsJsonLogs()
      ? {
          onFailure: (failure) => console.error(formatFailureAsJson(failure)),
          onAnswered: (request) => console.log(formatAnswered(request)),
        }
      : { onFailure: (failure) => console.error(formatFailure(failure)) }),
    ...options,
  });
  return {
    ready: { cloudUrl: deployment.cloudUrl, siteUrl: deployment.siteUrl },
    close: () => deployment.close(),
  };
});
