// Outputs that become inputs: where an encoder ends and its decoder begins, how many timesteps go
// on without a given input, and what stands there instead: what the network said at the timestep
// before (free running), or what it should have said (teacher forcing).
#include <string.h>

#include "core/feed.h"
#include "lesson/reading.h"

const char *const forcing_words[] = {"teacher", "free", NULL};

static const Item *at_key(const Reading *r, const char *map, const char *key) {
    return item_key(item_get(r->root, map), key);
}

int feedback_loss_from(const Reading *r) {
    const DataSpec *data = &r->data;
    const TaskDef *def = data->is_task ? &task_defs[data->task.kind] : NULL;
    if (def && def->prompt) return def->prompt(&data->task) + 1;
    return data->generate ? data->steps - data->generate : 0;
}

static bool loss_applies(const Reading *r) {
    return r->loss != LOSS_NONE && r->loss != LOSS_PROBE;
}

/// The timestep at which the decoder begins; 0 with a mistake.
static int decoder_begins(Reading *r) {
    const DataSpec *data = &r->data;
    const Item *at = at_key(r, "model", "loss_at"), *decoder = at_key(r, "model", "decoder");
    bool said = loss_applies(r) && (at || !feedback_loss_from(r));
    int begin = said ? 1 : feedback_loss_from(r);
    while (said && begin < data->steps && !data_has_loss(r, begin, data->steps)) begin++;
    if (begin > 1) return begin;
    if (at && said)
        READING_ERROR(r, at,
                      "the decoder begins at the first timestep with a loss; with a loss at "
                      "timestep 1 there is none before it for the encoder");
    else
        READING_ERROR(r, decoder,
                      "the decoder begins at the first timestep with a loss, so model.loss_at must "
                      "say where that is, or, with data.generate, at the last given input, and "
                      "before it there must be one for the encoder");
    return 0;
}

static bool check_generate(Reading *r) {
    const DataSpec *data = &r->data;
    const Item *key = at_key(r, "data", "generate");
    if (data->generate < data->shortest) return true;
    return READING_ERROR(r, key,
                         "data.generate counts timesteps at the end of the sequence, and it has "
                         "only %d; at least one must be given",
                         data->shortest);
}

/// Settles the first timestep that has no given input.
static bool read_places(Reading *r) {
    DataSpec *data = &r->data;
    if (data->generate && !check_generate(r)) return false;
    data->fed = data->generate ? data->steps - data->generate + 1 : 0;
    if (!r->decodes) return true;
    int begin = decoder_begins(r);
    if (!begin) return false;
    data->prompt = begin - 1;
    int prompt;
    feedback_places(r, data->shortest, &prompt);
    if (prompt < 1 || prompt >= data->shortest)
        return READING_ERROR(
            r, at_key(r, "model", "decoder"),
            "the decoder begins at timestep %d of %d, but a sequence may have only "
            "%d, too few for encoder and decoder",
            begin, data->steps, data->shortest);
    if (!data->generate) data->fed = begin < data->steps ? begin + 1 : 0;
    if (data->generate && data->fed <= begin)
        return READING_ERROR(r, at_key(r, "data", "generate"),
                             "the decoder begins at timestep %d, which needs a given input, but "
                             "from timestep %d on the inputs are what the network says",
                             begin, data->fed);
    return true;
}

static bool ends_in_softmax(const Reading *r) {
    const CellAst *head = r->head;
    if (!head || head->n_equations == 0) return false;
    const Expr *e = head->equations[head->n_equations - 1].value;
    return e->kind == EXPR_OP && e->op == OP_SOFTMAX;
}

/// Keys that have no effect, because nothing is fed back.
static bool idle_keys(Reading *r) {
    const Item *const keys[] = {at_key(r, "model", "feed"), at_key(r, "model", "temperature"),
                                at_key(r, "data", "forcing"), at_key(r, "train", "forcing")};
    for (size_t k = 0; k < sizeof keys / sizeof *keys; k++)
        if (keys[k])
            return READING_ERROR(r, keys[k],
                                 "nothing is fed back here, so there is no %s: an output becomes "
                                 "the next input with data.generate, or in a decoder with more "
                                 "than one timestep",
                                 keys[k]->text);
    return true;
}

static bool read_feed(Reading *r) {
    const Item *model = item_get(r->root, "model");
    const Item *key = item_key(model, "feed"), *heat = item_key(model, "temperature");
    const char *word = schema_text(model, "feed", r->data.alphabet.n ? "largest" : "value");
    FeedKind kind = FEED_VALUE;
    for (int k = FEED_VALUE; k < FEED_COUNT; k++)
        if (strcmp(feed_defs[k].name, word) == 0) kind = (FeedKind)k;
    r->temperature = schema_number(model, "temperature", 0.001, 1000, 1);
    const Item *asks = key ? key : at_key(r, "data", "generate");
    r->feed_span = (asks ? asks : item_key(model, "decoder"))->span;
    r->feed = kind;
    if (heat && !feed_defs[kind].draws)
        return READING_ERROR(r, heat, "a temperature belongs to model.feed: sample");
    if (feed_defs[kind].draws && !ends_in_softmax(r))
        return READING_ERROR(r, key,
                             "model.feed: sample draws by probabilities, so the head must end in "
                             "softmax");
    const Item *direction = item_key(model, "direction");
    if (!r->decodes && direction && strcmp(schema_text(model, "direction", ""), "forward") != 0)
        return READING_ERROR(r, direction,
                             "what the network says can be fed back only if all layers read "
                             "forward: one that reads backward begins at the end, which is not "
                             "there yet");
    return true;
}

static bool is_teacher(const Item *map, const char *otherwise) {
    return strcmp(schema_text(map, "forcing", otherwise), "teacher") == 0;
}

/// The key that asks for teacher forcing.
static const Item *teacher_key(const Reading *r) {
    return at_key(r, r->data.forced ? "data" : "train", "forcing");
}

bool feedback_replaces(const Reading *r) {
    return r->decodes || r->data.entries;
}

bool feedback_fits(Reading *r, int rows) {
    const DataSpec *data = &r->data;
    bool forces = data->fed && (data->forced || data->train_forced) && feedback_replaces(r);
    if (!forces || rows == data->input) return true;
    return READING_ERROR(r, teacher_key(r),
                         "teacher forcing gives each timestep the target of the one before, but a "
                         "target has %d row%s and an input %d",
                         rows, rows == 1 ? "" : "s", data->input);
}

/// Has every timestep before one that is forced a target?
static bool check_targets(Reading *r) {
    const DataSpec *data = &r->data;
    if (!feedback_replaces(r)) return true;
    const Item *key = teacher_key(r);
    if (r->loss == LOSS_NONE || r->loss == LOSS_PROBE)
        return READING_ERROR(r, key,
                             "teacher forcing gives each timestep the target of the one before, "
                             "and without a loss to learn from there is none");
    for (int t = data->fed - 1; t < data->steps; t++)
        if (data->entries ? !data->entries[t - 1] : !data_has_loss(r, t, data->steps))
            return READING_ERROR(r, key,
                                 "teacher forcing gives timestep %d the target of the one before, "
                                 "which has none",
                                 t + 1);
    return true;
}

bool feedback_read(Reading *r) {
    DataSpec *data = &r->data;
    const Item *map = item_get(r->root, "data"), *train = item_get(r->root, "train");
    if (!read_places(r)) return false;
    if (!data->fed) return idle_keys(r);
    data->forced = is_teacher(map, "free");
    data->train_forced = is_teacher(train, data->forced ? "teacher" : "free");
    bool fine = !(data->forced || data->train_forced) || check_targets(r);
    bool runs_free = !data->forced || !data->train_forced;
    return (!runs_free || read_feed(r)) && fine;
}

int feedback_places(const Reading *r, int steps, int *prompt) {
    const DataSpec *data = &r->data;
    // all is counted from the end, save for timesteps that are listed
    int shorter = data->loss_at == LOSS_AT_LIST && !data->generate ? 0 : data->steps - steps;
    *prompt = r->decodes ? data->prompt - shorter : 0;
    return data->fed ? data->fed - shorter : 0;
}

void feedback_force(const Reading *r, bool forced, const Sequence *q, double *inputs) {
    size_t rows = (size_t)q->input, bytes = rows * sizeof *inputs;
    int prompt, fed = feedback_places(r, q->steps, &prompt);
    bool changes = fed && (!forced || feedback_replaces(r));
    for (int t = fed - 1; changes && t < q->steps; t++)
        if (forced)
            memcpy(inputs + (size_t)t * rows, q->targets + (size_t)(t - 1) * rows, bytes);
        else
            memset(inputs + (size_t)t * rows, 0, bytes);
}
