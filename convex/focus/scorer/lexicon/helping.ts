import { terms } from "../entries";

/** Work with and for people: teaching, agreeing, helping. */
export const HELPING = [
  terms(
    {
      source: "onet",
      ref: "4.A.4.b.3 Training and Teaching Others",
      shares: { social: 8, logic: 2 },
      effort: 0.5,
      role: "act",
    },
    "teach, tutor, instruct, explain, lecture students, train staff, onboard, educate",
  ),
  terms(
    {
      source: "onet",
      ref: "4.A.4.b.5 Coaching and Developing Others",
      shares: { social: 8, logic: 1, energy: 1 },
      effort: 0.5,
      role: "act",
    },
    "coach, mentor, guide, encourage, motivate, supervise, praise, advise",
  ),
  terms(
    {
      source: "onet",
      ref: "4.A.4.b.4 Guiding, Directing, and Motivating Subordinates",
      shares: { social: 7, logic: 3 },
      effort: 0.5,
      role: "act",
    },
    "lead, manage, facilitate, moderate, chair, delegate, direct, coordinate, hire, recruit",
  ),
  terms(
    {
      source: "onet",
      ref: "4.A.4.a.5 Assisting and Caring for Others",
      shares: { social: 9, energy: 1 },
      effort: 0.4,
      role: "act",
    },
    "help, assist, support, comfort, take care of, serve, volunteer, donate",
  ),
  terms(
    {
      source: "atus",
      ref: "1502 Volunteering: social service and care",
      shares: { social: 8, energy: 2 },
      effort: 0.4,
    },
    `volunteer work, charity, soup kitchen, food bank, shelter, fundraise, community service, community garden, beach cleanup, litter pick, blood donation,
    animal shelter, outreach, mutual aid, red cross, activism, protest, canvass, campaign, petition, vote, phone bank, election`,
  ),
  terms(
    {
      source: "onet",
      ref: "4.A.4.a.2 Communicating with Supervisors, Peers, or Subordinates",
      shares: { social: 8, logic: 2 },
      effort: 0.4,
    },
    `=meeting, =meetings, =meet, team, teamwork, team building, colleague, coworker, co worker, boss, one on one, =standup, daily standup, stand up meeting, sync, check in, retrospective,
    performance review, feedback, workshop, all hands, kickoff, off site, office hours, mentee, mentoring session, student, pupil, classroom, leadership, =interview,
    =interviewing, =interviews, job interview, candidate`,
  ),
  terms(
    {
      source: "onet",
      ref: "4.A.4.a.3 Communicating with People Outside the Organization",
      shares: { social: 8, logic: 2 },
      effort: 0.45,
    },
    `client, customer, customer service, customer support, stakeholder, supplier, vendor, investor, press, public relations, social media, community management, patient, audience,
    user interview, reception desk, support ticket`,
  ),
  terms(
    {
      source: "onet",
      ref: "4.A.4.a.6 Selling or Influencing Others",
      shares: { social: 7, creativity: 2, logic: 1 },
      effort: 0.5,
    },
    "sale, sell, pitch, pitch deck, cold call, persuade, marketing campaign, marketing, advertising, lead generation, demo day, market stall",
  ),
  terms(
    {
      source: "onet",
      ref: "4.A.4.a.7 Resolving Conflicts and Negotiating with Others",
      shares: { social: 8, logic: 2 },
      effort: 0.5,
      role: "act",
    },
    "negotiate, mediate, resolve conflict, arbitrate, bargain",
  ),
  terms(
    { source: "onet", ref: "2.A.1.d Speaking", shares: { social: 7, creativity: 2, logic: 1 }, effort: 0.5 },
    "public speaking, speech, presentation, give talk, =talks, =speaking, toast, keynote, panel",
  ),
  terms(
    { source: "onet", ref: "2.C.5.b Therapy and Counseling", shares: { social: 7, energy: 3 }, effort: 0.45 },
    "therapy, therapist, counseling, group therapy, family therapy, social worker, mental health first aid, conflict",
  ),
];
