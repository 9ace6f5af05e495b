// make bench: the figures of the README, each beside what is asked of it. What is compared takes
// turns (turns.h); a figure that is not as asked is marked and listed at the end, but nothing fails
// by it. usage: bench [SECTION[/PART] ...]; a PART is a shape of training
#include <stdio.h>
#include <string.h>

#include "machine.h"
#include "report.h"

static const struct {
    const char *name, *title;
    Section *run;
} sections[] = {
    {"frames", "Frames", section_frames},
    {"window", "The window", section_window},
    {"training", "Training", section_training},
    {"moments", "Training as a timeline", section_moments},
    {"export", "Export", section_export},
};
enum { SECTIONS = sizeof sections / sizeof *sections };

static void run(Report *r, int s, const char *part) {
    MachineUse before = machine_use();
    printf("\n## %s\n\n", sections[s].title);
    fflush(stdout);
    r->arena = arena_new();
    r->part = part;
    sections[s].run(r);
    arena_free(r->arena);
    machine_print_use(before);
}

/// The section that a word like "training" or "training/d" names; -1 if none.
static int section_of(const char *word) {
    size_t n = strcspn(word, "/");
    for (int s = 0; s < SECTIONS; s++)
        if (strlen(sections[s].name) == n && strncmp(sections[s].name, word, n) == 0) return s;
    fprintf(stderr, "bench: no section %s; there are:", word);
    for (int s = 0; s < SECTIONS; s++) fprintf(stderr, " %s", sections[s].name);
    fprintf(stderr, "\n");
    return -1;
}

int main(int argc, char **argv) {
    for (int k = 1; k < argc; k++)
        if (section_of(argv[k]) < 0) return 2;
    Places places = {"build/assets", "lessons"};
    Arena *a = arena_new();
    Buf missed = buf_new(a);
    Report r = {.places = &places, .missed = &missed};
    machine_print();
    MachineUse begin = machine_use();
    for (int s = 0; s < SECTIONS && argc < 2; s++) run(&r, s, NULL);
    for (int k = 1; k < argc; k++) {
        const char *slash = strchr(argv[k], '/');
        run(&r, section_of(argv[k]), slash ? slash + 1 : NULL);
    }
    printf("## Of %d figures %d are as asked\n\n%s", r.asked, r.met, buf_str(&missed));
    machine_print_use(begin);
    arena_free(a);
    return 0;
}
