// Directives against the run: addresses lead somewhere, names are names of the network, units are
// within their columns. Reasons come from core/address.c.
#include <stdlib.h>
#include <string.h>

#include "core/address.h"
#include "lesson/moment.h"
#include "lesson/reading.h"

typedef struct {
    Reading *reading;
    const Lesson *lesson;
    const Graph *graph; // where a directive opens: of a moment with dropout it has more names
} Check;

/// What `try` may set beside names of the network.
static const char *const settings[] = {"hidden", "layers", "cell",  "direction", "loss", "length",
                                       "seed",   "rate",   "steps", "batch",     "clip", NULL};

/// All that a directive may speak of, NULL-terminated.
static const char **collect_names(Arena *a, const Graph *g) {
    int n = 0;
    const char **names = ARENA_ARRAY(a, const char *, g->n_equations + g->n_params + 4);
    for (int i = 0; i < g->n_equations; i++) names[n++] = g->equations[i].full;
    for (int i = 0; i < g->n_params; i++) names[n++] = g->params[i].full;
    names[n++] = "x";
    names[n++] = "loss";
    return names;
}

/// Numbers in the value called `name`; 0 if there is none of that name.
static int size_of(const Graph *g, const char *name) {
    int equation = graph_find_equation(g, name), param = graph_find_param(g, name);
    if (equation >= 0) return dim_count(g->nodes[g->equations[equation].node].dim);
    if (param >= 0) return dim_count(g->params[param].dim);
    if (strcmp(name, "x") == 0) return dim_count(g->nodes[g->x].dim);
    return strcmp(name, "loss") == 0 ? 1 : 0;
}

/// A name with an index behind it, [2] or [t-1]: its parts. False if the brackets are wrong.
static bool split_index(Arena *a, const char *text, const char **name, const char **index) {
    const char *open = strchr(text, '[');
    size_t n = strlen(text);
    *index = NULL;
    *name = text;
    if (!open) return true;
    if (text[n - 1] != ']' || open == text) return false;
    *name = arena_copy(a, text, (size_t)(open - text));
    *index = arena_copy(a, open + 1, (size_t)(text + n - 1 - open - 1));
    return **index != '\0' && !strchr(*index, '[') && !strchr(*index, ']');
}

static bool is_lag(const char *index) {
    return strncmp(index, "t-", 2) == 0 && index[2] &&
           strspn(index + 2, "0123456789") == strlen(index + 2);
}

/// NAME, NAME[2], NAME[t-1]; gradients too: dNAME.
static bool check_name(const Check *c, const Item *item, const char *text) {
    Reading *r = c->reading;
    const Graph *g = c->graph;
    const char *name, *index;
    if (!split_index(r->arena, text, &name, &index))
        return READING_ERROR(r, item, "'%s' is no name: write f, f[2] or c[t-1]", text);
    int size = size_of(g, name);
    if (!size && name[0] == 'd') size = size_of(g, name + (name[1] == ' ' ? 2 : 1));
    if (!size) {
        const char *near = nearest_word(name, collect_names(r->arena, g));
        return READING_ERROR(r, item, "nothing is called '%s' in this network%s%s%s", name,
                             near ? "; did you mean '" : "", near ? near : "", near ? "'?" : "");
    }
    if (!index || is_lag(index)) return true;
    bool digits = strspn(index, "0123456789") == strlen(index) && strlen(index) < 9;
    int unit = digits ? atoi(index) : 0;
    if (unit < 1 || unit > size)
        return READING_ERROR(r, item, "%s has %d number%s, so its index is from 1 to %d, not %s",
                             name, size, size == 1 ? "" : "s", size, index);
    return true;
}

static bool check_address(const Check *c, const Item *item, const char *address, const Walk **walk,
                          Playhead *at) {
    const Reading *r = c->reading;
    const char *why = NULL, *rest;
    int moment, steps = r->train_steps < 0 ? c->lesson->train.steps : LESSON_MAX_OPTIMIZER_STEPS;
    if (address_moment(r->arena, address, &moment, &rest, &why) &&
        moment_is_there(r->arena, c->lesson, moment, steps, &why) &&
        (*walk = moment_walk(c->lesson, moment)) &&
        address_parse(r->arena, *walk, *rest ? rest : address, at, &why))
        return true;
    return READING_ERROR(c->reading, item, "%s", why ? why : "no such step");
}

/// What a scene opens with; the names in its focus are of that network.
static void check_step(Check *c, const Item *map) {
    const Item *at = item_get(map, "at"), *unit = item_get(map, "unit");
    Playhead p = {0};
    const Walk *walk;
    bool found =
        at && at->kind == ITEM_TEXT && *at->text && check_address(c, at, at->text, &walk, &p);
    int wanted = schema_whole(map, "unit", 1, INT32_MAX, 0);
    if (found) c->graph = walk_graph(walk);
    int units = found && p.at > 0 ? walk_units(walk, p.at - 1) : INT32_MAX;
    if (wanted > units)
        READING_ERROR(c->reading, unit, "the step %s has %d unit%s, so there is no unit %d",
                      at->text, units, units == 1 ? "" : "s", wanted);
}

/// Calls `check` for the texts of a key, one or a list.
static void each_text(const Check *c, const Item *map, const char *key,
                      void (*check)(const Check *, const Item *)) {
    const Item *item = item_get(map, key);
    if (!item) return;
    int n = item->kind == ITEM_LIST ? item->n : 1;
    for (int i = 0; i < n; i++) {
        const Item *one = item->kind == ITEM_LIST ? item->items[i] : item;
        if (one->kind == ITEM_TEXT && *one->text) check(c, one);
    }
}

static void check_focus(const Check *c, const Item *item) {
    check_name(c, item, item->text);
}

/// "f[2] at forward:3".
static void check_of(const Check *c, const Item *item) {
    Arena *a = c->reading->arena;
    const char *at = strstr(item->text, " at ");
    const char *name = at ? arena_copy(a, item->text, (size_t)(at - item->text)) : item->text;
    Playhead p;
    const Walk *walk;
    if (!check_name(c, item, name)) return;
    const char *address = at ? at + 4 + strspn(at + 4, " ") : NULL;
    if (address && *address == '@')
        READING_ERROR(c->reading, item,
                      "a question asks in the optimizer step that its scene's "
                      "step block opens: leave out '%.*s/'",
                      (int)strcspn(address, "/"), address);
    else if (address)
        check_address(c, item, address, &walk, &p);
}

/// "b_f = -2".
static void check_set(const Check *c, const Item *item) {
    const char *equals = strchr(item->text, '=');
    if (!equals) {
        READING_ERROR(c->reading, item, "write what to set as NAME = VALUE: b_f = -2");
        return;
    }
    size_t n = (size_t)(equals - item->text);
    while (n > 0 && item->text[n - 1] == ' ') n--;
    const char *name = arena_copy(c->reading->arena, item->text, n);
    const char *value = equals + 1 + strspn(equals + 1, " ");
    char *end;
    if (schema_find(settings, name) < 0) {
        check_name(c, item, name);
        strtod(value, &end);
        if (end == value || end[strspn(end, " ")])
            READING_ERROR(c->reading, item, "'%s' is no number to set %s to", value, name);
    } else if (!*value) {
        READING_ERROR(c->reading, item, "write what to set as NAME = VALUE: b_f = -2");
    }
}

void scenes_check(Reading *r, const Lesson *lesson) {
    Check c = {r, lesson, lesson->graph};
    for (int i = 0; i < r->n_directives; i++) {
        const Directive *d = &r->directives[i];
        c.graph = lesson->graph;
        if (d->kind == DIRECTIVE_STEP) check_step(&c, d->map);
        each_text(&c, d->map, "focus", check_focus);
        each_text(&c, d->map, "watch", check_focus);
        each_text(&c, d->map, "of", check_of);
        if (d->kind == DIRECTIVE_TRY) each_text(&c, d->map, "set", check_set);
    }
}
