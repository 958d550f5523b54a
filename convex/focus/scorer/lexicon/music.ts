import { terms } from "../entries";

/** Music, the stage, stories and ideas. */
export const MUSIC = [
  terms(
    { source: "onet", ref: "2.C.7.c Fine Arts", shares: { creativity: 8, logic: 1, energy: 1 }, effort: 0.5 },
    `music, instrument, musical instrument, guitar, bass guitar, piano, keyboard practice, synth, synthesizer, violin, viola, cello, double bass, flute, clarinet, oboe,
    bassoon, saxophone, sax, trumpet, trombone, tuba, french horn, harp, ukulele, banjo, mandolin, accordion, harmonica, recorder, bagpipes,
    =organ, drum, percussion, cajon, handpan, kalimba, sitar, scales, arpeggio, chord, etude, sonata, sheet music, sight reading, ear training,
    music theory, sing, vocal, vocal warm up, beat making, ableton, logic pro, fl studio, garageband, dj, djing, mixing, mastering, sound design,
    sampling, field recording, song, songwriting, lyrics, compose, composition, orchestration, jam, jam session, improvise, riff, strum,
    band practice, orchestra, turntables, loop pedal, beatbox, rap, freestyle rap`,
  ),
  terms(
    {
      source: "onet",
      ref: "4.A.4.a.8 Performing for or Working Directly with the Public",
      shares: { creativity: 7, social: 3 },
      effort: 0.5,
    },
    `choir, theater, drama, acting, rehearse, monologue, =audition, =auditions, stand up comedy, comedy, open mic, gig, concert performance,
    opera, puppetry, magic, cardistry, circus, storytelling, poetry slam, busking, cabaret, larp, choreography, choreograph, mime, perform`,
  ),
  terms(
    { source: "onet", ref: "2.A.1.c Writing", shares: { creativity: 6, logic: 4 }, effort: 0.5, role: "act" },
    "write, rewrite, edit",
  ),
  terms(
    {
      source: "atus",
      ref: "120313 Writing for personal interest",
      shares: { creativity: 8, logic: 2 },
      effort: 0.5,
    },
    `creative writing, story, short story, novel, nanowrimo, poem, poetry, haiku, sonnet, fan fiction, fanfic, screenplay, screenwriting, script writing,
    write script, playwriting, memoir, blog, blog post, newsletter, copywriting, worldbuilding, world building, character development, plot, dialogue,
    manuscript, first draft, flash fiction, freewriting, zine, column, speech writing, wedding speech, picture book`,
  ),
  terms(
    { source: "onet", ref: "1.A.1.b.1 Fluency of Ideas", shares: { creativity: 8, logic: 2 }, effort: 0.5 },
    "brainstorm, ideation, idea, mind map, design thinking, innovation, concept, imagination, creative, tinker",
  ),
  terms(
    {
      source: "atus",
      ref: "020301 Interior arrangement, decoration, & repairs",
      shares: { creativity: 6, energy: 4 },
      effort: 0.35,
    },
    "redecorate, rearrange furniture, upcycle, restoring furniture, garden design",
  ),
  terms(
    { source: "atus", ref: "1204 Arts and entertainment", shares: { creativity: 7, social: 3 }, effort: 0.2 },
    "concert, gallery, exhibition, art museum, theater visit, festival",
  ),
];
