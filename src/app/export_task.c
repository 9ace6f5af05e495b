// From what the dialog is set to, to the words of `gatewalk export`. The window makes an export by
// running that very command, so what is copied for a shell and what is made cannot differ.
#include "app/export_task.h"

#include <string.h>

#include "core/address.h"
#include "lesson/moment.h"

static const char *text_or_null(const char *text) {
    return *text ? text : NULL;
}

// ---- which steps

// Where a scene opens in the lesson's moment of training; false if it does not.
static bool scene_opens(Arena *a, const Lesson *l, int scene, Playhead *at) {
    const char *why;
    int moment;
    const StepBlock *block = &l->scenes[LANG_EN][scene].step;
    return block->given && block->at && moment_read(a, l, block->at, &moment, at, &why) &&
           moment == l->moment;
}

// All steps of the lesson's moment of training: after it, what --all means.
static void whole_walk(Arena *a, const Lesson *l, ExportWords *w) {
    w->all = l->moment == 0;
    if (w->all) return;
    w->from = address_format(a, l->walk, (Playhead){1, 0}, GRAIN_UNIT);
    w->to = address_format(a, l->walk, (Playhead){walk_count(l->walk), 0}, GRAIN_UNIT);
}

// A scene's steps: from where it opens to before the next opening in the walk.
static void scene_range(Arena *a, const Lesson *l, int scene, ExportWords *w) {
    Playhead from, other;
    if (l->n_scenes == 0 || !scene_opens(a, l, scene, &from)) {
        whole_walk(a, l, w);
        return;
    }
    int last = walk_count(l->walk);
    for (int k = 0; k < l->n_scenes; k++)
        if (scene_opens(a, l, k, &other) && other.at > from.at && other.at - 1 < last)
            last = other.at - 1;
    w->from = address_format(a, l->walk, from, GRAIN_UNIT);
    w->to = address_format(a, l->walk, (Playhead){last, 0}, GRAIN_UNIT);
}

static void put_steps(Arena *a, const AppState *s, const Lesson *l, ExportWords *w) {
    const ExportChoice *c = &s->export;
    switch ((ExportSteps)c->pick[SET_STEPS]) {
    case STEPS_ONE: w->at = address_format(a, l->walk, s->at, s->grain); return;
    case STEPS_SCENE: scene_range(a, l, s->scene, w); break;
    case STEPS_RANGE:
        w->from = text_or_null(c->field[SET_FROM]);
        w->to = text_or_null(c->field[SET_TO]);
        if (!w->from && !w->to) whole_walk(a, l, w);
        break;
    case STEPS_ALL:
    case STEPS_COUNT: whole_walk(a, l, w); break;
    }
    w->by = frame_by_names[c->pick[SET_BY]];
}

// ---- how they look

static const char *panel_words(Arena *a, const ExportChoice *c) {
    Buf out = buf_new(a);
    for (int k = 1; k < export_rows[SET_PANELS].n; k++)
        if (export_is_picked(c, SET_PANELS, k))
            buf_printf(&out, "%s%s", out.len ? "," : "", export_rows[SET_PANELS].word(k));
    return out.len ? buf_str(&out) : NULL;
}

// The stage whose tab at the side is not the usual one: its panels by name. NULL for others.
static const char *stage_words(Arena *a, const AppState *s, const World *w) {
    View shown = app_view(s, w), usual = shown;
    Box area = {0, 0, s->width, s->height};
    usual.side = 0;
    StageLayout now = stage_layout(&shown, area), otherwise = stage_layout(&usual, area);
    Buf out = buf_new(a);
    bool differs = false;
    for (int k = 0; k < PANEL_COUNT; k++) {
        differs |= (now.box[k].w > 0) != (otherwise.box[k].w > 0);
        if (now.box[k].w > 0) buf_printf(&out, "%s%s", out.len ? "," : "", panel_defs[k].name);
    }
    return differs ? buf_str(&out) : NULL;
}

static void put_size(const ExportChoice *c, ExportWords *w) {
    int size = c->pick[SET_SIZE];
    if (size == SIZE_HD || size == SIZE_4K) w->size = export_rows[SET_SIZE].word(size);
    if (size == SIZE_PIXELS) w->size = text_or_null(c->field[SET_PIXELS]);
    if (size != SIZE_FIGURE) return;
    w->width = *c->field[SET_WIDTH] ? c->field[SET_WIDTH] : "85"; // a column of a journal
    w->font = text_or_null(c->field[SET_FONT]);
}

// A row's word, if the row applies and it is not the first, which is the usual one.
static const char *own_word(const ExportChoice *c, ExportSetting row) {
    bool said = export_row_applies(c, row) && c->pick[row] > 0;
    return said && export_word_applies(c, row, c->pick[row]) ? export_rows[row].word(c->pick[row])
                                                             : NULL;
}

static const char *own_text(const ExportChoice *c, ExportSetting row) {
    return export_row_applies(c, row) ? text_or_null(c->field[row]) : NULL;
}

static bool has_detail(const ExportChoice *c, ExportDetail detail) {
    return export_row_applies(c, SET_DETAILS) && export_word_applies(c, SET_DETAILS, (int)detail) &&
           export_is_picked(c, SET_DETAILS, (int)detail);
}

ExportWords export_task_words(Arena *a, const AppState *s, const World *w) {
    const ExportChoice *c = &s->export;
    ExportWords out = {.word = w->lesson->path, .format = export_rows[SET_FORMAT].word(c->pick[0])};
    if (export_row_applies(c, SET_STEPS)) put_steps(a, s, w->lesson, &out);
    if (export_row_applies(c, SET_PANELS)) out.panel = panel_words(a, c);
    if (export_row_applies(c, SET_PANELS) && !out.panel) out.panel = stage_words(a, s, w);
    if (export_row_applies(c, SET_SIZE)) put_size(c, &out);
    out.scale = own_text(c, SET_SCALE);
    out.theme = own_word(c, SET_THEME);
    out.lang = own_word(c, SET_LANG);
    out.layout = own_word(c, SET_LAYOUT);
    out.per_page = own_text(c, SET_PER_PAGE);
    out.subtitles = own_word(c, SET_SUBTITLES);
    out.hold = own_text(c, SET_HOLD);
    out.fps = own_text(c, SET_FPS);
    out.caption = has_detail(c, DETAIL_CAPTION);
    out.transparent = has_detail(c, DETAIL_GROUND);
    out.outlines = has_detail(c, DETAIL_OUTLINES);
    out.legend = has_detail(c, DETAIL_LEGEND);
    out.still = has_detail(c, DETAIL_STILL);
    if (export_is_folder(c) && w->processors > 1) out.jobs = arena_printf(a, "%d", w->processors);
    out.path = export_task_path(a, s, w);
    return out;
}

// ---- where it goes

const char *export_task_folder(Arena *a, const AppState *s, const World *w) {
    const char *folder = s->export.folder;
    if (!*folder) return w->export_folder;
    if (folder[0] == '~' && (folder[1] == '/' || !folder[1]))
        return arena_printf(a, "%s%s", w->home, folder + 1);
    return *folder == '/' ? folder : arena_printf(a, "%s/%s", w->here, folder);
}

const char *export_task_name(Arena *a, const AppState *s, const World *w) {
    const Lesson *l = w->lesson;
    const ExportChoice *c = &s->export;
    bool one = export_row_applies(c, SET_STEPS) && export_is_one(c);
    if (!one) return l->slug;
    return arena_printf(a, "%s-%s", l->slug, address_file_name(a, l->walk, s->at, s->grain));
}

const char *export_task_path(Arena *a, const AppState *s, const World *w) {
    const ExportChoice *c = &s->export;
    const char *name = *c->name ? c->name : export_task_name(a, s, w);
    const char *folder = export_task_folder(a, s, w);
    const char *slash = folder[0] && folder[strlen(folder) - 1] == '/' ? "" : "/";
    const char *path = arena_printf(a, "%s%s%s", folder, slash, name);
    if (export_is_folder(c)) return path;
    const char *ending = arena_printf(a, ".%s", export_rows[SET_FORMAT].word(c->pick[SET_FORMAT]));
    size_t n = strlen(path), own = strlen(ending);
    bool ended = n > own && strcmp(path + n - own, ending) == 0;
    return ended ? path : arena_printf(a, "%s%s", path, ending);
}

// ---- as a command

const char **export_task_argv(Arena *a, const char *program, const ExportWords *words) {
    enum { MOST_WORDS = 64 };
    ExportWords w = *words;
    const char **argv = ARENA_ARRAY(a, const char *, MOST_WORDS);
    int n = 0;
    argv[n++] = program;
    argv[n++] = "export";
    argv[n++] = w.word;
    for (const ExportOption *o = export_options; o->option; o++) {
        bool flag = o->word == EXPORT_FLAG;
        if (flag ? !*export_flag(&w, o) : !*export_word(&w, o)) continue;
        argv[n++] = o->option;
        if (!flag) argv[n++] = *export_word(&w, o);
    }
    return argv;
}

const char *shell_word(Arena *a, const char *word) {
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                                "_./:,=@%+-";
    if (*word && strspn(word, plain) == strlen(word)) return word;
    Buf out = buf_new(a);
    buf_puts(&out, "'");
    for (; *word; word++) {
        if (*word == '\'')
            buf_puts(&out, "'\\''");
        else
            buf_put(&out, word, 1);
    }
    buf_puts(&out, "'");
    return buf_str(&out);
}

const char *export_task_line(Arena *a, const ExportWords *words) {
    const char **argv = export_task_argv(a, "gatewalk", words);
    Buf out = buf_new(a);
    for (int k = 0; argv[k]; k++) buf_printf(&out, "%s%s", k ? " " : "", shell_word(a, argv[k]));
    return buf_str(&out);
}
