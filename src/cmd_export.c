// export: pictures, pages, films and numbers of a lesson, without a display. A format is a row of
// the table; how it is written stands in src/export and in the files beside this one.
#include <stdio.h>
#include <string.h>

#include "command.h"
#include "export/latex.h"
#include "export/numbers.h"
#include "export/pdf.h"
#include "export/png.h"
#include "export/svg.h"
#include "export_jobs.h"

static bool png_bytes(Arena *a, Tools *tools, const Look *look, const Frame *frame, Buf *out,
                      const char **why) {
    Scene s = picture_scene(a, tools->text, look, frame);
    return png_scene(a, &s, (PngLook){look->theme, look->scale, look->transparent}, out, why);
}

static bool svg_bytes(Arena *a, Tools *tools, const Look *look, const Frame *frame, Buf *out,
                      const char **why) {
    (void)why;
    Scene s = picture_scene(a, tools->text, look, frame);
    svg_document(a, tools->fonts, &s, look, frame, out);
    return true;
}

static ExitCode write_png(Program *p, const Export *e, Tools *tools) {
    return export_pictures(p, e, tools, png_bytes, "png");
}

static ExitCode write_svg(Program *p, const Export *e, Tools *tools) {
    return export_pictures(p, e, tools, svg_bytes, "svg");
}

static bool tikz_bytes(Arena *a, Tools *tools, const Look *look, const Frame *frame, Buf *out,
                       const char **why) {
    (void)why;
    Scene s = picture_scene(a, tools->text, look, frame);
    latex_tikz(a, &s, look, out);
    return true;
}

// The cell's picture, unless another panel is asked for.
static ExitCode write_tikz(Program *p, const Export *e, Tools *tools) {
    Export own = *e;
    if (!e->panels) own.look.panel = PANEL_CELL;
    if (!e->panels && !e->sized && !e->look.millimetres)
        own.look.width = 720, own.look.height = 380;
    return export_pictures(p, &own, tools, tikz_bytes, "tikz");
}

static ExitCode write_tex(Program *p, const Export *e, Tools *tools) {
    (void)tools;
    int n;
    Frame *frames = export_frames(p, e, &n);
    if (!frames) return EXIT_USAGE;
    Buf out = buf_new(p->arena);
    latex_document(p->arena, &e->look, frames, n, &out);
    return export_file(p, e, &out, arena_printf(p->arena, "%s.tex", e->look.lesson->slug));
}

static ExitCode write_json(Program *p, const Export *e, Tools *tools) {
    (void)tools;
    Buf out = buf_new(p->arena);
    trace_json(e->look.lesson, false, &out);
    return output(p, e->path, &out);
}

static ExitCode write_csv(Program *p, const Export *e, Tools *tools) {
    (void)tools;
    Buf out = buf_new(p->arena);
    trace_csv(e->look.lesson, &out);
    return output(p, e->path, &out);
}

static ExitCode write_npz(Program *p, const Export *e, Tools *tools) {
    (void)tools;
    Buf out = buf_new(p->arena);
    if (trace_npz(e->look.lesson, &out)) return output(p, e->path, &out);
    return fputs("gatewalk: no memory for this file\n", stderr), EXIT_MACHINE;
}

enum { FRAMES = 1u << LAYOUT_FRAMES, ALL_LAYOUTS = (1u << LAYOUT_COUNT) - 1 };

typedef struct {
    const char *name;
    ExitCode (*write)(Program *p, const Export *e, Tools *tools);
    unsigned layouts; // a bit per PageLayout
    bool draws;       // needs fonts
    bool whole;       // without --at, --from or --to, all steps
    bool screen;      // made of pixels: a large one is a large screen's
} Format;

// clang-format off
static const Format formats[] = {
    {"png",  write_png,   FRAMES,      true,  false, true},
    {"svg",  write_svg,   FRAMES,      true,  false, true},
    {"pdf",  export_pdf,  ALL_LAYOUTS, true,  false, false},
    {"html", export_html, FRAMES,      true,  true,  false},
    {"gif",  export_gif,  FRAMES,      true,  true,  true},
    {"webp", export_webp, FRAMES,      true,  true,  true},
    {"mp4",  export_mp4,  FRAMES,      true,  true,  true},
    {"webm", export_webm, FRAMES,      true,  true,  true},
    {"tex",  write_tex,   FRAMES,      false, false, false},
    {"tikz", write_tikz,  FRAMES,      true,  false, false},
    {"json", write_json,  FRAMES,      false, true,  false},
    {"csv",  write_csv,   FRAMES,      false, true,  false},
    {"npz",  write_npz,   FRAMES,      false, true,  false},
};
// clang-format on
enum { FORMATS = sizeof formats / sizeof *formats };

static const Format *find_format(const char *name) {
    for (int i = 0; i < FORMATS; i++)
        if (strcmp(name, formats[i].name) == 0) return &formats[i];
    return NULL;
}

static ExitCode unknown_format(const char *name) {
    char list[128] = "";
    for (int i = 0; i < FORMATS; i++) {
        size_t n = strlen(list);
        snprintf(list + n, sizeof list - n, "%s%s", i ? i == FORMATS - 1 ? " or " : ", " : "",
                 formats[i].name);
    }
    return name ? usage_error("export writes %s, not %s", list, name)
                : usage_error("export needs --format %s", list);
}

static ExitCode write_drawn(Program *p, const Export *e, const Format *format) {
    const char *why;
    Tools tools = {.text = text_engine_new(p->arena, p->places.assets, &why)};
    if (!tools.text) return machine_error(why);
    tools.fonts = fonts_new(tools.text);
    ExitCode code = format->write(p, e, &tools);
    fonts_free(tools.fonts);
    text_engine_free(tools.text);
    return code;
}

// The same pixels, laid out as the window lays out a screen of that size.
static void enlarge(Look *look) {
    double scale = stage_scale(look->width, look->height);
    look->width /= scale;
    look->height /= scale;
    look->scale *= scale;
}

ExitCode export_run(Program *p, const ExportWords *w) {
    Export e;
    const Format *format = w->format ? find_format(w->format) : NULL;
    if (!w->word) return usage_error("export needs a LESSON");
    if (!format) return unknown_format(w->format);
    if (!w->path) return usage_error("export needs -o FILE or -o DIR");
    if (!export_read(w, &e)) return EXIT_USAGE;
    if (!(format->layouts & 1u << e.layout))
        return usage_error("%s has no layout %s", format->name, layout_names[e.layout]);
    ExitCode code;
    Lesson *lesson = open_lesson(p, w->word, &code);
    if (!lesson) return code;
    interrupt_hold(); // asked for after each frame
    ExportWords steps = *w;
    if (format->whole && !w->at && !w->from && !w->to) steps.all = true;
    if (!export_read_steps(p, lesson, &steps, &e)) return EXIT_USAGE;
    if (format->screen && e.look.panel == PANEL_COUNT && !e.look.millimetres)
        enlarge(&e.look);
    return format->draws ? write_drawn(p, &e, format) : format->write(p, &e, NULL);
}

ExitCode cmd_export(Program *p, int argc, char **argv) {
    ExportWords w = {0};
    const char *recipe = NULL;
    const Option options[] = {{"--format", &w.format, NULL},
                              {"--at", &w.at, NULL},
                              {"--from", &w.from, NULL},
                              {"--to", &w.to, NULL},
                              {"--all", NULL, &w.all},
                              {"--by", &w.by, NULL},
                              {"--panel", &w.panel, NULL},
                              {"--size", &w.size, NULL},
                              {"--width", &w.width, NULL},
                              {"--font", &w.font, NULL},
                              {"--scale", &w.scale, NULL},
                              {"--theme", &w.theme, NULL},
                              {"--lang", &w.lang, NULL},
                              {"--layout", &w.layout, NULL},
                              {"--caption", NULL, &w.caption},
                              {"--subtitles", &w.subtitles, NULL},
                              {"--hold", &w.hold, NULL},
                              {"--transparent", NULL, &w.transparent},
                              {"--outlines", NULL, &w.outlines},
                              {"--jobs", &w.jobs, NULL},
                              {"-o", &w.path, NULL},
                              {"--recipe", &recipe, NULL},
                              {NULL, NULL, NULL}};
    int n;
    bool help;
    if (!options_parse(argc, argv, options, &w.word, 1, &n, &help)) return EXIT_USAGE;
    if (help) return EXIT_DONE;
    if (recipe && argc != 3 && !(argc == 2 && strncmp(argv[1], "--recipe=", 9) == 0))
        return usage_error("--recipe takes a file and nothing else");
    return recipe ? export_recipe(p, recipe) : export_run(p, &w);
}
