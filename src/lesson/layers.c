// The layers of `model`, and those of `model.decoder`. cell, hidden, layers and sizes each say
// something about a stack, as one value for all layers or as a list with one each. A bidirectional
// layer becomes two entries, the half that reads forward first.
#include <string.h>

#include "lesson/reading.h"

/// How many layers an item speaks of: its length if it is a list, else 1.
static int layers_of(const Item *item) {
    return item && item->kind == ITEM_LIST ? item->n : 1;
}

static const Item *layer_item(const Item *item, int layer) {
    return item && item->kind == ITEM_LIST ? item->items[layer] : item;
}

/// The number of layers that cell, hidden, sizes and layers agree on, `otherwise` if they say none;
/// 0 with mistakes. `path` is how messages call the map.
static int agree(Reading *r, const Item *map, const char *path, int otherwise) {
    static const char *const keys[] = {"cell", "hidden", "sizes"};
    int stack = schema_whole(map, "layers", 1, LESSON_MAX_LAYERS, 0);
    const char *who = arena_printf(r->arena, "%s.layers", path);
    bool fine = true;
    for (int i = 0; i < 3; i++) {
        const Item *item = item_get(map, keys[i]);
        if (!item || item->kind != ITEM_LIST) continue;
        if (item->n == 0 || item->n > LESSON_MAX_LAYERS)
            fine = READING_ERROR(r, item, "%s.%s must list 1 to %d layers", path, keys[i],
                                 LESSON_MAX_LAYERS);
        else if (stack && item->n != stack)
            fine = READING_ERROR(r, item, "%s.%s lists %d layers, but %s says %d", path, keys[i],
                                 item->n, who, stack);
        else if (!stack) {
            stack = item->n;
            who = arena_printf(r->arena, "%s.%s", path, keys[i]);
        }
    }
    return !fine ? 0 : stack ? stack : otherwise;
}

enum { HIDDEN_OTHERWISE = 4 };

static bool read_hidden(Reading *r, const Item *item, const char *path, int *out) {
    int64_t value = HIDDEN_OTHERWISE;
    *out = HIDDEN_OTHERWISE;
    if (!item) return true;
    NumberResult got = item_whole(item, &value);
    if (got == NUMBER_NONE || (got == NUMBER_FINE && value < 1))
        return READING_ERROR(r, item, "%s.hidden must be a whole number of at least 1%s%s", path,
                             item->kind == ITEM_TEXT ? ", not " : "",
                             item->kind == ITEM_TEXT ? item->text : "");
    double rows = (double)value;
    if (got == NUMBER_TOO_LARGE) item_number(item, &rows);
    if (rows > LESSON_MAX_HIDDEN) {
        return READING_ERROR(r, item,
                             "too large for memory: one matrix of hidden x hidden alone needs %s; "
                             "at most %d GiB are used for a lesson, and hidden is at most %d",
                             memory_words(r->arena, rows * rows * sizeof(double)), TRACE_MAX_GIB,
                             LESSON_MAX_HIDDEN);
    }
    *out = (int)value;
    return true;
}

/// The named sizes of a cell: `size` lines of names that no equation assigns.
static const char *const *named_sizes(Arena *a, const CellAst *cell) {
    const char **names = ARENA_ARRAY(a, const char *, cell->n_sizes + 1);
    int n = 0;
    for (int i = 0; i < cell->n_sizes; i++) {
        bool assigned = false;
        for (int k = 0; k < cell->n_equations; k++)
            assigned |= strcmp(cell->equations[k].name, cell->sizes[i].name) == 0;
        if (!assigned) names[n++] = cell->sizes[i].name;
    }
    return names;
}

static bool unknown_size(Reading *r, const Item *key, const CellAst *cell,
                         const char *const *names) {
    if (!names[0])
        return READING_ERROR(r, key, "the cell %s has no named size that could be set", cell->name);
    return schema_unknown_word(r->arena, r->source, key->span, "a size of this cell", key->text,
                               names, r->diags);
}

static bool read_sizes(Reading *r, const Item *map, const char *path, LayerSpec *layer) {
    if (!map || (map->kind == ITEM_TEXT && item_is_null(map))) return true;
    if (map->kind != ITEM_MAP)
        return READING_ERROR(r, map,
                             "%s.sizes must be a map such as {proj: 3}, or a list of such maps, "
                             "one for each layer",
                             path);
    if (!layer->cell) return false;
    const char *const *names = named_sizes(r->arena, layer->cell);
    const char **keys = ARENA_ARRAY(r->arena, const char *, map->n + 1);
    int *values = ARENA_ARRAY(r->arena, int, map->n + 1);
    bool fine = true;
    for (int i = 0; i < map->n; i++) {
        int64_t value = 0;
        if (schema_find(names, map->keys[i]->text) < 0)
            fine = unknown_size(r, map->keys[i], layer->cell, names);
        else if (item_whole(map->items[i], &value) != NUMBER_FINE || value < 1 ||
                 value > LESSON_MAX_HIDDEN)
            fine = READING_ERROR(r, map->items[i], "a size must be a whole number from 1 to %d",
                                 LESSON_MAX_HIDDEN);
        keys[layer->n_sizes] = map->keys[i]->text;
        values[layer->n_sizes++] = (int)value;
    }
    layer->size_names = keys;
    layer->size_values = values;
    return fine;
}

/// Layer i, from 0, of a map; what the map does not say is as in `like`.
static bool read_layer(Reading *r, const Item *map, const char *path, int i, LayerSpec like,
                       LayerSpec *out) {
    const Item *cell = item_get(map, "cell"), *hidden = item_get(map, "hidden");
    const Item *sizes = item_get(map, "sizes");
    bool fine = true;
    *out = like;
    out->layer = i + 1;
    if (cell) out->cell = cell_load(r, layer_item(cell, i));
    if (cell || sizes) out->n_sizes = 0;
    // one value for all layers is told of once
    if (hidden && i > 0 && layers_of(hidden) == 1)
        out->hidden = out[-1].hidden;
    else if (hidden)
        fine = read_hidden(r, layer_item(hidden, i), path, &out->hidden);
    return read_sizes(r, layer_item(sizes, i), path, out) && fine && out->cell;
}

static bool read_encoder(Reading *r, const Item *model, int stack, LayerSpec *layers) {
    const char *direction = schema_text(model, "direction", "forward");
    bool both = strcmp(direction, "bidirectional") == 0, fine = true;
    LayerSpec like = {.hidden = HIDDEN_OTHERWISE, .backward = strcmp(direction, "backward") == 0};
    for (int i = 0; i < stack; i++) fine &= read_layer(r, model, "model", i, like, &layers[i]);
    for (int i = 0; i < stack; i++) {
        r->layers[r->n_layers++] = layers[i];
        if (!both) continue;
        LayerSpec *reverse = &r->layers[r->n_layers++];
        *reverse = layers[i];
        reverse->backward = reverse->reverse = true;
    }
    return fine;
}

/// `model.decoder`: what it does not say is as in the encoder, layer by layer.
static bool read_decoder(Reading *r, const Item *model, const LayerSpec *encoder, int stack) {
    const Item *map = item_get(model, "decoder"), *direction = item_get(model, "direction");
    if (!map || map->kind != ITEM_MAP) return !map;
    r->decodes = true;
    int layers = agree(r, map, "model.decoder", stack);
    bool fine = layers > 0;
    if (direction && strcmp(schema_text(model, "direction", "forward"), "forward") != 0)
        fine = READING_ERROR(r, direction,
                             "with a decoder all layers read forward: the decoder begins with the "
                             "encoder's last state, and a layer that reads backward ends at the "
                             "first timestep");
    for (int i = 0; i < layers; i++) {
        LayerSpec like = encoder[i < stack ? i : stack - 1];
        like.decoder = true;
        fine &= read_layer(r, map, "model.decoder", i, like, &r->layers[r->n_layers]);
        r->n_layers++;
    }
    return fine;
}

bool layers_read(Reading *r, const Item *model) {
    int stack = agree(r, model, "model", 1);
    const Item *cell = item_get(model, "cell");
    // still look for mistakes in the cells themselves
    for (int i = 0; stack == 0 && i < layers_of(cell) && i < LESSON_MAX_LAYERS; i++)
        if (cell) cell_load(r, layer_item(cell, i));
    if (stack == 0) return false;
    LayerSpec *encoder = ARENA_ARRAY(r->arena, LayerSpec, stack);
    r->layers = ARENA_ARRAY(r->arena, LayerSpec, 3 * LESSON_MAX_LAYERS);
    bool fine = read_encoder(r, model, stack, encoder);
    return read_decoder(r, model, encoder, stack) && fine;
}
