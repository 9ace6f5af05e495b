// The rows of the export dialog. Their words are the export layer's own; only what a person reads
// is added here. A word without a caption is shown as it is, so that a new layout or panel appears
// by itself.
#include "app/export_choice.h"

#include <string.h>

static const char *format_word(int k) {
    return export_formats[k].name;
}
static const char *layout_word(int k) {
    return layout_names[k];
}
static const char *by_word(int k) {
    return frame_by_names[k];
}
static const char *theme_word(int k) {
    return theme_names[k];
}
static const char *lang_word(int k) {
    return lang_names[k];
}
static const char *subtitle_word(int k) {
    return subtitle_names[k];
}
static const char *panel_word(int k) {
    return k == 0 ? "stage" : panel_defs[k - 1].name;
}
static const char *steps_word(int k) {
    static const char *const words[STEPS_COUNT] = {"step", "scene", "range", "all"};
    return words[k];
}
static const char *size_word(int k) {
    static const char *const words[SIZE_COUNT] = {"usual", "1920x1080", "3840x2160", "pixels",
                                                  "figure"};
    return words[k];
}
static const char *detail_word(int k) {
    static const char *const words[DETAIL_COUNT] = {"caption", "transparent", "outlines", "legend",
                                                    "still"};
    return words[k];
}

// clang-format off
static const char *const layouts_said[LAYOUT_COUNT][LANG_COUNT] = {
    [LAYOUT_FRAMES]    = {"a step each", "每步一张"},
    [LAYOUT_SHEET]     = {"contact sheet", "缩略图页"},
    [LAYOUT_HANDOUT]   = {"handout", "讲义"},
    [LAYOUT_WORKSHEET] = {"worksheet", "练习"},
    [LAYOUT_KEY]       = {"answer key", "答案"},
    [LAYOUT_SLIDES]    = {"slides", "幻灯片"},
};
static const char *const steps_said[STEPS_COUNT][LANG_COUNT] = {
    [STEPS_ONE]   = {"this step", "这一步"},
    [STEPS_SCENE] = {"this scene", "这一节"},
    [STEPS_RANGE] = {"from … to", "从…到…"},
    [STEPS_ALL]   = {"all", "全部"},
};
static const char *const bys_said[BY_COUNT][LANG_COUNT] = {
    [BY_UNIT]      = {"unit", "单元"},
    [BY_OPERATION] = {"operation", "运算"},
    [BY_EQUATION]  = {"equation", "方程"},
    [BY_TIMESTEP]  = {"timestep", "时间步"},
    [BY_SCENE]     = {"scene", "节"},
    [BY_OPTIMIZER] = {"optimizer step", "优化步"},
};
static const char *const sizes_said[SIZE_COUNT][LANG_COUNT] = {
    [SIZE_USUAL]  = {"usual", "默认"},
    [SIZE_HD]     = {"1920 × 1080", "1920 × 1080"},
    [SIZE_4K]     = {"3840 × 2160", "3840 × 2160"},
    [SIZE_PIXELS] = {"other", "自定"},
    [SIZE_FIGURE] = {"for print", "按毫米"},
};
static const char *const panels_said[PANEL_COUNT + 1][LANG_COUNT] = {
    {"whole stage", "整个画面"},
    [1 + PANEL_PROSE]     = {"text", "课文"},
    [1 + PANEL_TIMELINE]  = {"unrolled", "按时间展开"},
    [1 + PANEL_CELL]      = {"cell", "单元"},
    [1 + PANEL_EQUATIONS] = {"equations", "方程"},
    [1 + PANEL_VALUE]     = {"value", "数值"},
    [1 + PANEL_WEIGHTS]   = {"weights", "权重"},
    [1 + PANEL_GRADIENTS] = {"gradients", "梯度"},
    [1 + PANEL_BLAME]     = {"blame", "归因"},
    [1 + PANEL_MEMORY]    = {"memory", "记忆"},
    [1 + PANEL_COMPARE]   = {"compare", "比较"},
    [1 + PANEL_TRAINING]  = {"training", "训练"},
};
static const char *const themes_said[THEME_COUNT][LANG_COUNT] = {
    [THEME_LIGHT]    = {"light", "浅色"},
    [THEME_DARK]     = {"dark", "深色"},
    [THEME_CONTRAST] = {"contrast", "高对比"},
    [THEME_PRINT]    = {"print", "打印"},
};
static const char *const langs_said[LANG_COUNT][LANG_COUNT] = {
    [LANG_EN] = {"English", "English"},
    [LANG_ZH] = {"中文", "中文"},
};
static const char *const details_said[DETAIL_COUNT][LANG_COUNT] = {
    [DETAIL_CAPTION]  = {"caption", "说明文字"},
    [DETAIL_GROUND]   = {"transparent ground", "透明背景"},
    [DETAIL_OUTLINES] = {"text as outlines", "文字转为轮廓"},
    [DETAIL_LEGEND]   = {"legend", "图例"},
    [DETAIL_STILL]    = {"no motion", "无动画"},
};
static const char *const subtitles_said[SUBTITLES_COUNT][LANG_COUNT] = {
    [SUBTITLES_NONE] = {"none", "无"},
    [SUBTITLES_BURN] = {"in the picture", "写入画面"},
    [SUBTITLES_SRT]  = {".srt beside", "另存 .srt"},
    [SUBTITLES_VTT]  = {".vtt beside", "另存 .vtt"},
};

#define NO_ROW SET_COUNT
#define PICK(id, en, zh, n, word, said)                                                            \
    { id, ROW_PICK, {en, zh}, n, word, said, {NULL, NULL}, {NULL, NULL}, 0, NO_ROW, true }
#define PICK_BESIDE(id, en, zh, n, word, said, beside)                                             \
    { id, ROW_PICK, {en, zh}, n, word, said, {NULL, NULL}, {NULL, NULL}, 0, beside, true }
#define BITS(id, en, zh, n, word, said)                                                            \
    { id, ROW_BITS, {en, zh}, n, word, said, {NULL, NULL}, {NULL, NULL}, 0, NO_ROW, true }
#define FIELD(id, en, zh, after_en, after_zh, usual_en, usual_zh, wide, beside, kept)              \
    { id, ROW_FIELD, {en, zh}, 0, NULL, NULL, {after_en, after_zh}, {usual_en, usual_zh}, wide,    \
      beside, kept }

const ExportRow export_rows[SET_COUNT] = {
    [SET_FORMAT]    = PICK("format", "Format", "格式", FORMAT_COUNT, format_word, NULL),
    [SET_STEPS]     = PICK("steps", "Steps", "步骤", STEPS_COUNT, steps_word, steps_said),
    [SET_FROM]      = FIELD("from", "From", "从", NULL, NULL, "forward:1", "forward:1", 150, NO_ROW, false),
    [SET_TO]        = FIELD("to", "to", "到", NULL, NULL, "", "", 150, SET_FROM, false),
    [SET_BY]        = PICK("by", "One a", "每图一个", BY_COUNT, by_word, bys_said),
    [SET_LAYOUT]    = PICK("layout", "Pages", "版式", LAYOUT_COUNT, layout_word, layouts_said),
    [SET_PER_PAGE]  = FIELD("per-page", "", "", "a page", "张一页", "usual", "默认", 64, SET_LAYOUT, true),
    [SET_PANELS]    = BITS("panels", "Shows", "内容", PANEL_COUNT + 1, panel_word, panels_said),
    [SET_SIZE]      = PICK("size", "Size", "大小", SIZE_COUNT, size_word, sizes_said),
    [SET_PIXELS]    = FIELD("pixels", "", "", "pixels", "像素", "1600x1000", "1600x1000", 104, SET_SIZE, true),
    [SET_WIDTH]     = FIELD("width", "", "", "mm wide, text of", "毫米宽，文字", "85", "85", 52, SET_SIZE, true),
    [SET_FONT]      = FIELD("font", "", "", "points", "磅", "9", "9", 44, SET_SIZE, true),
    [SET_SCALE]     = FIELD("scale", "scale", "倍率", "", "", "1", "1", 52, SET_SIZE, true),
    [SET_THEME]     = PICK("theme", "Theme", "主题", THEME_COUNT, theme_word, themes_said),
    [SET_LANG]      = PICK_BESIDE("language", "Language", "语言", LANG_COUNT, lang_word, langs_said, SET_THEME),
    [SET_DETAILS]   = BITS("details", "With", "附加", DETAIL_COUNT, detail_word, details_said),
    [SET_SUBTITLES] = PICK("subtitles", "Subtitles", "字幕", SUBTITLES_COUNT, subtitle_word, subtitles_said),
    [SET_HOLD]      = FIELD("hold", "Each step", "每步", "seconds", "秒", "as read", "按阅读", 80, SET_SUBTITLES, true),
    [SET_FPS]       = FIELD("fps", "moving at", "动画", "a second", "帧每秒", "usual", "默认", 64, SET_SUBTITLES, true),
    [SET_FOLDER]    = FIELD("folder", "Folder", "文件夹", NULL, NULL, NULL, NULL, 0, NO_ROW, true),
    [SET_NAME]      = FIELD("name", "Name", "名称", NULL, NULL, NULL, NULL, 0, SET_FOLDER, false),
};
// clang-format on

ExportChoice export_choice_new(void) {
    ExportChoice c = {.pick = {[SET_BY] = BY_TIMESTEP}};
    return c;
}

bool export_is_one(const ExportChoice *c) {
    return c->pick[SET_STEPS] == STEPS_ONE;
}

static FormatKind format_of(const ExportChoice *c) {
    return (FormatKind)c->pick[SET_FORMAT];
}

// The layout, as far as the format has it.
static PageLayout layout_of(const ExportChoice *c) {
    int layout = c->pick[SET_LAYOUT];
    return export_formats[format_of(c)].layouts & 1u << layout ? (PageLayout)layout : LAYOUT_FRAMES;
}

bool export_is_folder(const ExportChoice *c) {
    return export_formats[format_of(c)].folder && !export_is_one(c) &&
           layout_of(c) == LAYOUT_FRAMES;
}

static bool heeds(const ExportChoice *c, Heed what) {
    return export_heeds(format_of(c), what);
}

bool export_row_applies(const ExportChoice *c, ExportSetting row) {
    bool several = heeds(c, HEED_STEPS) && !export_is_one(c);
    bool sized = heeds(c, HEED_SIZE);
    switch (row) {
    case SET_STEPS: return heeds(c, HEED_STEPS);
    case SET_FROM:
    case SET_TO: return several && c->pick[SET_STEPS] == STEPS_RANGE;
    case SET_BY: return several;
    case SET_LAYOUT: return export_formats[format_of(c)].layouts != 1u << LAYOUT_FRAMES;
    case SET_PER_PAGE: return layout_of(c) == LAYOUT_SHEET || layout_of(c) == LAYOUT_HANDOUT;
    case SET_PANELS: return heeds(c, HEED_PANELS);
    case SET_SIZE: return sized;
    case SET_PIXELS: return sized && c->pick[SET_SIZE] == SIZE_PIXELS;
    case SET_WIDTH:
    case SET_FONT: return sized && c->pick[SET_SIZE] == SIZE_FIGURE;
    case SET_SCALE: return heeds(c, HEED_SCALE);
    case SET_THEME: return heeds(c, HEED_THEME);
    case SET_LANG: return heeds(c, HEED_LANG);
    case SET_DETAILS: return heeds(c, HEED_CAPTION) || heeds(c, HEED_GROUND);
    case SET_SUBTITLES:
    case SET_HOLD: return heeds(c, HEED_FILM);
    case SET_FPS: return heeds(c, HEED_FILM) && !(c->pick[SET_DETAILS] & 1 << DETAIL_STILL);
    case SET_FORMAT:
    case SET_FOLDER:
    case SET_NAME:
    case SET_COUNT: break;
    }
    return row < SET_COUNT;
}

bool export_word_applies(const ExportChoice *c, ExportSetting row, int k) {
    static const Heed details[DETAIL_COUNT] = {[DETAIL_CAPTION] = HEED_CAPTION,
                                               [DETAIL_GROUND] = HEED_GROUND,
                                               [DETAIL_OUTLINES] = HEED_OUTLINES,
                                               [DETAIL_LEGEND] = HEED_CAPTION,
                                               [DETAIL_STILL] = HEED_FILM};
    if (k < 0 || k >= export_rows[row].n) return false;
    if (row == SET_LAYOUT) return export_formats[format_of(c)].layouts & 1u << k;
    return row != SET_DETAILS || heeds(c, details[k]);
}

bool export_is_picked(const ExportChoice *c, ExportSetting row, int k) {
    if (row == SET_LAYOUT) return (int)layout_of(c) == k;
    if (export_rows[row].kind == ROW_PICK) return c->pick[row] == k;
    if (row == SET_PANELS) return k == 0 ? c->pick[row] == 0 : c->pick[row] & 1 << (k - 1);
    return c->pick[row] & 1 << k;
}

void export_pick(ExportChoice *c, ExportSetting row, int k) {
    if (!export_word_applies(c, row, k)) return;
    c->used = true;
    if (export_rows[row].kind == ROW_PICK)
        c->pick[row] = k;
    else if (row == SET_PANELS)
        c->pick[row] = k == 0 ? 0 : c->pick[row] ^ 1 << (k - 1);
    else
        c->pick[row] ^= 1 << k;
}

const char *export_said(ExportSetting row, int k, Lang lang) {
    const ExportRow *r = &export_rows[row];
    const char *said = r->said ? r->said[k][lang] : NULL;
    return said ? said : r->word(k);
}

char *export_text(ExportChoice *c, ExportSetting row, size_t *size) {
    *size = row == SET_FOLDER || row == SET_NAME ? CHOICE_PATH_BYTES : CHOICE_BYTES;
    return row == SET_FOLDER ? c->folder : row == SET_NAME ? c->name : c->field[row];
}

ExportSetting export_row_find(const char *id) {
    int row = 0;
    while (row < SET_COUNT && strcmp(export_rows[row].id, id) != 0) row++;
    return (ExportSetting)row;
}

int export_word_find(ExportSetting row, const char *word) {
    for (int k = 0; k < export_rows[row].n; k++)
        if (strcmp(export_rows[row].word(k), word) == 0) return k;
    return -1;
}
