/**
 * Names of operations for generated clients, and descriptions where a route gives none. A name is part of the
 * interface: clients call it.
 */

type Words = { id: string; description?: string };

const DEVICE_LIST = "Each is one sign-in on one device; the one that asks comes with `is_current`.";
const DEVICES_END = "Their credentials stop working at once, and pages that are open there say so.";
const DEVICE_ENDS = "Its credential stops working at once. Another user's session is 404.";
const DEVICE_NAME = "The name is shown in the list of devices, instead of what its User-Agent says.";
const SIGN_IN =
  "The answer's `session_id` is the credential: `Authorization: SessionID <session_id>`. A wrong pair is 401, whichever of the two is wrong.";

export const OPERATIONS: Record<string, Words> = {
  "POST /api/auth/login/": { id: "signIn", description: SIGN_IN },
  "POST /api/sessions/create/": { id: "createSignInSession", description: SIGN_IN },
  "POST /api/auth/register/": {
    id: "register",
    description: "Makes the account and its first session. An email or username that is taken is 409.",
  },
  "POST /api/auth/google/": {
    id: "signInWithGoogle",
    description: "Makes the account when its verified email is new. Needs Google sign-in to be set up.",
  },
  "POST /api/auth/token/": {
    id: "issueAccessToken",
    description: "For live functions and for `Authorization: Bearer`. It is refused as soon as the session has ended.",
  },
  "GET /api/sessions/current/": {
    id: "readCurrentSession",
    description: "Tells who is signed in and what they may do.",
  },
  "GET /api/sessions/{sessionId}/": {
    id: "readSession",
    description:
      "By a UUID the sign-in session of that SessionID, which must be the caller's own; by an integer a tutoring session.",
  },
  "DELETE /api/sessions/{sessionId}/": {
    id: "endSession",
    description: "By a UUID it signs out; by an integer it deletes a tutoring session that the caller gives.",
  },
  "PUT /api/sessions/{sessionId}/": {
    id: "replaceTutoringSession",
    description: "For its creator, by its integer id. Who takes part is told of what changes.",
  },
  "PATCH /api/sessions/{sessionId}/": {
    id: "updateTutoringSession",
    description: "For its creator, by its integer id. What is left out stays as it is.",
  },
  "GET /api/auth/me/": { id: "readProfile", description: "What the account holds about its user." },
  "PATCH /api/auth/me/": { id: "updateProfile" },
  "POST /api/auth/password/": { id: "changePassword" },
  "GET /api/v1/users/me/sessions/": { id: "listDevices", description: DEVICE_LIST },
  "DELETE /api/v1/users/me/sessions/": { id: "endDevices", description: DEVICES_END },
  "DELETE /api/v1/users/me/sessions/all/": { id: "endAllDevices", description: DEVICES_END },
  "DELETE /api/v1/users/me/sessions/{sessionId}/": { id: "endDevice", description: DEVICE_ENDS },
  "PATCH /api/v1/users/me/sessions/{sessionId}/": { id: "nameDevice", description: DEVICE_NAME },
  "GET /api/v1/auth/users/me/sessions/": { id: "listAuthDevices", description: DEVICE_LIST },
  "DELETE /api/v1/auth/users/me/sessions/": { id: "endAuthDevices", description: DEVICES_END },
  "DELETE /api/v1/auth/users/me/sessions/all/": { id: "endAllAuthDevices", description: DEVICES_END },
  "DELETE /api/v1/auth/users/me/sessions/{sessionId}/": { id: "endAuthDevice", description: DEVICE_ENDS },
  "PATCH /api/v1/auth/users/me/sessions/{sessionId}/": { id: "nameAuthDevice", description: DEVICE_NAME },
  "POST /api/v1/sessions/calculate-rates/": {
    id: "calculateFocusRates",
    description: "The same activity and goal give the same rates for a while.",
  },
  "POST /api/v1/sessions/": { id: "registerFocusSession" },
  "PUT /api/v1/sessions/{sessionId}/": { id: "completeFocusSession" },
  "GET /api/v1/goals/{goalId}/": { id: "readGoal", description: "With the days that count towards it." },
  "GET /api/v1/activities/{activityId}/": { id: "readActivity", description: "Activities are the same for everybody." },
  "GET /api/v1/goals/{goalId}/sessions/": {
    id: "listGoalSessions",
    description: "In pages: `next` is the `cursor` of the following one.",
  },
  "GET /api/sessions/": { id: "listTutoringSessions" },
  "POST /api/sessions/": {
    id: "createTutoringSession",
    description: "The caller becomes its creator. It can be joined once it is approved.",
  },
  "GET /api/sessions/my_sessions/": {
    id: "listMyTutoringSessions",
    description: "At most 200 of each, newest first.",
  },
  "POST /api/sessions/{id}/join/": {
    id: "joinTutoringSession",
    description: "Makes a request that the creator approves or rejects. Repeating it while it waits is refused.",
  },
  "POST /api/sessions/{id}/approve_request/": {
    id: "approveRequest",
    description: "For the session's creator. The requester is told.",
  },
  "POST /api/sessions/{id}/reject_request/": {
    id: "rejectRequest",
    description: "For the session's creator. The requester is told.",
  },
  "POST /api/sessions/{id}/cancel/": {
    id: "cancelTutoringSession",
    description: "For its creator, before it has ended. Everybody who takes part is told.",
  },
  "POST /api/sessions/{id}/leave/": {
    id: "leaveTutoringSession",
    description: "A seat that becomes free is offered to the first who waits.",
  },
  "POST /api/sessions/{id}/approve/": {
    id: "approveTutoringSession",
    description: "Its creator is told. Sessions wait for this unless the deployment approves them by itself.",
  },
  "GET /api/sessions/{id}/waitlist/": { id: "listWaiting" },
  "POST /api/sessions/{id}/waitlist/": { id: "joinWaitingList" },
  "DELETE /api/sessions/{id}/waitlist/": { id: "leaveWaitingList" },
  "POST /api/sessions/{id}/accept_offer/": {
    id: "acceptOffer",
    description: "Within the time of the offer; afterwards the seat goes to the next.",
  },
  "POST /api/sessions/{id}/remove_participant/": {
    id: "removeParticipant",
    description: "The participant is told, and the seat becomes free.",
  },
  "POST /api/sessions/{id}/accept_time/": {
    id: "acceptTime",
    description: "For the session's creator. Everybody who takes part is told of the new time.",
  },
  "POST /api/sessions/{id}/decline_time/": {
    id: "declineTime",
    description: "For the session's creator. The session stays where it is.",
  },
  "POST /api/sessions/{id}/message/": { id: "messageParticipants" },
  "GET /api/sessions/{id}/time_proposals/": { id: "listTimeProposals" },
  "POST /api/sessions/{id}/time_proposals/": { id: "proposeTime" },
  "DELETE /api/sessions/{id}/time_proposals/": {
    id: "withdrawTimeProposal",
    description: "Without one, this changes nothing and is refused.",
  },
  "GET /api/sessions/{id}/share/": { id: "readShareLink", description: "Its `url` is null while there is none." },
  "POST /api/sessions/{id}/share/": { id: "shareTutoringSession" },
  "DELETE /api/sessions/{id}/share/": { id: "endShareLink" },
  "GET /s/{token}": { id: "openShareLink" },
  "POST /api/sessions/{id}/repeat/": { id: "repeatTutoringSession" },
  "GET /api/sessions/{id}/calendar.ics": {
    id: "readSessionCalendar",
    description: "RFC 5545, for anybody who may see the session.",
  },
  "POST /api/calendar/": { id: "createCalendarFeed" },
  "GET /api/calendar/{file}": {
    id: "readCalendarFeed",
    description: "RFC 5545. The token in the address is the credential.",
  },
  "GET /api/sessions/{id}/attendance/": { id: "listAttendance" },
  "GET /api/sessions/{session_id}/materials/": { id: "listMaterials" },
  "POST /api/sessions/{session_id}/materials/": {
    id: "addMaterial",
    description: "For the session's creator. A file can be downloaded once it is found clean.",
  },
  "GET /api/sessions/{session_id}/materials/{id}/": {
    id: "readMaterial",
    description: "What it holds is shown to the session's creator and participants.",
  },
  "PUT /api/sessions/{session_id}/materials/{id}/": { id: "replaceMaterial" },
  "DELETE /api/sessions/{session_id}/materials/{id}/": {
    id: "deleteMaterial",
    description: "For the session's creator. Its file goes with it.",
  },
  "GET /api/sessions/{session_id}/materials/{id}/download/": { id: "downloadMaterial" },
  "GET /api/notifications/": { id: "listNotifications" },
  "GET /api/notifications/{id}/": { id: "readNotification", description: "It stays unread until it is marked." },
  "POST /api/notifications/{id}/mark_as_read/": {
    id: "markNotificationRead",
    description: "Repeating it changes nothing.",
  },
  "POST /api/notifications/mark_all_as_read/": {
    id: "markAllNotificationsRead",
    description: "Those that come later are unread.",
  },
  "GET /api/health/": { id: "readHealth" },
  "GET /api/metrics/": { id: "readMetrics" },
  "GET /api/v1/analytics/daily/": { id: "readDailyFigures" },
  "GET /api/v1/webhooks/": { id: "listWebhooks", description: "At most 20 a tenant." },
  "POST /api/v1/webhooks/": { id: "createWebhook" },
  "GET /api/v1/webhooks/{id}/": { id: "readWebhook", description: "Without its secret." },
  "PATCH /api/v1/webhooks/{id}/": { id: "updateWebhook" },
  "DELETE /api/v1/webhooks/{id}/": { id: "deleteWebhook", description: "It is sent nothing from then on." },
  "POST /api/v1/webhooks/{id}/rotate_secret/": {
    id: "rotateWebhookSecret",
    description: "The answer alone tells the new secret.",
  },
  "POST /api/v1/webhooks/{id}/test/": {
    id: "testWebhook",
    description: "The answer is the delivery; its attempts are in the list of deliveries.",
  },
  "GET /api/v1/webhooks/{id}/deliveries/": {
    id: "listWebhookDeliveries",
    description: "With each attempt and the beginning of its answer. `next` is the `cursor` of the following page.",
  },
  "POST /api/v1/webhooks/{id}/deliveries/{delivery_id}/replay/": {
    id: "replayWebhookDelivery",
    description: "The event keeps its id, so that receivers can tell a repetition.",
  },
  "GET /api/sessions": {
    id: "listDrafts",
    description: "Of the account, or of the guest id where there is no credential.",
  },
  "POST /api/sessions": { id: "createDraft" },
  "GET /api/sessions/{reportId}": { id: "readDraft", description: "Another's is 404. `ETag` is for `If-Match`." },
  "PATCH /api/sessions/{reportId}": {
    id: "updateDraft",
    description:
      "`form_data` and `collected_data` are merged (RFC 7396), so that edits of different fields never undo each other. With `If-Match`, a draft that has changed meanwhile is 412.",
  },
  "DELETE /api/sessions/{reportId}": {
    id: "deleteDraft",
    description: "Its owner may, signed in or as the guest. It is in no list any more.",
  },
  "POST /api/sessions/claim": { id: "claimDrafts" },
  "GET /api/business-cards": {
    id: "readBusinessCard",
    description: "For filling in a new draft. Unknown and expired tokens are 404.",
  },
};

/** The name of an operation that has none above: of its method and path, so that no two are alike. */
export const nameOperation = (method: string, path: string): string =>
  [
    method.toLowerCase(),
    ...path
      .split(/[^A-Za-z0-9]+/)
      .filter((word) => word !== "")
      .map((word) => word[0]!.toUpperCase() + word.slice(1)),
  ].join("") + (path.endsWith("/") ? "Slash" : "");
