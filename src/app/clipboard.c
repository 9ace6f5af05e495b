// SDL 2 puts only text on the clipboard. Pictures go through the small program that the desktop's
// package collection has for this, found when it is needed, as the encoder of films is: wl-copy
// under Wayland, xclip under X11. It stays behind and answers whoever pastes. A desktop of another
// kind is a row of the table.
#include "app/clipboard.h"

#include <SDL.h>
#include <stdlib.h>

#include "files/process.h"

enum { WORDS = 6 };

typedef struct {
    const char *display; // the variable that tells that this desktop is there
    const char *package;
    const char *words[WORDS]; // the program first; the kind of the bytes follows them
} Tool;

static const Tool tools[] = {
    {"WAYLAND_DISPLAY", "wl-clipboard", {"wl-copy", "--type"}},
    {"DISPLAY", "xclip", {"xclip", "-selection", "clipboard", "-in", "-target"}},
};

bool clipboard_text(Arena *a, const char *text, const char **why) {
    if (SDL_SetClipboardText(text) == 0) return true;
    *why = arena_printf(a, "%s", SDL_GetError());
    return false;
}

static bool give(Arena *a, const char *program, const Tool *tool, const char *kind,
                 const void *bytes, size_t n, const char **why) {
    const char *argv[WORDS + 2] = {program};
    int k = 1;
    for (; k < WORDS && tool->words[k]; k++) argv[k] = tool->words[k];
    argv[k] = kind;
    Process *p = process_start(a, argv, why);
    if (!p) return false;
    process_write(p, bytes, n);
    return process_end(p, false, why);
}

bool clipboard_bytes(Arena *a, const char *kind, const void *bytes, size_t n, Lang lang,
                     const char **why) {
    bool zh = lang == LANG_ZH;
    *why = zh ? "这个桌面没有可放图片的剪贴板" : "this desktop has no clipboard for pictures";
    for (size_t i = 0; i < sizeof tools / sizeof *tools; i++) {
        const char *display = getenv(tools[i].display);
        if (!display || !*display) continue;
        const char *program = process_find(a, tools[i].words[0]);
        if (program) return give(a, program, &tools[i], kind, bytes, n, why);
        *why = arena_printf(a,
                            zh ? "复制图片需要程序 %s，它没有安装（软件包 %s）"
                               : "Copying a picture needs the program %s, which is not installed "
                                 "(package %s)",
                            tools[i].words[0], tools[i].package);
    }
    return false;
}
