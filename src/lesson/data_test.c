// `data.test`: sequences that training does not see, so that what it learned can be tested on them.
//
//   test: 1000             of a file its last so many sequences (pictures, windows), of a task so
//                          many others. Windows that reach into those of the test are not trained
//                          on either
//   test: {images: data/i, labels: data/l}
//                          of `idx` other pictures
//   test: {file: x.npz, inputs: x, targets: y}
//                          of `npz` other arrays
#include <string.h>

#include "lesson/data_file.h"

int data_test_count(Reading *r, const Item *test) {
    int64_t n = 0;
    bool fine = item_whole(test, &n) == NUMBER_FINE && n >= 1 && n <= LESSON_MAX_TEST;
    if (!fine)
        READING_ERROR(r, test, "data.test must be a number of sequences from 1 to %d",
                      LESSON_MAX_TEST);
    return fine ? (int)n : 0;
}

static bool hold_last(Reading *r, const Item *test, FileData *f) {
    int held = data_test_count(r, test), overlap = f->stride == f->steps ? 0 : f->steps;
    if (!held) return false;
    f->trained = held < f->count ? f->count - held - overlap : 0;
    r->data.held = held;
    return f->trained > 0 ||
           READING_ERROR(r, test,
                         "data.test holds the last %d of %d sequences out%s: none is left to be "
                         "trained on",
                         held, f->count, overlap ? ", and those that reach into them" : "");
}

/// The map {KEY: test}, as a reader of files takes it.
static const Item *as_data(Arena *a, const Item *map, const char *key, const Item *test) {
    Item *data = ARENA_NEW(a, Item);
    *data = *map;
    data->n = 1;
    data->keys = ARENA_ARRAY(a, Item *, 1);
    data->items = ARENA_ARRAY(a, Item *, 1);
    data->keys[0] = (Item *)item_key(map, key);
    data->items[0] = (Item *)test;
    return data;
}

static bool hold_file(Reading *r, const Item *map, const char *key, const Item *test, FileData *f,
                      FileReader *read) {
    bool images = strcmp(key, "idx") == 0;
    if (!images && strcmp(key, "npz") != 0)
        return READING_ERROR(r, test, "with data.%s, test is a number of sequences at its end",
                             key);
    DataSpec before = r->data;
    FileData *other = ARENA_NEW(r->arena, FileData);
    bool fine = schema_check(r->arena, r->source, test, "data.test",
                             images ? data_idx_fields : data_archive_fields, r->diags) &&
                read(r, as_data(r->arena, map, key, test), other);
    int classes = r->data.n_classes;
    r->data = before;
    if (!fine) return false;
    if (classes > before.n_classes) r->data.n_classes = classes;
    r->data.held = other->count;
    f->other = other;
    if (other->steps == f->steps && other->input == f->input && other->target == f->target)
        return true;
    return READING_ERROR(r, test,
                         "data.test has sequences of %d timesteps × %d numbers, and the training "
                         "those of %d × %d",
                         other->steps, other->input, f->steps, f->input);
}

bool data_test_read(Reading *r, const Item *map, const char *key, FileData *f, FileReader *read) {
    const Item *test = item_get(map, "test");
    if (!test || f->count < 1) return true;
    if (r->loss == LOSS_NONE)
        return READING_ERROR(r, test, "data.test needs a loss: model.loss is none");
    return test->kind == ITEM_MAP ? hold_file(r, map, key, test, f, read) : hold_last(r, test, f);
}
