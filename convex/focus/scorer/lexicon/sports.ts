import { readMetTable } from "../entries";

/**
 * Sports and games of movement. Team games and partner games carry a part of company, climbing and the like of problem
 * solving.
 */
export const SPORTS = [
  readMetTable(
    { use: "training", also: { social: 0.15 } },
    `
    15610  7.0  soccer, football, futsal, five a side
    15230  8.0  flag football, american football, touch football
    15560  8.3  rugby
    15055  6.5  basketball, shoot hoop
    15711  6.0  volleyball
    15725  8.0  beach volleyball
    15350  7.8  field hockey, hockey
    15360  8.0  ice hockey
    15330  8.0  handball
    15460  8.0  lacrosse
    15250  8.0  ultimate frisbee
    15240  3.0  frisbee, disc golf
    15620  5.0  baseball, softball
    15150  4.8  cricket
    15450  7.0  kickball
    15135  5.8  dodgeball, hopscotch
    18360 10.0  water polo
    15510  8.0  =polo
    15170  4.0  =curling
    15430 10.3  kabaddi
    15055  6.5  netball
    15160  3.3  croquet
    15570  3.0  shuffleboard
    15090  3.0  bowling, tenpin
    15465  3.3  bocce, petanque, boules, lawn bowls
    15590  7.0  roller derby
    15675  7.3  tennis
    15030  5.5  badminton
    15660  4.0  table tennis, ping pong
    15652  7.3  squash
    15530  7.0  racquetball, racket sport, padel
    15500  6.0  paddleball, pickleball
    `,
  ),
  readMetTable(
    { use: "training" },
    `
    15430 10.3  karate, judo, jujitsu, jiu jitsu, bjj, taekwondo, tae kwan do, muay thai, kickboxing, kick boxing, krav maga, mma
    15425  5.3  martial art, aikido, kung fu, capoeira, kendo, dojo
    15110  5.5  boxing, punching bag, shadow boxing
    15120  7.8  sparring
    15730  6.0  wrestling
    15200  6.0  =fencing, epee, sabre
    15010  4.3  archery
    15255  4.8  golf
    15270  3.0  mini golf, driving range
    15580  5.0  skateboard, longboard
    15590  7.0  roller skate
    15591  7.5  rollerblade, inline skate
    15370  5.5  horseback riding, horse riding, dressage, equestrian
    15410  3.0  horseshoes
    15440  4.0  juggle
    15470  4.0  motocross
    15600  3.5  skydive, bungee jump, paragliding, parachute
    15340  3.5  hang gliding
    15310  4.0  hacky sack, footbag
    15135  5.8  paintball, airsoft, laser tag, tag
    15080  2.5  billiards, snooker, play pool
    15180  2.5  darts
    `,
  ),
  readMetTable(
    { use: "training", also: { logic: 0.12 } },
    `
    15535  7.5  rock climb, lead climb
    15537  5.8  boulder, indoor climb, climb, climbing wall, top rope
    15533  8.0  mountaineer, alpine climb, via ferrata
    15540  5.0  rappel, abseil
    15335  4.0  ropes course, slackline
    15480  9.0  orienteering
    15537  5.8  caving, spelunking, canyoning
    `,
  ),
];
