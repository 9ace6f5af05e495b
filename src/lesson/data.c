// `data`: a task with its options, or the sequence spelled out. An entry of `inputs` or `targets`
// is a number if it is written as one and not quoted, else a symbol; which of the targets count
// follows from `loss_at`.
#include <math.h>
#include <string.h>

#include "lesson/data_file.h"

static const char *const source_keys[] = {"task", "inputs", "csv", "idx", "text", "npz", NULL};

// clang-format off
static const Field inline_fields[] = {
    {"inputs", .type = FIELD_ANY},
    {"targets", .type = FIELD_ANY},
    {"symbols", .type = FIELD_ANY},
    {"start", .type = FIELD_ANY},
    {"seed", FIELD_WHOLE, .hi = SEED_MAX},
    FEEDBACK_FIELDS,
    {.name = NULL},
};

static const Field all_fields[] = {
    {"task", .type = FIELD_ANY}, {"inputs", .type = FIELD_ANY}, {"csv", .type = FIELD_ANY},
    {"idx", .type = FIELD_ANY}, {"text", .type = FIELD_ANY}, {"npz", .type = FIELD_ANY}, {"targets", .type = FIELD_ANY},
    {"symbols", .type = FIELD_ANY}, {"start", .type = FIELD_ANY}, {"seed", .type = FIELD_ANY},
    {"length", .type = FIELD_ANY}, {"generate", .type = FIELD_ANY}, {"forcing", .type = FIELD_ANY},
    {.name = NULL},
};
// clang-format on

/// The word null: a symbol where it stands among symbols, whatever YAML makes of it.
static bool is_null_word(const Item *item) {
    return item->kind == ITEM_TEXT && strcmp(item->text, "null") == 0;
}

bool data_symbols(Reading *r, const Item *list) {
    if (list->kind != ITEM_LIST || list->n == 0)
        return READING_ERROR(r, list, "data.symbols must be a list such as [A, B, .]");
    if (list->n > LESSON_MAX_ROWS)
        return READING_ERROR(r, list, "%d symbols; at most %d can be used", list->n,
                             LESSON_MAX_ROWS);
    bool fine = true;
    for (int i = 0; i < list->n; i++) {
        const Item *item = list->items[i];
        if (item->kind != ITEM_TEXT || !*item->text)
            fine = READING_ERROR(r, item, "a symbol is one text, not a list, a map or nothing");
        else if (alphabet_find(r->arena, &r->data.alphabet, item->text, false) >= 0)
            fine = READING_ERROR(r, item, "the symbol '%s' stands twice", item->text);
        else
            alphabet_find(r->arena, &r->data.alphabet, item->text, true);
    }
    return fine;
}

static bool read_loss_list(Reading *r, const Item *list) {
    DataSpec *data = &r->data;
    int *places = ARENA_ARRAY(r->arena, int, list->n);
    bool fine = true;
    for (int i = 0; i < list->n; i++) {
        int64_t place = 0;
        const Item *item = list->items[i];
        if (item_whole(item, &place) != NUMBER_FINE || place < 1 || place > data->shortest) {
            fine = READING_ERROR(r, item, "model.loss_at lists timesteps, here from 1 to %d%s%s",
                                 data->shortest, item->kind == ITEM_TEXT ? ", not " : "",
                                 item->kind == ITEM_TEXT ? item->text : "");
            continue;
        }
        int at = data->n_loss_places++;
        for (; at > 0 && places[at - 1] > place; at--) places[at] = places[at - 1];
        places[at] = (int)place;
        if (at > 0 && places[at - 1] == place)
            fine = READING_ERROR(r, item, "timestep %d stands twice", (int)place);
    }
    data->loss_places = places;
    return fine;
}

enum { LOSS_LIST_MAX = 10000 }; // entries of loss_at; they are sorted as they come

static bool read_loss_at(Reading *r) {
    static const char *const words[] = {"last", "every", NULL};
    DataSpec *data = &r->data;
    const Item *item = item_get(item_get(r->root, "model"), "loss_at");
    bool applies = r->loss != LOSS_PROBE && r->loss != LOSS_NONE;
    data->loss_at = LOSS_AT_EVERY;
    if (!item && applies && r->decodes && feedback_loss_from(r)) {
        data->loss_at = LOSS_AT_FROM;
        data->loss_from = feedback_loss_from(r);
    } else if (!item)
        data->loss_at = applies && data->is_task && task_defs[data->task.kind].last ? LOSS_AT_LAST
                                                                                    : LOSS_AT_EVERY;
    else if (item->kind == ITEM_LIST && item->n > 0 && item->n <= LOSS_LIST_MAX) {
        if (applies) data->loss_at = LOSS_AT_LIST;
        return read_loss_list(r, item);
    } else if (item->kind != ITEM_TEXT)
        return READING_ERROR(r, item,
                             "model.loss_at must be last, every, or a list of 1 to %d timesteps",
                             LOSS_LIST_MAX);
    else if (schema_find(words, item->text) < 0)
        return schema_unknown_word(r->arena, r->source, item->span, "model.loss_at", item->text,
                                   words, r->diags);
    else if (applies && strcmp(item->text, "last") == 0)
        data->loss_at = LOSS_AT_LAST;
    return true;
}

bool data_has_loss(const Reading *r, int place, int steps) {
    const DataSpec *data = &r->data;
    if (data->loss_at == LOSS_AT_LAST) return place == steps;
    // what a decoder says is counted from the end
    if (data->loss_at == LOSS_AT_FROM) return place >= data->loss_from - (data->steps - steps);
    if (data->loss_at != LOSS_AT_LIST) return true;
    int low = 0, high = data->n_loss_places - 1; // sorted
    while (low < high) {
        int middle = low + (high - low) / 2;
        if (data->loss_places[middle] < place)
            low = middle + 1;
        else
            high = middle;
    }
    return data->n_loss_places > 0 && data->loss_places[low] == place;
}

static int count_losses(const DataSpec *data) {
    if (data->loss_at == LOSS_AT_LAST) return 1;
    if (data->loss_at == LOSS_AT_FROM) return data->steps - data->loss_from + 1;
    return data->loss_at == LOSS_AT_LIST ? data->n_loss_places : data->steps;
}

// ---- inputs ----

static bool is_symbol(const Item *item) {
    double number;
    return item->kind == ITEM_TEXT && !item_is_null(item) &&
           item_number(item, &number) == NUMBER_NONE;
}

/// Among symbols, what could also be a number is a symbol if the alphabet says so or if YAML 1.1
/// would not call it a number: 1e3 without a point.
static bool counts_as_symbol(Reading *r, const Item *item) {
    if (is_symbol(item)) return true;
    if (is_null_word(item)) return true;
    if (item->kind != ITEM_TEXT || item_is_null(item)) return false;
    if (alphabet_find(r->arena, &r->data.alphabet, item->text, false) >= 0) return true;
    return strpbrk(item->text, "eE") && !strchr(item->text, '.');
}

static int symbol_index(Reading *r, const Item *item, bool given) {
    if (!counts_as_symbol(r, item)) {
        if (item->kind == ITEM_TEXT && !item_is_null(item))
            READING_ERROR(r, item,
                          "%s is a number among symbols; a symbol that looks like a "
                          "number stands in quotes",
                          item->text);
        else
            READING_ERROR(r, item, "a symbol must stand here");
        return -1;
    }
    Alphabet *alphabet = &r->data.alphabet;
    int index = alphabet_find(r->arena, alphabet, item->text, !given);
    if (index >= LESSON_MAX_ROWS) {
        READING_ERROR(r, item, "more than %d different symbols", LESSON_MAX_ROWS);
        return -1;
    }
    if (index < 0)
        schema_unknown_word(r->arena, r->source, item->span, "a symbol", item->text,
                            alphabet->names, r->diags);
    return index;
}

static bool read_symbol_inputs(Reading *r, const Item *list, bool given) {
    r->data.symbols = ARENA_ARRAY(r->arena, int, list->n);
    bool fine = true;
    for (int i = 0; i < list->n; i++) {
        r->data.symbols[i] = symbol_index(r, list->items[i], given);
        if (r->data.symbols[i] >= 0) continue;
        r->data.symbols[i] = 0; // to go on with
        fine = false;
    }
    return fine;
}

static bool read_inputs(Reading *r, bool given) {
    DataSpec *data = &r->data;
    const Item *list = item_get(item_get(r->root, "data"), "inputs");
    data->place = list->span;
    if (list->kind != ITEM_LIST || list->n == 0)
        return READING_ERROR(r, list, "data.inputs must be a list with an entry for each timestep");
    data->steps = data->shortest = list->n;
    bool any = false;
    for (int i = 0; i < list->n; i++) any |= is_symbol(list->items[i]);
    bool rows = list->items[0]->kind == ITEM_LIST;
    if (any && !rows) return read_symbol_inputs(r, list, given);
    Numbers numbers;
    bool fine = numbers_read(r, list, "data.inputs", &numbers);
    data->inputs = numbers.at;
    data->input = numbers.nested ? numbers.cols : numbers.n ? 1 : 0;
    return fine;
}

// ---- targets ----

/// No target: `~`, nothing, or the word null where it is no symbol.
static bool is_missing(Reading *r, const Item *item) {
    if (!item_is_null(item)) return false;
    return !is_null_word(item) || alphabet_find(r->arena, &r->data.alphabet, item->text, false) < 0;
}

/// Puts the entry that stands at each timestep into data->entries.
static bool place_targets(Reading *r, const Item *list) {
    DataSpec *data = &r->data;
    int losses = count_losses(data), next = 0;
    const Item **entries = data->entries;
    if (list->n != data->steps && list->n != losses && r->loss != LOSS_NONE) {
        if (losses == data->steps)
            return READING_ERROR(r, list, "data.targets has %d %s, and there are %d timestep%s",
                                 list->n, list->n == 1 ? "entry" : "entries", data->steps,
                                 data->steps == 1 ? "" : "s");
        return READING_ERROR(r, list,
                             "data.targets has %d %s; it must have %d, one for each timestep, "
                             "or %d, one for each timestep with a loss",
                             list->n, list->n == 1 ? "entry" : "entries", data->steps, losses);
    }
    bool fine = true;
    for (int t = 0; t < data->steps; t++) {
        if (!data_has_loss(r, t + 1, data->steps)) continue;
        int at = list->n == data->steps ? t : next++;
        entries[t] = at < list->n ? list->items[at] : NULL;
        if (entries[t] && is_missing(r, entries[t]) && r->loss != LOSS_NONE)
            fine =
                READING_ERROR(r, entries[t], "timestep %d has a loss, so it needs a target", t + 1);
        if (entries[t] && is_missing(r, entries[t])) entries[t] = NULL;
    }
    return fine;
}

/// Rows if the first is one; else symbols if there are any.
static TargetKind kind_of_targets(const Reading *r) {
    const DataSpec *data = &r->data;
    bool whole = true, symbols = false, first = true;
    for (int t = 0; t < data->steps; t++) {
        const Item *e = data->entries[t];
        int64_t value;
        if (!e) continue;
        if (first && e->kind == ITEM_LIST) return TARGETS_ROWS;
        first = false;
        symbols |= is_symbol(e) || is_null_word(e);
        whole &= item_whole(e, &value) == NUMBER_FINE;
    }
    if (symbols) return TARGETS_SYMBOLS;
    bool classes = r->loss == LOSS_CROSS_ENTROPY || (r->loss == LOSS_NONE && whole);
    return classes ? TARGETS_CLASSES : TARGETS_ROWS;
}

static bool check_row(Reading *r, const Item *e) {
    Numbers numbers;
    if (!numbers_read(r, e, "a target", &numbers)) return false;
    if (numbers.nested)
        return READING_ERROR(r, e, "a target is a number or a row of numbers, not rows of rows");
    DataSpec *data = &r->data;
    if (data->target_rows == 0) data->target_rows = numbers.n; // the first says how many
    if (numbers.n != data->target_rows)
        return READING_ERROR(r, e, "this target has %d numbers, the ones before have %d", numbers.n,
                             data->target_rows);
    return true;
}

static bool check_class(Reading *r, const Item *e) {
    int64_t value = 0;
    if (item_whole(e, &value) != NUMBER_FINE || value < 0 || value >= LESSON_MAX_ROWS)
        return READING_ERROR(r, e, "a class is a whole number from 0 to %d%s%s",
                             LESSON_MAX_ROWS - 1, e->kind == ITEM_TEXT ? ", not " : "",
                             e->kind == ITEM_TEXT ? e->text : "");
    if (value >= r->data.n_classes) r->data.n_classes = (int)value + 1;
    return true;
}

/// Does the target at a timestep fit the others?
static bool check_target(Reading *r, const Item *e, bool given) {
    if (r->data.targets == TARGETS_ROWS) return check_row(r, e);
    if (r->data.targets == TARGETS_CLASSES) return check_class(r, e);
    return symbol_index(r, e, given) >= 0;
}

static bool read_targets(Reading *r, bool given) {
    DataSpec *data = &r->data;
    const Item *list = item_get(item_get(r->root, "data"), "targets");
    if (!list) {
        if (r->loss == LOSS_NONE) return true;
        const Item *inputs = item_key(item_get(r->root, "data"), "inputs");
        return READING_ERROR(r, inputs, "the loss needs data.targets beside the inputs");
    }
    data->targets_place = list->span;
    if (list->kind != ITEM_LIST || list->n == 0)
        return READING_ERROR(r, list, "data.targets must be a list");
    // symbols of every target belong to the alphabet, those without a loss too
    for (int i = 0; i < list->n && !given; i++)
        if (is_symbol(list->items[i]))
            alphabet_find(r->arena, &data->alphabet, list->items[i]->text, true);
    bool fine = place_targets(r, list);
    data->targets = kind_of_targets(r);
    for (int t = 0; t < data->steps; t++) {
        if (!data->entries[t] || check_target(r, data->entries[t], given)) continue;
        data->entries[t] = NULL; // to go on with
        fine &= data->targets != TARGETS_CLASSES;
    }
    if (data->targets == TARGETS_SYMBOLS) data->n_classes = data->alphabet.n;
    return fine;
}

/// Ready means that shapes are known; numbers may still be wrong, which has been told.
static bool read_inline(Reading *r, const Item *map) {
    schema_check(r->arena, r->source, map, "data", inline_fields, r->diags);
    DataSpec *data = &r->data;
    const Item *symbols = item_get(map, "symbols");
    if (symbols) data_symbols(r, symbols);
    bool given = data->alphabet.n > 0;
    read_inputs(r, given);
    if (!data->steps) return false;
    data->given = data->steps;
    data->steps = data->shortest = data->steps + data->generate;
    if (data->generate) data->place = item_get(map, "generate")->span;
    data->entries = ARENA_ARRAY(r->arena, const Item *, data->steps);
    bool fine = read_loss_at(r);
    if (fine) fine = read_targets(r, given);
    // the columns are as long as the alphabet, to which targets may have added
    if (data->symbols) data->input = data->alphabet.n;
    return fine && data->input > 0;
}

// ---- tasks ----

/// Does the lesson give a shortest and a longest length?
static bool is_range(const Item *map, const TaskDef *def, const TaskOption *o) {
    const Item *item = item_get(map, o->name);
    bool length = o == def->options && task_can_be_longer((TaskKind)(def - task_defs));
    return length && item && item->kind == ITEM_LIST;
}

static const Field *task_fields(Arena *a, const Item *map, const TaskDef *def) {
    Field *fields = ARENA_ARRAY(a, Field, TASK_MAX_OPTIONS + 8);
    int n = 0;
    fields[n++] = (Field){.name = "task", .type = FIELD_TEXT};
    fields[n++] = (Field){.name = "seed", .type = FIELD_WHOLE, .hi = SEED_MAX};
    fields[n++] = (Field){.name = "start", .type = FIELD_ANY};
    fields[n++] = (Field)TEST_FIELD;
    static const Field feedback[] = {FEEDBACK_FIELDS};
    for (size_t k = 0; k < sizeof feedback / sizeof *feedback; k++) fields[n++] = feedback[k];
    if (def->n_inputs == 0 && !def->fixed_symbols)
        fields[n++] = (Field){.name = "symbols", .type = FIELD_ANY};
    for (const TaskOption *o = def->options; o->name; o++)
        fields[n++] = (Field){.name = o->name,
                              .type = is_range(map, def, o) ? FIELD_ANY : FIELD_WHOLE,
                              .lo = o->lo,
                              .hi = o->hi == TASK_MAX_LENGTH ? INFINITY : o->hi};
    return fields;
}

static bool too_long(Reading *r, const Item *item, double steps) {
    return READING_ERROR(r, item,
                         "too large for memory: the inputs of so many timesteps alone need %s; at "
                         "most %d GiB are used for a lesson",
                         memory_words(r->arena, steps * sizeof(double)), TRACE_MAX_GIB);
}

/// `length: [5, 12]`: the shortest and the longest.
static bool read_range(Reading *r, const Item *list, const TaskOption *o, TaskSpec *out) {
    int64_t ends[2] = {0, 0};
    bool whole = list->n == 2;
    for (int i = 0; i < 2 && whole; i++)
        whole = item_whole(list->items[i], &ends[i]) == NUMBER_FINE;
    if (!whole || ends[0] < o->lo || ends[1] < ends[0])
        return READING_ERROR(r, list,
                             "data.%s must be a whole number from %d on, or two, the shortest and "
                             "the longest: [%d, %d]",
                             o->name, o->lo, o->otherwise, 2 * o->otherwise);
    if (ends[1] > o->hi) return too_long(r, list, (double)ends[1]);
    out->option[0] = (int)ends[0];
    out->longer = (int)(ends[1] - ends[0]);
    return true;
}

static bool read_options(Reading *r, const Item *map, const TaskDef *def) {
    for (int i = 0; i < TASK_MAX_OPTIONS && def->options[i].name; i++) {
        const TaskOption *o = &def->options[i];
        const Item *item = item_get(map, o->name);
        double value;
        if (is_range(map, def, o)) {
            r->data.place = item->span;
            if (!read_range(r, item, o, &r->data.task)) return false;
            continue;
        }
        if (!item || item_number(item, &value) == NUMBER_NONE) continue;
        r->data.place = item->span;
        if (value > o->hi) return too_long(r, item, value);
        r->data.task.option[i] = schema_whole(map, o->name, o->lo, o->hi, o->otherwise);
    }
    return true;
}

static bool task_symbols(Reading *r, const Item *map, const TaskDef *def) {
    DataSpec *data = &r->data;
    const Item *symbols = item_get(map, "symbols");
    if (symbols && !data_symbols(r, symbols)) return false;
    for (int i = 0; !symbols && i < data->task.n_symbols; i++)
        alphabet_find(r->arena, &data->alphabet, data->task.symbols[i], true);
    if (symbols && symbols->n < def->min_symbols)
        return READING_ERROR(r, symbols, "%s needs at least %d symbols, the last being the filler",
                             def->name, def->min_symbols);
    data->task.symbols = data->alphabet.names;
    data->task.n_symbols = data->alphabet.n;
    data->input = data->alphabet.n;
    return true;
}

static bool read_task_targets(Reading *r, const Item *map, const TaskDef *def) {
    DataSpec *data = &r->data;
    const Item *loss = item_get(item_get(r->root, "model"), "loss");
    data->targets_place = item_get(map, "task")->span;
    if (r->loss == LOSS_PROBE)
        return READING_ERROR(r, loss, "a probe needs data.inputs and data.targets, not a task");
    bool classes = def->targets_are_symbols || def->n_classes;
    if (r->loss == LOSS_CROSS_ENTROPY && !classes)
        return READING_ERROR(r, loss,
                             "the targets of the task %s are numbers; cross-entropy needs "
                             "classes, mse fits",
                             def->name);
    bool by_class = r->loss == LOSS_CROSS_ENTROPY || r->loss == LOSS_NONE;
    bool rows = !classes || (def->targets_are_sets && !by_class);
    bool as_number = rows || (!def->targets_are_symbols && !by_class);
    data->targets = as_number                  ? TARGETS_ROWS
                    : def->targets_are_symbols ? TARGETS_SYMBOLS
                                               : TARGETS_CLASSES;
    data->target_rows = rows ? task_targets(&data->task) : 1;
    if (!as_number) data->n_classes = def->n_classes ? def->n_classes : data->alphabet.n;
    return true;
}

static bool read_task(Reading *r, const Item *map) {
    const Item *word = item_get(map, "task");
    const char *names[TASK_COUNT + 1] = {NULL};
    for (int i = 0; i < TASK_COUNT; i++) names[i] = task_defs[i].name;
    if (word->kind != ITEM_TEXT) return READING_ERROR(r, word, "data.task must be one word");
    TaskKind kind = task_find(word->text);
    if (kind == TASK_COUNT)
        return schema_unknown_word(r->arena, r->source, word->span, "data.task", word->text, names,
                                   r->diags);
    const TaskDef *def = &task_defs[kind];
    DataSpec *data = &r->data;
    data->is_task = true;
    data->task = task_spec(kind);
    data->place = word->span;
    data->input = def->n_inputs;
    bool fine =
        schema_check(r->arena, r->source, map, "data", task_fields(r->arena, map, def), r->diags);
    data->task.seed = schema_seed(map);
    fine &= read_options(r, map, def);
    if (item_get(map, "test")) {
        data->held = data_test_count(r, item_get(map, "test"));
        fine &= data->held > 0;
    }
    if (def->n_inputs == 0) fine &= task_symbols(r, map, def);
    data->steps = task_steps(&data->task);
    data->shortest = task_shortest(&data->task);
    fine &= read_task_targets(r, map, def);
    return fine && read_loss_at(r);
}

/// The key that says where the data comes from; NULL with mistakes.
static const char *find_source(Reading *r, const Item *map) {
    const char *found = NULL;
    for (int i = 0; source_keys[i]; i++) {
        const Item *key = item_key(map, source_keys[i]);
        if (!key) continue;
        if (found)
            return READING_ERROR(r, key, "data has %s already; it cannot have %s too", found,
                                 key->text),
                   NULL;
        found = source_keys[i];
    }
    if (found) return found;
    schema_check(r->arena, r->source, map, "data", all_fields, r->diags);
    const Item *key = item_key(r->root, "data");
    READING_ERROR(r, key,
                  "data needs a task, inputs, or a file: one of the keys task, inputs, "
                  "csv, idx, npz, text");
    return NULL;
}

void data_read(Reading *r) {
    const Item *map = item_get(r->root, "data");
    if (!map || map->kind != ITEM_MAP) return;
    const Item *start = item_get(map, "start");
    bool fine = !start || start->kind == ITEM_MAP;
    if (!fine) READING_ERROR(r, start, "data.start must be a map such as {c: [2, 0]}");
    const char *source = find_source(r, map);
    if (!source) return;
    r->data.generate = schema_whole(map, "generate", 1, LESSON_MAX_GENERATE, 0);
    if (strcmp(source, "task") == 0)
        fine &= read_task(r, map);
    else if (strcmp(source, "inputs") == 0)
        fine &= read_inline(r, map);
    else
        fine = data_file_read(r, map, source) && read_loss_at(r) && fine;
    const Item *embedding = item_get(item_get(r->root, "model"), "embedding");
    if (fine && r->embedding && r->data.inputs)
        fine =
            READING_ERROR(r, embedding, "an embedding is for symbols, and data.inputs are numbers");
    if (fine && r->embedding && r->data.is_task && !r->data.alphabet.n)
        fine = READING_ERROR(r, embedding, "an embedding is for symbols, and the task has numbers");
    if (fine && r->embedding && r->data.file && !r->data.alphabet.n)
        fine = READING_ERROR(r, embedding, "an embedding is for symbols, and the file has numbers");
    r->data.ready = fine && feedback_read(r);
}
