// check, list, gradcheck: questions about lessons and cells.
#include <stdio.h>
#include <string.h>

#include "command.h"
#include "core/gradcheck.h"
#include "core/parse.h"
#include "core/task.h"
#include "view/lesson_math.h"
#include "view/stage.h"

// A cell by itself is right if it builds at the sizes it would run with, or, for cells that need
// it, with as many inputs as hidden units.
static void check_cell(Arena *a, const char *path, Diags *d) {
    const Source *source = source_read(a, path, CELL_MAX_BYTES, d);
    CellAst *cell = source ? cell_parse(a, source, d) : NULL;
    if (!cell) return;
    LayerSpec layer = {.cell = cell, .hidden = 4, .layer = 1};
    NetSpec net = {.source = source, .span = NO_SPAN, .input = 3, .layers = &layer, .n_layers = 1};
    Diags usual = diags_new(a), square = diags_new(a);
    if (graph_build(a, &net, &usual)) return;
    net.input = layer.hidden;
    if (graph_build(a, &net, &square)) return;
    for (int i = 0; i < usual.count; i++)
        diag_error(d, usual.list[i].source, usual.list[i].span, "%s", usual.list[i].message);
}

ExitCode cmd_check(Program *p, int argc, char **argv) {
    const Option options[] = {{NULL, NULL, NULL}};
    const char **files = ARENA_ARRAY(p->arena, const char *, argc);
    int n;
    bool help;
    if (!options_parse(argc, argv, options, files, argc, &n, &help)) return EXIT_USAGE;
    if (help) return EXIT_DONE;
    if (n == 0) return usage_error("check needs at least one FILE");
    Diags d = diags_new(p->arena);
    for (int i = 0; i < n; i++) {
        if (lesson_is_cell(files[i]))
            check_cell(p->arena, files[i], &d);
        else {
            Training none = {.steps = -1, .none = true};
            const Lesson *lesson = lesson_load_trained(p->arena, files[i], &p->places, &none, &d);
            if (lesson) notes_print(lesson);
            lesson_math_check(p->arena, files[i], &d);
        }
    }
    if (diags_ok(&d)) return EXIT_DONE;
    Buf text = buf_new(p->arena);
    diags_print(&d, &text);
    fputs(buf_str(&text), stderr);
    ExitCode code = EXIT_WRONG;
    for (int i = 0; i < n && code == EXIT_WRONG; i++) code = wrong_or_incomplete(p, files[i]);
    return code;
}

static void list_lessons(Program *p, Lang lang) {
    int n;
    const LessonCard *cards = lesson_list(p->arena, &p->places, &n);
    for (int i = 0; i < n; i++)
        printf("%d\t%s\t%s\n", cards[i].number, cards[i].slug, cards[i].title[lang]);
}

static void list_cells(Program *p, Lang lang) {
    const char *const *names = lesson_cells(p->arena, &p->places);
    for (; *names; names++) {
        Diags d = diags_new(p->arena);
        const char *path = arena_printf(p->arena, "%s/cells/%s.cell", p->places.assets, *names);
        const Source *source = source_read(p->arena, path, CELL_MAX_BYTES, &d);
        const CellAst *cell = source ? cell_parse(p->arena, source, &d) : NULL;
        const char *title = cell ? cell_wording(cell->title, lang) : NULL;
        const char *origin = cell ? cell_wording(cell->origin, lang) : NULL;
        printf("%s\t%s\t%s\n", *names, title ? title : "", origin ? origin : "");
    }
}

/// What a lesson may write beside `task`, each with the value that it has otherwise.
static const char *task_options(Arena *a, const TaskDef *def) {
    Buf b = buf_new(a);
    for (const TaskOption *o = def->options; o->name; o++) {
        buf_printf(&b, "%s %d (%d", o->name, o->otherwise, o->lo);
        if (o->hi == TASK_MAX_LENGTH || o->hi > 100000)
            buf_puts(&b, " or more), ");
        else
            buf_printf(&b, " to %d), ", o->hi);
    }
    if (def->n_inputs == 0 && !def->fixed_symbols) {
        buf_puts(&b, "symbols [");
        for (int i = 0; def->alphabet[i]; i++)
            buf_printf(&b, "%s%s", i ? ", " : "", def->alphabet[i]);
        buf_puts(&b, "], ");
    }
    buf_puts(&b, "seed 1");
    return buf_str(&b);
}

static void list_tasks(Program *p, Lang lang) {
    for (int i = 0; i < TASK_COUNT; i++)
        printf("%s\t%s\toptions: %s\tbaseline: %s\n", task_defs[i].name, task_defs[i].about[lang],
               task_options(p->arena, &task_defs[i]), task_defs[i].baseline);
}

static void list_panels(Program *p, Lang lang) {
    (void)p, (void)lang;
    for (int i = 0; i < PANEL_COUNT; i++) puts(panel_defs[i].name);
}

static void list_themes(Program *p, Lang lang) {
    (void)p, (void)lang;
    for (int i = 0; i < THEME_COUNT; i++) puts(theme_names[i]);
}

ExitCode cmd_list(Program *p, int argc, char **argv) {
    static const struct {
        const char *name;
        void (*list)(Program *p, Lang lang);
    } kinds[] = {
        {"lessons", list_lessons}, {"cells", list_cells},   {"tasks", list_tasks},
        {"panels", list_panels},   {"themes", list_themes},
    };
    const char *word = "", *lang_name = NULL;
    const Option options[] = {{"--lang", &lang_name, NULL}, {NULL, NULL, NULL}};
    int n;
    bool help;
    Lang lang;
    if (!options_parse(argc, argv, options, &word, 1, &n, &help)) return EXIT_USAGE;
    if (help) return EXIT_DONE;
    if (!option_lang(lang_name, &lang)) return EXIT_USAGE;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (strcmp(word, kinds[i].name) == 0) return kinds[i].list(p, lang), EXIT_DONE;
    return usage_error("list takes lessons, cells, tasks, panels or themes, not '%s'", word);
}

ExitCode cmd_gradcheck(Program *p, int argc, char **argv) {
    const Option options[] = {{NULL, NULL, NULL}};
    const char *word = NULL;
    int n;
    bool help;
    if (!options_parse(argc, argv, options, &word, 1, &n, &help)) return EXIT_USAGE;
    if (help) return EXIT_DONE;
    if (!word) return usage_error("gradcheck needs a LESSON");
    ExitCode code;
    Lesson *lesson = open_lesson(p, word, true, &code);
    if (!lesson) return code;

    const Graph *g = lesson->graph;
    if (g->loss < 0) {
        puts("ok: without a loss every gradient is zero, and there is nothing to compare");
        return EXIT_DONE;
    }
    GradCheck *rows = ARENA_ARRAY(p->arena, GradCheck, g->n_params + 1);
    gradcheck(p->arena, g, &lesson->sequence, lesson->params, rows);
    bool all = true;
    printf("%-20s %9s %12s %23s %23s\n", "parameter", "numbers", "difference", "BPTT", "nudged");
    for (int i = 0; i < g->n_params; i++) {
        bool good = rows[i].worst <= GRADCHECK_BOUND;
        all = all && good;
        printf("%-20s %9d %12.3g %23.16g %23.16g  %s\n", g->params[i].full,
               dim_count(g->params[i].dim), rows[i].worst, rows[i].bptt, rows[i].nudged,
               good ? "ok" : "WRONG");
    }
    printf("%s: %d parameters, relative difference at most %g%s\n", all ? "ok" : "WRONG",
           g->n_params, GRADCHECK_BOUND,
           graph_stops(g) == OP_COUNT ? ""
           : graph_stops(g) == OP_STOP
               ? "; nudged with what stop hands on held, as it cuts gradients"
               : "; nudged with the symbols that were taken held");
    return all ? EXIT_DONE : EXIT_WRONG;
}
