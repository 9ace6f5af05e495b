// export: pictures and numbers of a lesson, without a display.
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "command.h"
#include "core/address.h"
#include "export/frames.h"
#include "export/numbers.h"
#include "export/png.h"
#include "files/write.h"
#include "view/stage.h"
#include "view/text.h"

// What the options say, read and checked.
typedef struct {
    const char *format, *path;
    bool one; // a single step
    Playhead from, to;
    Grain grain; // of a single step: that of its address
    FrameBy by;
    unsigned panels; // a bit per PanelKind; 0: the lesson's stage
    double width, height, scale;
    ThemeKind theme;
    Lang lang;
    bool caption;
} Export;

typedef struct {
    const char *format, *at, *from, *to, *by, *panel, *size, *scale, *theme, *lang, *path;
    bool all, caption;
} Words;

enum { MAX_SIDE = 32767 }; // of an image surface, in pixels

static bool read_size(const char *text, Export *e) {
    int w, h, end = 0;
    if (sscanf(text, "%5dx%5d%n", &w, &h, &end) == 2 && !text[end] && w >= 64 && h >= 64 &&
        w <= MAX_SIDE && h <= MAX_SIDE) {
        e->width = w;
        e->height = h;
        return true;
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
    return true;
}

static bool read_look(const Words *w, Export *e) {
    if (w->size && !read_size(w->size, e)) return false;
    if (w->panel && !read_panels(w->panel, e)) return false;
    if (w->scale && !option_number("--scale", w->scale, 0.1, 16, &e->scale)) return false;
    if (e->width * e->scale > MAX_SIDE || e->height * e->scale > MAX_SIDE) {
        usage_error("the picture would have more than %d pixels on a side", MAX_SIDE);
        return false;
    }
    for (int t = 0; w->theme && t < THEME_COUNT; t++) {
        if (strcmp(theme_names[t], w->theme) == 0) e->theme = (ThemeKind)t;
    }
    if (w->theme && strcmp(theme_names[e->theme], w->theme) != 0) {
        usage_error("no theme called %s (gatewalk list themes)", w->theme);
        return false;
    }
    int by = 0;
    while (w->by && by < BY_COUNT && strcmp(frame_by_names[by], w->by) != 0) by++;
    if (by == BY_COUNT) {
        usage_error("--by takes unit, operation, equation, timestep or scene, not %s", w->by);
        return false;
    }
    e->by = w->by ? (FrameBy)by : BY_OPERATION;
    return option_lang(w->lang, &e->lang);
}

static bool read_step(Program *p, const Lesson *l, const char *text, Playhead *at) {
    const char *why;
    if (!text || address_parse(p->arena, l->walk, text, at, &why)) return true;
    usage_error("%s", why);
    return false;
}

// "forward:3" is about a timestep, "forward:3:f" about an equation, "forward:3:f.2" about an
// operation: the finest grain at which the playhead is called so, since coarser ones fall back on it.
static Grain grain_of_address(Arena *a, const Walk *w, const char *text, Playhead at) {
    for (Grain g = GRAIN_OPERATION; g < GRAIN_COUNT; g++)
        if (strcmp(address_format(a, w, at, g), text) == 0) return g;
    return at.unit ? GRAIN_UNIT : GRAIN_OPERATION;
}

// Which steps: one (--at, or the lesson's opening), a range, or all.
static bool read_steps(Program *p, const Lesson *l, const Words *w, Export *e) {
    bool range = w->from || w->to;
    if ((w->at != NULL) + range + w->all > 1) {
        usage_error("export takes --at, or --from and --to, or --all");
        return false;
    }
    e->one = !range && !w->all;
    e->from = (Playhead){1, 0};
    e->to = (Playhead){walk_count(l->walk), 0};
    if (e->one) {
        const StepBlock *opens = &l->scenes[LANG_EN][0].step;
        const char *at = w->at ? w->at : opens->given && opens->at ? opens->at : "forward:1";
        if (!read_step(p, l, at, &e->from)) return false;
        e->grain = grain_of_address(p->arena, l->walk, at, e->from);
        return true;
    }
    return read_step(p, l, w->from, &e->from) && read_step(p, l, w->to, &e->to);
}

// Which panels a stage of a selection shows: the lesson, with its list replaced.
static const Lesson *with_panels(Arena *a, const Lesson *l, unsigned panels) {
    Lesson *copy = ARENA_NEW(a, Lesson);
    const char **names = ARENA_ARRAY(a, const char *, PANEL_COUNT + 1);
    int n = 0;
    for (int k = 0; k < PANEL_COUNT; k++)
        if (panels & 1u << k) names[n++] = panel_defs[k].name;
    *copy = *l;
    copy->panels = names;
    return copy;
}

static bool is_single(unsigned panels) {
    return panels && (panels & (panels - 1)) == 0;
}

static void draw(Scene *s, const Export *e, const View *v) {
    Box area = {0, 0, e->width, e->height};
    if (e->caption) {
        TextStyle style = {FONT_UI, WEIGHT_REGULAR, false, 15};
        Box line = box_cut_bottom(&area, 44);
        const char *said = say_step(s->arena, v->lesson, v->at, v->grain, v->lang);
        const char *where = address_format(s->arena, v->lesson->walk, v->at, v->grain);
        scene_text(s, line.x + 20, line.y + 27, arena_printf(s->arena, "%s   %s", where, said),
                   style, ALIGN_LEFT, ink(ROLE_TEXT), NO_REF);
    }
    PanelKind kind = 0;
    while (is_single(e->panels) && !(e->panels & 1u << kind)) kind++;
    if (is_single(e->panels))
        stage_draw_panel(s, v, kind, area);
    else
        stage_draw(s, v, area);
}

static ExitCode write_frame(const Export *e, const Lesson *l, TextEngine *text, Arena *arena,
                            const Frame *f, const char *path) {
    View v = {.lesson = l,
              .scene = f->scene,
              .at = f->at,
              .grain = f->grain,
              .lang = e->lang,
              .theme = e->theme};
    Scene s = scene_new(arena, text, e->width, e->height);
    PngLook look = {e->theme, e->scale, false};
    const char *why;
    draw(&s, e, &v);
    if (png_write_scene(arena, &s, look, path, &why)) return EXIT_DONE;
    fprintf(stderr, "gatewalk: %s\n", why);
    return EXIT_MACHINE;
}

static bool is_folder(const char *path) {
    struct stat info;
    return stat(path, &info) == 0 && S_ISDIR(info.st_mode);
}

static ExitCode write_frames(Program *p, const Export *e, const Lesson *l, TextEngine *text) {
    int count;
    Frame *frames = frames_list(p->arena, l, e->by, e->from, e->to, &count);
    const char *why;
    if (count == 0) return usage_error("there is no step between --from and --to");
    if (!write_folder(p->arena, e->path, &why))
        return fprintf(stderr, "gatewalk: %s\n", why), EXIT_MACHINE;
    Arena *frame = arena_new();
    ExitCode code = EXIT_DONE;
    for (int i = 0; i < count && code == EXIT_DONE; i++) {
        progress_bar("pictures", i, count, NAN);
        arena_reset(frame);
        const char *path = arena_printf(frame, "%s/%s.png", e->path, frames[i].name);
        code = write_frame(e, l, text, frame, &frames[i], path);
        if (code == EXIT_DONE && interrupted()) code = EXIT_INTERRUPTED;
    }
    progress_bar("pictures", count, count, NAN);
    arena_free(frame);
    return code;
}

static ExitCode write_one(Program *p, const Export *e, const Lesson *l, TextEngine *text) {
    Frame f = {e->from, e->grain, frame_scene(p->arena, l, e->from), NULL};
    const char *path = e->path;
    if (is_folder(path))
        path = arena_printf(p->arena, "%s/%s.png", path,
                            address_file_name(p->arena, l->walk, f.at, f.grain));
    return write_frame(e, l, text, p->arena, &f, path);
}

static ExitCode export_png(Program *p, const Export *e, const Lesson *lesson) {
    const char *why;
    TextEngine *text = text_engine_new(p->arena, p->places.assets, &why);
    if (!text) return fprintf(stderr, "gatewalk: %s\n", why), EXIT_MACHINE;
    const Lesson *l =
        e->panels && !is_single(e->panels) ? with_panels(p->arena, lesson, e->panels) : lesson;
    ExitCode code = e->one ? write_one(p, e, l, text) : write_frames(p, e, l, text);
    text_engine_free(text);
    return code;
}

static ExitCode export_json(Program *p, const Export *e, const Lesson *lesson) {
    Buf out = buf_new(p->arena);
    trace_json(lesson, false, &out);
    return output(p, e->path, &out);
}

static ExitCode export_csv(Program *p, const Export *e, const Lesson *lesson) {
    Buf out = buf_new(p->arena);
    trace_csv(lesson, &out);
    return output(p, e->path, &out);
}

typedef struct {
    const char *name;
    ExitCode (*write)(Program *p, const Export *e, const Lesson *lesson);
} Format;

static const Format formats[] = {
    {"png", export_png},
    {"json", export_json},
    {"csv", export_csv},
};

static const Format *find_format(const char *name) {
    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++)
        if (strcmp(name, formats[i].name) == 0) return &formats[i];
    return NULL;
}

static ExitCode run(Program *p, const char *word, const Words *w) {
    Export e = {.format = w->format,
                .path = w->path,
                .width = 1600,
                .height = 1000,
                .scale = 1,
                .caption = w->caption};
    const Format *format = w->format ? find_format(w->format) : NULL;
    if (!word) return usage_error("export needs a LESSON");
    if (!format) return usage_error("export needs --format png, json or csv");
    if (!w->path) return usage_error("export needs -o FILE or -o DIR");
    if (!read_look(w, &e)) return EXIT_USAGE;
    ExitCode code;
    Lesson *lesson = open_lesson(p, word, &code);
    if (!lesson) return code;
    if (!read_steps(p, lesson, w, &e)) return EXIT_USAGE;
    return format->write(p, &e, lesson);
}

ExitCode cmd_export(Program *p, int argc, char **argv) {
    Words w = {0};
    const Option options[] = {
        {"--format", &w.format, NULL},   {"--at", &w.at, NULL},     {"--from", &w.from, NULL},
        {"--to", &w.to, NULL},           {"--all", NULL, &w.all},   {"--by", &w.by, NULL},
        {"--panel", &w.panel, NULL},     {"--size", &w.size, NULL}, {"--scale", &w.scale, NULL},
        {"--theme", &w.theme, NULL},     {"--lang", &w.lang, NULL}, {"-o", &w.path, NULL},
        {"--caption", NULL, &w.caption}, {NULL, NULL, NULL}};
    const char *word = NULL;
    int n;
    bool help;
    if (!options_parse(argc, argv, options, &word, 1, &n, &help)) return EXIT_USAGE;
    return help ? EXIT_DONE : run(p, word, &w);
}
