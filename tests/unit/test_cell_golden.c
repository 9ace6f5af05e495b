// Every tests/golden/cells/NAME.cell is parsed; what comes out must be, to the letter, NAME.err
// (the mistakes) or, for a cell without mistakes, NAME.ast (its tree). GOLDEN=1 rewrites both:
//   GOLDEN=1 build/obj/release/tests/test_cell_golden && git diff tests/golden/cells
#include "check.h"
#include "golden.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/parse.h"

#define FOLDER "tests/golden/cells"

static const char *outcome(Arena *a, const char *name, bool *fine) {
    Diags d = diags_new(a);
    const char *path = arena_printf(a, FOLDER "/%s.cell", name);
    Source *s = (Source *)source_read(a, path, CELL_MAX_BYTES, &d);
    assert_non_null(s);
    s->path = arena_printf(a, "%s.cell", name);
    const CellAst *cell = cell_parse(a, s, &d);
    *fine = cell != NULL;
    Buf out = buf_new(a);
    if (cell)
        cell_dump(cell, &out);
    else
        diags_print(&d, &out);
    return buf_str(&out);
}

static void check_one(const char *name) {
    Arena *a = arena_new();
    bool fine;
    const char *text = outcome(a, name, &fine);
    // a cell that has become right, or wrong, has the other kind of golden file
    if (getenv("GOLDEN")) unlink(arena_printf(a, FOLDER "/%s.%s", name, fine ? "err" : "ast"));
    const char *path = arena_printf(a, FOLDER "/%s.%s", name, fine ? "ast" : "err");
    assert_true(golden_same(a, path, text));
    arena_free(a);
}

static void test_every_golden_cell_gives_its_tree_or_its_mistakes(void **state) {
    (void)state;
    int count = 0;
    DIR *folder = opendir(FOLDER);
    assert_non_null(folder);
    for (struct dirent *entry; (entry = readdir(folder));) {
        char name[256];
        size_t len = strlen(entry->d_name);
        if (len < 6 || strcmp(entry->d_name + len - 5, ".cell") != 0) continue;
        memcpy(name, entry->d_name, len - 5);
        name[len - 5] = '\0';
        check_one(name);
        count++;
    }
    closedir(folder);
    assert_true(count > 10);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        RUN(test_every_golden_cell_gives_its_tree_or_its_mistakes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
