// The session's part in exports: what the dialog needs to know of this machine, its preview (made
// anew only where it would differ, for a long run has many frames), the process that makes an
// export, and the clipboard.
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/copy.h"
#include "app/export_reason.h"
#include "app/folders.h"
#include "app/session.h"
#include "files/process.h"

void session_look_around(Session *s) {
    char here[4096];
    World *w = &s->world;
    const char *home = getenv("HOME");
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    w->home = home ? home : "";
    w->here = getcwd(here, sizeof here) ? arena_printf(s->app, "%s", here) : ".";
    w->export_folder = folder_for_pictures(s->app, w->home, w->here);
    w->processors = processors < 1 ? 1 : processors > 64 ? 64 : (int)processors;
}

void session_look_at_dialog(Session *s) {
    World *w = &s->world;
    bool open = s->state.dialog == DIALOG_EXPORT && w->lesson;
    w->export_missing = NULL;
    if (!open) {
        w->preview = NULL;
        s->preview_key = NULL;
        return;
    }
    ExportWords words = export_task_words(s->scratch, &s->state, w);
    const char *key = arena_printf(s->scratch, "%s %s", lang_names[s->state.lang],
                                   export_task_line(s->scratch, &words));
    if (!s->preview_key || strcmp(key, s->preview_key) != 0) {
        arena_reset(s->preview_arena);
        w->preview = export_preview(s->preview_arena, s->text, &s->state, w);
        s->preview_key = arena_printf(s->preview_arena, "%s", key);
    }
    w->export_ready = w->preview->ok;
    w->export_exists = w->export_ready && access(w->preview->words.path, F_OK) == 0;
    const char *program = export_formats[s->state.export.pick[SET_FORMAT]].program;
    if (program && !process_find(s->scratch, program)) w->export_missing = program;
}

static void export_over(Session *s, ExportOutcome outcome, const char *text) {
    Action a = action_with(ACT_EXPORT_ENDED, (int)outcome);
    a.text = text;
    session_do(s, a);
}

void session_start_export(Session *s) {
    const char *why;
    exporter_free(s->exporter);
    ExportWords words = export_task_words(s->frame_arena, &s->state, &s->world);
    const char **argv = export_task_argv(s->frame_arena, s->program, &words);
    s->exporter = exporter_start(s->frame_arena, argv, &why);
    if (!s->exporter)
        export_over(s, OUTCOME_FAILED, export_reason(s->frame_arena, why, s->state.lang));
}

static const char *stopped_words(const AppState *st) {
    static const char *const words[2][LANG_COUNT] = {
        {"The export was stopped; nothing was written.", "已停止导出，没有写入文件。"},
        {"The export was stopped; the finished pictures are kept.",
         "已停止导出，已完成的图片保留。"}};
    return words[export_is_folder(&st->export)][st->lang];
}

// What is told when the process has ended.
static void export_ended(Session *s, const ExporterNews *news) {
    bool zh = s->state.lang == LANG_ZH;
    session_frame(s); // in whose arena the text stands
    Arena *a = s->frame.arena;
    const char *path = export_task_path(a, &s->state, &s->world);
    if (news->made)
        export_over(s, OUTCOME_MADE, arena_printf(a, zh ? "已保存 %s" : "Saved as %s", path));
    else if (s->state.run.stopping)
        export_over(s, OUTCOME_STOPPED, stopped_words(&s->state));
    else
        export_over(s, OUTCOME_FAILED, export_reason(a, news->why, s->state.lang));
}

void session_look_at_export(Session *s, double seconds) {
    if (!s->exporter) return;
    ExporterNews news = exporter_look(s->exporter);
    const ExportRun *run = &s->state.run;
    if (!news.over) {
        Action a = action_with(ACT_EXPORT_PROGRESS, news.done);
        a.arg2 = news.all;
        a.number = seconds;
        if (news.done != run->done || news.all != run->all) session_do(s, a);
        return;
    }
    export_ended(s, &news);
    exporter_free(s->exporter);
    s->exporter = NULL;
}

void session_copy(Session *s) {
    Action a = action(ACT_TOLD);
    session_frame(s);
    a.text = copy_wanted(&s->frame, &s->state, &s->world, s->text);
    session_do(s, a);
}
