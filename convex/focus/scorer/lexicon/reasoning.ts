import { terms } from "../entries";

/** Puzzles, money, plans and desk work. */
export const REASONING = [
  terms(
    {
      source: "onet",
      ref: "1.A.1.b.4 Deductive Reasoning",
      shares: { logic: 9, creativity: 1 },
      effort: 0.5,
    },
    `sudoku, crossword, puzzle, riddle, brain teaser, logic, nonogram, kakuro, wordle, jigsaw, escape room, cube, speedcubing,
    rubik, minesweeper, solitaire, code breaking, cryptography, word search, chess, draughts, backgammon, mahjong, shogi,
    domino, cribbage, quiz, play bridge, play go, =baduk, strategy game, bridge club, =poker`,
  ),
  terms(
    {
      source: "onet",
      ref: "4.A.2.b.1 Making Decisions and Solving Problems",
      shares: { logic: 9, creativity: 1 },
      effort: 0.55,
      role: "act",
    },
    "solve, decide, assess, figure out",
  ),
  terms(
    {
      source: "onet",
      ref: "4.A.2.b.1 Making Decisions and Solving Problems",
      shares: { logic: 9, energy: 1 },
      effort: 0.5,
    },
    "problem, decision, problem solving, critical thinking, strategy, risk assessment, feasibility, requirement, specification",
  ),
  terms(
    { source: "atus", ref: "020901 Financial management", shares: { logic: 8, energy: 2 }, effort: 0.45 },
    `budget, tax, tax return, invoice, bookkeeping, expense, bills, bank statement, mortgage, pension, insurance, invest,
    stocks, stock market, portfolio review, crypto, trading, savings, money, personal finance, payroll, audit, reconcile, loan, forecast,
    receipts, net worth, debt`,
  ),
  terms(
    {
      source: "onet",
      ref: "4.A.2.b.6 Organizing, Planning, and Prioritizing Work",
      shares: { logic: 7, energy: 3 },
      effort: 0.4,
      role: "act",
    },
    "plan, =planning, schedule, prioritize, =organize, =organizing, =organise, =organising, prepare, review",
  ),
  terms(
    {
      source: "onet",
      ref: "4.A.2.b.6 Organizing, Planning, and Prioritizing Work",
      shares: { logic: 7, energy: 3 },
      effort: 0.4,
    },
    `to do list, todo, calendar, weekly review, goal setting, backlog, roadmap, sprint planning, project plan, okr, gantt, agenda,
    inbox, inbox zero, project management, kanban, time blocking, itinerary, trip planning, job search, job application, cv, resume, paperwork,
    admin, filing, form, application`,
  ),
  terms(
    {
      source: "onet",
      ref: "2.C.1.a Administration and Management",
      shares: { logic: 6, social: 3, creativity: 1 },
      effort: 0.5,
    },
    "business plan, business, startup, market research, operations, logistics, supply chain, procurement, consulting, report",
  ),
  terms(
    {
      source: "onet",
      ref: "2.C.1.a Administration and Management",
      shares: { logic: 6, social: 3, energy: 1 },
      effort: 0.5,
      role: "common",
    },
    "=work, =working, project, office, sort",
  ),
  terms(
    {
      source: "atus",
      ref: "120307 Playing games",
      shares: { logic: 5, social: 5 },
      effort: 0.2,
      role: "common",
    },
    "=game, =games",
  ),
  terms(
    {
      source: "onet",
      ref: "4.A.3.b.6 Documenting/Recording Information",
      shares: { logic: 8, creativity: 2 },
      effort: 0.45,
    },
    "documentation, proposal, grant, proofread, technical writing, contract, meeting minutes, transcription, data entry, catalog, archive, summary, summarize, outline",
  ),
  terms(
    {
      source: "onet",
      ref: "2.B.3.l Repairing",
      shares: { logic: 5, energy: 4, physique: 1 },
      effort: 0.45,
      role: "act",
    },
    "fix, repair, maintain, assemble",
  ),
  terms(
    {
      source: "atus",
      ref: "120307 Playing games",
      shares: { logic: 6, creativity: 2, social: 2 },
      effort: 0.2,
    },
    "video game, =gaming, console, playstation, xbox, nintendo, minecraft, esports, computer game, card game, factorio",
  ),
  terms(
    { source: "atus", ref: "120310 Collecting as a hobby", shares: { logic: 6, creativity: 4 }, effort: 0.2 },
    "collect, antiques, philately, trainspotting, stamp collection, coin collection, model trains, metal detecting",
  ),
  terms(
    {
      source: "onet",
      ref: "4.A.3.a.4 Operating Vehicles, Mechanized Devices, or Equipment",
      shares: { logic: 6, energy: 2, physique: 2 },
      effort: 0.4,
    },
    "driving lesson, driving test, theory test, flight simulator, flying lesson, drone",
  ),
];
