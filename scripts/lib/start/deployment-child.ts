import { formatAnswered, formatFailure, formatFailureAsJson } from "../../deployment/gateway/http";
import { startDeployment, type DeploymentOptions } from "../../deployment/main";
import { adminClient } from "../admin";
import { runAsChild } from "../processes/children";
import { reportFailures } from "./failure-report";
import { wantsJsonLogs } from "./json-logs";

/**
 * Whoever started this process starts it again, so one action's endless loop stops the others for no longer than this.
 */
const STUCK_AFTER_MS = 20_000;

runAsChild(async (options: DeploymentOptions) => {
  const asJson = wantsJsonLogs();
  const report = reportFailures((failures) =>
    adminClient(deployment.cloudUrl, deployment.adminKey).run("operations/errors:save", { failures }),
  );
  const deployment = await startDeployment({
    stuckAfterMs: STUCK_AFTER_MS,
    ownsInterrupts: true,
    onFailure: (failure) => {
      console.error(asJson ? formatFailureAsJson(failure) : formatFailure(failure));
      report(failure);
    },
    ...(asJson && { onAnswered: (request) => console.log(formatAnswered(request)) }),
    ...options,
  });
  return {
    ready: { cloudUrl: deployment.cloudUrl, siteUrl: deployment.siteUrl },
    close: () => deployment.close(),
  };
});
