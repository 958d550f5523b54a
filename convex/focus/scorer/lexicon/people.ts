import { terms } from "../entries";

/** Company: family, friends, gatherings and talk. */
export const PEOPLE = [
  terms(
    {
      source: "atus",
      ref: "120101 Socializing and communicating with others",
      shares: { social: 9, energy: 1 },
      effort: 0.35,
    },
    `socialize, friend, mates, buddy, pal, family, relatives, cousin, aunt, uncle, sibling, brother, sister, parent, mom, mum, mother, dad,
    father, grandma, grandpa, grandmother, grandfather, granny, grandparent, partner, wife, husband, girlfriend, boyfriend, spouse, fiance, couple, neighbor, roommate, flatmate,
    kids, child, children, son, daughter, toddler, baby, grandchild, niece, nephew, guest, people, community, classmate, penpal, pen pal, date, date night,
    small talk, hangout, hang out, catch up, meet up, meetup, get together, reunion, relationship, quality time, girls night, lads night, game night`,
  ),
  terms(
    {
      source: "atus",
      ref: "120101 Socializing and communicating with others",
      shares: { social: 1 },
      effort: 0.35,
      role: "act",
    },
    "talk, chat, conversation, discuss, listen to friend, apologize, invite, greet, compliment, flirt, gossip, thank",
  ),
  terms(
    {
      source: "atus",
      ref: "120101 Socializing and communicating with others",
      shares: { social: 8, energy: 2 },
      effort: 0.3,
      role: "common",
    },
    "visit, guided tour, sightseeing",
  ),
  terms(
    {
      source: "atus",
      ref: "120201 Attending or hosting parties/receptions/ceremonies",
      shares: { social: 9, energy: 1 },
      effort: 0.3,
    },
    `party, host, birthday, wedding, funeral, baptism, reception, ceremony, karaoke, pub, pub quiz, trivia night, quiz night, dinner party, potluck, housewarming, baby shower,
    nightclub, board game, tabletop, role playing game, dungeons and dragons, dnd, happy hour, speed dating, social club, playdate, sleepover, street party`,
  ),
  terms(
    { source: "atus", ref: "1601 Telephone calls", shares: { social: 1 }, effort: 0.3 },
    "call, phone call, telephone, video call, video chat, facetime, zoom, skype, ring, text message, whatsapp, reply, message, email, mail, letter, write letter, thank you card, thank you letter, postcard, correspondence",
  ),
  terms(
    {
      source: "atus",
      ref: "0301 Caring for and helping household children",
      shares: { social: 8, energy: 2 },
      effort: 0.45,
    },
    `childcare, child care, babysit, play with kids, school run, bedtime story, storytime, read to children, read to kids, read to son, read to daughter, reading aloud, homeschool, bathing the baby, nanny, family time,
    parent evening, school conference`,
  ),
  terms(
    { source: "atus", ref: "0304 Caring for household adults", shares: { social: 8, energy: 2 }, effort: 0.45 },
    "elderly, elder care, nursing home, hospital visit, caregiving, =care, hospice, carer",
  ),
  terms(
    {
      source: "atus",
      ref: "140101 Attending religious services",
      shares: { social: 6, energy: 4 },
      effort: 0.2,
    },
    "church, mosque, synagogue, temple, mass, sermon, bible study, congregation, parish",
  ),
  terms(
    {
      source: "atus",
      ref: "120202 Attending meetings for personal interest",
      shares: { social: 8, logic: 1, creativity: 1 },
      effort: 0.35,
    },
    `book club, debate, language exchange, tandem partner, conversation practice, toastmasters, support group, discussion group, reading group,
    =networking, network event, linkedin, conference, convention, town hall, association, committee, scout, youth group, rotary, alumni, =society`,
  ),
];
