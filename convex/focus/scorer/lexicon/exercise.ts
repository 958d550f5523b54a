import { readMetTable } from "../entries";

/** Exercise at home, in the gym, on foot and on wheels. */
export const EXERCISE = [
  readMetTable(
    { use: "training" },
    `
    12020  7.0  jog
    12150  8.0  run, 5k, 10k, parkrun
    12140  9.0  cross country run, trail run, fell run
    12180 10.0  interval run, track run, sprint, tempo run, hill sprint
    12200 13.3  marathon, half marathon, ultramarathon
    12170 15.0  stair run
    02065  9.0  stair climber, stairmaster
    17130  8.0  stair climb, climb stairs, taking the stairs
    01015  7.5  bike, bicycle, cycle, bike ride
    01009  8.5  mountain bike, mtb, bmx, gravel ride
    01040 10.0  road bike, road cycling, peloton
    01070  5.0  unicycle
    02010  7.0  stationary bike, exercise bike, turbo trainer
    02019  8.5  spin bike, =spin, =spinning
    02020  8.0  calisthenic, push up, pushup, press up, pull up, pullup, chin up, burpee, jumping jack, muscle up
    02022  3.8  sit up, situp, crunch, plank, lunge, bodyweight, ab workout, abs
    02040  8.0  circuit training, hiit, high intensity interval, tabata, crossfit, bootcamp, boot camp, kettlebell
    02048  5.0  elliptical, cross trainer
    02050  6.0  weight lifting, weightlifting, lift, lift heavy, lift weight, powerlifting, bodybuilding, barbell, dumbbell, bench press
    02050  6.0  deadlift, clean and jerk, heavy lifting, pumping iron, free weight
    02052  5.0  squat, leg press, leg day, glute
    02054  3.5  resistance band, resistance training, strength training, strengthen, weight training, biceps, triceps, chest day, back day, arm day, push day, pull day
    02060  5.5  gym, workout, work out, exercise, fitness, upper body, lower body, full body
    02064  3.8  home exercise, core exercise, core work
    02062  7.8  conditioning, cardio
    02068 12.3  jump rope, rope skipping, skip rope
    02072  7.0  rowing machine, ergometer, =erg
    02105  3.0  pilates, barre
    02120  5.3  water aerobics, aqua fitness, aquafit
    03015  7.3  aerobics, zumba, jazzercise, step class
    02160  4.0  power yoga, ashtanga, vinyasa, hot yoga
    02008  5.0  obstacle course, military training, assault course
    15734 10.0  triathlon, duathlon, ironman, decathlon, steeplechase, hurdles
    15733  6.0  track and field, athletics, long jump, high jump, javelin, pole vault
    15732  4.0  shot put, discus
    15138  6.0  cheerleading
    15300  3.8  gymnastics, acrobatics, parkour, pole dance, hula hoop, handstand, cartwheel, tumbling, aerial silks, aerial hoop, aerial yoga
    15700  3.5  trampoline
    17110  6.5  race walk
    17302  4.8  nordic walking
    17090  8.0  rucking, ruck march
    17200  4.3  power walk, speed walk
    `,
  ),
  readMetTable(
    { use: "training", also: { creativity: 0.3, social: 0.1 } },
    `
    03031  7.8  dance, disco, line dance, folk dance, hip hop dance, breakdance
    03025  4.5  salsa, bachata, hula, flamenco, belly dance, merengue
    03030  5.5  ballroom, swing dance, lindy hop
    03040  3.0  tango, waltz, foxtrot, samba
    03010  5.0  ballet, jazz dance, modern dance, contemporary dance
    03014  4.8  tap dance
    `,
  ),
];
