import { readMetTable, terms } from "../entries";

/** Rest, calm, hygiene, food as fuel, and the habits that keep one going. */
export const REST = [
  readMetTable(
    { use: "upkeep" },
    `
    07030  0.95 sleep, nap, power nap, siesta, lie in, bedtime, go to bed, wake up early
    07021  1.3  sit quietly, silence, quiet time, doing nothing
    07011  1.3  rest, lie down, rest day
    07075  1.0  meditate, mindfulness, vipassana, zazen, body scan, yoga nidra, visualization, headspace
    02170  2.0  pranayama, breathwork, breath, box breathing, wim hof
    02101  2.3  stretch, flexibility, mobility, foam roll, foam roller
    02150  2.5  yoga, hatha yoga, yin yoga, restorative yoga
    02180  3.3  sun salutation
    02135  1.3  whirlpool, hot tub, jacuzzi, sauna, steam room, spa
    15670  3.0  tai chi, qi gong, qigong
    02112  2.8  physiotherapy, physical therapy, physio, rehab, rehabilitation, posture, prehab
    13000  2.3  evening routine, bedtime routine, wind down
    13010  1.5  bath, soak
    13040  2.0  groom, brush teeth, floss, shave, skincare, skin care, makeup, hygiene, haircut
    13050  2.0  shower, cold shower, cold plunge, ice bath, cold exposure
    13030  1.5  breakfast, healthy eating, nutrition, diet, eat vegetables, protein, vegetables
    13036  1.5  take medication, medication, vitamins, supplements
    20025  1.3  pray, prayer, rosary, worship, scripture, devotional, bible, quran
    07024  1.3  quit smoking, stop smoking, smoke free, cigarette, sobriety, sober, no alcohol, quit drinking, nicotine
    07025  1.5  calm music, white noise, nature sounds, binaural beats
    `,
  ),
  terms(
    { source: "atus", ref: "120301 Relaxing, thinking", shares: { energy: 9, creativity: 1 }, effort: 0.15 },
    `relax, unwind, recover, recovery, chill, decompress, de stress, self care, wellbeing, wellness, vitality,
    digital detox, screen free, screen break, phone free, no phone, no screens, offline time, unplug,
    break, coffee break, sunbathe, daydream, gratitude, grateful, affirmation, watch sunset, sunlight, massage, reiki, acupuncture, hammock`,
  ),
  terms(
    { source: "atus", ref: "010301 Health-related self care", shares: { energy: 9, logic: 1 }, effort: 0.25 },
    `doctor appointment, doctor, dentist, checkup, blood pressure, weigh in, hydration, drink water, glass of water,
    smoothie, juice, herbal tea, fasting, intermittent fasting, habit, habit tracker, morning routine, daily routine, discipline,
    health, healthy, sleep hygiene, get up early, early rise`,
  ),
  terms(
    {
      source: "atus",
      ref: "120301 Relaxing, thinking",
      shares: { energy: 5, creativity: 3, logic: 2 },
      effort: 0.3,
    },
    "journal, diary, morning pages, reflection, self reflection",
  ),
  terms(
    {
      source: "atus",
      ref: "110101 Eating and drinking",
      shares: { energy: 6, social: 4 },
      role: "common",
      effort: 0.1,
    },
    "eat, meal, lunch, dinner, supper, brunch, snack, tea, coffee, drink, food, bbq, barbecue, picnic",
  ),
  terms(
    {
      source: "atus",
      ref: "120303 Television and movies",
      shares: { energy: 5, creativity: 3, social: 2 },
      effort: 0,
    },
    "television, tv, watch tv, netflix, watch movie, movie, cinema, sitcom, watch series, binge watch, youtube",
  ),
  terms(
    {
      source: "atus",
      ref: "120306 Listening to/playing music",
      shares: { energy: 6, creativity: 4 },
      effort: 0.05,
    },
    "listen to music, playlist, listen to radio, radio",
  ),
  terms(
    {
      source: "atus",
      ref: "1805 Travel related to work",
      shares: { energy: 7, logic: 3 },
      role: "common",
      effort: 0.15,
    },
    "commute, drive, travel, train journey, trip",
  ),
];
