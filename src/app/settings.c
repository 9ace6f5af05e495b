// Settings as JSON. A file that is not exactly what we write (bad JSON, wrong types, unknown words,
// numbers out of range) is set aside under another name and said so: nothing of the user's is lost,
// and a bad file never stops the program. Unknown keys are left alone: a newer program wrote them.
#include "app/settings.h"

#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "core/address.h"
#include "files/write.h"
#include "view/theme.h"

enum { MAX_BYTES = 1 << 16, LEAST_SIDE = 200, MOST_SIDE = 16384 };

Settings settings_default(void) {
    return (Settings){.grain = GRAIN_OPERATION,
                      .speed = SPEED_DEFAULT,
                      .motion = true,
                      .theme = THEME_LIGHT,
                      .lang = LANG_EN,
                      .zoom = ZOOM_DEFAULT,
                      .width = 1280,
                      .height = 800,
                      .export = export_choice_new()};
}

const char *config_file(Arena *a, const char *name) {
    const char *config = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");
    // a relative XDG_CONFIG_HOME is to be ignored, says its specification
    if (config && config[0] == '/') return arena_printf(a, "%s/%s", config, name);
    if (home && home[0] == '/') return arena_printf(a, "%s/.config/%s", home, name);
    return NULL;
}

const char *settings_path(Arena *a) {
    return config_file(a, "gatewalk/settings.json");
}

// Does the desktop want motion? Those that let one turn it off say so to GTK's programs in a file.
static bool desktop_moves(Arena *a) {
    static const char key[] = "gtk-enable-animations";
    static const char *const names[] = {"gtk-4.0/settings.ini", "gtk-3.0/settings.ini"};
    for (int k = 0; k < 2; k++) {
        const char *path = config_file(a, names[k]);
        Diags unread = diags_new(a);
        const Source *file = path ? source_read(a, path, MAX_BYTES, &unread) : NULL;
        const char *line = file ? strstr(file->text, key) : NULL;
        if (!line) continue;
        const char *value = line + strlen(key);
        value += strspn(value, " =");
        return *value != '0' && *value != 'f' && *value != 'F';
    }
    return true;
}

// Each reads one key if it is there; false if it is there and wrong.

static bool read_text(const json_t *root, const char *key, char *into, size_t size) {
    const json_t *v = json_object_get(root, key);
    if (!v) return true;
    if (!json_is_string(v) || json_string_length(v) >= size) return false;
    state_put(into, size, json_string_value(v));
    return true;
}

static bool read_int(const json_t *root, const char *key, int low, int high, int *into) {
    const json_t *v = json_object_get(root, key);
    if (!v) return true;
    if (!json_is_integer(v)) return false;
    json_int_t i = json_integer_value(v);
    if (i < low || i > high) return false;
    *into = (int)i;
    return true;
}

static bool read_bool(const json_t *root, const char *key, bool *into) {
    const json_t *v = json_object_get(root, key);
    if (v) *into = json_is_true(v);
    return !v || json_is_boolean(v);
}

static bool read_word(const json_t *root, const char *key, const char *const *words, int n,
                      int *into) {
    const json_t *v = json_object_get(root, key);
    if (!v) return true;
    for (int i = 0; json_is_string(v) && i < n; i++) {
        if (strcmp(json_string_value(v), words[i]) != 0) continue;
        *into = i;
        return true;
    }
    return false;
}

static bool read_zoom(const json_t *root, int *into) {
    const json_t *v = json_object_get(root, "scale");
    if (!v) return true;
    for (int i = 0; json_is_integer(v) && i < ZOOM_COUNT; i++) {
        if (json_integer_value(v) != zoom_percents[i]) continue;
        *into = i;
        return true;
    }
    return false;
}

static bool read_all(const json_t *root, Settings *s) {
    int grain = (int)s->grain, theme = (int)s->theme, lang = (int)s->lang;
    bool ok = json_is_object(root) && read_text(root, "lesson", s->lesson, sizeof s->lesson) &&
              read_text(root, "at", s->address, sizeof s->address) &&
              read_int(root, "scene", 0, 1 << 20, &s->scene) &&
              read_word(root, "step_by", grain_names, GRAIN_COUNT, &grain) &&
              read_int(root, "speed", 0, SPEED_COUNT - 1, &s->speed) &&
              read_bool(root, "motion", &s->motion) &&
              read_word(root, "theme", theme_names, THEME_COUNT, &theme) &&
              read_word(root, "language", lang_names, LANG_COUNT, &lang) &&
              read_zoom(root, &s->zoom) &&
              read_int(root, "width", LEAST_SIDE, MOST_SIDE, &s->width) &&
              read_int(root, "height", LEAST_SIDE, MOST_SIDE, &s->height);
    s->grain = (Grain)grain;
    s->theme = (ThemeKind)theme;
    s->lang = (Lang)lang;
    return ok;
}

// ---- the export dialog's choices: an object with a word or a text a row

// Words are joined by commas where several are chosen.
static void read_words(ExportChoice *c, ExportSetting row, const char *text) {
    while (*text) {
        char word[32];
        size_t n = strcspn(text, ",");
        snprintf(word, sizeof word, "%.*s", (int)(n < 31 ? n : 31), text);
        int k = export_word_find(row, word);
        if (k >= 0 && !export_is_picked(c, row, k)) export_pick(c, row, k);
        text += n + (text[n] == ',');
    }
}

// What is not there, or not understood, stays as it is at a first start: a choice is made anew in
// a moment, and is no reason to lose the other settings.
static void read_export(const json_t *root, ExportChoice *c) {
    const json_t *object = json_object_get(root, "export");
    for (int row = 0; row < SET_COUNT; row++) {
        const json_t *v = json_object_get(object, export_rows[row].id);
        size_t size;
        char *text = export_text(c, (ExportSetting)row, &size);
        if (!export_rows[row].kept || !json_is_string(v)) continue;
        if (export_rows[row].kind != ROW_FIELD)
            read_words(c, (ExportSetting)row, json_string_value(v));
        else if (json_string_length(v) < size)
            state_put(text, size, json_string_value(v));
    }
}

static json_t *write_words(Arena *a, const ExportChoice *c, ExportSetting row) {
    Buf out = buf_new(a);
    for (int k = 0; k < export_rows[row].n; k++)
        if (export_is_picked(c, row, k))
            buf_printf(&out, "%s%s", out.len ? "," : "", export_rows[row].word(k));
    return json_string(buf_str(&out));
}

static json_t *write_export(Arena *a, const ExportChoice *choice) {
    json_t *object = json_object();
    ExportChoice c = *choice;
    for (int row = 0; row < SET_COUNT; row++) {
        const ExportRow *r = &export_rows[row];
        size_t size;
        const char *text = export_text(&c, (ExportSetting)row, &size);
        if (c.used && r->kept && (r->kind != ROW_FIELD || *text))
            json_object_set_new(object, r->id,
                                r->kind == ROW_FIELD ? json_string(text)
                                                     : write_words(a, &c, (ExportSetting)row));
    }
    return object;
}

static const char *set_aside(Arena *a, const char *path) {
    const char *damaged = arena_printf(a, "%s.damaged", path);
    if (rename(path, damaged) == 0)
        return arena_printf(a, "The settings were damaged; they are kept as %s", damaged);
    return arena_printf(a, "The settings in %s are damaged and cannot be moved: %s", path,
                        strerror(errno));
}

Settings settings_load(Arena *a, const char *path, const char **message) {
    struct stat st;
    *message = NULL;
    Settings first = settings_default();
    first.motion = desktop_moves(a);
    if (!path || stat(path, &st) != 0) return first;
    Diags mistakes = diags_new(a);
    const Source *file = source_read(a, path, MAX_BYTES, &mistakes);
    json_t *root = file ? json_loadb(file->text, file->len, JSON_REJECT_DUPLICATES, NULL) : NULL;
    Settings s = first;
    bool ok = root && read_all(root, &s);
    if (ok) read_export(root, &s.export);
    json_decref(root);
    if (ok) return s;
    *message = set_aside(a, path);
    return settings_default();
}

// Makes the folders above a file, one by one.
static bool make_folders(Arena *a, const char *path, const char **why) {
    for (const char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        const char *folder = arena_copy(a, path, (size_t)(slash - path));
        if (!write_folder(a, folder, why)) return false;
    }
    return true;
}

bool settings_save(Arena *a, const char *path, const Settings *s, const char **why) {
    *why = "there is no home folder for settings";
    if (!path || !make_folders(a, path, why)) return false;
    json_t *root = json_pack("{s:i, s:s, s:s, s:i, s:s, s:i, s:b, s:s, s:s, s:i, s:i, s:i, s:o}",
                             "version", 1, "lesson", s->lesson, "at", s->address, "scene", s->scene,
                             "step_by", grain_names[s->grain], "speed", s->speed, "motion",
                             s->motion, "theme", theme_names[s->theme], "language",
                             lang_names[s->lang], "scale", zoom_percents[s->zoom], "width",
                             s->width, "height", s->height, "export", write_export(a, &s->export));
    *why = "the settings hold a path that is not UTF-8";
    if (!root) return false;
    Buf text = buf_new(a);
    size_t size = json_dumpb(root, NULL, 0, JSON_INDENT(2));
    char *bytes = arena_alloc(a, size + 1, 1);
    json_dumpb(root, bytes, size, JSON_INDENT(2));
    json_decref(root);
    buf_put(&text, bytes, size);
    buf_puts(&text, "\n");
    return write_file(a, path, text.data, text.len, why);
}
