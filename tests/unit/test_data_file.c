// Data from files: what is cut from tables, texts and pictures is what the lesson asked for.
#include "check.h"

#include <string.h>
#include <zlib.h>

#include "files/gzip.h"
#include "files/npz.h"
#include "files/write.h"
#include "lesson/data_file.h"

static Arena *arena;
static const Places places = {"assets", "lessons"};

static void put(const char *name, const char *bytes, size_t n) {
    const char *why;
    assert_true(write_folder(arena, "build/test-data", &why));
    assert_true(write_file(arena, arena_printf(arena, "build/test-data/%s", name), bytes, n, &why));
}

static void put_text(const char *name, const char *text) {
    put(name, text, strlen(text));
}

static Lesson *load(const char *model, const char *data, const char *rest, const char **said) {
    const char *text =
        arena_printf(arena, "---\ntitle: t\nmodel: {cell: rnn, hidden: 2, %s}\ndata: {%s}\n%s---\n",
                     model, data, rest);
    Source *s = ARENA_NEW(arena, Source);
    *s = (Source){"build/test-data/lesson.md", text, strlen(text)};
    Diags d = diags_new(arena);
    Lesson *lesson = lesson_from_source(arena, s, &places, &(Training){.steps = -1}, &d);
    Buf b = buf_new(arena);
    diags_print(&d, &b);
    *said = buf_str(&b);
    return lesson;
}

static Lesson *loaded(const char *model, const char *data) {
    const char *said;
    Lesson *lesson = load(model, data, "", &said);
    if (!lesson) print_error("%s", said);
    assert_non_null(lesson);
    return lesson;
}

static const char *mistakes(const char *model, const char *data) {
    const char *said;
    assert_null(load(model, data, "", &said));
    return said;
}

static const char *const regression = "head: linear, loss: mse";

static void test_targets_of_a_table_are_the_next_row(void **state) {
    (void)state;
    put_text("s.csv", "year,value\n1,10\n2,20\n3,40\n4,80\n");
    Lesson *l = loaded(regression, "csv: s.csv, columns: [value]");
    assert_int_equal(l->sequence.steps, 3);
    assert_int_equal(l->sequence.input, 1);
    for (int t = 0; t < 3; t++) CHECK_NEAR(l->sequence.targets[t], 2 * l->sequence.inputs[t], 0);
    CHECK_NEAR(l->sequence.inputs[0], 10, 0);
    l = loaded(regression, "csv: s.csv, columns: value, window: 2, from: 2");
    assert_int_equal(l->sequence.steps, 2);
    CHECK_NEAR(l->sequence.inputs[0], 20, 0);
    CHECK_NEAR(l->sequence.targets[1], 80, 0);
    assert_int_equal(loaded(regression, "csv: s.csv")->sequence.input, 2);
    assert_int_equal(loaded("head: none", "csv: s.csv")->sequence.steps, 4);
}

static void test_columns_may_be_normalized(void **state) {
    (void)state;
    put_text("n.csv", "a,b\n2,5\n4,5\n6,5\n");
    Lesson *l = loaded(regression, "csv: n.csv, normalize: z-score");
    CHECK_NEAR(l->sequence.inputs[0], -2 / sqrt(8.0 / 3), 1e-15);
    CHECK_NEAR(l->sequence.inputs[1], 0, 0); // does not change
    CHECK_NEAR(l->sequence.inputs[2], 0, 0);
    CHECK_NEAR(l->sequence.targets[2], 2 / sqrt(8.0 / 3), 1e-15);
    l = loaded(regression, "csv: n.csv, normalize: min-max, columns: [a], targets: [a, b]");
    CHECK_NEAR(l->sequence.inputs[1], 0.5, 0);
    assert_int_equal(l->sequence.target, 2);
    CHECK_NEAR(l->sequence.targets[4], 1, 0);
}

static void test_a_column_of_classes_is_for_cross_entropy(void **state) {
    (void)state;
    put_text("c.csv", "x,label\n0.5,0\n0.25,2\n");
    Lesson *l =
        loaded("head: softmax, loss: cross-entropy", "csv: c.csv, columns: [x], targets: [label]");
    assert_int_equal(l->sequence.target, 3);
    CHECK_NEAR(l->sequence.targets[3 + 2], 1, 0);
    assert_int_equal(l->target_classes[1], 2);
    assert_non_null(
        strstr(mistakes("head: softmax, loss: cross-entropy", "csv: c.csv"), "needs classes"));
    assert_non_null(
        strstr(mistakes("head: softmax, loss: cross-entropy", "csv: c.csv, targets: [x]"),
               "c.csv: error: row 1 (line 2), column 'x': a class is a whole number"));
}

static void test_a_text_predicts_its_next_character(void **state) {
    (void)state;
    put_text("t.txt", "ab a\r\n一");
    const char *model = "head: softmax, loss: cross-entropy";
    Lesson *l = loaded(model, "text: t.txt");
    assert_int_equal(l->sequence.steps, 5);
    static const char *const names[] = {"a", "b", "␣", "↵", "一"};
    for (int i = 0; i < 5; i++) assert_string_equal(l->symbols[i], names[i]);
    static const int letters[] = {0, 1, 2, 0, 3, 4};
    for (int t = 0; t < 5; t++) {
        assert_int_equal(l->input_symbols[t], letters[t]);
        assert_int_equal(l->target_classes[t], letters[t + 1]);
    }
    assert_int_equal(loaded(model, "text: t.txt, window: 2, from: 4")->input_symbols[0], 0);
    assert_non_null(strstr(mistakes(model, "text: t.txt, symbols: [a, b]"),
                           "t.txt: error: byte 2: the symbol '␣' is not in data.symbols"));
    put("bad.txt", "a\xff", 2);
    assert_non_null(
        strstr(mistakes(model, "text: bad.txt"), "bad.txt: error: byte 1: this is not UTF-8"));
}

static void test_rows_of_a_picture_are_timesteps(void **state) {
    (void)state;
    put("i", "\0\0\x08\3\0\0\0\2\0\0\0\2\0\0\0\3\0\0\0\0\0\0\0\xff\0\0\0\x33", 28);
    put("l", "\0\0\x08\1\0\0\0\2\4\1", 10);
    const char *model = "head: softmax, loss: cross-entropy, loss_at: last";
    Lesson *l = loaded(model, "idx: {images: i, labels: l}, from: 2");
    assert_int_equal(l->sequence.steps, 2);
    assert_int_equal(l->sequence.input, 3);
    CHECK_NEAR(l->sequence.inputs[1], 1, 0);
    CHECK_NEAR(l->sequence.inputs[5], 0.2, 1e-15);
    assert_int_equal(l->target_classes[1], 1);
    assert_int_equal(l->target_classes[0], -1);
    assert_int_equal(l->sequence.target, 5);
    assert_non_null(strstr(mistakes(model, "idx: {images: i, labels: l}, from: 3"), "from 1 to 2"));
    assert_non_null(strstr(mistakes(model, "idx: {images: i}"), "needs labels"));
    assert_non_null(
        strstr(mistakes(model, "idx: {images: l, labels: l}"), "N×rows×columns, and this is 2"));
    put("l3", "\0\0\x08\1\0\0\0\1\4", 9);
    assert_non_null(
        strstr(mistakes(model, "idx: {images: i, labels: l3}"), "1 labels, and there are 2"));
}

// ---- packed files ----

/// Packs bytes as gzip does; how many there are then.
static size_t gzip(const char *bytes, size_t n, char *packed, size_t room) {
    z_stream z = {.next_in = (Bytef *)bytes, .avail_in = (uInt)n};
    z.next_out = (Bytef *)packed;
    z.avail_out = (uInt)room;
    assert_int_equal(deflateInit2(&z, 9, Z_DEFLATED, 16 + MAX_WBITS, 9, Z_DEFAULT_STRATEGY), Z_OK);
    assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
    deflateEnd(&z);
    return room - z.avail_out;
}

static void test_pictures_may_be_packed_as_those_of_mnist_are(void **state) {
    (void)state;
    enum { HEADER = 16, SIDE = 28, PICTURES = 50, ALL = HEADER + PICTURES * SIDE * SIDE };
    static char pictures[ALL], labels[8 + PICTURES], packed[ALL];
    memcpy(pictures, "\0\0\x08\3\0\0\0\x32\0\0\0\x1c\0\0\0\x1c", HEADER);
    memcpy(labels, "\0\0\x08\1\0\0\0\x32", 8);
    for (int i = 0; i < PICTURES; i++) {
        labels[8 + i] = (char)(i % 10);
        memset(pictures + HEADER + i * SIDE * SIDE, i, SIDE * SIDE);
    }
    size_t n = gzip(pictures, sizeof pictures, packed, sizeof packed);
    put("train-images-idx3-ubyte.gz", packed, n);
    put("cut.gz", packed, n / 2);
    packed[n / 2] ^= 1;
    put("torn.gz", packed, n);
    packed[n / 2] ^= 1;
    packed[n - 8] ^= 1; // of the checksum
    put("sum.gz", packed, n);
    packed[n - 8] ^= 1;
    packed[n] = 'x';
    put("behind.gz", packed, n + 1);
    n = gzip(labels, sizeof labels, packed, sizeof packed);
    put("train-labels-idx1-ubyte.gz", packed, n);
    const char *model = "head: softmax, loss: cross-entropy, loss_at: last";
    Lesson *l = loaded(model, "idx: {images: train-images-idx3-ubyte.gz, "
                              "labels: train-labels-idx1-ubyte.gz}, from: 38");
    assert_int_equal(l->sequence.steps, SIDE);
    assert_int_equal(l->target_classes[SIDE - 1], 7);
    assert_true(l->sequence.inputs[5] == 37 / 255.0); // as numpy has it, not 37 * (1 / 255)
    static const char *const bad[][2] = {{"cut.gz", "the file ends within its packed bytes"},
                                         {"torn.gz", "this does not unpack"},
                                         {"sum.gz", "this does not unpack: incorrect data check"},
                                         {"behind.gz", "something follows the packed bytes"}};
    for (int i = 0; i < 4; i++)
        assert_non_null(strstr(mistakes(model, arena_printf(arena, "idx: {images: %s}", bad[i][0])),
                               arena_printf(arena, "%s: error: byte ", bad[i][0])));
    for (int i = 0; i < 4; i++)
        assert_non_null(strstr(mistakes(model, arena_printf(arena, "idx: {images: %s}", bad[i][0])),
                               bad[i][1]));
}

static void test_a_packed_file_cannot_ask_for_more_than_its_kind_may_have(void **state) {
    (void)state;
    static char zeros[1 << 20], packed[1 << 12];
    size_t n = gzip(zeros, sizeof zeros, packed, sizeof packed);
    Source source = {"z.gz", packed, n};
    Diags d = diags_new(arena);
    assert_null(gzip_open(arena, &source, sizeof zeros - 1, &d));
    assert_non_null(strstr(d.list[0].message, "unpacks to more than 1048575 bytes"));
    const Source *all = gzip_open(arena, &source, sizeof zeros, &d);
    assert_int_equal(all->len, sizeof zeros);
    assert_memory_equal(all->text, zeros, sizeof zeros);
}

// ---- arrays ----

static void put_npz(const char *name, const Tensors *t) {
    Buf b = buf_new(arena);
    assert_true(npz_write(t, &b));
    put(name, b.data, b.len);
}

static void test_arrays_are_sequences(void **state) {
    (void)state;
    double numbers[24];
    for (int i = 0; i < 24; i++) numbers[i] = i;
    numbers[2] = 3; // classes are 0 1 3 3 4 ...
    Tensors t = {0};
    const size_t whole[] = {2, 3, 4}, pair[] = {2, 2}, rows[] = {2, 3}, single[] = {3, 4};
    tensors_add(arena, &t, "inputs", 3, whole, numbers);
    tensors_add(arena, &t, "each", 1, whole, numbers + 2);
    tensors_add(arena, &t, "pair", 2, pair, numbers + 4);
    tensors_add(arena, &t, "rows", 2, rows, numbers + 6);
    tensors_add(arena, &t, "one", 2, single, numbers);
    tensors_add(arena, &t, "plain", 1, single, numbers);
    double broken[3] = {1, NAN, 2};
    tensors_add(arena, &t, "broken", 1, single, broken);
    tensors_add(arena, &t, "number", 0, single, numbers);
    put_npz("a.npz", &t);
    const char *classes = "head: softmax, loss: cross-entropy, loss_at: last";
    Lesson *l = loaded(classes, "npz: {file: a.npz, targets: each}, from: 2");
    assert_int_equal(l->sequence.steps, 3);
    assert_int_equal(l->sequence.input, 4);
    CHECK_NEAR(l->sequence.inputs[0], 12, 0); // the second sequence
    assert_int_equal(l->target_classes[2], 3);
    l = loaded(regression, "npz: {file: a.npz, targets: pair}, from: 2"); // a row for a sequence
    assert_int_equal(l->sequence.target, 2);
    for (int step = 0; step < 3; step++) CHECK_NEAR(l->sequence.targets[2 * step + 1], 7, 0);
    l = loaded(regression, "npz: {file: a.npz, targets: rows}"); // a number for a timestep
    for (int step = 0; step < 3; step++) CHECK_NEAR(l->sequence.targets[step], 6 + step, 0);
    l = loaded(regression, "npz: {file: a.npz, inputs: one, targets: plain}");
    assert_int_equal(l->sequence.steps, 3);
    l = loaded(regression, "npz: {file: a.npz, inputs: plain, targets: one}");
    assert_int_equal(l->sequence.input, 1);
    assert_int_equal(l->sequence.target, 4);
    static const struct {
        const char *data, *says;
    } bad[] = {
        {"npz: {file: a.npz}", "there is no array 'targets'; it has inputs, each, pair, rows"},
        {"npz: {file: a.npz, inputs: broken, targets: plain}", "broken: number 2 of 3 is NaN"},
        {"npz: {file: a.npz, inputs: plain, targets: broken}", "broken: number 2 of 3 is NaN"},
        {"npz: {file: a.npz, inputs: number}", "number is a single number; inputs are N×T×rows"},
        {"npz: {file: a.npz, targets: one}", "one is 3×4, and does not fit inputs, which is 2×3×4"},
        {"npz: {file: a.npz, targets: each}, from: 3", "from 1 to 2, the number of sequences"},
        {"npz: {file: none.npz}", "there is no such file"},
        {"npz: {inputs: x}", "data.npz.file is missing"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        const char *said = mistakes(regression, bad[i].data);
        if (!strstr(said, bad[i].says)) print_error("%s\n", said);
        assert_non_null(strstr(said, bad[i].says));
    }
    assert_non_null(strstr(mistakes(classes, "npz: {file: a.npz, targets: pair}"),
                           "cross-entropy takes a class, not a row"));
}

static void test_training_draws_windows_from_the_whole_file(void **state) {
    (void)state;
    const char *said;
    put_text("s.csv", "value\n0.1\n0.2\n0.4\n0.8\n");
    Lesson *l =
        load(regression, "csv: s.csv, window: 2, seed: 5", "train: {steps: 3, batch: 2}\n", &said);
    assert_non_null(l);
    assert_true(trace_loss(l->trace) < l->untrained);
    put_text("one.csv", "v\n1\n2\n3\n4\n5\n6\n7\n8\n9\n");
    Reading r = {.arena = arena, .places = &places, .folder = "build/test-data", .loss = LOSS_MSE};
    Diags d = diags_new(arena);
    const char *text = "csv: one.csv\nwindow: 2\nseed: 3\n";
    Source s = {"x", text, strlen(text)};
    r.source = &s, r.diags = &d;
    const Item *map = yaml_parse(arena, &s, (Span){0, s.len}, &d);
    r.root = map;
    assert_true(data_file_read(&r, map, "csv"));
    assert_int_equal(data_file_count(r.data.file), 7);
    bool seen[7] = {0};
    for (int i = 0; i < 100; i++) {
        int drawn = data_file_drawn(r.data.file, i);
        assert_in_range(drawn, 0, 6);
        assert_int_equal(drawn, data_file_drawn(r.data.file, i));
        seen[drawn] = true;
    }
    for (int i = 0; i < 7; i++) assert_true(seen[i]);
}

// ---- what is held out ----

/// A table of eight rows of which the last three are held out, as it is read.
static const FileData *held_out(const char *text) {
    put_text("nine.csv", "v\n1\n2\n3\n4\n5\n6\n7\n8\n9\n99\n");
    Reading *r = ARENA_NEW(arena, Reading);
    Diags *d = ARENA_NEW(arena, Diags);
    Source *s = ARENA_NEW(arena, Source);
    *d = diags_new(arena);
    *s = (Source){"x", text, strlen(text)};
    *r = (Reading){.arena = arena,
                   .places = &places,
                   .folder = "build/test-data",
                   .loss = LOSS_MSE,
                   .source = s,
                   .diags = d};
    r->root = yaml_parse(arena, s, (Span){0, s->len}, d);
    assert_true(data_file_read(r, r->root, "csv"));
    assert_int_equal(r->data.held, 3);
    return r->data.file;
}

static void test_training_does_not_see_what_is_held_out(void **state) {
    (void)state;
    const FileData *f = held_out("csv: nine.csv\nwindow: 2\ntest: 3\n");
    assert_int_equal(data_file_count(f), 8);
    // a window of 2 and its last target have the rows i, i + 1, i + 2, and those held out begin at
    // 5
    for (int i = 0; i < 200; i++) assert_in_range(data_file_drawn(f, i), 0, 2);
    f = held_out("csv: nine.csv\nwindow: 2\ntest: 3\nnormalize: min-max\n");
    CHECK_NEAR(f->inputs[6], 1, 0); // the row 7 is the last that is no test
    assert_true(f->inputs[9] > 10);
}

static void test_what_is_held_out_is_scored(void **state) {
    (void)state;
    put("i", "\0\0\x08\3\0\0\0\2\0\0\0\2\0\0\0\3\0\0\0\0\0\0\0\xff\0\0\0\x33", 28);
    put("l", "\0\0\x08\1\0\0\0\2\4\1", 10);
    const char *model = "head: softmax, loss: cross-entropy, loss_at: last";
    Lesson *l = loaded(model, "idx: {images: i, labels: l}, test: {images: i, labels: l}");
    assert_true(l->test.sequences == 2 && l->test.answers == 2 && l->test.right <= 2);
    // the mean of what either gives alone
    double both = 0;
    for (int i = 1; i <= 2; i++)
        both += trace_loss(
            loaded(model, arena_printf(arena, "idx: {images: i, labels: l}, from: %d", i))->trace);
    CHECK_NEAR(l->test.loss, both, 1e-14);
    l = loaded(model, "idx: {images: i, labels: l}, test: 1");
    assert_int_equal(l->test.sequences, 1);
    assert_non_null(strstr(mistakes(model, "idx: {images: i, labels: l}, test: 2"),
                           "none is left to be trained on"));
    assert_non_null(
        strstr(mistakes(model, "idx: {images: i, labels: l}, test: {images: i}"), "needs labels"));
    assert_non_null(strstr(mistakes(model, "idx: {images: i, labels: l}, test: {image: i}"),
                           "did you mean 'images'?"));
    put("wide", "\0\0\x08\3\0\0\0\1\0\0\0\2\0\0\0\4\0\0\0\0\0\0\0\0", 24);
    put("l3", "\0\0\x08\1\0\0\0\1\4", 9);
    assert_non_null(
        strstr(mistakes(model, "idx: {images: i, labels: l}, test: {images: wide, labels: l3}"),
               "2 timesteps × 4 numbers, and the training those of 2 × 3"));
}

static void test_a_task_is_tested_on_sequences_of_its_own(void **state) {
    (void)state;
    const char *said, *model = "head: softmax, loss: cross-entropy, loss_at: last";
    const char *train = "train: {steps: 60, batch: 4, rate: 0.05}\n";
    Lesson *few = load(model, "task: recall-first, length: 3, test: 50", train, &said);
    Lesson *more = load(model, "task: recall-first, length: 3, test: 300", train, &said);
    Lesson *none = load(model, "task: recall-first, length: 3", train, &said);
    assert_true(few->test.sequences == 50 && more->test.sequences == 300);
    assert_true(none->test.sequences == 0);
    assert_true(more->test.right > 250);
    size_t bytes = (size_t)none->graph->n_weights * sizeof(double); // a test trains nothing
    assert_memory_equal(none->params, more->params, bytes);
    assert_non_null(strstr(mistakes(model, "task: recall-first, test: 0"), "from 1 to 1000000"));
}

static void test_mistakes_of_data_files_are_told_in_their_place(void **state) {
    (void)state;
    put_text("m.csv", "year,value\n1,10\n2,x\n3,40\n");
    static const struct {
        const char *data, *says;
    } rows[] = {
        {"csv: m.csv, columns: [value]",
         "m.csv: error: row 2 (line 3), column 'value': 'x' is no number"},
        {"csv: m.csv, columns: [valu]",
         "lesson.md:4:30: error: data.columns cannot be 'valu'; did you mean 'value'?"},
        {"csv: m.csv, columns: [year], window: 3",
         "data.window is 3, and the file has rows for at most 2"},
        {"csv: m.csv, columns: [year], window: 2, from: 2", "data.from must be from 1 to 1"},
        {"csv: m.csv, normalise: z-score", "did you mean 'normalize'?"},
        {"csv: m.csv, columns: [year], normalize: zscore", "did you mean 'z-score'?"},
        {"csv: none.csv", "there is no such file"},
        {"csv: /etc/passwd", "absolute path"},
        {"csv: m.csv, columns: [year], window: 0", "data.window must be a whole number"},
        {"idx: m.csv", "data.idx must be a map"},
        {"text: [a]", "data.text must be a text"},
        {"csv: m.csv, text: m.csv", "data has csv already"},
        {"csv: m.csv, columns: [year], test: {a: 1}", "test is a number of sequences at its end"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const char *said = mistakes(regression, rows[i].data);
        if (!strstr(said, rows[i].says)) print_error("%s\n", said);
        assert_non_null(strstr(said, rows[i].says));
    }
    assert_non_null(strstr(mistakes("loss: probe", "csv: m.csv"), "a probe needs data.inputs"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        RUN(test_targets_of_a_table_are_the_next_row),
        RUN(test_columns_may_be_normalized),
        RUN(test_a_column_of_classes_is_for_cross_entropy),
        RUN(test_a_text_predicts_its_next_character),
        RUN(test_rows_of_a_picture_are_timesteps),
        RUN(test_pictures_may_be_packed_as_those_of_mnist_are),
        RUN(test_a_packed_file_cannot_ask_for_more_than_its_kind_may_have),
        RUN(test_arrays_are_sequences),
        RUN(test_training_draws_windows_from_the_whole_file),
        RUN(test_training_does_not_see_what_is_held_out),
        RUN(test_what_is_held_out_is_scored),
        RUN(test_a_task_is_tested_on_sequences_of_its_own),
        RUN(test_mistakes_of_data_files_are_told_in_their_place),
    };
    arena = arena_new();
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    arena_free(arena);
    return failed;
}
