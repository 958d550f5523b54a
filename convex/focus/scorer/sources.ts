/** The public references the lexicon stands on, each named once. */
export const SOURCES = {
  /** MET values: the energy cost of an activity as a multiple of that of sitting quietly. */
  compendium: {
    title: "Compendium of Physical Activities 2011",
    citation:
      "Ainsworth BE, Haskell WL, Herrmann SD, et al. 2011 Compendium of Physical Activities: a second update of codes " +
      "and MET values. Medicine & Science in Sports & Exercise 43(8):1575-1581, 2011",
    url: "https://sites.google.com/site/compendiumofphysicalactivities/",
  },
  /** Which abilities, skills, knowledge and work activities an occupation's tasks draw on. */
  onet: {
    title: "O*NET Content Model",
    citation: "National Center for O*NET Development. The O*NET Content Model, with the ids of its elements",
    url: "https://www.onetcenter.org/content.html",
  },
  /** The classification by which a national statistics office sorts what people say they did all day. */
  atus: {
    title: "American Time Use Survey",
    citation: "U.S. Bureau of Labor Statistics. American Time Use Survey Activity Lexicon, six-digit codes",
    url: "https://www.bls.gov/tus/lexicons.htm",
  },
  /** The values used where nothing is known; this project's own choice. */
  neutral: {
    title: "No known term",
    citation: "A balanced profile for activities whose name, category and goal say nothing known",
    url: "",
  },
} as const;

export type SourceName = keyof typeof SOURCES;
