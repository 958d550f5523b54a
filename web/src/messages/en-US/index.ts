import accounts from "./accounts";
import audit from "./audit";
import common from "./common";
import focus from "./focus";
import notifications from "./notifications";
import room from "./room";
import shell from "./shell";
import store from "./store";
import tutoring from "./tutoring";
import valuations from "./valuations";

/** All texts of the pages, in American English. */
export default { accounts, audit, common, focus, notifications, room, shell, store, tutoring, valuations };
