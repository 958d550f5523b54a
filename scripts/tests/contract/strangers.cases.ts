/** Arguments that a stranger sends to every public function and endpoint in `strangers.test.ts`. */
import { randomUUID } from "node:crypto";

/** One of everything the owner has, by public ids. */
export interface Owned {
  goalId: string;
  activityId: string;
  focusId: string;
  reportId: string;
  guestId: string;
  claimId: string;
  sessionId: string;
  deviceId: number;
  alertId: string;
  tutoringId: number;
  materialId: number;
  requesterId: number;
  userId: number;
  userUuid: string;
  notificationId: number;
  liveKey: string;
  /** Of the link by which the owner shares the session. */
  shareToken: string;
  /** The last segment of the address of the owner's calendar feed. */
  calendarFile: string;
  webhookId: string;
  deliveryId: string;
}

export interface Case {
  /** Arguments of a function, or the body of a request. */
  send?: (owned: Owned) => Record<string, unknown>;
  /** Names something of the owner's: must be refused, unless `allowed` says why not. */
  foreign?: boolean;
  /** Why the contracts let any signed-in user of the same tenant do this. */
  allowed?: string | undefined;
  /** The code of a function's refusal, where it is none of those that hide something. */
  code?: string;
  /** Why what is allowed does not stop at the tenant either. */
  anyTenant?: string;
  /** Why a service key of another tenant that has the scope is not refused. */
  ofService?: string;
  /** Why the owner's data may differ afterwards. */
  changesOwner?: string;
  /** Ends the stranger's own session, or all of them. */
  endsCaller?: boolean;
}

const own: Case = {};
const page = { paginationOpts: { numItems: 100, cursor: null } };
const foreign = (send: Case["send"], more: Partial<Case> = {}): Case => ({ foreign: true, send, ...more });
const OWN_PLACE = "Others than the creator see their own place on the waiting list.";
const OWN_PROPOSAL = "Others than the creator see and take back the time that they propose themselves.";
const SHARE_LINK = "Who has a session's link may see what it shows, and it shows no more than that.";
const OF_ITS_TENANT = "Shows and makes what belongs to the tenant of the key.";
const LEADS_ON = "Leads to the page, whatever the token; the page says whether there is anything.";
const FEED = "The address of a feed is the secret.";
const PUBLIC_TUTORING = "Every tutoring session is visible to every signed-in user (§6.1).";
const PUBLIC_ACTIVITY = "Activities are shared by all (§5.5).";
const SHARED = "Activities belong to no tenant (§5.5).";
const LIVE_KEY = "Only who may look at the session is given its key.";
const RETIRED = "Shows and moves nothing, whoever asks.";
const SEATS = "The live key proves that the caller may look, and it shows figures only.";
const PRESENCE = "Whoever may look at a session may be counted as looking at it.";
const BLANK_MATERIALS = "Materials are listed with their contents blank (§6.12).";
const ASKING = "Asking for a seat is what a published session is for (§6.6).";

const tutoringDraft = () => ({
  title: "Stranger",
  description: "Bring questions",
  subject: "maths",
  level: "beginner",
  date: new Date(Date.now() + 7 * 86_400_000).toISOString(),
  duration: 60,
});
const newGoal = { title: "Mine", emoji: "🎯", category: { name: "Study", color: "#4187a2" }, daysTotal: 3 };
const focus = ({ focusId }: Owned) => ({ sessionId: focusId });
const report = ({ reportId }: Owned) => ({ reportId });
const tutoring = ({ tutoringId }: Owned) => ({ id: tutoringId });
const request = (owned: Owned) => ({ id: owned.tutoringId, userId: owned.requesterId });
const material = (owned: Owned) => ({ sessionId: owned.tutoringId, id: owned.materialId });
const note = { title: "Taken over", type: "note", content: "x" };

export const FUNCTION_CASES: Record<string, Case> = {
  "auth:isAuthenticated": own,
  "auth:signIn": {
    send: () => ({
      provider: "password",
      params: { flow: "signIn", email: "nobody@example.com", password: "not a password" },
    }),
  },
  "auth:signOut": { endsCaller: true },
  "accounts/users:me": own,
  "accounts/users:completeOnboarding": own,
  "accounts/users:updateProfile": own,
  "accounts/sessions:list": own,
  "accounts/sessions:end": foreign(({ deviceId }) => ({ id: deviceId })),
  "accounts/sessions:rename": foreign(({ deviceId }) => ({ id: deviceId, deviceName: "Taken over" })),
  "accounts/sessions:endAll": { endsCaller: true },
  "accounts/password:change": {
    send: () => ({ currentPassword: "not the password", newPassword: "quite another one" }),
  },
  "accounts/alerts:list": own,
  "accounts/alerts:dismiss": foreign(({ alertId }) => ({ id: alertId })),
  "accounts/alerts:notMe": foreign(({ alertId }) => ({ id: alertId })),
  "audit/entries:mine": { send: () => page },
  "audit/entries:tenant": foreign(({ userUuid }) => ({ ...page, actor: userUuid })),
  "audit/entries:exportCsv": foreign(({ userUuid }) => ({ scope: "tenant", actor: userUuid })),
  "focus/clock:now": own,
  "focus/goals:list": own,
  "focus/goals:get": foreign(({ goalId }) => ({ goalId })),
  "focus/goals:create": { send: () => newGoal },
  "focus/activities:list": own,
  "focus/activities:create": {
    send: () => ({ name: `Stranger ${randomUUID()}`, emoji: "🎯", category: "Study", color: "#4187a2" }),
  },
  "focus/rates:calculate": foreign(({ goalId, activityId }) => ({ goalId, activityId })),
  "focus/sessions:start": foreign(({ goalId, activityId }) => ({ goalId, activityId })),
  "focus/sessions:pause": foreign(focus),
  "focus/sessions:resume": foreign(focus),
  "focus/sessions:heartbeat": foreign(focus),
  "focus/sessions:complete": foreign(focus),
  "focus/sessions:current": own,
  "focus/sessions:lastEnded": own,
  "focus/sessions:history": foreign(({ goalId }) => ({ goalId, ...page })),
  "focus/archive:page": foreign(({ goalId }) => ({ goalId, cursor: null })),
  "focus/progress:mine": own,
  "focus/progress:weeks": { send: () => ({ weeks: 4 }) },
  "valuations/sessions:list": { send: () => page },
  "valuations/sessions:get": foreign(report),
  "valuations/sessions:create": foreign(report),
  "valuations/sessions:update": foreign((owned) => ({ ...report(owned), formData: { taken: true } })),
  "valuations/sessions:remove": foreign(report),
  "valuations/sessions:restore": foreign(report),
  // Claimed before by the owner, so the id has been retired and moves nothing.
  "valuations/sessions:claim": foreign(({ guestId }) => ({ guestSessionId: guestId }), {
    allowed: "A retired guest id moves 0 drafts (§4.7).",
    anyTenant: RETIRED,
  }),
  "valuations/claims:preview": foreign(({ guestId }) => ({ guestSessionId: guestId }), {
    allowed: "A retired guest id shows 0 drafts (§4.7).",
    anyTenant: RETIRED,
  }),
  "valuations/claims:receipts": own,
  "valuations/claims:dismiss": foreign(({ claimId }) => ({ id: claimId }), {
    allowed: "Answers alike for every id and hides only the caller's own.",
    anyTenant: RETIRED,
  }),
  "valuations/cards:check": { send: () => ({ token: "nobody-has-this" }) },
  "valuations/cards:refresh": foreign(report),
  "tutoring/sessions:list": { send: () => page },
  "tutoring/sessions:get": foreign(tutoring, { allowed: PUBLIC_TUTORING }),
  "tutoring/sessions:viewer": foreign(tutoring, { allowed: PUBLIC_TUTORING }),
  "tutoring/sessions:mine": own,
  "tutoring/sessions:create": { send: tutoringDraft },
  "tutoring/sessions:update": foreign((owned) => ({ ...tutoring(owned), title: "Taken over" })),
  "tutoring/sessions:remove": foreign(tutoring),
  "tutoring/sessions:join": foreign(tutoring, { allowed: ASKING, changesOwner: ASKING }),
  "tutoring/sessions:leave": foreign(tutoring, {
    allowed: "Withdraws the caller's own request.",
    changesOwner: "Withdraws the caller's own request.",
  }),
  "tutoring/sessions:approveRequest": foreign(request),
  "tutoring/sessions:rejectRequest": foreign(request),
  "tutoring/sessions:cancel": foreign(tutoring),
  "tutoring/sessions:approve": foreign(tutoring),
  "tutoring/sessions:createWeekly": { send: () => ({ ...tutoringDraft(), weeks: 2, timeZone: "UTC" }) },
  "tutoring/sessions:repeatWeekly": foreign((owned) => ({ ...tutoring(owned), weeks: 2, timeZone: "UTC" })),
  "tutoring/sessions:between": {
    send: () => ({ from: Date.now(), to: Date.now() + 86_400_000 }),
  },
  "tutoring/sessions:removeParticipant": foreign(request),
  "tutoring/sessions:messageParticipants": foreign((owned) => ({ ...tutoring(owned), message: "Hello" })),
  "tutoring/sessions:proposeTime": foreign((owned) => ({ ...tutoring(owned), date: tutoringDraft().date })),
  "tutoring/sessions:withdrawProposal": foreign(tutoring, { allowed: OWN_PROPOSAL }),
  "tutoring/sessions:acceptProposal": foreign(request),
  "tutoring/sessions:declineProposal": foreign(request),
  "tutoring/sessions:share": foreign(tutoring),
  "tutoring/sessions:endShare": foreign(tutoring),
  "tutoring/sessions:shareToken": foreign(tutoring),
  "tutoring/sessions:shareLink": foreign(tutoring),
  "tutoring/sessions:sharedId": foreign(({ shareToken }) => ({ token: shareToken }), { allowed: PUBLIC_TUTORING }),
  "tutoring/live:shared": foreign(({ shareToken }) => ({ token: shareToken }), {
    allowed: SHARE_LINK,
    anyTenant: SHARE_LINK,
  }),
  "tutoring/requests:proposals": foreign(tutoring, { allowed: OWN_PROPOSAL }),
  "tutoring/requests:ofSession": foreign(tutoring),
  "tutoring/requests:inbox": own,
  "tutoring/requests:waitlist": foreign(tutoring, { allowed: OWN_PLACE }),
  "tutoring/sessions:joinWaitlist": foreign(tutoring, { code: "VALIDATION" }),
  "tutoring/sessions:leaveWaitlist": foreign(tutoring, { code: "VALIDATION" }),
  "tutoring/sessions:acceptOffer": foreign(tutoring, { code: "VALIDATION" }),
  "tutoring/room:state": foreign(tutoring),
  "tutoring/room:enter": foreign(tutoring),
  "tutoring/room:knock": foreign(tutoring),
  "tutoring/room:leave": foreign(tutoring, { allowed: "Who is not inside leaves nothing." }),
  "tutoring/room:admit": foreign(request),
  "tutoring/room:remove": foreign(request),
  "tutoring/room:say": foreign((owned) => ({ ...tutoring(owned), text: "Hello" })),
  "tutoring/room:chat": foreign((owned) => ({ ...tutoring(owned), ...page })),
  "tutoring/notes:get": foreign(tutoring),
  "tutoring/notes:apply": foreign((owned) => ({ ...tutoring(owned), base: "", text: "Taken over" })),
  "tutoring/live:seats": foreign(({ liveKey }) => ({ liveKey }), { allowed: SEATS, anyTenant: LIVE_KEY }),
  "tutoring/live:session": foreign(({ liveKey }) => ({ liveKey }), { allowed: PUBLIC_TUTORING, anyTenant: LIVE_KEY }),
  "tutoring/presence:beat": foreign((owned) => ({ ...tutoring(owned), visitId: randomUUID() }), { allowed: PRESENCE }),
  "tutoring/presence:leave": foreign((owned) => ({ ...tutoring(owned), visitId: randomUUID() }), {
    allowed: PRESENCE,
    anyTenant: "Answers alike for every id and ends only the caller's own visit.",
  }),
  "tutoring/presence:people": foreign(({ liveKey }) => ({ liveKey }), { allowed: SEATS, anyTenant: LIVE_KEY }),
  "tutoring/signals:send": foreign((owned) => ({ ...tutoring(owned), to: owned.userId, kind: "offer", body: "sdp" })),
  "tutoring/signals:inbox": foreign(tutoring),
  "tutoring/signals:received": foreign((owned) => ({ ...tutoring(owned), signals: [] })),
  "tutoring/materials:list": foreign(({ tutoringId }) => ({ sessionId: tutoringId }), { allowed: BLANK_MATERIALS }),
  "tutoring/materials:generateUploadUrl": foreign(({ tutoringId }) => ({ sessionId: tutoringId })),
  "tutoring/materials:add": foreign(({ tutoringId }) => ({ sessionId: tutoringId, ...note })),
  "tutoring/materials:update": foreign((owned) => ({ ...material(owned), ...note })),
  "tutoring/materials:remove": foreign(material),
  "notifications/inbox:list": { send: () => page },
  "notifications/inbox:unreadCount": own,
  "notifications/inbox:markRead": foreign(({ notificationId }) => ({ id: notificationId })),
  "notifications/inbox:markAllRead": own,
  "store/outbox:status": foreign(() => ({})),
  "store/outbox:replay": foreign(() => ({ id: "1" })),
  "store/outbox:payload": foreign(() => ({ id: "1" })),
  "store/outbox:discard": foreign(() => ({ id: "1" })),
  "operations/state:get": foreign(() => ({})),
  "operations/state:history": foreign(() => ({ period: "day" })),
  "operations/latency:get": foreign(() => ({ period: "day" })),
  "operations/serviceKeys:list": foreign(() => ({})),
  "operations/serviceKeys:make": foreign(() => ({ name: "taken", scopes: ["metrics"] })),
  "operations/serviceKeys:rotate": foreign(() => ({ name: "taken" })),
  "operations/serviceKeys:end": foreign(() => ({ name: "taken" })),
  "operations/errors:list": foreign(() => ({})),
  "operations/errors:dismiss": foreign(() => ({ id: "1" })),
  "operations/errors:report": { send: () => ({ name: "Error", message: "of a page", place: "home" }) },
  "analytics:note": { send: () => ({ page: "home" }) },
  "analytics/reports:daily": foreign(() => ({})),
  "analytics/reports:funnels": foreign(() => ({})),
  "analytics/reports:returns": foreign(() => ({})),
  "webhooks/endpoints:list": foreign(() => ({})),
  "webhooks/deliveries:list": foreign(({ webhookId }) => ({ webhookId, ...page })),
};

const completion = ({ userUuid, goalId, activityId }: Owned) => ({
  status: "completed",
  started_at: "2025-01-15T10:30:00Z",
  ended_at: "2025-01-15T12:00:00Z",
  total_duration_seconds: 10,
  focused_duration_seconds: 10,
  xp_total: 0,
  xp_physique: 0,
  xp_energy: 0,
  xp_logic: 0,
  xp_creativity: 0,
  xp_social: 0,
  completed_reason: "manual",
  user_id: userUuid,
  goal_id: goalId,
  activity_id: activityId,
});
const registration = (owned: Owned) => ({
  session_id: owned.focusId,
  user_id: owned.userUuid,
  goal_id: owned.goalId,
  activity_id: owned.activityId,
  status: "active",
  started_at: "2025-01-15T10:30:00Z",
});
const deviceCases = (base: string): Record<string, Case> => ({
  [`GET ${base}`]: own,
  [`DELETE ${base}`]: { endsCaller: true },
  [`DELETE ${base}all/`]: { endsCaller: true },
  [`DELETE ${base}{deviceId}/`]: foreign(undefined),
  [`PATCH ${base}{deviceId}/`]: foreign(() => ({ device_name: "Taken over" })),
});
const userOf = ({ requesterId }: Owned) => ({ user_id: requesterId });

/** By method and path; parameters are replaced by the owner's ids of these names. */
export const ENDPOINT_CASES: Record<string, Case> = {
  "POST /api/auth/login/": { send: () => ({ email: "nobody@example.com", password: "not a password" }) },
  "POST /api/sessions/create/": { send: () => ({ email: "nobody@example.com", password: "not a password" }) },
  "POST /api/auth/register/": { send: () => ({ email: `s-${randomUUID()}@example.com`, password: "long enough!" }) },
  "POST /api/auth/google/": { send: () => ({ id_token: "x.y.z" }) },
  "POST /api/auth/token/": own,
  "GET /api/sessions/current/": own,
  "GET /api/auth/me/": own,
  "PATCH /api/auth/me/": { send: () => ({}) },
  "POST /api/auth/password/": {
    send: () => ({ current_password: "not the password", new_password: "quite another one" }),
  },
  "GET /api/health/": own,
  "GET /api/metrics/": foreign(undefined, { ofService: "Figures of the deployment, for keys with the scope." }),
  "GET /api/v1/analytics/daily/": foreign(undefined, { ofService: OF_ITS_TENANT }),
  "GET /api/sessions/{sessionId}/": foreign(undefined),
  "DELETE /api/sessions/{sessionId}/": foreign(undefined),
  ...deviceCases("/api/v1/auth/users/me/sessions/"),
  ...deviceCases("/api/v1/users/me/sessions/"),
  "POST /api/v1/sessions/calculate-rates/": foreign(({ goalId, activityId }) => ({
    goal_id: goalId,
    activity_id: activityId,
  })),
  "POST /api/v1/sessions/": foreign(registration),
  "PUT /api/v1/sessions/{focusId}/": foreign(completion),
  "GET /api/v1/goals/{goalId}/": foreign(undefined),
  "GET /api/v1/goals/{goalId}/sessions/": foreign(undefined),
  "GET /api/v1/activities/{activityId}/": foreign(undefined, { allowed: PUBLIC_ACTIVITY, anyTenant: SHARED }),
  "GET /api/sessions/": own,
  "POST /api/sessions/": { send: tutoringDraft },
  "GET /api/sessions/my_sessions/": own,
  "GET /api/sessions/{tutoringId}/": foreign(undefined, { allowed: PUBLIC_TUTORING }),
  "PUT /api/sessions/{tutoringId}/": foreign(tutoringDraft),
  "PATCH /api/sessions/{tutoringId}/": foreign(() => ({ title: "Taken over" })),
  "DELETE /api/sessions/{tutoringId}/": foreign(undefined),
  "POST /api/sessions/{tutoringId}/join/": foreign(() => ({}), { allowed: ASKING, changesOwner: ASKING }),
  "POST /api/sessions/{tutoringId}/leave/": foreign(() => ({}), {
    allowed: "Withdraws the caller's own request.",
    changesOwner: "Withdraws the caller's own request.",
  }),
  "POST /api/sessions/{tutoringId}/approve_request/": foreign(userOf),
  "POST /api/sessions/{tutoringId}/reject_request/": foreign(userOf),
  "POST /api/sessions/{tutoringId}/cancel/": foreign(() => ({})),
  "POST /api/sessions/{tutoringId}/approve/": foreign(() => ({})),
  "POST /api/sessions/{tutoringId}/remove_participant/": foreign(userOf),
  "POST /api/sessions/{tutoringId}/message/": foreign(() => ({ message: "Hello" })),
  "GET /api/sessions/{tutoringId}/time_proposals/": foreign(undefined, { allowed: OWN_PROPOSAL }),
  "POST /api/sessions/{tutoringId}/time_proposals/": foreign(() => ({ date: tutoringDraft().date })),
  "DELETE /api/sessions/{tutoringId}/time_proposals/": foreign(undefined, { allowed: OWN_PROPOSAL }),
  "POST /api/sessions/{tutoringId}/accept_time/": foreign(userOf),
  "POST /api/sessions/{tutoringId}/decline_time/": foreign(userOf),
  "GET /api/sessions/{tutoringId}/waitlist/": foreign(undefined, { allowed: OWN_PLACE }),
  "POST /api/sessions/{tutoringId}/waitlist/": foreign(() => ({})),
  "DELETE /api/sessions/{tutoringId}/waitlist/": foreign(undefined),
  "POST /api/sessions/{tutoringId}/accept_offer/": foreign(() => ({})),
  "GET /api/sessions/{tutoringId}/attendance/": foreign(undefined),
  "GET /api/sessions/{tutoringId}/share/": foreign(undefined),
  "POST /api/sessions/{tutoringId}/share/": foreign(() => ({})),
  "DELETE /api/sessions/{tutoringId}/share/": foreign(undefined),
  "GET /s/{shareToken}": foreign(undefined, { allowed: LEADS_ON, anyTenant: LEADS_ON }),
  "POST /api/sessions/{tutoringId}/repeat/": foreign(() => ({ weeks: 2, time_zone: "UTC" })),
  "GET /api/sessions/{tutoringId}/calendar.ics": foreign(undefined, { allowed: PUBLIC_TUTORING }),
  "POST /api/calendar/": { send: () => ({}) },
  "GET /api/calendar/{calendarFile}": foreign(undefined, { allowed: FEED, anyTenant: FEED }),
  "GET /api/sessions/{tutoringId}/materials/": foreign(undefined, { allowed: BLANK_MATERIALS }),
  "POST /api/sessions/{tutoringId}/materials/": foreign(() => note),
  "GET /api/sessions/{tutoringId}/materials/{materialId}/": foreign(undefined, { allowed: BLANK_MATERIALS }),
  "PUT /api/sessions/{tutoringId}/materials/{materialId}/": foreign(() => note),
  "DELETE /api/sessions/{tutoringId}/materials/{materialId}/": foreign(undefined),
  "GET /api/sessions/{tutoringId}/materials/{materialId}/download/": foreign(undefined),
  "GET /api/notifications/": own,
  "GET /api/notifications/{notificationId}/": foreign(undefined),
  "POST /api/notifications/{notificationId}/mark_as_read/": foreign(() => ({})),
  "POST /api/notifications/mark_all_as_read/": { send: () => ({}) },
  "GET /api/sessions": own,
  "POST /api/sessions": foreign(({ reportId }) => ({ report_id: reportId })),
  "GET /api/sessions/{reportId}": foreign(undefined),
  "PATCH /api/sessions/{reportId}": foreign(() => ({ form_data: { taken: true } })),
  "DELETE /api/sessions/{reportId}": foreign(undefined),
  "POST /api/sessions/claim": { send: () => ({}) },
  "GET /api/business-cards": own,
  "GET /api/v1/webhooks/": foreign(undefined, { ofService: OF_ITS_TENANT }),
  "POST /api/v1/webhooks/": foreign(() => ({ url: "https://example.com/", events: ["*"] }), {
    ofService: OF_ITS_TENANT,
  }),
  "GET /api/v1/webhooks/{webhookId}/": foreign(undefined),
  "PATCH /api/v1/webhooks/{webhookId}/": foreign(() => ({ enabled: false })),
  "DELETE /api/v1/webhooks/{webhookId}/": foreign(undefined),
  "POST /api/v1/webhooks/{webhookId}/rotate_secret/": foreign(() => ({})),
  "POST /api/v1/webhooks/{webhookId}/test/": foreign(() => ({})),
  "GET /api/v1/webhooks/{webhookId}/deliveries/": foreign(undefined),
  "POST /api/v1/webhooks/{webhookId}/deliveries/{deliveryId}/replay/": foreign(() => ({})),
};
