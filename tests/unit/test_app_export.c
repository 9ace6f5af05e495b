// The export dialog: what is chosen, the command it comes to, and how it stands in the window.
#include <stdio.h>
#include <string.h>

#include "app/export_reason.h"
#include "app/export_task.h"
#include "app/frame.h"
#include "app/settings.h"
#include "check.h"

typedef struct {
    Arena *arena, *scratch, *frame, *preview;
    TextEngine *text;
    World world;
} Fixture;

static Fixture fixture;

static int begin(void **state) {
    Fixture *f = &fixture;
    const char *why;
    *f = (Fixture){
        .arena = arena_new(), .scratch = arena_new(), .frame = arena_new(), .preview = arena_new()};
    static const Places places = {"build/assets", "lessons"};
    Diags mistakes = diags_new(f->arena);
    f->text = text_engine_new(f->arena, "build/assets", &why);
    f->world.lesson =
        lesson_load(f->arena, "lessons/01-forward.md", &places, NULL, NULL, &mistakes);
    f->world.scratch = f->scratch;
    f->world.home = "/home/ada";
    f->world.here = "/tmp";
    f->world.export_folder = "/home/ada/Pictures";
    f->world.export_ready = true;
    f->world.processors = 2;
    *state = f;
    return f->world.lesson && f->text ? 0 : -1;
}

static int end(void **state) {
    Fixture *f = *state;
    text_engine_free(f->text);
    arena_free(f->arena);
    arena_free(f->scratch);
    arena_free(f->frame);
    arena_free(f->preview);
    return 0;
}

static AppState run(const Fixture *f, AppState s, Action a) {
    return app_update(s, a, &f->world);
}

// A line of a script.
static AppState do_line(const Fixture *f, AppState s, const char *line) {
    Action a;
    const char *why;
    if (!action_parse(f->scratch, line, &a, &why)) fail_msg("%s", why);
    return run(f, s, a);
}

static AppState opened(const Fixture *f) {
    AppState s = run(f, app_state_new(), action(ACT_LOADED));
    s = do_line(f, s, "goto forward:3:f");
    return do_line(f, s, "export");
}

static const char *line_of(const Fixture *f, const AppState *s) {
    ExportWords words = export_task_words(f->scratch, s, &f->world);
    return export_task_line(f->scratch, &words);
}

// With the frame that a window would have shown, for what depends on what can be reached.
static AppState shown(Fixture *f, AppState s, AppFrame *frame) {
    arena_reset(f->preview);
    f->world.preview = export_preview(f->preview, f->text, &s, &f->world);
    frame_build(frame, f->frame, f->text, &s, &f->world, "");
    f->world.stops = frame_stops(frame, &f->world.n_stops);
    return s;
}

static AppState key(Fixture *f, AppState s, ActionKind kind) {
    AppFrame frame = {0};
    s = run(f, shown(f, s, &frame), action(kind));
    f->world.n_stops = 0;
    return s;
}

static void test_the_usual_choices_are_the_shortest_command(void **state) {
    const Fixture *f = *state;
    AppState s = opened(f);
    assert_string_equal(line_of(f, &s),
                        "gatewalk export lessons/01-forward.md --format png --at forward:3:f.3 "
                        "-o /home/ada/Pictures/forward-forward-3-f.3.png");
}

static void test_the_whole_stage_has_the_tab_that_is_open(void **state) {
    const Fixture *f = *state;
    AppState s = opened(f);
    s.side = PANEL_TRAINING;
    assert_non_null(strstr(line_of(f, &s), " --panel prose,timeline,cell,equations,training "));
    s.side = PANEL_VALUE; // which stands there anyway
    assert_null(strstr(line_of(f, &s), "--panel"));
    s.side = PANEL_TRAINING;
    s = do_line(f, s, "export-pick panels cell");
    assert_non_null(strstr(line_of(f, &s), " --panel cell "));
}

static void test_choices_become_the_words_of_the_command(void **state) {
    const Fixture *f = *state;
    AppState s = opened(f);
    static const char *const lines[] = {
        "export-pick format svg",   "export-pick steps all",       "export-pick by scene",
        "export-pick theme dark",   "export-pick language zh",     "export-pick panels cell",
        "export-pick panels value", "export-pick details caption", "export-pick details outlines",
        "export-pick size figure",  "export-field name",           "type it's"};
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) s = do_line(f, s, lines[i]);
    assert_string_equal(
        line_of(f, &s),
        "gatewalk export lessons/01-forward.md --format svg --all --by scene --panel cell,value "
        "--width 85 --theme dark --lang zh --caption --outlines --jobs 2 "
        "-o '/home/ada/Pictures/it'\\''s'");
}

static void test_what_does_not_apply_is_not_said(void **state) {
    const Fixture *f = *state;
    AppState s = opened(f);
    s = do_line(f, s, "export-pick theme dark");
    s = do_line(f, s, "export-pick details transparent");
    s = do_line(f, s, "export-pick format csv");
    assert_string_equal(line_of(f, &s), "gatewalk export lessons/01-forward.md --format csv "
                                        "-o /home/ada/Pictures/forward.csv");
    assert_false(export_row_applies(&s.export, SET_THEME));
    s = do_line(f, s, "export-pick format mp4"); // a film has a theme, and always a ground
    assert_non_null(strstr(line_of(f, &s), "--theme dark"));
    assert_null(strstr(line_of(f, &s), "--transparent"));
}

static void test_every_combination_of_words_is_taken_by_the_export_layer(void **state) {
    Fixture *f = *state;
    for (int format = 0; format < FORMAT_COUNT; format++)
        for (int row = 1; row < SET_COUNT; row++)
            for (int k = 0; k < export_rows[row].n; k++) {
                arena_reset(f->scratch);
                AppState s = opened(f);
                export_pick(&s.export, SET_FORMAT, format);
                if (!export_row_applies(&s.export, (ExportSetting)row)) continue;
                export_pick(&s.export, (ExportSetting)row, k);
                ExportWords words = export_task_words(f->scratch, &s, &f->world);
                Export e;
                const char *why;
                int n;
                if (!export_read(f->scratch, &words, &e, &why) ||
                    !export_read_steps(f->scratch, f->world.lesson, &words, &e, &why) ||
                    !export_frames(f->scratch, &e, &n, &why))
                    fail_msg("%s: %s", export_task_line(f->scratch, &words), why);
            }
}

static void test_a_scene_is_the_steps_until_the_next_one_opens(void **state) {
    const Fixture *f = *state;
    AppState s = opened(f);
    s = do_line(f, s, "escape");
    s = do_line(f, s, "scene 1");
    s = do_line(f, s, "export");
    s = do_line(f, s, "export-pick steps scene");
    ExportWords words = export_task_words(f->scratch, &s, &f->world);
    Export e;
    const char *why;
    assert_true(export_read(f->scratch, &words, &e, &why));
    assert_true(export_read_steps(f->scratch, f->world.lesson, &words, &e, &why));
    assert_int_equal(e.from.at, s.at.at);
    assert_true(e.to.at >= e.from.at && e.to.at < walk_count(f->world.lesson->walk));
}

static void test_nothing_is_replaced_without_being_asked(void **state) {
    Fixture *f = *state;
    f->world.export_exists = true;
    AppState s = do_line(f, opened(f), "export-run");
    assert_int_equal(s.want, WANT_NOTHING);
    assert_true(s.ask_replace);
    AppState kept = key(f, s, ACT_ACTIVATE); // Enter is the careful answer
    assert_false(kept.ask_replace || kept.run.running);
    assert_true(state_typing(&kept)); // the name, to be changed
    AppState replaced = do_line(f, s, "export-replace");
    assert_int_equal(replaced.want, WANT_EXPORT);
    f->world.export_exists = false;
    assert_int_equal(do_line(f, opened(f), "export-run").want, WANT_EXPORT);
}

static void test_while_it_runs_nothing_can_be_chosen_and_esc_stops_it(void **state) {
    Fixture *f = *state;
    AppState s = do_line(f, opened(f), "export-run");
    assert_int_equal(do_line(f, s, "export-pick format pdf").export.pick[SET_FORMAT], FORMAT_PNG);
    assert_int_equal(do_line(f, s, "export-run").want, WANT_NOTHING);
    Action progress = action_with(ACT_EXPORT_PROGRESS, 3);
    progress.arg2 = 12;
    s = run(f, s, progress);
    assert_int_equal(s.run.done, 3);
    s = do_line(f, s, "escape");
    assert_int_equal(s.want, WANT_EXPORT_STOP);
    assert_int_equal(s.dialog, DIALOG_EXPORT);
    Action ended = action_with(ACT_EXPORT_ENDED, OUTCOME_STOPPED);
    ended.text = "stopped";
    s = run(f, s, ended);
    assert_false(s.run.running);
    assert_string_equal(s.export_error, "stopped");
    assert_int_equal(do_line(f, s, "escape").dialog, DIALOG_NONE);
}

static void test_an_end_is_told_also_when_the_dialog_is_gone(void **state) {
    Fixture *f = *state;
    AppState s = do_line(f, opened(f), "export-run");
    s = run(f, s, action(ACT_LOADED)); // the lesson was read again
    Action ended = action_with(ACT_EXPORT_ENDED, OUTCOME_FAILED);
    ended.text = "no room";
    s = run(f, s, ended);
    assert_string_equal(s.toast, "no room");
}

static void test_tab_goes_from_row_to_row_and_arrows_choose(void **state) {
    Fixture *f = *state;
    AppState s = key(f, opened(f), ACT_FOCUS_NEXT);
    assert_int_equal(state_setting(s.key_focus), SET_FORMAT);
    s = key(f, s, ACT_STEP_FORWARD);
    assert_int_equal(s.export.pick[SET_FORMAT], FORMAT_SVG);
    s = key(f, s, ACT_STEP_BACK);
    s = key(f, s, ACT_STEP_BACK); // around
    assert_int_equal(s.export.pick[SET_FORMAT], FORMAT_COUNT - 1);
    s = key(f, s, ACT_STEP_FORWARD);
    s = key(f, s, ACT_GRAIN_FINER); // down
    assert_int_equal(state_setting(s.key_focus), SET_STEPS);
    s = key(f, s, ACT_FOCUS_NEXT);
    assert_int_equal(state_setting(s.key_focus), SET_LAYOUT);
    s = key(f, s, ACT_FOCUS_NEXT);
    assert_int_equal(state_setting(s.key_focus), SET_PANELS);
    s = key(f, s, ACT_STEP_FORWARD); // several may be chosen: an arrow only goes there
    assert_int_equal(s.export.pick[SET_PANELS], 0);
    s = key(f, s, ACT_PLAY); // the space bar
    assert_int_equal(s.export.pick[SET_PANELS], 1);
    s = key(f, s, ACT_PLAY);
    assert_int_equal(s.export.pick[SET_PANELS], 0);
}

static void test_every_row_and_button_is_reached_by_tab(void **state) {
    Fixture *f = *state;
    for (int format = 0; format < FORMAT_COUNT; format++) {
        AppState s = opened(f);
        export_pick(&s.export, SET_FORMAT, format);
        bool row[SET_COUNT + 1] = {false}, runs = false, cancels = false;
        for (int i = 0; i < 40; i++) {
            s = key(f, s, ACT_FOCUS_NEXT);
            row[state_setting(s.key_focus)] = true;
            runs = runs || action_of_control(s.key_focus).kind == ACT_EXPORT_RUN;
            cancels = cancels || action_of_control(s.key_focus).kind == ACT_ESCAPE;
        }
        assert_true(runs && cancels);
        for (int k = 0; k < SET_COUNT; k++)
            assert_true(row[k] == export_row_applies(&s.export, (ExportSetting)k));
    }
}

static void test_a_name_follows_the_step_until_one_is_typed(void **state) {
    const Fixture *f = *state;
    AppState s = do_line(f, opened(f), "export-field name"); // filled in, selected
    assert_string_equal(s.export.name, "forward-forward-3-f.3");
    s = do_line(f, s, "export-pick steps all"); // left as it was: it is not kept
    assert_string_equal(s.export.name, "");
    assert_non_null(strstr(line_of(f, &s), "-o /home/ada/Pictures/forward"));
    s = do_line(f, s, "export-field name");
    s = do_line(f, s, "type all of it");
    s = do_line(f, s, "export-pick format pdf");
    assert_non_null(strstr(line_of(f, &s), "-o '/home/ada/Pictures/all of it.pdf'"));
    s = do_line(f, s, "export-field name");
    s = do_line(f, s, "type all.pdf"); // with its ending
    assert_non_null(strstr(line_of(f, &s), "/all.pdf"));
    assert_null(strstr(line_of(f, &s), ".pdf.pdf"));
}

static void test_folders_are_whole_however_they_are_typed(void **state) {
    const Fixture *f = *state;
    static const char *const typed[][2] = {{"~/a", "/home/ada/a"},
                                           {"~", "/home/ada"},
                                           {"b", "/tmp/b"},
                                           {"/c/", "/c/"},
                                           {"", "/home/ada/Pictures"}};
    AppState s = opened(f);
    for (size_t i = 0; i < sizeof typed / sizeof *typed; i++) {
        state_put(s.export.folder, sizeof s.export.folder, typed[i][0]);
        assert_string_equal(export_task_folder(f->scratch, &s, &f->world), typed[i][1]);
    }
    assert_null(strstr(export_task_path(f->scratch, &s, &f->world), "//"));
}

static void test_a_shell_reads_back_what_is_quoted(void **state) {
    const Fixture *f = *state;
    assert_string_equal(shell_word(f->scratch, "a/b-c.1:2"), "a/b-c.1:2");
    assert_string_equal(shell_word(f->scratch, "forward:3:f.3[1]"), "'forward:3:f.3[1]'");
    assert_string_equal(shell_word(f->scratch, "$(x) `y`"), "'$(x) `y`'");
    assert_string_equal(shell_word(f->scratch, ""), "''");
}

static void test_choices_are_kept_and_damaged_ones_left_out(void **state) {
    const Fixture *f = *state;
    AppState s = opened(f);
    s = do_line(f, s, "export-pick format webp");
    s = do_line(f, s, "export-pick panels cell");
    s = do_line(f, s, "export-pick panels value");
    s = do_line(f, s, "export-field hold");
    s = do_line(f, s, "type 2.5");
    Settings kept = settings_default();
    kept.export = s.export;
    const char *path = "build/obj/test_app_export.json", *why, *message;
    assert_true(settings_save(f->scratch, path, &kept, &why));
    Settings read = settings_load(f->scratch, path, &message);
    assert_null(message);
    assert_true(read.export.used);
    for (int row = 0; row < SET_COUNT; row++)
        assert_int_equal(read.export.pick[row], s.export.pick[row]);
    assert_string_equal(read.export.field[SET_HOLD], "2.5");

    FILE *file = fopen(path, "w");
    fputs("{\"theme\": \"dark\", \"export\": {\"format\": \"exe\", \"by\": 7, \"theme\": \"dark\", "
          "\"panels\": \"cell,engine\", \"folder\": [1], \"of\": {}}}",
          file);
    fclose(file);
    read = settings_load(f->scratch, path, &message);
    remove(path);
    assert_null(message); // the other settings are good
    assert_int_equal(read.theme, THEME_DARK);
    assert_int_equal(read.export.pick[SET_FORMAT], FORMAT_PNG);
    assert_int_equal(read.export.pick[SET_BY], BY_TIMESTEP);
    assert_int_equal(read.export.pick[SET_THEME], THEME_DARK);
    assert_int_equal(read.export.pick[SET_PANELS], 1 << PANEL_CELL);
    assert_string_equal(read.export.folder, "");
}

static bool is_inside(Box in, Box b) {
    return b.x >= in.x - 1 && b.y >= in.y - 1 && b.x + b.w <= in.x + in.w + 1 &&
           b.y + b.h <= in.y + in.h + 1;
}

static void check_controls(const Scene *d, Box card, const char *name) {
    for (int k = 0; k < d->count; k++) {
        const Shape *own = &d->shapes[k];
        if (own->ref.kind == REF_NONE) continue;
        if (!is_inside(card, own->box)) fail_msg("%s: %s is cut off", name, own->label);
        for (int i = 0; i < k; i++) { // nor do controls lie on each other
            Box a = d->shapes[i].box, b = own->box;
            bool apart =
                a.x + a.w <= b.x || b.x + b.w <= a.x || a.y + a.h <= b.y || b.y + b.h <= a.y;
            if (d->shapes[i].ref.kind != REF_NONE && !apart)
                fail_msg("%s: %s lies on %s", name, own->label, d->shapes[i].label);
        }
    }
}

static void check_dialog(Fixture *f, AppState s) {
    AppFrame frame = {0};
    shown(f, s, &frame);
    const char *name =
        arena_printf(f->frame, "%s %s %dx%d", lang_names[s.lang],
                     export_formats[s.export.pick[SET_FORMAT]].name, s.width, s.height);
    Buf found = buf_new(f->frame);
    if (scene_collisions(&frame.dialog, &found)) fail_msg("%s: %s", name, buf_str(&found));
    check_controls(&frame.dialog, frame.dialog_box, name);
    f->world.n_stops = 0;
}

// Every format, with as many rows as it can have.
static void test_the_dialog_fits_every_window_in_both_languages(void **state) {
    Fixture *f = *state;
    static const int windows[][2] = {{MIN_WIDTH, MIN_HEIGHT}, {1600, 1000}, {3840, 2160}};
    AppState s = opened(f);
    export_pick(&s.export, SET_STEPS, STEPS_RANGE);
    for (int k = 0; k < 3 * LANG_COUNT; k++) {
        s.width = windows[k / LANG_COUNT][0];
        s.height = windows[k / LANG_COUNT][1];
        s.lang = (Lang)(k % LANG_COUNT);
        for (int format = 0; format < FORMAT_COUNT; format++)
            for (int size = 0; size < SIZE_COUNT; size++) {
                export_pick(&s.export, SET_FORMAT, format);
                export_pick(&s.export, SET_SIZE, size);
                check_dialog(f, s);
            }
    }
}

static void test_the_table_of_keys_fits_it_too(void **state) {
    Fixture *f = *state;
    for (int lang = 0; lang < LANG_COUNT; lang++) {
        AppState s = do_line(f, run(f, app_state_new(), action(ACT_LOADED)), "help");
        s.width = MIN_WIDTH;
        s.height = MIN_HEIGHT;
        s.lang = (Lang)lang;
        AppFrame frame = {0};
        f->world.preview = NULL;
        frame_build(&frame, f->frame, f->text, &s, &f->world, "");
        Buf found = buf_new(f->frame);
        if (scene_collisions(&frame.dialog, &found)) fail_msg("%s", buf_str(&found));
        for (int k = 0; k < frame.dialog.count; k++)
            if (frame.dialog.shapes[k].kind == SHAPE_TEXT)
                assert_true(is_inside(frame.dialog_box, frame.dialog.shapes[k].box));
    }
}

static void test_wrong_words_are_told_in_place_of_the_picture(void **state) {
    Fixture *f = *state;
    AppState s = do_line(f, opened(f), "export-pick size pixels");
    s = do_line(f, s, "export-field pixels");
    s = do_line(f, s, "type huge");
    for (int lang = 0; lang < LANG_COUNT; lang++) {
        s.lang = (Lang)lang;
        AppFrame frame = {0};
        shown(f, s, &frame);
        assert_false(frame.preview->ok);
        assert_non_null(strstr(frame.preview->why, "huge"));
        assert_null(strstr(frame.preview->why, "--")); // no option of the command line
        f->world.n_stops = 0;
    }
}

static void test_reasons_are_told_in_both_languages(void **state) {
    const Fixture *f = *state;
    assert_string_equal(
        export_reason(f->scratch, "cannot write /a: b/c: No space left on device", LANG_ZH),
        "无法写入 /a: b/c：磁盘已满");
    assert_string_equal(export_reason(f->scratch, "cannot write /a: Odd error", LANG_EN),
                        "Cannot write /a: Odd error");
    assert_string_equal(export_reason(f->scratch, "something else", LANG_ZH), "something else");
    assert_string_equal(
        export_reason(f->scratch, "--hold takes a number from 0.1 to 60, not x", LANG_EN),
        "The seconds of a step are a number from 0.1 to 60, not x");
}

static void test_a_copy_is_wanted_only_where_there_is_something(void **state) {
    const Fixture *f = *state;
    AppState s = run(f, app_state_new(), action(ACT_COPY_ADDRESS));
    assert_int_equal(s.want, WANT_NOTHING); // no lesson is open
    s = run(f, opened(f), action(ACT_COPY_NUMBERS));
    assert_int_equal(s.want, WANT_COPY);
    assert_int_equal(s.want_copy, COPY_NUMBERS);
    s = do_line(f, opened(f), "export-field name");
    s = run(f, s, action(ACT_COPY_PNG)); // Ctrl C in a field means its text
    assert_int_equal(s.want_copy, COPY_FIELD);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        RUN(test_the_usual_choices_are_the_shortest_command),
        RUN(test_the_whole_stage_has_the_tab_that_is_open),
        RUN(test_choices_become_the_words_of_the_command),
        RUN(test_what_does_not_apply_is_not_said),
        RUN(test_every_combination_of_words_is_taken_by_the_export_layer),
        RUN(test_a_scene_is_the_steps_until_the_next_one_opens),
        RUN(test_nothing_is_replaced_without_being_asked),
        RUN(test_while_it_runs_nothing_can_be_chosen_and_esc_stops_it),
        RUN(test_an_end_is_told_also_when_the_dialog_is_gone),
        RUN(test_tab_goes_from_row_to_row_and_arrows_choose),
        RUN(test_every_row_and_button_is_reached_by_tab),
        RUN(test_a_name_follows_the_step_until_one_is_typed),
        RUN(test_folders_are_whole_however_they_are_typed),
        RUN(test_a_shell_reads_back_what_is_quoted),
        RUN(test_choices_are_kept_and_damaged_ones_left_out),
        RUN(test_the_dialog_fits_every_window_in_both_languages),
        RUN(test_the_table_of_keys_fits_it_too),
        RUN(test_wrong_words_are_told_in_place_of_the_picture),
        RUN(test_reasons_are_told_in_both_languages),
        RUN(test_a_copy_is_wanted_only_where_there_is_something),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
