import { readMetTable } from "../entries";

/** Water, snow, hills and the open air. */
export const OUTDOORS = [
  readMetTable(
    { use: "training" },
    `
    18310  6.0  swim
    18240  5.8  front crawl, freestyle swim, swim lap
    18260 10.3  breaststroke
    18250  9.5  backstroke
    18300  6.0  open water swim, wild swim, sea swim
    18330  8.0  synchronized swim
    18366  9.8  aqua jogging
    18090  3.0  springboard diving, =diving
    18200  7.0  scuba, freediving
    18210  5.0  snorkel
    18070  3.5  rowing, =row, canoe, sculling
    18100  5.0  kayak
    18225  6.0  paddle board, paddleboard, sup
    18370  5.0  rafting, whitewater
    18220  3.0  surf, bodyboard
    18380  5.0  windsurf, kitesurf, kiteboard
    18220  3.0  water sports, skimboard
    18150  6.0  water ski, wakeboard
    18120  3.0  sailing, =sail
    19075  7.0  ski, alpine ski, downhill ski
    19090  9.0  cross country ski, nordic ski, ski touring
    19160  5.3  snowboard
    19190  5.3  snowshoe
    19030  7.0  ice skate, figure skate, =skating
    19050 13.3  speed skate
    19180  7.0  sledding, sledge, toboggan, bobsleigh
    17080  6.0  hike, trek, tramping
    17010  7.0  backpacking
    17035  6.5  climb hill, hill walk, munro, scramble
    17082  5.3  ramble
    08019  4.5  chop wood, firewood, split log
    19252  5.3  shovel snow
    05150  9.0  carrying boxes, moving furniture, furniture removal
    `,
  ),
  readMetTable(
    { use: "upkeep" },
    `
    17160  3.5  nature walk, walk in nature, forest bathing, fresh air, countryside
    17165  3.0  dog walk, walk dog
    17151  2.0  stroll, wander
    17085  2.5  bird watch, birdwatching, birding
    04001  3.5  =fishing, angling
    04100  5.0  =hunting, hunt
    17082  5.3  geocaching, urban exploration
    17085  2.5  whale watching, butterfly watching
    09110  2.5  camping
    16060  3.5  walk to work
    08246  3.5  foraging, mushroom picking, berry picking
    19200  3.5  snowmobile
    05194  5.0  playing with the dog, playing fetch
    `,
  ),
  readMetTable({ use: "upkeep", role: "common" }, "17190  3.5  walk, steps, outdoors"),
  readMetTable({ use: "upkeep", role: "common" }, "17100  4.0  pushing the stroller, pram"),
];
