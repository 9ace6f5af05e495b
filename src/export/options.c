// Options of export: every word is checked before the lesson is opened, so that a mistake in a
// call is told at once.
#include "export/options.h"

#include <math.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "core/address.h"
#include "core/word.h"
#include "lesson/moment.h"

enum { MAX_SIDE = 32767 }; // of an image surface, in pixels
static const double MAX_PIXELS = 268435456;

const char *const subtitle_names[SUBTITLES_COUNT] = {"none", "burn", "srt", "vtt"};

#define WORD(option, field)                                                                        \
    { "--" option, option, offsetof(ExportWords, field), 0 }
#define FLAG(option, field)                                                                        \
    { "--" option, option, EXPORT_FLAG, offsetof(ExportWords, field) }

const ExportOption export_options[] = {WORD("format", format),
                                       WORD("at", at),
                                       WORD("from", from),
                                       WORD("to", to),
                                       FLAG("all", all),
                                       WORD("by", by),
                                       WORD("panel", panel),
                                       WORD("size", size),
                                       WORD("width", width),
                                       WORD("font", font),
                                       WORD("scale", scale),
                                       WORD("theme", theme),
                                       WORD("lang", lang),
                                       WORD("layout", layout),
                                       WORD("per-page", per_page),
                                       FLAG("caption", caption),
                                       FLAG("legend", legend),
                                       FLAG("transparent", transparent),
                                       FLAG("outlines", outlines),
                                       WORD("subtitles", subtitles),
                                       WORD("hold", hold),
                                       WORD("fps", fps),
                                       FLAG("no-motion", still),
                                       WORD("jobs", jobs),
                                       {"-o", "output", offsetof(ExportWords, path), 0},
                                       {NULL, NULL, 0, 0}};

const char **export_word(ExportWords *w, const ExportOption *o) {
    return (const char **)(void *)((char *)w + o->word);
}

bool *export_flag(ExportWords *w, const ExportOption *o) {
    return (bool *)(void *)((char *)w + o->flag);
}

static bool read_size(Arena *a, const char *text, Export *e, const char **why) {
    int w, h, end = 0;
    bool plain = strspn(text, "0123456789x") == strlen(text);
    if (plain && sscanf(text, "%5dx%5d%n", &w, &h, &end) == 2 && !text[end] && w >= 64 && h >= 64 &&
        w <= MAX_SIDE && h <= MAX_SIDE) {
        e->look.width = w;
        e->look.height = h;
        return e->sized = true;
    }
    *why = arena_printf(a, "--size takes WIDTHxHEIGHT, each from 64 to %d, not %s", MAX_SIDE, text);
    return false;
}

static bool read_panels(Arena *a, const char *text, Export *e, const char **why) {
    while (*text) {
        char name[32];
        size_t n = strcspn(text, ",");
        snprintf(name, sizeof name, "%.*s", (int)(n < 31 ? n : 31), text);
        PanelKind kind = panel_find(name);
        if (kind == PANEL_COUNT) {
            *why = arena_printf(a, "no panel called %s (gatewalk list panels)", name);
            return false;
        }
        e->panels |= 1u << kind;
        text += n + (text[n] == ',');
    }
    *why = "--panel needs the name of a panel (gatewalk list panels)";
    return e->panels != 0;
}

// Height by width of a panel as a figure.
static double shape_of(unsigned panels) {
    static const double shapes[PANEL_COUNT] = {
        [PANEL_PROSE] = 1.3,     [PANEL_TIMELINE] = 0.36, [PANEL_CELL] = 0.56,
        [PANEL_EQUATIONS] = 0.5, [PANEL_VALUE] = 1.1,     [PANEL_WEIGHTS] = 1.9,
        [PANEL_GRADIENTS] = 2.2, [PANEL_BLAME] = 1,       [PANEL_MEMORY] = 1.4,
        [PANEL_TRAINING] = 1};
    for (int k = 0; k < PANEL_COUNT; k++)
        if (panels == 1u << k) return shapes[k];
    return 0.625;
}

// A figure so many millimetres wide whose text has so many points: how large the logical pixels
// are follows from both.
static bool read_figure(Arena *a, const ExportWords *w, Export *e, const char **why) {
    enum { TEXT = 13, DPI = 300 }; // logical pixels of common text; of a PNG
    double mm, points = 9;
    *why = "export takes --size, or --width with --font, not both";
    if (w->size) return false;
    *why = "--font needs --width";
    if (!w->width) return false;
    if (!word_number(a, "--width", w->width, 10, 2000, &mm, why)) return false;
    if (w->font && !word_number(a, "--font", w->font, 3, 72, &points, why)) return false;
    e->look.millimetres = mm;
    e->look.width = floor(mm / 25.4 * 72 / points * TEXT + 0.5);
    e->look.height = floor(e->look.width * shape_of(e->panels) + 0.5);
    if (e->look.width < 64 || e->look.height < 64) {
        *why = arena_printf(a, "a figure %g mm wide has no room for text of %g points", mm, points);
        return false;
    }
    e->look.scale *= mm / 25.4 * DPI / e->look.width;
    return true;
}

static bool read_pixels(Arena *a, const ExportWords *w, Export *e, const char **why) {
    Look *look = &e->look;
    if (w->size && !read_size(a, w->size, e, why)) return false;
    if (w->scale && !word_number(a, "--scale", w->scale, 0.1, 16, &look->scale, why)) return false;
    if ((w->width || w->font) && !read_figure(a, w, e, why)) return false;
    double width = look->width * look->scale, height = look->height * look->scale;
    if (width <= MAX_SIDE && height <= MAX_SIDE && width * height <= MAX_PIXELS) return true;
    *why = arena_printf(a,
                        "a picture of %.0f x %.0f pixels cannot be made; the limit is %d along an "
                        "edge and %.0f million in all",
                        width, height, MAX_SIDE, MAX_PIXELS / 1e6);
    return false;
}

static bool read_theme(Arena *a, const char *word, ThemeKind *theme, const char **why) {
    for (int t = 0; t < THEME_COUNT; t++) {
        if (strcmp(theme_names[t], word) != 0) continue;
        *theme = (ThemeKind)t;
        return true;
    }
    *why = arena_printf(a, "no theme called %s (gatewalk list themes)", word);
    return false;
}

// The same pixels, laid out as the window lays out a screen of that size.
static void enlarge(Look *look) {
    double scale = stage_scale(look->width, look->height);
    look->width /= scale;
    look->height /= scale;
    look->scale *= scale;
}

static bool read_look(Arena *a, const ExportWords *w, Export *e, const char **why) {
    const ExportFormat *format = &export_formats[e->format];
    int lang = LANG_EN;
    if (w->panel && !read_panels(a, w->panel, e, why)) return false;
    export_size(w->panel ? FORMAT_PNG : e->format, e->layout, &e->look.width, &e->look.height);
    if (!read_pixels(a, w, e, why)) return false;
    if (w->theme && !read_theme(a, w->theme, &e->look.theme, why)) return false;
    if (w->lang && !word_choice(a, "--lang", w->lang, lang_names, LANG_COUNT, &lang, why))
        return false;
    e->look.lang = (Lang)lang;
    if (!w->panel && format->panel < PANEL_COUNT) e->panels = 1u << format->panel;
    return true;
}

static bool read_format(Arena *a, const ExportWords *w, Export *e, const char **why) {
    const char *list = export_format_list(a);
    *why = arena_printf(a, "export needs --format %s", list);
    if (!w->format) return false;
    e->format = export_format(w->format);
    *why = arena_printf(a, "export writes %s, not %s", list, w->format);
    return e->format < FORMAT_COUNT;
}

static bool read_choices(Arena *a, const ExportWords *w, Export *e, const char **why) {
    int by = BY_OPERATION, layout = 0, none = 0;
    if (w->by && !word_choice(a, "--by", w->by, frame_by_names, BY_COUNT, &by, why)) return false;
    if (w->layout &&
        !word_choice(a, "--layout", w->layout, layout_names, LAYOUT_COUNT, &layout, why))
        return false;
    if (w->subtitles && !word_choice(a, "--subtitles", w->subtitles, subtitle_names + 1,
                                     SUBTITLES_COUNT - 1, &none, why))
        return false;
    e->by = (FrameBy)by;
    e->layout = (PageLayout)layout;
    e->subtitles = w->subtitles ? (Subtitles)(none + 1) : SUBTITLES_NONE;
    int most = layout == LAYOUT_SHEET ? SHEET_MOST : layout == LAYOUT_HANDOUT ? HANDOUT_MOST : 0;
    *why = "--per-page is for --layout sheet and --layout handout";
    if (w->per_page && !most) return false;
    if (w->per_page && !word_int(a, "--per-page", w->per_page, 1, most, &e->per_page, why))
        return false;
    *why = arena_printf(a, "%s has no layout %s", w->format, layout_names[layout]);
    return export_formats[e->format].layouts & 1u << layout;
}

bool export_read(Arena *a, const ExportWords *w, Export *e, const char **why) {
    *e = (Export){.path = w->path, .jobs = 1, .still = w->still};
    e->look = (Look){.scale = 1,
                     .panel = PANEL_COUNT,
                     .caption = w->caption,
                     .legend = w->legend,
                     .transparent = w->transparent,
                     .outlines = w->outlines};
    if (!read_format(a, w, e, why) || !read_choices(a, w, e, why)) return false;
    if (w->jobs && !word_int(a, "--jobs", w->jobs, 1, 64, &e->jobs, why)) return false;
    if (w->hold && !word_number(a, "--hold", w->hold, 0.1, 60, &e->hold, why)) return false;
    e->fps = export_formats[e->format].rate;
    if (w->fps && !word_number(a, "--fps", w->fps, 1, 60, &e->fps, why)) return false;
    return read_look(a, w, e, why);
}

// Reads an address, and opens the optimizer step that it names.
static bool read_step(Arena *a, const Lesson **l, const char *text, Playhead *at,
                      const char **why) {
    return !text || moment_find(a, l, text, at, why);
}

// Both ends of a run, which is of one moment of training.
static bool read_range(Arena *a, const Lesson **l, const ExportWords *w, Export *e,
                       const char **why) {
    const Lesson *start = *l, *end = *l;
    if (!read_step(a, &start, w->from, &e->from, why)) return false;
    if (w->from) end = start;
    if (!read_step(a, &end, w->to, &e->to, why)) return false;
    *why = "--from and --to lie in different optimizer steps";
    if (w->from && w->to && start->moment != end->moment) return false;
    *l = end;
    return true;
}

// "forward:3" is about a timestep, "forward:3:f" about an equation, "forward:3:f.2" about an
// operation: the finest grain at which the playhead is called so, since coarser ones fall back on
// it.
static Grain grain_of_address(Arena *a, const Walk *w, const char *text, Playhead at) {
    for (Grain g = GRAIN_OPERATION; g < GRAIN_COUNT; g++)
        if (strcmp(address_format(a, w, at, g), text) == 0) return g;
    return at.unit ? GRAIN_UNIT : GRAIN_OPERATION;
}

// One step of the walk, that of --from, else of --to, else the last, from --from's optimizer step
// to --to's, else through all of training. They are opened all at once.
static bool read_training(Arena *a, const Lesson *l, const ExportWords *w, Export *e,
                          const char **why) {
    int count = moment_count(l), first = 1, last = 0, of = l->moment;
    Playhead other;
    *why = "--by optimizer-step needs a lesson whose training can be opened";
    if (count == 0) return false;
    e->from = (Playhead){walk_count(l->walk), 0};
    if (w->to && !moment_read(a, l, w->to, &last, &e->from, why)) return false;
    if (w->from && !moment_read(a, l, w->from, &first, &other, why)) return false;
    if (w->to) of = last;
    if (w->from) e->from = other, of = first;
    e->first = first ? first : count + 1;
    e->last = last ? last : count + 1;
    *why = "--from lies behind --to in training";
    if (e->first > e->last) return false;
    e->from = moment_step(l, of, e->first > count ? 0 : e->first, e->from);
    const char *rest, *step = w->from ? w->from : w->to ? w->to : "";
    if (address_moment(a, step, &first, &rest, why))
        e->grain = grain_of_address(a, moment_walk(l, first), rest, e->from);
    enum { TRACES = 3 }; // its own, that of its proof, and what belongs to them
    double bytes = (double)trace_bytes(l->graph, trace_steps(l->trace)) * TRACES;
    *why = "so many optimizer steps at once need too much memory; export fewer of them";
    return bytes * (e->last - e->first + 1) <= (double)TRACE_MAX_GIB * (1 << 30);
}

// Exercises for paper end with the gradients: no one works out an optimizer's state by hand.
static int last_step(const Walk *w, PageLayout layout) {
    int first, last;
    bool paper = layout == LAYOUT_WORKSHEET || layout == LAYOUT_KEY;
    if (paper && walk_phase_range(w, PHASE_UPDATE, &first, &last)) return first;
    return walk_count(w);
}

bool export_read_steps(Arena *a, const Lesson *l, const ExportWords *w, Export *e,
                       const char **why) {
    const ExportFormat *format = &export_formats[e->format];
    bool range = w->from || w->to, all = w->all || (format->whole && !w->at && !range);
    *why = "export takes --at, or --from and --to, or --all";
    if ((w->at != NULL) + range + w->all > 1) return false;
    e->one = !range && !all;
    e->from = (Playhead){1, 0};
    e->to = (Playhead){last_step(l->walk, e->layout), 0};
    if (e->one) {
        const StepBlock *opens = &l->scenes[LANG_EN][0].step;
        const char *at = w->at ? w->at : opens->given && opens->at ? opens->at : "forward:1";
        if (!read_step(a, &l, at, &e->from, why)) return false;
        e->grain = grain_of_address(a, l->walk, at, e->from);
    } else if (e->by == BY_OPTIMIZER) {
        if (l->trained) l = l->trained;
        if (!read_training(a, l, w, e, why)) return false;
    } else if (!read_range(a, &l, w, e, why)) {
        return false;
    }
    e->look.lesson = l;
    picture_panels(a, &e->look, e->panels);
    if (format->screen && e->look.panel == PANEL_COUNT && !e->look.millimetres) enlarge(&e->look);
    return true;
}

Frame *export_frames(Arena *a, const Export *e, int *count, const char **why) {
    const Lesson *l = e->look.lesson;
    if (e->one) {
        Frame *f = ARENA_NEW(a, Frame);
        *f = (Frame){e->from, e->grain, frame_scene(a, l, e->from), NULL, l};
        f->name = address_file_name(a, l->walk, f->at, f->grain);
        *count = 1;
        return f;
    }
    Frame *frames = e->by == BY_OPTIMIZER
                        ? frames_of_training(a, l, e->first, e->last, e->from, e->grain, count)
                        : frames_list(a, l, e->by, e->from, e->to, count);
    if (*count > 0) return frames;
    *why = "there is no step between --from and --to";
    return NULL;
}
