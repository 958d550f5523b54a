import { type Section, terms } from "./entries";

/**
 * The meaning of a category for the activities in it: a hint beside a known name, the answer for an unknown one.
 * Categories not listed here are read like names.
 */
export const CATEGORIES: readonly Section[] = [
  terms(
    {
      source: "atus",
      ref: "1301 Participating in sports, exercise, or recreation",
      shares: { physique: 8, energy: 2 },
      effort: 0.6,
    },
    "fitness, sport, sports, exercise, workout, gym, training, movement",
  ),
  terms(
    {
      source: "atus",
      ref: "0103 Health-related self care",
      shares: { energy: 8, physique: 1, logic: 1 },
      effort: 0.2,
    },
    "health, wellness, wellbeing, self care, meditation, mindfulness, relaxation, rest, sleep, recovery, habit, lifestyle, spiritual",
  ),
  terms(
    { source: "atus", ref: "02 Household activities", shares: { energy: 8, physique: 2 }, effort: 0.25 },
    "chore, household, home, cleaning, garden, gardening, errand, pets",
  ),
  terms(
    {
      source: "atus",
      ref: "0202 Food and drink preparation, presentation, and clean-up",
      shares: { energy: 7, creativity: 2, physique: 1 },
      effort: 0.25,
    },
    "cooking, food, nutrition, baking",
  ),
  terms(
    { source: "atus", ref: "06 Education", shares: { logic: 9, energy: 1 }, effort: 0.6 },
    "study, studies, school, education, learning, university, science, research, math, exam",
  ),
  terms(
    { source: "onet", ref: "2.B.3.e Programming", shares: { logic: 8, creativity: 2 }, effort: 0.65 },
    "coding, programming, development, software, technology, tech, information technology, engineering, data, computer",
  ),
  terms(
    {
      source: "onet",
      ref: "2.C.7.b Foreign Language",
      shares: { logic: 7, social: 2, creativity: 1 },
      effort: 0.55,
    },
    "language, languages",
  ),
  terms(
    {
      source: "atus",
      ref: "120312 Reading for personal interest",
      shares: { logic: 7, creativity: 2, energy: 1 },
      effort: 0.35,
    },
    "reading, books",
  ),
  terms(
    { source: "atus", ref: "0209 Household management", shares: { logic: 8, energy: 2 }, effort: 0.45 },
    "finance, money, planning, productivity, organization, admin",
  ),
  terms(
    {
      source: "onet",
      ref: "2.C.1.a Administration and Management",
      shares: { logic: 5, social: 4, creativity: 1 },
      effort: 0.5,
    },
    "business, work, career, job, management, office",
  ),
  terms(
    { source: "onet", ref: "2.C.7.c Fine Arts", shares: { creativity: 9, energy: 1 }, effort: 0.5 },
    "art, arts, drawing, painting, music, design, photography, film, dance, theater, creative, creativity",
  ),
  terms(
    {
      source: "atus",
      ref: "120309 Arts and crafts as a hobby",
      shares: { creativity: 8, energy: 2 },
      effort: 0.35,
    },
    "craft, crafts, handicraft, hobby, maker",
  ),
  terms(
    {
      source: "atus",
      ref: "120313 Writing for personal interest",
      shares: { creativity: 7, logic: 3 },
      effort: 0.5,
    },
    "writing, content",
  ),
  terms(
    {
      source: "atus",
      ref: "1201 Socializing and communicating",
      shares: { social: 9, energy: 1 },
      effort: 0.35,
    },
    "social, family, friends, relationship, community, communication, people, parenting",
  ),
  terms(
    { source: "atus", ref: "15 Volunteer activities", shares: { social: 8, energy: 2 }, effort: 0.4 },
    "volunteering, volunteer, charity, teaching, leadership",
  ),
  terms(
    {
      source: "atus",
      ref: "120307 Playing games",
      shares: { logic: 6, creativity: 2, social: 2 },
      effort: 0.2,
    },
    "game, games, gaming, puzzle",
  ),
];
