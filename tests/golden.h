/// Texts held to golden files. GOLDEN=1 in the environment (make golden) rewrites them: review the
/// change with git diff.
#ifndef TESTS_GOLDEN_H
#define TESTS_GOLDEN_H

#include "check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/diag.h"
#include "view/scene.h"

static inline void golden_write(const char *path, const char *text) {
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

/// Is the text that of the golden file? If not, says from which line on and what was got.
static inline bool golden_same(Arena *a, const char *path, const char *text) {
    if (getenv("GOLDEN")) golden_write(path, text);
    Diags d = diags_new(a);
    const Source *golden = source_read(a, path, 1 << 24, &d);
    if (golden && strcmp(golden->text, text) == 0) return true;
    int line = 1;
    const char *g = golden ? golden->text : "", *t = text;
    for (; *g && *g == *t; g++, t++) line += *g == '\n';
    print_error("%s:%d: golden and actual differ; actual is\n%s\n", path, line, text);
    return false;
}

/// Is the scene that of tests/golden/scenes/NAME.scene?
static inline bool golden_scene(Arena *a, const char *name, const Scene *s) {
    Buf got = buf_new(a);
    scene_dump(s, &got);
    return golden_same(a, arena_printf(a, "tests/golden/scenes/%s.scene", name), buf_str(&got));
}

#endif
