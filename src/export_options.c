// Options of export: every word is checked before the lesson is opened, so that a mistake in a
// call is told at once.
#include "export_options.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "core/address.h"

enum { MAX_SIDE = 32767 }; // of an image surface, in pixels
static const double MAX_PIXELS = 268435456;

static const char *const subtitle_names[SUBTITLES_COUNT] = {"none", "burn", "srt", "vtt"};

// The number of a word in a list, or -1 after a message.
static int choose(const char *option, const char *word, const char *const *names, int n) {
    char list[128] = "";
    for (int k = 0; k < n; k++) {
        if (strcmp(word, names[k]) == 0) return k;
        size_t len = strlen(list);
        snprintf(list + len, sizeof list - len, "%s%s",
                 k == 0       ? ""
                 : k == n - 1 ? " or "
                              : ", ",
                 names[k]);
    }
    usage_error("%s takes %s, not %s", option, list, word);
    return -1;
}

static bool read_size(const char *text, Export *e) {
    int w, h, end = 0;
    if (sscanf(text, "%5dx%5d%n", &w, &h, &end) == 2 && !text[end] && w >= 64 && h >= 64 &&
        w <= MAX_SIDE && h <= MAX_SIDE) {
        e->look.width = w;
        e->look.height = h;
        return e->sized = true;
    }
    usage_error("--size takes WIDTHxHEIGHT, each from 64 to %d, not %s", MAX_SIDE, text);
    return false;
}

static bool read_panels(const char *text, Export *e) {
    while (*text) {
        char name[32];
        size_t n = strcspn(text, ",");
        snprintf(name, sizeof name, "%.*s", (int)(n < 31 ? n : 31), text);
        PanelKind kind = panel_find(name);
        if (kind == PANEL_COUNT) {
            usage_error("no panel called %s (gatewalk list panels)", name);
            return false;
        }
        e->panels |= 1u << kind;
        text += n + (text[n] == ',');
    }
    if (!e->panels) usage_error("--panel needs the name of a panel (gatewalk list panels)");
    return e->panels != 0;
}

// Height by width of a panel as a figure.
static double shape_of(unsigned panels) {
    static const double shapes[PANEL_COUNT] = {[PANEL_PROSE] = 1.3,
                                               [PANEL_TIMELINE] = 0.36,
                                               [PANEL_CELL] = 0.56,
                                               [PANEL_EQUATIONS] = 0.5,
                                               [PANEL_VALUE] = 1.1};
    for (int k = 0; k < PANEL_COUNT; k++)
        if (panels == 1u << k) return shapes[k];
    return 0.625;
}

// A figure so many millimetres wide whose text has so many points: how large the logical pixels
// are follows from both.
static bool read_figure(const ExportWords *w, Export *e) {
    enum { TEXT = 13, DPI = 300 }; // logical pixels of common text; of a PNG
    double mm, points = 9;
    if (w->size) {
        usage_error("export takes --size, or --width with --font, not both");
        return false;
    }
    if (!w->width) {
        usage_error("--font needs --width");
        return false;
    }
    if (!option_number("--width", w->width, 10, 2000, &mm)) return false;
    if (w->font && !option_number("--font", w->font, 3, 72, &points)) return false;
    e->look.millimetres = mm;
    e->look.width = floor(mm / 25.4 * 72 / points * TEXT + 0.5);
    e->look.height = floor(e->look.width * shape_of(e->panels) + 0.5);
    if (e->look.width < 64 || e->look.height < 64) {
        usage_error("a figure %g mm wide has no room for text of %g points", mm, points);
        return false;
    }
    e->look.scale *= mm / 25.4 * DPI / e->look.width;
    return true;
}

static bool read_pixels(const ExportWords *w, Export *e) {
    Look *look = &e->look;
    if (w->size && !read_size(w->size, e)) return false;
    if (w->scale && !option_number("--scale", w->scale, 0.1, 16, &look->scale)) return false;
    if ((w->width || w->font) && !read_figure(w, e)) return false;
    double width = look->width * look->scale, height = look->height * look->scale;
    if (width <= MAX_SIDE && height <= MAX_SIDE && width * height <= MAX_PIXELS) return true;
    usage_error("a picture of %.0f x %.0f pixels cannot be made; the limit is %d along an edge and "
                "%.0f million in all",
                width, height, MAX_SIDE, MAX_PIXELS / 1e6);
    return false;
}

static bool read_look(const ExportWords *w, Export *e) {
    if (w->panel && !read_panels(w->panel, e)) return false;
    if (!read_pixels(w, e)) return false;
    for (int t = 0; w->theme && t < THEME_COUNT; t++) {
        if (strcmp(theme_names[t], w->theme) == 0) e->look.theme = (ThemeKind)t;
    }
    if (w->theme && strcmp(theme_names[e->look.theme], w->theme) != 0) {
        usage_error("no theme called %s (gatewalk list themes)", w->theme);
        return false;
    }
    return option_lang(w->lang, &e->look.lang);
}

bool export_read(const ExportWords *w, Export *e) {
    *e = (Export){.path = w->path, .jobs = 1, .by = BY_OPERATION};
    e->look = (Look){.width = 1600,
                     .height = 1000,
                     .scale = 1,
                     .panel = PANEL_COUNT,
                     .caption = w->caption,
                     .transparent = w->transparent,
                     .outlines = w->outlines};
    int by = w->by ? choose("--by", w->by, frame_by_names, BY_COUNT) : BY_OPERATION;
    int layout = w->layout ? choose("--layout", w->layout, layout_names, LAYOUT_COUNT) : 0;
    if (by < 0 || layout < 0) return false;
    int subtitles = 0;
    if (w->subtitles)
        subtitles =
            choose("--subtitles", w->subtitles, subtitle_names + 1, SUBTITLES_COUNT - 1) + 1;
    if (w->subtitles && !subtitles) return false;
    e->by = (FrameBy)by;
    e->layout = (PageLayout)layout;
    e->subtitles = (Subtitles)subtitles;
    if (w->jobs && !option_int("--jobs", w->jobs, 1, 64, &e->jobs)) return false;
    if (w->hold && !option_number("--hold", w->hold, 0.1, 60, &e->hold)) return false;
    return read_look(w, e);
}

static bool read_step(Program *p, const Lesson *l, const char *text, Playhead *at) {
    const char *why;
    if (!text || address_parse(p->arena, l->walk, text, at, &why)) return true;
    usage_error("%s", why);
    return false;
}

// "forward:3" is about a timestep, "forward:3:f" about an equation, "forward:3:f.2" about an
// operation: the finest grain at which the playhead is called so, since coarser ones fall back on
// it.
static Grain grain_of_address(Arena *a, const Walk *w, const char *text, Playhead at) {
    for (Grain g = GRAIN_OPERATION; g < GRAIN_COUNT; g++)
        if (strcmp(address_format(a, w, at, g), text) == 0) return g;
    return at.unit ? GRAIN_UNIT : GRAIN_OPERATION;
}

// Exercises for paper end with the gradients: no one works out an optimizer's state by hand.
static int last_step(const Walk *w, PageLayout layout) {
    int first, last;
    bool paper = layout == LAYOUT_WORKSHEET || layout == LAYOUT_KEY;
    if (paper && walk_phase_range(w, PHASE_UPDATE, &first, &last)) return first;
    return walk_count(w);
}

bool export_read_steps(Program *p, const Lesson *l, const ExportWords *w, Export *e) {
    e->look.lesson = l;
    picture_panels(p->arena, &e->look, e->panels);
    bool range = w->from || w->to;
    if ((w->at != NULL) + range + w->all > 1) {
        usage_error("export takes --at, or --from and --to, or --all");
        return false;
    }
    e->one = !range && !w->all;
    e->from = (Playhead){1, 0};
    e->to = (Playhead){last_step(l->walk, e->layout), 0};
    if (e->one) {
        const StepBlock *opens = &l->scenes[LANG_EN][0].step;
        const char *at = w->at ? w->at : opens->given && opens->at ? opens->at : "forward:1";
        if (!read_step(p, l, at, &e->from)) return false;
        e->grain = grain_of_address(p->arena, l->walk, at, e->from);
        return true;
    }
    return read_step(p, l, w->from, &e->from) && read_step(p, l, w->to, &e->to);
}

Frame *export_frames(Program *p, const Export *e, int *count) {
    const Lesson *l = e->look.lesson;
    if (e->one) {
        Frame *f = ARENA_NEW(p->arena, Frame);
        *f = (Frame){e->from, e->grain, frame_scene(p->arena, l, e->from), NULL};
        f->name = address_file_name(p->arena, l->walk, f->at, f->grain);
        *count = 1;
        return f;
    }
    Frame *frames = frames_list(p->arena, l, e->by, e->from, e->to, count);
    if (*count > 0) return frames;
    usage_error("there is no step between --from and --to");
    return NULL;
}
