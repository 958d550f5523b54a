import accounts from "./accounts";
import analytics from "./analytics";
import audit from "./audit";
import common from "./common";
import focus from "./focus";
import notifications from "./notifications";
import operations from "./operations";
import room from "./room";
import shell from "./shell";
import store from "./store";
import tutoring from "./tutoring";
import valuations from "./valuations";
import webhooks from "./webhooks";

/** All texts of the pages, in American English. */
export default {
  accounts,
  analytics,
  audit,
  common,
  focus,
  notifications,
  operations,
  room,
  shell,
  store,
  tutoring,
  valuations,
  webhooks,
};
