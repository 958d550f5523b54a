import type { Dimension } from "../../../xp/amounts";

/**
 * Everyday activities as people write them into a planner, each under the dimension that a person would name first by
 * the meanings in `dimensions.ts`. Written before the lexicon and without looking at it, so that agreement says
 * something about names the lexicon has not met. Do not add a line here because it passes, or reword one because it
 * fails.
 */
const LABELS: Record<Dimension, string> = {
  physique: `
    Morning jog around the park
    Leg day
    Couch to 5k week three
    Five-a-side football
    Swimming lengths at the pool
    Bouldering after work
    Spin class
    Lifting heavy
    Pull-ups and dips
    Cycling to the office
    Long bike ride on Sunday
    Shooting hoops
    Tennis lesson
    Boxing gym
    Karate grading practice
    Judo with the club
    Zumba
    Reformer pilates
    Power yoga
    Hill repeats
    Marathon training run
    Rowing machine intervals
    Kettlebell swings
    Planks and core work
    Hiking up the hill with a heavy pack
    A day on the ski slopes
    Ice skating
    Surf lesson
    Kayaking on the lake
    Badminton doubles
    Squash match
    Beach volleyball
    Rugby training
    Handstand practice
    HIIT workout from YouTube
    Skipping rope
    Deadlifts
    Calisthenics in the park
    Crossfit WOD
    Trail running
    Stair climbing at the office tower
    Chopping firewood
    Roller derby practice
    Triathlon brick session
    Stationary bike while listening to podcasts
    Obstacle course race prep
    Ping pong
    Push-up challenge day 12
    Fencing club
    Martial arts sparring
    Upper body session at the gym
    Sprints on the track
  `,
  energy: `
    Afternoon nap
    Getting eight hours of sleep
    Breathing exercises
    Guided meditation before bed
    Body scan
    Cold shower
    Sauna
    Evening stroll with no phone
    Walking the dog
    Gentle stretching
    Foam rolling sore muscles
    Bedtime yin yoga
    Tidying the flat
    Vacuuming
    Doing the dishes
    Folding laundry
    Meal prep for the week
    Cooking a healthy dinner
    Making a green smoothie
    Drinking enough water
    Packing a lunch for tomorrow
    Decluttering the garage
    Cleaning the bathroom
    Ironing shirts
    Watering the plants
    Weeding the vegetable patch
    Mowing the lawn
    Morning routine without snooze
    No-phone hour
    Writing down three things I am grateful for
    Skincare and wind-down
    Quiet cup of tea outside
    Hot bath with salts
    Tai chi in the garden
    Qigong
    Grocery shopping
    Eating a proper breakfast
    Fasting till noon
    Making the bed
    Taking out the bins
    Sorting the recycling
    Morning prayers
    Taking a break away from the screen
    Getting some fresh air
    Listening to rain sounds to relax
    Ten minutes of mindfulness
    Early night
    Staying off cigarettes
    Washing the car
    Massage appointment
    Physiotherapy stretches for my knee
  `,
  logic: `
    Algebra homework
    Calculus problem set
    Debugging the login page
    Writing unit tests
    Learning Rust
    Leetcode mediums
    Studying for the bar exam
    Anatomy flashcards
    Revising for chemistry finals
    Reading a paper on transformers
    Sudoku over coffee
    Crossword
    Chess puzzles
    Playing go online
    Tax return
    Doing the household budget
    Spreadsheet for the quarterly forecast
    SQL queries for the report
    Data cleaning in pandas
    Proofreading a legal contract
    Duolingo Spanish
    Vocabulary drills in Japanese
    Practising kanji
    Statistics lecture
    Watching a physics lecture online
    Thesis literature review
    Taking notes on chapter four
    Planning the sprint backlog
    Configuring a home server
    Programming an Arduino
    Rubik's cube
    Logic puzzles
    Reviewing pull requests
    Refactoring legacy code
    Reading about world war two
    Listening to an economics audiobook
    Comparing mortgage offers
    Fixing a bug in production
    Setting up a CI pipeline
    Machine learning course
    Mock exam
    GRE prep
    Memorising the periodic table
    Genealogy research
    Analysing stocks
    Designing a database schema
    Writing my dissertation
    Lab report
    Translating a Latin text
    Solving riddles
    Reading twenty pages of non-fiction
    Bookkeeping for the club
    Proving a theorem
    Troubleshooting the router
    Preparing for a coding interview
  `,
  creativity: `
    Sketching faces
    Watercolour landscapes
    Oil painting
    Playing guitar
    Piano scales
    Songwriting
    Mixing a beat in Ableton
    Writing a short story
    Working on chapter two of my novel
    Poetry
    Doodling in the margins
    Knitting a scarf
    Crochet
    Sewing a dress
    Pottery wheel
    Photo editing in Lightroom
    Street photography walk
    Filming a vlog
    Editing video
    3D modelling in Blender
    Pixel art
    Designing a logo
    UI mockups in Figma
    Carving a wooden spoon
    Woodworking in the shed
    Calligraphy
    Origami
    Violin practice
    Singing lessons
    Practising drum fills
    DJ set preparation
    Improvising on the saxophone
    Choreographing a dance
    Screenplay draft
    Blog post
    Brainstorming names for the startup
    Decorating the living room
    Cake decorating
    Flower arranging
    Scrapbooking our holiday
    Painting miniatures
    Building a Lego castle
    Jewellery making
    World building for my fantasy campaign
    Animating a short film
    Embroidery
    Colouring book
    Composing for strings
    Learning ukulele chords
    Rehearsing a theatre monologue
    Writing a stand-up comedy routine
  `,
  social: `
    Calling mum
    Coffee with an old friend
    Team meeting
    One-to-one with my manager
    Mentoring a junior colleague
    Tutoring a neighbour's kid in maths
    Volunteering at the food bank
    Helping my son with homework
    Playing with the kids
    Reading bedtime stories to my daughter
    Dinner party
    Board games with friends
    Networking event
    Job interview
    Public speaking club
    Giving a presentation to the board
    Leading the book club
    Parents' evening
    Visiting grandma
    Date night
    Answering messages from friends
    Customer support calls
    Sales pitch to a client
    Couples therapy
    Language exchange with a native speaker
    Debate club
    Coffee morning at church
    Neighbourhood meeting
    Going to a friend's wedding
    Babysitting
    Hosting guests at the weekend
    Video chat with family abroad
    Catching up with colleagues over lunch
    Running a scout group evening
    Coaching the under-tens football team
    Teaching a class of eight-year-olds
    Negotiating with a supplier
    Mediating between two colleagues
    Support group
    Karaoke with the office
    Pub quiz with mates
    Playdate at the park
    Fundraising door to door
    Canvassing voters
    Attending a developer meetup
    Interviewing candidates
    Standup with the team
    Family dinner
    Party at a friend's house
    Caring for my elderly father
    Making new friends at the hostel
    Having a hard talk with my sister
  `,
};

export type Label = { name: string; dimension: Dimension };

/** All labelled activities, in the order above. */
export const LABELLED: readonly Label[] = (Object.keys(LABELS) as Dimension[]).flatMap((dimension) =>
  LABELS[dimension]
    .split("\n")
    .map((line) => line.trim())
    .filter((name) => name !== "")
    .map((name) => ({ name, dimension })),
);

/**
 * Half of the labels may guide work on the lexicon, the other half only measures it. Which half is decided by the
 * FNV-1a hash of the name, so adding a label moves no other.
 */
export function isHeldOut(label: Label): boolean {
  let hash = 0x811c9dc5;
  for (const char of label.name) hash = Math.imul(hash ^ (char.codePointAt(0) ?? 0), 0x01000193) >>> 0;
  // The lowest bit of FNV-1a is only the parity of the characters; higher bits are mixed.
  return ((hash >>> 16) & 1) === 1;
}
