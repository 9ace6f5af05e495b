// trace, say, train: the numbers and the words of a run.
#include <stdio.h>
#include <string.h>

#include "command.h"
#include "core/address.h"
#include "export/numbers.h"
#include "lesson/moment.h"
#include "lesson/say.h"

// Reads --at, and opens the optimizer step that it names; without one *has is false.
static bool read_step(Program *p, const Lesson **l, const char *text, bool *has, Playhead *at) {
    const char *why;
    *has = text != NULL;
    if (!text || moment_find(p->arena, l, text, at, &why)) return true;
    usage_error("%s", why);
    return false;
}

typedef void WholeTrace(const Lesson *l, Buf *out);
typedef void StepTrace(const Lesson *l, Playhead at, Buf *out);

static void json_plain(const Lesson *l, Buf *out) {
    trace_json(l, false, out);
}
static void json_with_ops(const Lesson *l, Buf *out) {
    trace_json(l, true, out);
}

// Out of memory leaves nothing, which no format is when it is whole.
static void npz(const Lesson *l, Buf *out) {
    if (!trace_npz(l, out)) *out = buf_new(out->arena);
}
static void step_npz(const Lesson *l, Playhead at, Buf *out) {
    if (!trace_step_npz(l, at, out)) *out = buf_new(out->arena);
}

ExitCode cmd_trace(Program *p, int argc, char **argv) {
    const char *format = "text", *step = NULL, *path = NULL, *word = NULL;
    bool ops = false, help, has;
    const Option options[] = {{"--format", &format, NULL},
                              {"--at", &step, NULL},
                              {"--ops", NULL, &ops},
                              {"-o", &path, NULL},
                              {NULL, NULL, NULL}};
    int n;
    if (!options_parse(argc, argv, options, &word, 1, &n, &help)) return EXIT_USAGE;
    if (help) return EXIT_DONE;
    if (!word) return usage_error("trace needs a LESSON");
    static const struct {
        const char *name;
        WholeTrace *whole, *with_ops;
        StepTrace *step;
    } formats[] = {
        {"text", trace_text, NULL, trace_step_text},
        {"json", json_plain, json_with_ops, trace_step_json},
        {"csv", trace_csv, NULL, trace_step_csv},
        {"npz", npz, NULL, step_npz},
    };
    enum { N_FORMATS = sizeof formats / sizeof *formats };
    int f = 0;
    while (f < N_FORMATS && strcmp(formats[f].name, format) != 0) f++;
    if (f == N_FORMATS) return usage_error("trace writes text, json, csv or npz, not %s", format);
    if (ops && !formats[f].with_ops) return usage_error("--ops needs --format json");
    if (ops && step) return usage_error("trace takes --at or --ops, not both");

    ExitCode code;
    const Lesson *lesson = open_lesson(p, word, true, &code);
    if (!lesson) return code;
    Playhead at;
    if (!read_step(p, &lesson, step, &has, &at)) return EXIT_USAGE;
    Buf out = buf_new(p->arena);
    if (has)
        formats[f].step(lesson, at, &out);
    else
        (ops ? formats[f].with_ops : formats[f].whole)(lesson, &out);
    if (out.len == 0) return fputs("gatewalk: no memory for this file\n", stderr), EXIT_MACHINE;
    return output(p, path, &out);
}

/// The grain a step was named at: "backward:3:c" is the equation, "backward:3" the timestep.
static Grain asked_grain(Program *p, const Lesson *lesson, Playhead at, const char *step) {
    for (Grain grain = GRAIN_TIMESTEP; grain > GRAIN_OPERATION; grain--) {
        const char *name = address_format(p->arena, lesson->walk, at, grain);
        if (at.unit == 0 && strcmp(name, step) == 0) return grain;
    }
    int moment;
    const char *rest, *why;
    if (!address_moment(p->arena, step, &moment, &rest, &why)) return GRAIN_OPERATION;
    for (int k = 0; k < PHASE_COUNT; k++)
        if (strcmp(phase_names[k], rest) == 0) return GRAIN_PHASE;
    return GRAIN_OPERATION;
}

ExitCode cmd_say(Program *p, int argc, char **argv) {
    const char *step = NULL, *lang_name = NULL, *word = NULL;
    bool all = false, help, has;
    const Option options[] = {{"--at", &step, NULL},
                              {"--all", NULL, &all},
                              {"--lang", &lang_name, NULL},
                              {NULL, NULL, NULL}};
    int n;
    Lang lang;
    if (!options_parse(argc, argv, options, &word, 1, &n, &help)) return EXIT_USAGE;
    if (help) return EXIT_DONE;
    if (!word) return usage_error("say needs a LESSON");
    if (step && all) return usage_error("say takes --at or --all, not both");
    if (!option_lang(lang_name, &lang)) return EXIT_USAGE;
    ExitCode code;
    const Lesson *lesson = open_lesson(p, word, true, &code);
    if (!lesson) return code;
    Playhead at;
    if (!read_step(p, &lesson, step, &has, &at)) return EXIT_USAGE;

    Buf out = buf_new(p->arena);
    if (has) {
        Grain grain = asked_grain(p, lesson, at, step);
        buf_printf(&out, "%s\n", say_step(p->arena, lesson, at, grain, lang));
    } else {
        for (int i = 1; i <= walk_count(lesson->walk); i++) {
            Playhead here = {i, 0};
            buf_printf(&out, "%s\t%s\n",
                       address_format(p->arena, lesson->walk, here, GRAIN_OPERATION),
                       say_step(p->arena, lesson, here, GRAIN_OPERATION, lang));
        }
    }
    return output(p, NULL, &out);
}
