// export: pictures, pages, films and numbers of a lesson, without a display. The formats are the
// table of src/export/format.c; how each is written stands in src/export and beside this file.
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

static ExitCode write_tikz(Program *p, const Export *e, Tools *tools) {
    return export_pictures(p, e, tools, tikz_bytes, "tikz");
}

static ExitCode write_tex(Program *p, const Export *e, Tools *tools) {
    (void)tools;
    int n;
    Frame *frames = frames_to_export(p, e, &n);
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

// clang-format off
static ExitCode (*const writers[FORMAT_COUNT])(Program *p, const Export *e, Tools *tools) = {
    [FORMAT_PNG] = write_png,   [FORMAT_SVG] = write_svg,   [FORMAT_PDF] = export_pdf,
    [FORMAT_HTML] = export_html, [FORMAT_GIF] = export_gif, [FORMAT_WEBP] = export_webp,
    [FORMAT_MP4] = export_mp4,  [FORMAT_WEBM] = export_webm, [FORMAT_TEX] = write_tex,
    [FORMAT_TIKZ] = write_tikz, [FORMAT_JSON] = write_json, [FORMAT_CSV] = write_csv,
    [FORMAT_NPZ] = write_npz,
};
// clang-format on

static ExitCode write_drawn(Program *p, const Export *e) {
    const char *why;
    Tools tools = {.text = text_engine_new(p->arena, p->places.assets, &why)};
    if (!tools.text) return machine_error(why);
    tools.fonts = fonts_new(tools.text);
    ExitCode code = writers[e->format](p, e, &tools);
    fonts_free(tools.fonts);
    text_engine_free(tools.text);
    return code;
}

ExitCode export_run(Program *p, const ExportWords *w) {
    Export e;
    const char *why;
    if (!w->word) return usage_error("export needs a LESSON");
    if (!export_read(p->arena, w, &e, &why)) return usage_error("%s", why);
    if (!w->path) return usage_error("export needs -o FILE or -o DIR");
    ExitCode code;
    Lesson *lesson = open_lesson(p, w->word, &code);
    if (!lesson) return code;
    interrupt_hold(); // asked for after each frame
    if (!export_read_steps(p->arena, lesson, w, &e, &why)) return usage_error("%s", why);
    return export_formats[e.format].draws ? write_drawn(p, &e) : writers[e.format](p, &e, NULL);
}

// The options of an export as the command line knows them.
static void list_options(ExportWords *w, const char **recipe, Option *list) {
    for (const ExportOption *o = export_options; o->option; o++, list++) {
        bool flag = o->word == EXPORT_FLAG;
        *list =
            (Option){o->option, flag ? NULL : export_word(w, o), flag ? export_flag(w, o) : NULL};
    }
    list[0] = (Option){"--recipe", recipe, NULL};
    list[1] = (Option){NULL, NULL, NULL};
}

ExitCode cmd_export(Program *p, int argc, char **argv) {
    enum { MOST_OPTIONS = 64 };
    ExportWords w = {0};
    const char *recipe = NULL;
    Option options[MOST_OPTIONS];
    list_options(&w, &recipe, options);
    int n;
    bool help;
    if (!options_parse(argc, argv, options, &w.word, 1, &n, &help)) return EXIT_USAGE;
    if (help) return EXIT_DONE;
    if (recipe && argc != 3 && !(argc == 2 && strncmp(argv[1], "--recipe=", 9) == 0))
        return usage_error("--recipe takes a file and nothing else");
    return recipe ? export_recipe(p, recipe) : export_run(p, &w);
}
