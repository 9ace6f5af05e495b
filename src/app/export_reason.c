// The export layer speaks to the command line, in English. What can go wrong in the dialog is a
// short list: a row of the table is how such a sentence begins, and how the dialog says it, with
// what the sentence says after the words `after` in place of %s.
#include "app/export_reason.h"

#include <stdio.h>
#include <string.h>

typedef struct {
    const char *begins;
    const char *after; // a part of it that what is kept comes after; NULL keeps nothing
    const char *said[LANG_COUNT];
} Reason;

// clang-format off
static const Reason reasons[] = {
    {"--size takes", ", not ", {"A size is WIDTHxHEIGHT, each from 64 to 32767, not %s",
                                "大小写作 宽x高，各从 64 到 32767，不能是 %s"}},
    {"--scale takes", "number ", {"The scale is a number %s", "倍率应是一个数（%s）"}},
    {"--width takes", "number ", {"The width in millimetres is a number %s",
                                  "毫米宽度应是一个数（%s）"}},
    {"--font takes", "number ", {"The points of the text are a number %s",
                                 "文字磅数应是一个数（%s）"}},
    {"--hold takes", "number ", {"The seconds of a step are a number %s",
                                 "每步秒数应是一个数（%s）"}},
    {"a figure ", NULL, {"A figure so narrow has no room for text of that size",
                         "这样窄的图放不下这么大的文字"}},
    {"a picture of ", "picture of ", {"Too large: %s", "太大了：%s"}},
    {"--fps takes", "number ", {"The pictures a second are a number %s",
                                "每秒帧数应是一个数（%s）"}},
    {"--per-page takes", "number ", {"A page holds a whole number of pictures %s",
                                     "每页张数应是整数（%s）"}},
    {"there is no step between", NULL, {"There is no step in this range", "这个范围里没有步骤"}},
    {"--from and --to lie", NULL, {"Both ends must lie in the same optimizer step",
                                   "两端必须在同一个优化步"}},
};

static const struct {
    const char *english, *chinese;
} system_words[] = {
    {"No space left on device", "磁盘已满"},
    {"Permission denied", "没有写入权限"},
    {"No such file or directory", "没有这个文件夹"},
    {"Read-only file system", "文件系统只读"},
    {"Not a directory", "其中有一段不是文件夹"},
    {"Is a directory", "那是一个文件夹"},
    {"File name too long", "文件名太长"},
    {"Disk quota exceeded", "超出磁盘配额"},
    {"Input/output error", "读写错误"},
};
// clang-format on

// "cannot write PATH: REASON" in Chinese.
static const char *chinese_write(Arena *a, const char *path, const char *reason) {
    for (size_t k = 0; k < sizeof system_words / sizeof *system_words; k++)
        if (strcmp(reason, system_words[k].english) == 0) reason = system_words[k].chinese;
    return arena_printf(a, "无法写入 %s：%s", path, reason);
}

static const char *writing(Arena *a, const char *why, Lang lang) {
    static const char begins[] = "cannot write ";
    const char *path = why + strlen(begins), *colon = NULL;
    if (strncmp(why, begins, strlen(begins)) != 0) return why;
    for (const char *p = path; (p = strstr(p, ": ")); p++) colon = p;
    if (!colon) return why;
    if (lang == LANG_ZH)
        return chinese_write(a, arena_copy(a, path, (size_t)(colon - path)), colon + 2);
    return arena_printf(a, "C%s", why + 1);
}

// "N pictures do not fit on one sheet (M do)".
static const char *crowded(Arena *a, const char *why, Lang lang) {
    static const char *const said[LANG_COUNT] = {
        "%d pictures do not fit on one sheet (%d do): choose fewer steps, or pdf",
        "一张图放不下 %d 张小图（最多 %d）：请减少步骤，或选择 pdf"};
    int n, most;
    if (sscanf(why, "%d pictures do not fit on one sheet (%d do)", &n, &most) != 2) return NULL;
    return arena_printf(a, said[lang], n, most);
}

const char *export_reason(Arena *a, const char *why, Lang lang) {
    const char *too_many = crowded(a, why, lang);
    if (too_many) return too_many;
    for (size_t k = 0; k < sizeof reasons / sizeof *reasons; k++) {
        const Reason *r = &reasons[k];
        if (strncmp(why, r->begins, strlen(r->begins)) != 0) continue;
        const char *rest = r->after ? strstr(why, r->after) : NULL;
        if (!r->after) return r->said[lang];
        if (!rest) break;
        rest += strlen(r->after);
        const char *at = strstr(r->said[lang], "%s");
        return arena_printf(a, "%.*s%s%s", (int)(at - r->said[lang]), r->said[lang], rest, at + 2);
    }
    return writing(a, why, lang);
}
