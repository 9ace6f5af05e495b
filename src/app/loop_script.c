// Scripts for tests, in the loop: what each line of one does, and what it prints.
#include <stdio.h>

#include "app/input.h"
#include "app/loop.h"
#include "app/script.h"
#include "core/address.h"
#include "export/png.h"
#include "files/write.h"
#include "view/theme.h"

static bool screenshot(Loop *l, const char *path, const char **why) {
    SDL_Surface *on = window_surface(l->window);
    *why = "the window has no pixels";
    if (!on) return false;
    cairo_surface_t *surface = cairo_image_surface_create_for_data(on->pixels, CAIRO_FORMAT_RGB24,
                                                                   on->w, on->h, on->pitch);
    Buf png = buf_new(l->session.frame.arena);
    bool ok = png_encode(surface, &png, why);
    cairo_surface_destroy(surface);
    return ok && write_file(l->session.frame.arena, path, png.data, png.len, why);
}

// The scene's questions in a word: "-" not guessed, "?" guessed, then "right", "nearly", "wrong".
static const char *asks_word(const Session *s) {
    static const char *const words[] = {
        [GRADE_NONE] = "shown", [GRADE_RIGHT] = "right", [GRADE_NEAR] = "nearly", "wrong"};
    Buf out = buf_new(s->scratch);
    for (int k = 0; s->state.screen == SCREEN_LESSON; k++) {
        int index = question_index(s->world.lesson, s->state.scene, k);
        Question q;
        if (index < 0) break;
        const Guess *g = &s->state.guesses[index];
        if (!question_make(s->scratch, s->world.lesson, s->state.scene, k, LANG_EN, &q)) continue;
        const char *word = g->stage == GUESS_REVEALED ? words[question_grade(&q, g)]
                           : question_ready(&q, g)    ? "?"
                                                      : "-";
        buf_printf(&out, "%s%s", k ? "," : "", word);
    }
    return out.len ? buf_str(&out) : "none";
}

static void print_state(const Session *s) {
    static const char *const screens[] = {"chooser", "lesson", "mistakes"};
    static const char *const dialogs[DIALOG_COUNT] = {"none", "help", "address", "export"};
    const AppState *st = &s->state;
    const Lesson *lesson = st->screen == SCREEN_LESSON ? s->world.lesson : NULL;
    printf("screen %s dialog %s scene %d step %d unit %d at %s grain %s theme %s lang %s scale %d "
           "asks %s playing %d moved %.2f pinned %d,%d,%d,%d focus %d,%d,%d,%d toast %s\n",
           screens[st->screen], dialogs[st->dialog], st->scene, st->at.at, st->at.unit,
           lesson ? address_format(s->scratch, lesson->walk, st->at, GRAIN_UNIT) : "-",
           grain_names[st->grain], theme_names[st->theme], lang_names[st->lang],
           zoom_percents[st->zoom], asks_word(s), st->playing,
           st->moving.length > 0 ? st->moving.passed / st->moving.length : 1.0,
           (int)st->pinned.kind, st->pinned.node, st->pinned.place, st->pinned.unit,
           (int)st->key_focus.kind, st->key_focus.node, st->key_focus.place, st->key_focus.unit,
           st->export_error[0] ? st->export_error
           : st->toast[0]      ? st->toast
                               : "-");
    fflush(stdout);
}

static void print_clipboard(void) {
    char *text = SDL_GetClipboardText();
    puts(text ? text : "");
    fflush(stdout);
    SDL_free(text);
}

static bool run_line(Loop *l, const ScriptLine *line, const char **why) {
    Session *s = &l->session;
    session_frame(s);
    switch (line->kind) {
    case LINE_ACTION: session_do(s, line->action); break;
    case LINE_POINT:
        l->mouse_x = line->x;
        l->mouse_y = line->y;
        session_do(s, input_point(&s->state, &s->frame, line->x, line->y));
        break;
    case LINE_PRESS: session_do(s, input_press(&s->state, &s->frame, line->x, line->y)); break;
    case LINE_KEY:
        session_do(s, input_key(&s->state, SDL_GetKeyFromName(line->text), false, false, false));
        break;
    case LINE_WAIT: loop_pass(l, line->x); break;
    case LINE_EXPORTED:
        while (s->exporter && !s->over) loop_pass(l, LOOP_EXPORT_MS);
        break;
    case LINE_PRINT: print_state(s); break;
    case LINE_CLIPBOARD: print_clipboard(); break;
    case LINE_SCREENSHOT: return screenshot(l, line->text, why);
    }
    loop_settle(l);
    return true;
}

int loop_run_script(Loop *l, const char *path) {
    Session *s = &l->session;
    Diags mistakes = diags_new(s->app);
    int count;
    const ScriptLine *lines = script_read(s->app, path, &count, &mistakes);
    if (!lines) {
        Buf report = buf_new(s->app);
        diags_print(&mistakes, &report);
        fputs(buf_str(&report), stderr);
        return LOOP_BAD_SCRIPT;
    }
    s->state.motion = false; // `motion 1` turns it on, and `pass` is its clock
    loop_pass(l, 50);        // the window system's first events
    for (int i = 0; i < count && !s->over; i++) {
        const char *why;
        if (run_line(l, &lines[i], &why)) continue;
        fprintf(stderr, "gatewalk: %s\n", why);
        return LOOP_MACHINE;
    }
    return 0;
}
