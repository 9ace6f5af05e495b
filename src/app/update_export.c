// The export dialog. Its state is what is chosen (app/export_choice.h) and how far an export is; it
// is made by the session, which answers with ACT_EXPORT_PROGRESS and ACT_EXPORT_ENDED.
#include <stdio.h>
#include <string.h>

#include "app/export_task.h"
#include "app/update.h"
#include "core/address.h"

static bool is_field(Ref ref) {
    ExportSetting row = state_setting(ref);
    return row < SET_COUNT && export_rows[row].kind == ROW_FIELD;
}

// ---- focus

// A name that is the usual one is not kept: it follows the step.
static void leave_field(AppState *s, const World *w) {
    const char *usual = export_task_name(w->scratch, s, w);
    if (strcmp(s->export.name, usual) == 0) s->export.name[0] = '\0';
    const char *folder = w->export_folder;
    if (folder && strcmp(s->export.folder, folder) == 0) s->export.folder[0] = '\0';
}

static void focus_on(AppState *s, const World *w, Ref ref) {
    leave_field(s, w);
    s->key_focus = ref;
    s->hover = NO_REF;
    if (!is_field(ref)) return;
    size_t size;
    ExportSetting row = state_setting(ref);
    char *text = export_text(&s->export, row, &size);
    if (row == SET_NAME && !*text) state_put(text, size, export_task_name(w->scratch, s, w));
    if (row == SET_FOLDER && !*text && w->export_folder) state_put(text, size, w->export_folder);
    s->edit = edit_all(text);
}

// The word of a row that the keyboard goes to: the one chosen.
static Ref row_focus(const AppState *s, ExportSetting row) {
    for (int k = 0; export_rows[row].kind == ROW_PICK && k < export_rows[row].n; k++)
        if (export_is_picked(&s->export, row, k)) return ref_control_with(ACT_EXPORT_PICK, row, k);
    return NO_REF;
}

// From row to row: the words of one are a single stop.
void update_export_focus(AppState *s, const World *w, int by) {
    int n = w->n_stops;
    if (n == 0) return;
    int at = update_stop(w, s->key_focus);
    ExportSetting here = at < 0 ? SET_COUNT : state_setting(s->key_focus);
    if (at < 0) at = by > 0 ? n - 1 : 0;
    for (int k = 0; k < n; k++) {
        at = (at + by + n) % n;
        ExportSetting row = state_setting(w->stops[at].ref);
        if (row < SET_COUNT && row == here) continue;
        Ref picked = row < SET_COUNT ? row_focus(s, row) : NO_REF;
        focus_on(s, w, picked.kind != REF_NONE ? picked : w->stops[at].ref);
        return;
    }
}

// The next word of the row that applies.
static int next_word(const AppState *s, ExportSetting row, int k, int by) {
    int n = export_rows[row].n;
    for (int i = 0; i < n; i++) {
        k = (k + by + n) % n;
        if (export_word_applies(&s->export, row, k)) return k;
    }
    return k;
}

void update_export_turn(AppState *s, const World *w, int by) {
    size_t size;
    char *text = state_field(s, &size);
    if (text) {
        edit_move(&s->edit, text, by > 0 ? CARET_RIGHT : CARET_LEFT, false);
        return;
    }
    ExportSetting row = state_setting(s->key_focus);
    if (!state_exporting(s) || row == SET_COUNT) {
        update_export_focus(s, w, by);
        return;
    }
    int k = next_word(s, row, s->key_focus.unit, by);
    Action pick = action_with(ACT_EXPORT_PICK, (int)row);
    pick.arg2 = k;
    if (export_rows[row].kind == ROW_PICK) update_export_pick(s, &pick, w);
    s->key_focus = ref_control_with(ACT_EXPORT_PICK, (int)row, k);
}

static void use(AppState *s, const World *w) {
    Action a = action_of_control(s->key_focus);
    update_act(s, &a, w);
}

void update_export_enter(AppState *s, const World *w) {
    Action run = action(ACT_EXPORT_RUN);
    bool button = s->key_focus.kind == REF_CONTROL && state_setting(s->key_focus) == SET_COUNT;
    if (button)
        use(s, w);
    else if (state_exporting(s))
        update_export_run(s, &run, w);
}

void update_export_space(AppState *s, const World *w) {
    if (s->key_focus.kind == REF_CONTROL && !is_field(s->key_focus)) use(s, w);
}

void update_export_escape(AppState *s, const World *w) {
    Action a = action(ACT_NONE);
    if (s->run.running) {
        update_export_stop(s, &a, w);
    } else if (s->ask_replace) {
        update_export_keep(s, &a, w);
    } else {
        leave_field(s, w);
        s->dialog = DIALOG_NONE;
        s->key_focus = NO_REF;
        s->key_index = -1;
    }
}

// ---- what is chosen

void update_export(AppState *s, const Action *a, const World *w) {
    (void)a;
    if (!update_walk(s, w)) return;
    s->dialog = DIALOG_EXPORT;
    if (s->run.running) return;
    s->playing = s->ask_replace = false;
    s->hover = s->key_focus = NO_REF;
    s->key_index = -1;
    s->export.name[0] = s->export_error[0] = s->toast[0] = '\0';
    s->export.field[SET_FROM][0] = s->export.field[SET_TO][0] = '\0';
    if (s->export.used) return;
    s->export.pick[SET_THEME] = (int)s->theme;
    s->export.pick[SET_LANG] = (int)s->lang;
}

// From here to the end of the walk, to be changed.
static void fill_range(AppState *s, const World *w) {
    const Walk *walk = w->lesson->walk;
    ExportChoice *c = &s->export;
    if (c->field[SET_FROM][0] || c->field[SET_TO][0]) return;
    Playhead end = {walk_count(walk), 0};
    state_put(c->field[SET_FROM], CHOICE_BYTES, address_format(w->scratch, walk, s->at, s->grain));
    state_put(c->field[SET_TO], CHOICE_BYTES, address_format(w->scratch, walk, end, s->grain));
}

static void fill_pixels(ExportChoice *c) {
    double width, height;
    export_size((FormatKind)c->pick[SET_FORMAT], (PageLayout)c->pick[SET_LAYOUT], &width, &height);
    if (!c->field[SET_PIXELS][0])
        snprintf(c->field[SET_PIXELS], CHOICE_BYTES, "%.0fx%.0f", width, height);
}

void update_export_pick(AppState *s, const Action *a, const World *w) {
    if (!state_exporting(s) || a->arg < 0 || a->arg >= SET_COUNT) return;
    leave_field(s, w);
    export_pick(&s->export, (ExportSetting)a->arg, a->arg2);
    s->export_error[0] = '\0';
    if (a->arg == SET_STEPS && a->arg2 == STEPS_RANGE) fill_range(s, w);
    if (a->arg == SET_SIZE && a->arg2 == SIZE_PIXELS) fill_pixels(&s->export);
    if (is_field(s->key_focus)) s->key_focus = NO_REF;
}

void update_export_field(AppState *s, const Action *a, const World *w) {
    if (!state_exporting(s) || a->arg < 0 || a->arg >= SET_COUNT) return;
    focus_on(s, w, ref_control(ACT_EXPORT_FIELD, a->arg));
    if (a->arg2 > 0) s->edit = (Edit){a->arg2 - 1, a->arg2 - 1};
}

// ---- making it

static void start(AppState *s, const World *w) {
    leave_field(s, w);
    s->want = WANT_EXPORT;
    s->run = (ExportRun){.running = true};
    s->ask_replace = false;
    s->export_error[0] = '\0';
    s->hover = s->key_focus = NO_REF;
}

void update_export_run(AppState *s, const Action *a, const World *w) {
    (void)a;
    if (!state_exporting(s) || !update_walk(s, w) || !w->export_ready) return;
    if (!w->export_exists) {
        start(s, w);
        return;
    }
    leave_field(s, w);
    s->ask_replace = true;
    s->key_focus = ref_control(ACT_EXPORT_KEEP, -1);
}

void update_export_replace(AppState *s, const Action *a, const World *w) {
    (void)a;
    if (s->dialog == DIALOG_EXPORT && s->ask_replace && update_walk(s, w)) start(s, w);
}

void update_export_keep(AppState *s, const Action *a, const World *w) {
    (void)a;
    if (!s->ask_replace) return;
    s->ask_replace = false;
    if (update_walk(s, w)) focus_on(s, w, ref_control(ACT_EXPORT_FIELD, SET_NAME));
}

void update_export_stop(AppState *s, const Action *a, const World *w) {
    (void)a, (void)w;
    if (!s->run.running || s->run.stopping) return;
    s->run.stopping = true;
    s->want = WANT_EXPORT_STOP;
}

void update_export_progress(AppState *s, const Action *a, const World *w) {
    (void)w;
    if (!s->run.running) return;
    s->run.done = a->arg;
    s->run.all = a->arg2;
    s->run.seconds = a->number;
}

void update_export_ended(AppState *s, const Action *a, const World *w) {
    (void)w;
    if (!s->run.running) return;
    s->run = (ExportRun){0};
    s->key_focus = NO_REF;
    const char *text = a->text ? a->text : "";
    bool open = s->dialog == DIALOG_EXPORT;
    if (open && a->arg == OUTCOME_MADE) s->dialog = DIALOG_NONE;
    if (open && a->arg != OUTCOME_MADE)
        state_put(s->export_error, sizeof s->export_error, text);
    else
        update_tell(s, text);
}

// ---- the clipboard

void update_copy(AppState *s, const Action *a, const World *w) {
    size_t size;
    if (state_field(s, &size) && a->kind == ACT_COPY_PNG) { // Ctrl C in a field means its text
        s->want_copy = COPY_FIELD;
    } else {
        if (!update_walk(s, w) || (a->kind == ACT_COPY_COMMAND && !w->export_ready)) return;
        s->want_copy = (CopyKind)(a->kind - ACT_COPY_PNG);
    }
    s->want = WANT_COPY;
}
