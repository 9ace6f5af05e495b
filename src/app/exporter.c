// What the process says on standard error is either how far it is, a line a frame, or what went
// wrong. Where several lines say that, the first one of the program's own is the reason; a lesson's
// mistakes come without its name, and then the last line stands for them.
#include "app/exporter.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "files/process.h"

struct Exporter {
    Arena *arena;
    Process *process; // NULL once it is over
    ExporterNews news;
};

Exporter *exporter_start(Arena *a, const char *const argv[], const char **why) {
    Arena *own = arena_new();
    Exporter *e = ARENA_NEW(own, Exporter);
    *e = (Exporter){.arena = own, .news = {.why = ""}};
    setenv("GATEWALK_PROGRESS", "lines", 1);
    e->process = process_start(own, argv, why);
    if (e->process) return e;
    *why = arena_printf(a, "%s", *why);
    arena_free(own);
    return NULL;
}

static const char name[] = "gatewalk: "; // what a message of ours begins with

static bool is_message(const char *line) {
    return strncmp(line, name, sizeof name - 1) == 0;
}

static void hear(Exporter *e, const char *line) {
    char what[32];
    int done, all;
    if (sscanf(line, PROGRESS_READ, what, &done, &all) == 3) {
        e->news.done = done;
        e->news.all = all;
    } else if (!is_message(e->news.why)) {
        e->news.why = line;
    }
}

static void end(Exporter *e) {
    const char *why;
    e->news.over = true;
    e->news.made = process_end(e->process, false, &why);
    e->process = NULL;
    if (!e->news.made && !*e->news.why && why) e->news.why = why;
    if (is_message(e->news.why)) e->news.why += sizeof name - 1;
}

ExporterNews exporter_look(Exporter *e) {
    if (!e->process) return e->news;
    bool over = process_over(e->process); // before its last lines are read
    for (const char *line; (line = process_line(e->process));) hear(e, line);
    if (over) end(e);
    return e->news;
}

void exporter_stop(Exporter *e) {
    if (e->process) process_stop(e->process);
}

void exporter_free(Exporter *e) {
    const char *why;
    if (!e) return;
    if (e->process) process_end(e->process, false, &why);
    arena_free(e->arena);
}
