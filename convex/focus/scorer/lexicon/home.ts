import { readMetTable, terms } from "../entries";

/** Keeping house, garden, kitchen and belongings in order. */
export const HOME = [
  readMetTable(
    { use: "upkeep" },
    `
    05010  3.3  sweep
    05020  3.5  wash car, wash windows, clean garage, spring cleaning, deep clean
    05021  3.5  mop
    05022  3.2  clean windows
    05026  3.5  chore, housework, household, household task
    05030  3.3  clean house, clean, scrub, hoover
    05032  2.3  dusting, =dust, polish furniture
    05035  3.3  kitchen, clean kitchen
    05040  2.5  tidy, tidy up, straighten up, take out trash, trash, rubbish, garbage, bins, recycling
    05041  1.8  dish, wash dishes, dishwasher, washing up
    05043  3.3  vacuum
    05070  1.8  ironing, =iron
    05090  2.0  laundry, fold clothes, fold laundry, pack suitcase, packing
    05100  3.3  make bed, change sheets
    05125  4.8  declutter, organize room, wardrobe, closet, sort clothes
    05130  3.5  clean bathroom, scrub floor
    05146  3.5  unpacking boxes, moving house
    05147  3.0  put away
    05148  2.5  water plants, houseplant
    06126  2.5  home repair, diy, handyman, odd job
    06140  3.8  repair appliance, laying tile
    06160  3.3  paint wall, painting the house, wallpaper, plastering
    06230  4.5  fence, paint fence, varnish
    06167  3.0  plumbing, leak, tap
    06030  3.3  car repair, car maintenance, oil change, bike repair, fix bike
    06225  2.0  wash and wax car, car wash
    08045  3.5  compost, dig
    08095  5.5  mow, mow lawn, lawn
    08140  4.3  plant seedlings, planting, plant trees
    08145  4.3  farm, hydroponics, grow vegetables, grow flowers
    08160  3.8  rake, rake leaves, leaves
    08210  4.0  prune, trim hedge, hedge
    08239  3.5  weeding
    08245  3.8  garden, allotment, yard work, greenhouse, flower bed
    05053  2.5  feed pets, feed animals
    05197  2.3  pet care, groom pet, aquarium, fishkeeping, fish tank, beekeeping, litter box, clean cage
    15375  4.3  stable, mucking out
    `,
  ),
  readMetTable(
    { use: "upkeep", also: { creativity: 0.2 } },
    `
    05049  3.5  cook, food preparation, meal prep, meal preparation, recipe, stew, soup, roast, curry, salad
    05052  2.5  bake, bread, sourdough, cake, cookies, pastry, pizza, breadmaking, cheesemaking, winemaking, homebrew, kombucha, jam making, pickling, fermenting
    `,
  ),
  readMetTable({ use: "upkeep" }, "05060  2.3  grocery, food shopping, supermarket, shopping list"),
  readMetTable({ use: "upkeep", role: "common" }, "05065  2.3  shopping, errand"),
  terms(
    {
      source: "atus",
      ref: "020101 Interior cleaning",
      shares: { energy: 8, physique: 2 },
      role: "setting",
      effort: 0.2,
    },
    "room, bathroom, garage, flat, floor, window, bedroom, cupboard, fridge, oven, attic, basement, cellar, shed, drawer",
  ),
];
