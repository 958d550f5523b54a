import { terms } from "../entries";

/** Pictures, objects and spaces. */
export const ARTS = [
  terms(
    { source: "onet", ref: "2.C.7.c Fine Arts", shares: { creativity: 9, energy: 1 }, effort: 0.5 },
    `art, draw, sketch, sketchbook, doodle, paint, watercolor, oil paint, acrylic, gouache, pastel, charcoal, ink,
    canvas, portrait, life drawing, landscape painting, still life, illustration, comic, manga, cartoon, caricature, graffiti,
    mural, sculpture, sculpt, clay, ceramics, pottery, pottery wheel, printmaking, linocut, screen print, collage, mosaic, stained glass, glassblowing,
    calligraphy, =lettering, hand lettering, color, color theory, perspective drawing, urban sketching, pixel art, digital art, procreate, concept art,
    character design, tattoo design, zentangle, mandala`,
  ),
  terms(
    { source: "onet", ref: "2.C.3.c Design", shares: { creativity: 8, logic: 2 }, effort: 0.55, role: "act" },
    "design, draft, invent, craft, decorate",
  ),
  terms(
    { source: "onet", ref: "2.C.3.c Design", shares: { creativity: 8, logic: 2 }, effort: 0.55 },
    `graphic design, logo, poster, branding, typography, mockup, wireframe, prototype, ui design, ux, user interface, user experience,
    web design, figma, photoshop, indesign, interior design, architecture, floor plan, cad, 3d model,
    3d print, blender, rendering, game design, level design, fashion design, product design, landscape design, moodboard, portfolio, theme,
    slide deck, presentation design, icon`,
  ),
  terms(
    {
      source: "atus",
      ref: "120309 Arts and crafts as a hobby",
      shares: { creativity: 8, energy: 2 },
      effort: 0.35,
    },
    `knit, crochet, sew, quilt, embroidery, cross stitch, needlepoint, weaving, loom, macrame, felting, spinning yarn, yarn, tailoring,
    dressmaking, upholstery, leatherwork, leathercraft, jewelry, beading, candle making, soap making, paper craft, papercraft, origami, scrapbook,
    bookbinding, card making, birthday card, christmas card, greeting card, woodwork, carpentry, carve, whittling, wood turning, lathe, furniture making, metalwork, blacksmith,
    welding, lego, model building, model kit, miniature, warhammer, diorama, terrarium, bonsai, flower arranging, ikebana, bouquet, floristry,
    floral, cake decorating, icing, wreath, pottery painting, soapmaking, shoemaking, quilling, knot tying, aquascaping, topiary, lace, cosplay, costume, prop making, birdhouse, kite making, resin, tie dye, craft project,
    christmas decorations, home decor`,
  ),
  terms(
    {
      source: "onet",
      ref: "2.C.9.b Communications and Media",
      shares: { creativity: 8, logic: 2 },
      effort: 0.5,
    },
    `photo, photography, photograph, photo edit, lightroom, darkroom, camera, film, filmmaking, video, video edit, edit video,
    cinematography, videography, vlog, youtube video, storyboard, animate, stop motion, motion graphics, premiere pro, short film,
    podcast recording, record podcast, live stream, streaming, content creation, social media post, tiktok, reel, thumbnail`,
  ),
];
