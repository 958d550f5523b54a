import { terms } from "../entries";

/** Words that frame an activity without saying which: they tip the balance only where nothing better is known. */
export const SETTINGS = [
  terms(
    {
      source: "onet",
      ref: "4.A.2.b.3 Updating and Using Relevant Knowledge",
      shares: { logic: 6, creativity: 2, energy: 2 },
      role: "setting",
    },
    "lesson, =class, =classes, course, practice, drill, =training, session, prep, =test, basics, beginner, advanced, theory, skill, masterclass, exercise book",
  ),
  terms(
    {
      source: "onet",
      ref: "4.A.4.a.4 Establishing and Maintaining Interpersonal Relationships",
      shares: { social: 1 },
      role: "setting",
      effort: 0.3,
    },
    "club, group, event",
  ),
  terms(
    {
      source: "onet",
      ref: "1.A.3.b.1 Stamina",
      shares: { physique: 7, energy: 3 },
      role: "setting",
      effort: 0.6,
    },
    "interval, sport, match, race, tournament, league, stadium, endurance, rep, =reps, =sets, warm up, cool down, challenge, opponent, muscle, strength, stamina, speed",
  ),
  terms(
    { source: "atus", ref: "120301 Relaxing, thinking", shares: { energy: 1 }, role: "setting", effort: 0.1 },
    "morning, evening, night, quiet, calm, slow, gentle, routine, self, sun, nature, park, outside, home, body, water",
  ),
  terms(
    {
      source: "onet",
      ref: "4.A.2.b.2 Thinking Creatively",
      shares: { creativity: 8, logic: 2 },
      role: "setting",
    },
    "studio, piece, handmade, style, make, create, build, =play, =playing, production, freehand",
  ),
];
