// The export dialog as shapes: a line for each row that applies on the left, the first picture on
// the right, below them where it goes, what can be copied, and the buttons. The rows are those of
// app/export_choice.c; here is only how they stand.
#include <math.h>
#include <string.h>

#include "app/chrome.h"
#include "app/export_preview.h"

enum {
    PAD = 28,
    HEAD = 62,
    CHIP = 24,
    STEP = 29, // from line to line
    GAP = 5,
    LABEL = 86, // column of the rows' names
    FOOT = 132,
    BUTTON = 32,
    SQUARE = 10 // of the ground that shows through
};

/// Where the next word of a row goes.
typedef struct {
    const Chrome *c;
    double left, right; // of the words
    double x, y;
    bool inert; // an export runs, or something is asked
} Flow;

static TextStyle word_style(void) {
    return chrome_style(13, WEIGHT_MEDIUM);
}

static void flow_break(Flow *f) {
    f->x = f->left;
    f->y += STEP;
}

// Room for something so wide: on this line, or else the next.
static Box flow_box(Flow *f, double width) {
    if (f->x > f->left && f->x + width > f->right) flow_break(f);
    Box b = {f->x, f->y, width, CHIP};
    f->x += width + GAP;
    return b;
}

static void flow_text(Flow *f, const char *text) {
    if (!text || !*text) return;
    Box b = flow_box(f, scene_text_width(f->c->scene, text, word_style()) + GAP);
    scene_text(f->c->scene, b.x + GAP, chrome_baseline(b, 13), text, word_style(), ALIGN_LEFT,
               ink(ROLE_MUTED), NO_REF);
}

static void put_words(Flow *f, ExportSetting row) {
    const Chrome *c = f->c;
    const ExportChoice *choice = &c->state->export;
    const ExportRow *r = &export_rows[row];
    for (int k = 0; k < r->n; k++) {
        if (!export_word_applies(choice, row, k)) continue;
        const char *word = export_said(row, k, c->state->lang);
        bool picked = export_is_picked(choice, row, k);
        TextStyle style = chrome_style(13, picked ? WEIGHT_BOLD : WEIGHT_MEDIUM);
        Box b = flow_box(f, scene_text_width(c->scene, word, style) + 20);
        Ref ref = f->inert ? NO_REF : ref_control_with(ACT_EXPORT_PICK, (int)row, k);
        const char *label = arena_printf(c->scene->arena, "%s: %s", r->label[c->state->lang], word);
        chrome_chip(c, b, word, picked, ROLE_ACCENT, ref, label);
    }
}

// A field of the dialog; empty, it shows what it stands for.
static void put_field(const Chrome *c, Box b, ExportSetting row, const char *usual, bool inert) {
    ExportChoice choice = c->state->export;
    size_t size;
    const char *text = export_text(&choice, row, &size);
    bool typing = state_typing(c->state) && state_setting(c->state->key_focus) == row;
    chrome_field(c, b, FIELD_SIZE, text, typing ? &c->state->edit : NULL, usual,
                 inert ? NO_REF : ref_control(ACT_EXPORT_FIELD, (int)row));
}

static double word_width(const Flow *f, const char *word) {
    return word && *word ? scene_text_width(f->c->scene, word, word_style()) + 20 + GAP : 0;
}

// Of a row that goes on beside another, so that its words stay together.
static double row_width(const Flow *f, ExportSetting row) {
    const ExportRow *r = &export_rows[row];
    Lang lang = f->c->state->lang;
    double width = r->wide + word_width(f, r->label[lang]) + word_width(f, r->after[lang]);
    for (int k = 0; k < r->n; k++) width += word_width(f, export_said(row, k, lang));
    return width;
}

static void put_row(Flow *f, ExportSetting row) {
    const Chrome *c = f->c;
    const ExportRow *r = &export_rows[row];
    Lang lang = c->state->lang;
    if (!export_row_applies(&c->state->export, r->beside)) {
        if (row != 0) flow_break(f);
        scene_text(c->scene, f->left - LABEL, f->y + CHIP / 2.0 + 4.7, r->label[lang],
                   chrome_style(13, WEIGHT_BOLD), ALIGN_LEFT, ink(ROLE_TEXT), NO_REF);
    } else {
        if (f->x > f->left && f->x + row_width(f, row) > f->right) flow_break(f);
        if (f->x > f->left) f->x += GAP;
        flow_text(f, r->label[lang]);
    }
    if (r->kind == ROW_FIELD) {
        put_field(c, flow_box(f, r->wide), row, r->usual[lang], f->inert);
        flow_text(f, r->after[lang]);
    } else {
        put_words(f, row);
    }
}

// ---- the first picture

static void put_squares(const Chrome *c, Box b) {
    for (double y = 0; y < b.h; y += SQUARE)
        for (double x = 0; x < b.w; x += SQUARE) {
            bool dark = ((int)(x / SQUARE) + (int)(y / SQUARE)) % 2;
            Box square = {b.x + x, b.y + y, fmin(SQUARE, b.w - x), fmin(SQUARE, b.h - y)};
            if (dark) scene_box(c->scene, square, 0, ink(ROLE_LINE), NO_INK, 0, NO_REF);
        }
}

static void put_text_lines(const Chrome *c, Box b, const char *text) {
    enum { LEADING = 16, MOST_BYTES = 160 };
    TextStyle mono = {.family = FONT_MONO, .weight = WEIGHT_REGULAR, .size = 11};
    scene_box(c->scene, b, 6, ink(ROLE_GROUND), ink(ROLE_LINE), 1, NO_REF);
    for (double y = b.y + 20; *text && y < b.y + b.h - 6; y += LEADING) {
        size_t n = strcspn(text, "\n"), shown = n < MOST_BYTES ? n : MOST_BYTES;
        while (shown > 0 && shown < n && ((unsigned char)text[shown] & 0xC0) == 0x80) shown--;
        const char *line = arena_copy(c->scene->arena, text, shown);
        scene_text(c->scene, b.x + 10, y, chrome_fit(c, line, mono, b.w - 20), mono, ALIGN_LEFT,
                   ink(ROLE_TEXT), NO_REF);
        text += n + (text[n] == '\n');
    }
}

// Lines of plain text; returns where they end.
static double put_lines(const Chrome *c, Box b, const char *text, Role role, int most) {
    enum { MOST = 6 };
    const char *lines[MOST];
    TextStyle style = chrome_style(12.5, WEIGHT_REGULAR);
    int n = chrome_wrap(c, text, style, b.w, lines, most < MOST ? most : MOST);
    for (int i = 0; i < n; i++)
        scene_text(c->scene, b.x, b.y + 13 + i * 17, lines[i], style, ALIGN_LEFT, ink(role),
                   NO_REF);
    return b.y + n * 17;
}

// What the export will be, in a line.
static const char *amount(const Chrome *c) {
    const ExportPreview *p = c->world->preview;
    const ExportFormat *format = &export_formats[p->export.format];
    bool steps = export_heeds(p->export.format, HEED_STEPS), paged = p->export.format == FORMAT_PDF;
    Buf out = buf_new(c->scene->arena);
    const char *one = paged           ? chrome_say(c, "One page", "一页")
                      : format->draws ? chrome_say(c, "One picture", "一张图")
                                      : chrome_say(c, "One step", "一步");
    const char *many = paged           ? chrome_say(c, "%d pages", "%d 页")
                       : format->draws ? chrome_say(c, "%d pictures", "%d 张图")
                                       : chrome_say(c, "%d steps", "%d 步");
    if (p->export.layout != LAYOUT_FRAMES && p->export.layout != LAYOUT_SLIDES) {
        one = chrome_say(c, "One step", "一步"); // some of them share a page
        many = chrome_say(c, "%d steps", "%d 步");
    }
    const char *all =
        c->world->lesson->trained
            ? chrome_say(c, "All values and gradients, after training", "训练后的全部数值与梯度")
            : chrome_say(c, "All values and gradients", "全部数值与梯度");
    buf_printf(&out, steps ? p->frames == 1 ? one : many : all, p->frames);
    if (p->width > 0)
        buf_printf(&out, chrome_say(c, ", %.0f × %.0f pixels", "，%.0f × %.0f 像素"), p->width,
                   p->height);
    if (p->seconds > 0)
        buf_printf(&out, chrome_say(c, ", %d min %02d s", "，%d 分 %02d 秒"), (int)p->seconds / 60,
                   (int)p->seconds % 60);
    return buf_str(&out);
}

static void put_preview(const Chrome *c, Box b) {
    enum { TEXT = 36 };
    const ExportPreview *p = c->world->preview;
    Box text = box_cut_bottom(&b, TEXT);
    if (!p->ok) {
        scene_box(c->scene, b, 6, NO_INK, ink(ROLE_LINE), 1, NO_REF);
        put_lines(c, box_inset(b, 16, 16), p->why, ROLE_WARN, 6);
        return;
    }
    if (!p->has_picture) {
        put_lines(c, text, amount(c), ROLE_MUTED, 2);
        put_text_lines(c, b, p->beginning ? p->beginning : "");
        return;
    }
    double scale = fmin(b.w / p->page.width, b.h / p->page.height);
    double w = p->page.width * scale, h = p->page.height * scale;
    Box box = {b.x + (b.w - w) / 2, b.y + 1, w, h};
    *c->preview_box = box;
    if (p->look.transparent) put_squares(c, box);
    scene_box(c->scene, box_inset(box, -1, -1), 0, NO_INK, ink(ROLE_LINE), 1, NO_REF);
    text.y = box.y + h + 8;
    put_lines(c, text, amount(c), ROLE_MUTED, 2);
}

// ---- where it goes, and what can be copied

static void put_place(const Chrome *c, Box row, bool inert) {
    const AppState *s = c->state;
    Arena *a = c->scene->arena;
    TextStyle bold = chrome_style(13, WEIGHT_BOLD);
    const char *after =
        export_is_folder(&s->export)
            ? chrome_say(c, "a folder", "（文件夹）")
            : arena_printf(a, ".%s", export_rows[SET_FORMAT].word(s->export.pick[SET_FORMAT]));
    scene_text(c->scene, row.x, chrome_baseline(row, 13), export_rows[SET_FOLDER].label[s->lang],
               bold, ALIGN_LEFT, ink(ROLE_TEXT), NO_REF);
    box_cut_left(&row, LABEL);
    Box folder = box_cut_left(&row, row.w * 0.46);
    put_field(c, folder, SET_FOLDER, c->world->export_folder, inert);
    box_cut_left(&row, 16);
    scene_text(c->scene, row.x, chrome_baseline(row, 13), export_rows[SET_NAME].label[s->lang],
               bold, ALIGN_LEFT, ink(ROLE_TEXT), NO_REF);
    box_cut_left(&row, scene_text_width(c->scene, export_rows[SET_NAME].label[s->lang], bold) + 12);
    Box tail = box_cut_right(&row, scene_text_width(c->scene, after, word_style()) + 8);
    put_field(c, row, SET_NAME, export_task_name(a, s, c->world), inert);
    scene_text(c->scene, tail.x + 6, chrome_baseline(tail, 13), after, word_style(), ALIGN_LEFT,
               ink(ROLE_MUTED), NO_REF);
}

static void put_copies(const Chrome *c, Box row, bool inert) {
    static const struct {
        ActionKind kind;
        const char *word[LANG_COUNT];
    } copies[] = {
        {ACT_COPY_COMMAND, {"command line", "命令行"}},
        {ACT_COPY_PNG, {"picture (PNG)", "画面（PNG）"}},
        {ACT_COPY_SVG, {"picture (SVG)", "画面（SVG）"}},
        {ACT_COPY_ADDRESS, {"step's address", "步骤地址"}},
        {ACT_COPY_SYMBOLS, {"equation (LaTeX)", "方程（LaTeX）"}},
        {ACT_COPY_NUMBERS, {"with numbers", "带数字的方程"}},
    };
    scene_text(c->scene, row.x, chrome_baseline(row, 13), chrome_say(c, "Copy", "复制"),
               chrome_style(13, WEIGHT_BOLD), ALIGN_LEFT, ink(ROLE_TEXT), NO_REF);
    Flow f = {.c = c, .left = row.x + LABEL, .right = row.x + row.w, .y = row.y};
    f.x = f.left;
    for (size_t k = 0; k < sizeof copies / sizeof *copies; k++) {
        const char *word = copies[k].word[c->state->lang];
        bool can = c->world->preview->ok || copies[k].kind != ACT_COPY_COMMAND;
        Box b = flow_box(&f, scene_text_width(c->scene, word, word_style()) + 20);
        chrome_chip(c, b, word, false, ROLE_ACCENT,
                    inert || !can ? NO_REF : ref_control(copies[k].kind, -1), NULL);
    }
}

// ---- the last line

// A button at the right end of what is left of the row.
static void put_button(const Chrome *c, Box *row, const char *word, bool strong, ActionKind kind,
                       bool can) {
    TextStyle style = chrome_style(13, strong ? WEIGHT_BOLD : WEIGHT_MEDIUM);
    Box b = box_cut_right(row, fmax(96, scene_text_width(c->scene, word, style) + 36));
    chrome_chip(c, b, word, strong && can, ROLE_ACCENT, can ? ref_control(kind, -1) : NO_REF, NULL);
    box_cut_right(row, 10);
}

static void put_progress(const Chrome *c, Box row) {
    const ExportRun *run = &c->state->run;
    Arena *a = c->scene->arena;
    put_button(c, &row, chrome_say(c, "Stop", "停止"), false, ACT_EXPORT_STOP, !run->stopping);
    double share = run->all > 0 ? fmin(1, (double)run->done / run->all) : 0;
    double left = run->done > 0 ? run->seconds / run->done * (run->all - run->done) : 0;
    const char *text =
        run->stopping    ? chrome_say(c, "Stopping…", "正在停止…")
        : run->all == 0  ? chrome_say(c, "Beginning…", "正在开始…")
        : run->done == 0 ? arena_printf(a, chrome_say(c, "0 of %d", "0 / %d"), run->all)
        : left < 1
            ? arena_printf(a, chrome_say(c, "%d of %d", "%d / %d"), run->done, run->all)
            : arena_printf(a, chrome_say(c, "%d of %d, about %.0f s left", "%d / %d，约剩 %.0f 秒"),
                           run->done, run->all, left);
    box_cut_right(&row, 6);
    Box words = box_cut_left(&row, 210);
    scene_text(c->scene, words.x, chrome_baseline(words, 13), text, word_style(), ALIGN_LEFT,
               ink(ROLE_TEXT), NO_REF);
    Box bar = {row.x, row.y + row.h / 2 - 5, row.w, 10};
    scene_box(c->scene, bar, 5, ink(ROLE_SUNKEN), ink(ROLE_LINE), 1, NO_REF);
    if (share > 0)
        scene_box(c->scene, (Box){bar.x, bar.y, fmax(10, bar.w * share), 10}, 5, ink(ROLE_ACCENT),
                  NO_INK, 0, NO_REF);
}

static void put_message(const Chrome *c, Box row, const char *text, Role role) {
    put_lines(c, (Box){row.x, row.y - 2, row.w - 10, row.h}, text, role, 2);
}

static void put_last_line(const Chrome *c, Box row) {
    const AppState *s = c->state;
    Arena *a = c->scene->arena;
    if (s->run.running) {
        put_progress(c, row);
    } else if (s->ask_replace) {
        put_button(c, &row, chrome_say(c, "Keep it", "保留"), true, ACT_EXPORT_KEEP, true);
        put_button(c, &row, chrome_say(c, "Replace", "替换"), false, ACT_EXPORT_REPLACE, true);
        put_message(c, row,
                    arena_printf(a, chrome_say(c, "%s is there already.", "%s 已经存在。"),
                                 export_task_path(a, s, c->world)),
                    ROLE_WARN);
    } else {
        put_button(c, &row, chrome_say(c, "Export", "导出"), true, ACT_EXPORT_RUN,
                   c->world->preview->ok);
        put_button(c, &row, chrome_say(c, "Cancel", "取消"), false, ACT_ESCAPE, true);
        const char *missing = c->world->export_missing;
        if (s->export_error[0])
            put_message(c, row, s->export_error, ROLE_WARN);
        else if (missing)
            put_message(c, row,
                        arena_printf(a,
                                     chrome_say(c,
                                                "This needs the program %s, which is not installed "
                                                "(package %s).",
                                                "这需要程序 %s，它没有安装（软件包 %s）。"),
                                     missing, missing),
                        ROLE_WARN);
    }
}

Box chrome_export(const Chrome *c, Box area) {
    Box b = chrome_middle(area, fmin(area.w - 40, 1180), fmin(area.h - 32, 720));
    bool inert = !state_exporting(c->state);
    chrome_card(c, area, b, chrome_say(c, "Export", "导出"));
    if (!c->world->preview) return b;
    Box rest = {b.x + PAD, b.y + HEAD, b.w - 2 * PAD, b.h - HEAD - 20};
    Box foot = box_cut_bottom(&rest, FOOT);
    Box rows = box_cut_left(&rest, floor(rest.w * 0.6));
    box_cut_left(&rest, 24);
    Flow f = {
        .c = c, .left = rows.x + LABEL, .right = rows.x + rows.w, .y = rows.y, .inert = inert};
    f.x = f.left;
    for (int row = 0; row < SET_FOLDER; row++)
        if (export_row_applies(&c->state->export, (ExportSetting)row))
            put_row(&f, (ExportSetting)row);
    put_preview(c, rest);
    double y = foot.y;
    scene_line(c->scene, foot.x, y, foot.x + foot.w, y, ink(ROLE_LINE), 1, NO_REF);
    put_place(c, (Box){foot.x, y + 12, foot.w, 28}, inert);
    put_copies(c, (Box){foot.x, y + 52, foot.w, CHIP}, inert);
    put_last_line(c, (Box){foot.x, y + FOOT - BUTTON, foot.w, BUTTON});
    chrome_close(c, b,
                 c->state->run.running ? chrome_say(c, "Esc: stop", "Esc：停止")
                                       : chrome_say(c, "Esc: close", "Esc：关闭"));
    return b;
}
