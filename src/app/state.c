// What can be read off a state: its view, its scale, its place on the scrub bar. Nothing here
// changes a state; app/update.c does.
#include "app/state.h"

#include <math.h>
#include <string.h>

const int zoom_percents[ZOOM_COUNT] = {80, 90, 100, 110, 125, 150, 175, 200, 250};
const double play_speeds[SPEED_COUNT] = {0.5, 1, 2, 4, 8};

AppState app_state_new(void) {
    return (AppState){.screen = SCREEN_CHOOSER,
                      .grain = GRAIN_OPERATION,
                      .pinned = NO_REF,
                      .hover = NO_REF,
                      .key_focus = NO_REF,
                      .key_index = -1,
                      .export = export_choice_new(),
                      .speed = SPEED_DEFAULT,
                      .motion = true,
                      .theme = THEME_LIGHT,
                      .lang = LANG_EN,
                      .zoom = ZOOM_DEFAULT,
                      .width = 1280,
                      .height = 800};
}

AppState app_before(const AppState *s) {
    AppState before = *s;
    before.at = s->moving.from;
    before.pinned = s->moving.pinned;
    return before;
}

bool app_moves(const AppState *s) {
    return s->moving.length > 0 && s->moving.seen;
}

bool ref_same(Ref a, Ref b) {
    if (a.kind != b.kind) return false;
    return a.kind == REF_NONE || (a.node == b.node && a.place == b.place && a.unit == b.unit);
}

void state_put(char *into, size_t size, const char *text) {
    size_t n = strlen(text);
    if (n >= size) n = size - 1;
    // back to the first byte of a character that would be cut in two
    while (n > 0 && text[n] != '\0' && ((unsigned char)text[n] & 0xC0) == 0x80) n--;
    memmove(into, text, n);
    into[n] = '\0';
}

ExportSetting state_setting(Ref control) {
    Action a = action_of_control(control);
    bool sets = a.kind == ACT_EXPORT_PICK || a.kind == ACT_EXPORT_FIELD;
    return sets && a.arg >= 0 && a.arg < SET_COUNT ? (ExportSetting)a.arg : SET_COUNT;
}

bool state_exporting(const AppState *s) {
    return s->dialog == DIALOG_EXPORT && !s->run.running && !s->ask_replace;
}

bool state_typing(const AppState *s) {
    if (s->dialog == DIALOG_ADDRESS) return true;
    ExportSetting row = state_setting(s->key_focus);
    return state_exporting(s) && row < SET_COUNT && export_rows[row].kind == ROW_FIELD;
}

char *state_field(AppState *s, size_t *size) {
    *size = sizeof s->field;
    if (!state_typing(s)) return NULL;
    if (s->dialog == DIALOG_ADDRESS) return s->field;
    return export_text(&s->export, state_setting(s->key_focus), size);
}

double app_scale(const AppState *s) {
    double scale = stage_scale(s->width, s->height) * zoom_percents[s->zoom] / 100.0;
    double most = fmin((double)s->width / MIN_WIDTH, (double)s->height / MIN_HEIGHT);
    return fmax(0.5, fmin(scale, most));
}

static bool is_on_stage(Ref r) {
    return r.kind == REF_VALUE || r.kind == REF_GRAD || r.kind == REF_EQUATION ||
           r.kind == REF_PLACE;
}

View app_view(const AppState *s, const World *w) {
    Ref hover = is_on_stage(s->hover)       ? s->hover
                : is_on_stage(s->key_focus) ? s->key_focus
                                            : NO_REF;
    Ref used = s->hover.kind != REF_NONE ? s->hover : s->key_focus;
    View v = {.lesson = w->lesson,
              .scene = s->scene,
              .at = s->at,
              .grain = s->grain,
              .focus = s->pinned,
              .hover = hover,
              .tabs = true,
              .side = s->side,
              .lang = s->lang,
              .theme = s->theme,
              .scroll = s->scroll,
              .guesses = s->guesses,
              .touched = used.kind == REF_ASK ? used : NO_REF};
    view_ask(&v);
    return v;
}

bool scrub_phase(const Walk *w, Phase phase, double *from, double *to) {
    const double least = 0.03; // of the bar, so that a short phase can still be seen and hit
    double sum = 0, before = 0, own = 0;
    for (int p = 0; p < PHASE_COUNT; p++) {
        int first, last;
        if (!walk_phase_range(w, (Phase)p, &first, &last)) continue;
        double part = fmax(least, (double)(last - first + 1) / walk_count(w));
        if (p < (int)phase) before += part;
        if (p == (int)phase) own = part;
        sum += part;
    }
    if (own == 0) return false;
    *from = before / sum;
    *to = (before + own) / sum;
    return true;
}

double scrub_share(const Walk *w, int at) {
    for (int p = 0; p < PHASE_COUNT; p++) {
        int first, last;
        double from, to;
        if (!walk_phase_range(w, (Phase)p, &first, &last)) continue;
        if (at > last + 1 || !scrub_phase(w, (Phase)p, &from, &to)) continue;
        return from + (to - from) * (at - first) / (last - first + 1);
    }
    return 1;
}

int scrub_at(const Walk *w, double share) {
    for (int p = 0; p < PHASE_COUNT; p++) {
        int first, last;
        double from, to;
        if (!scrub_phase(w, (Phase)p, &from, &to) || share > to) continue;
        walk_phase_range(w, (Phase)p, &first, &last);
        double inside = fmax(0, (share - from) / (to - from));
        return first + (int)floor(inside * (last - first + 1) + 0.5);
    }
    return walk_count(w);
}
