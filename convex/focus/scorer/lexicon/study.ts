import { terms } from "../entries";

const LEARNING = { logic: 9, energy: 1 };

/** School, science, languages and reading. */
export const STUDY = [
  terms(
    { source: "onet", ref: "2.A.2.b Active Learning", shares: LEARNING, effort: 0.6, role: "act" },
    "study, revise, cram, swot, memorize, research, investigate",
  ),
  // One learns calligraphy as well as calculus: the subject decides.
  terms({ source: "onet", ref: "2.A.2.b Active Learning", shares: LEARNING, effort: 0.6, role: "setting" }, "learn"),
  terms(
    { source: "atus", ref: "0603 Research/homework", shares: LEARNING, effort: 0.6 },
    `homework, assignment, coursework, exam, final exam, mock exam, midterm, quiz prep, test prep, problem set, flashcard, anki,
    spaced repetition, thesis, dissertation, essay, term paper, bibliography, citation, literature review, lab report,
    past paper, worksheet, textbook, chapter, syllabus, deep work, pomodoro, school, university, college, degree, phd, sat, gre, gmat,
    lsat, mcat, toefl, ielts, bar exam, certification, academic paper, journal article, scholarly, finals, gcse`,
  ),
  terms(
    {
      source: "atus",
      ref: "060101 Taking class for degree, certification, or licensure",
      shares: LEARNING,
      effort: 0.5,
    },
    "lecture, seminar, online course, mooc, coursera, udemy, khan academy, webinar, tutorial, take notes, note taking, notes, documentary",
  ),
  terms(
    { source: "onet", ref: "2.C.4.a Mathematics", shares: { logic: 1 }, effort: 0.7 },
    `math, mathematics, algebra, calculus, geometry, trigonometry, arithmetic, statistics, probability, equation, theorem, proof,
    linear algebra, number theory, topology, differential equation, integral, fraction, olympiad, discrete math, set theory`,
  ),
  terms(
    { source: "onet", ref: "2.A.1.f Science", shares: { logic: 1 }, effort: 0.65 },
    `science, physics, chemistry, biology, astronomy, geology, anatomy, genetics, neuroscience, biochemistry, mechanics, quantum,
    thermodynamics, experiment, lab, microscope, telescope, stargazing, engineering, electronics, robotics, electric circuit, circuit board,
    soldering, geography, psychology, pharmacology, physiology, ecology, meteorology, mycology, medicine, pathology`,
  ),
  terms(
    {
      source: "onet",
      ref: "2.C.7.d History and Archeology",
      shares: { logic: 9, creativity: 1 },
      effort: 0.5,
    },
    "history, archaeology, genealogy, family tree, ancestry, civics, museum",
  ),
  terms(
    {
      source: "onet",
      ref: "2.C.7.e Philosophy and Theology",
      shares: { logic: 8, creativity: 2 },
      effort: 0.6,
    },
    "philosophy, ethics, theology, stoicism, rhetoric",
  ),
  terms(
    { source: "onet", ref: "2.C.8.b Law and Government", shares: { logic: 9, social: 1 }, effort: 0.6 },
    "law, legal, politics, contract law, case law, policy, paralegal, constitution",
  ),
  terms(
    { source: "onet", ref: "2.C.1.c Economics and Accounting", shares: { logic: 1 }, effort: 0.6 },
    "economics, macroeconomics, microeconomics, accounting, finance, econometrics",
  ),
  terms(
    {
      source: "onet",
      ref: "2.C.7.b Foreign Language",
      shares: { logic: 7, social: 2, creativity: 1 },
      effort: 0.55,
    },
    `language, vocabulary, vocab, grammar, conjugation, duolingo, babbel, kanji, hiragana, hanzi, spanish, french, german, italian,
    portuguese, english, dutch, swedish, norwegian, polish, russian, ukrainian, turkish, arabic, hebrew, hindi, mandarin, chinese,
    cantonese, japanese, korean, vietnamese, thai, latin, greek, esperanto, sign language, translate, pronunciation, dictation`,
  ),
  terms(
    {
      source: "atus",
      ref: "120312 Reading for personal interest",
      shares: { logic: 7, creativity: 2, energy: 1 },
      effort: 0.35,
      role: "act",
    },
    "read",
  ),
  terms(
    {
      source: "onet",
      ref: "2.A.1.a Reading Comprehension",
      shares: { logic: 8, creativity: 2 },
      effort: 0.4,
    },
    `book, nonfiction, non fiction, audiobook, biography, encyclopedia, wikipedia, newspaper, =news, magazine, article,
    speed reading, kindle, library, pages`,
  ),
  terms(
    {
      source: "onet",
      ref: "1.A.1.a.1 Oral Comprehension",
      shares: { logic: 7, energy: 2, social: 1 },
      effort: 0.3,
      role: "common",
    },
    "podcast, listen",
  ),
  terms(
    { source: "onet", ref: "2.C.7.a English Language", shares: { logic: 5, creativity: 5 }, effort: 0.4 },
    "fiction, literature, classics",
  ),
  terms(
    { source: "onet", ref: "1.A.1.d.1 Memorization", shares: { logic: 9, energy: 1 }, effort: 0.55 },
    "memory palace, memory training, brain training, recall, typing practice, touch typing",
  ),
];
