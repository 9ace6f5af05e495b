// The page shown instead of a lesson that has mistakes: what is wrong and where, as the command
// line prints it. It goes away by itself when the file is saved without them.
#include <string.h>

#include "app/chrome.h"

enum { EDGE = 40, LINE = 20 };

// A message is wrapped; a source line and its carets stand under each other and are not.
static double report_line(const Chrome *c, const char *line, double x, double y, double width) {
    TextStyle ui = chrome_style(14, WEIGHT_BOLD);
    TextStyle mono = {.family = FONT_MONO, .weight = WEIGHT_REGULAR, .size = 13};
    if (!strstr(line, ": error: ")) {
        if (*line) scene_text(c->scene, x, y + 15, line, mono, ALIGN_LEFT, ink(ROLE_MUTED), NO_REF);
        return LINE;
    }
    const char *lines[6];
    int n = chrome_wrap(c, line, ui, width, lines, 6);
    for (int i = 0; i < n; i++)
        scene_text(c->scene, x, y + 24 + i * LINE, lines[i], ui, ALIGN_LEFT, ink(ROLE_TEXT),
                   NO_REF);
    return n * LINE + 10;
}

double chrome_mistakes(const Chrome *c, Box area, const char *report) {
    scene_box(c->scene, area, 0, ink(ROLE_GROUND), NO_INK, 0, NO_REF);
    scene_clip(c->scene, area);
    double x = area.x + EDGE, top = area.y - c->state->scroll, y = top + 48;
    scene_text(c->scene, x, y, chrome_say(c, "This lesson cannot be opened", "这一课无法打开"),
               chrome_style(24, WEIGHT_BOLD), ALIGN_LEFT, ink(ROLE_WARN), NO_REF);
    y += 28;
    scene_text(c->scene, x, y,
               chrome_say(c, "Mend the file and save it: it is read again by itself.",
                          "改好文件并保存，课程会自动重新读取。"),
               chrome_style(14, WEIGHT_REGULAR), ALIGN_LEFT, ink(ROLE_MUTED), NO_REF);
    y += 16;
    while (*report) {
        size_t n = strcspn(report, "\n");
        const char *line = arena_copy(c->scene->arena, report, n);
        y += report_line(c, line, x, y, area.w - 2 * EDGE);
        report += n + (report[n] == '\n');
    }
    scene_unclip(c->scene);
    return y - top + 40;
}
