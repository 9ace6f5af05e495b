/// A lesson while it is being read: what its parts hand to each other. Private to the lesson layer.
#ifndef LESSON_READING_H
#define LESSON_READING_H

#include "core/task.h"
#include "lesson/lesson.h"
#include "lesson/schema.h"

enum {
    LESSON_MAX_BYTES = 16 * 1024 * 1024,
    LESSON_MAX_HIDDEN = 10000, // rows of a layer; a larger one is refused with its size
    LESSON_MAX_LAYERS = 64,
    LESSON_MAX_ROWS = 100000, // classes, symbols, rows of an embedding
    LESSON_MAX_BATCH = 100000,
    LESSON_MAX_GENERATE = 1000000 // timesteps
};

/// Where the loss is taken.
typedef enum {
    LOSS_AT_UNSAID,
    LOSS_AT_LAST,
    LOSS_AT_EVERY,
    LOSS_AT_FROM, // from a timestep on: what a decoder says
    LOSS_AT_LIST
} LossAt;

/// What the entries of `targets` are.
typedef enum { TARGETS_NONE, TARGETS_CLASSES, TARGETS_SYMBOLS, TARGETS_ROWS } TargetKind;

/// Symbols in order, found by name.
typedef struct {
    const char **names; // NULL-terminated
    int n, cap;
    int *slots; // open addressing: index + 1, 0 for empty
    int n_slots;
} Alphabet;

typedef struct FileData FileData;

/// The data before it is spread out to columns. Nothing of length T is here but what the lesson
/// itself spells out, so that a long task is refused before it takes any memory.
typedef struct {
    bool ready; // T, the rows of x and the kind of targets are settled (not that all is right)
    bool is_task;
    TaskSpec task;
    const FileData *file; // lesson/data_file.h; NULL if the data is no file
    int steps;            // T, of the longest sequence where they differ
    int shortest;         // of the shortest
    int given;         // of inline data: timesteps with an input, before those that are generated
    int generate;      // timesteps at the end whose input is what the network said before
    int prompt;        // as Sequence.prompt, in the longest sequence
    int fed;           // its first timestep whose input is not given; 0: none
    bool forced;       // shown with the targets in place of what the network says
    bool train_forced; // trained so
    int input;         // rows of x
    Span place;        // what says how long the sequence is
    Alphabet alphabet; // n = 0 for numbers only
    int *symbols;      // (T) inline data of symbols, else NULL
    const double *inputs; // (T, input) inline data of numbers, else NULL
    LossAt loss_at;
    const int *loss_places; // (n_loss_places) LOSS_AT_LIST: timesteps from 1
    int n_loss_places;
    int loss_from; // LOSS_AT_FROM
    TargetKind targets;
    Span targets_place;
    const Item **entries; // (T) inline target at each timestep, NULL where none counts
    int target_rows;      // numbers in a row of TARGETS_ROWS
    int n_classes;        // that symbols or class numbers ask for; 0 for rows
    int held;             // sequences held out of training, to be tested on
} DataSpec;

/// Numbers of a lesson: one, a flat list, or rows of the same length.
typedef struct {
    const double *at;
    int n;
    int rows, cols; // nested only
    bool nested;
} Numbers;

typedef enum { DIRECTIVE_STEP, DIRECTIVE_ASK, DIRECTIVE_TRY, DIRECTIVE_NOTE } DirectiveKind;

/// A fenced block of the lesson, kept until the walk is there to check it against.
typedef struct {
    DirectiveKind kind;
    const Item *map;
} Directive;

typedef struct {
    Arena *arena;
    const Source *source;
    const Places *places;
    Diags *diags;
    int told;           // mistakes in diags before this lesson
    const char *folder; // of the lesson
    const Item *root;   // a map, never NULL once read
    size_t body;        // first byte after the front matter
    // the model
    bool model_ready;
    LayerSpec *layers;
    int n_layers; // both halves of a bidirectional layer count
    bool decodes; // the last of them are a decoder's
    int n_cells;
    const CellAst **cells; // loaded already, by word
    const char **cell_words;
    int cap_cells;
    const CellAst *head;
    LossKind loss;
    bool sum;
    FeedKind feed; // FEED_NONE where nothing is fed back
    double temperature;
    Span feed_span;
    int embedding;
    int classes; // 0: not said
    DataSpec data;
    const char *weights_path; // weights.file inside the lesson's folder; NULL without one
    int train_steps;          // in place of those of `train`; -1: as it says
    // the body
    bool is_twin;
    Directive *directives;
    int n_directives, cap_directives;
    // the result
    const char **watch;
    int n_watch, cap_watch;
    const char **notes;
    int n_notes, cap_notes;
} Reading;

/// Adds a mistake at an item. Always false.
#define READING_ERROR(r, item, ...) diag_error((r)->diags, (r)->source, (item)->span, __VA_ARGS__)

extern const Field front_fields[];
extern const char *const panel_words[]; // NULL-terminated

/// As lesson_load, for a text that is there already; its path says where things beside it are.
Lesson *lesson_from_source(Arena *a, const Source *source, const Places *places, Training *training,
                           Diags *d);

/// Runs a lesson with its parameters: forward and backward into its trace, walk, proof.
///   owner   what is made: arena a
void lesson_run(Arena *a, Lesson *lesson);

/// Bytes that a run of this network takes, training included. In `network`, unless NULL, those of a
/// run over one timestep.
double run_bytes(const Reading *r, const Graph *g, const TrainSpec *train, double *network);

/// Mistakes of bytes: NUL, control letters, bad UTF-8. `*first` is the first of them.
bool text_check(const Source *source, size_t *first, Diags *d);

/// Reads numbers, NaN and infinities included; `what` is how messages call them.
///   errors  entries that are no numbers, rows of different lengths: in d, false
bool numbers_read(Reading *r, const Item *item, const char *what, Numbers *out);

/// A size in memory with its unit: "3.2 GiB".
const char *memory_words(Arena *a, double bytes);

/// The index of a symbol, or -1; added first with `add`.
int alphabet_find(Arena *a, Alphabet *alphabet, const char *name, bool add);

/// Adds what a lesson gives as `symbols` to the alphabet.
///   errors  what is no list of different texts: in d, false
bool data_symbols(Reading *r, const Item *list);

/// Is a loss taken at this timestep, from 1, of a sequence of `steps`?
bool data_has_loss(const Reading *r, int place, int steps);

/// Where the front matter and the body are.
///   errors  missing or never closed: in d
bool front_split(const Source *source, Span *yaml, size_t *body, Diags *d);

/// Splits, parses and checks the front matter against front_fields; fills root and body.
///   errors  false if there is nothing to go on with
bool front_read(Reading *r);

/// A file that a lesson names, inside the lesson's folder; NULL with a mistake at the item if it
/// is absolute, leaves the folder, or is not there.
const char *path_inside(Reading *r, const Item *item);

/// The cell of that name, or of that file beside the lesson; NULL with mistakes.
const CellAst *cell_load(Reading *r, const Item *word);

/// Reads the layers of `model` and of `model.decoder`.
bool layers_read(Reading *r, const Item *model);

/// The fields of `data` that say how a sequence goes on by itself, for the tables of its sources.
#define FEEDBACK_FIELDS                                                                            \
    {"generate", FIELD_WHOLE, .lo = 1, .hi = LESSON_MAX_GENERATE}, {                               \
        "forcing", FIELD_WORD, .words = forcing_words                                              \
    }
extern const char *const forcing_words[]; // NULL-terminated

/// The field of `data` that says what is held out of training: a number of sequences, or another
/// file.
#define TEST_FIELD {"test", .type = FIELD_ANY}
enum { LESSON_MAX_TEST = 1000000 };

/// The number of sequences of `data.test`, where it is one; 0 with a mistake.
int data_test_count(Reading *r, const Item *test);

/// Where the loss of a decoder stands unless the lesson says it: the timestep, from 1; 0 if it has
/// to say it.
int feedback_loss_from(const Reading *r);

/// Where an encoder ends, what is fed back and how: from model.decoder, model.feed, data.generate
/// and forcing, once the data is known.
bool feedback_read(Reading *r);

/// Does teacher forcing put targets in place of inputs? Of tasks and files without a decoder it
/// does not: their own inputs are what the network should have said.
bool feedback_replaces(const Reading *r);

/// Have the targets that do so as many rows as the inputs?
///   rows    of the network's result
bool feedback_fits(Reading *r, int rows);

/// Where in a sequence of this length the encoder ends (0 without one); returns the first timestep
/// whose input is not given (0 if all are).
int feedback_places(const Reading *r, int steps, int *prompt);

/// Puts the targets of a sequence in place of the inputs that are not given, or clears those.
///   inputs  (T, rows), rows being those of the targets too
void feedback_force(const Reading *r, bool forced, const Sequence *q, double *inputs);

/// Reads `model` into layers, head and loss.
void model_read(Reading *r);

/// Reads `data` into r->data.
void data_read(Reading *r);

/// The network, once model and data are settled; NULL with mistakes. With dropout it has the masks
/// of training; the parameters are the same, in the same order.
Graph *model_build(Reading *r, bool dropout);

/// The sequence for a graph: one-hot columns, targets, weights of a probe. Fills the fields of the
/// lesson that speak of symbols too. The caller has looked at the size.
///   errors  targets that do not fit the network's result: in d, false; they are zeros then
bool data_sequence(Reading *r, const Graph *g, Lesson *lesson);

/// Sequences for train(): of the task one after the other, else the shown one again and again.
typedef struct TrainData TrainData;
TrainData *train_data_new(Reading *r, const Sequence *shown);
SequenceSource train_data_next;

/// Sequences for train_score(): those that are held out, with inputs as the stage shows them.
TrainData *test_data_new(Reading *r, const Sequence *shown);
SequenceSource test_data_next;

/// Checks and keeps the path of weights.file; all that can be said of it without a network.
void weights_file_find(Reading *r);

/// Fills parameters: init rules, seed, values of the lesson.
bool weights_read(Reading *r, const Graph *g, double *params);

/// The same for another cell: of the lesson's values those of head and embedding alone, where they
/// fit.
void weights_shared(Reading *r, const Graph *g, double *params);

/// Does the lesson give parameters of its cell?
bool weights_given(const Reading *r);

/// Reads `train`; steps 0 if there is none.
bool train_read(Reading *r, TrainSpec *out);

/// Can the network be trained so?
///   errors  in d, false
bool train_fits(Reading *r, const Graph *g, const TrainSpec *spec);

/// Turns the body into scenes, checking what can be checked without a run.
/// `title` is that of a scene without a heading.
const LessonScene *scenes_read(Reading *r, const char *title, int *count);

/// Checks addresses, names and units of the directives against the walk and the graph.
void scenes_check(Reading *r, const Lesson *lesson);

/// Reads what an ask block says to wrong answers; `wrong` is NULL without. Its kind must be known.
void replies_read(Reading *r, const Item *wrong, AskBlock *ask);

/// Has the English question a reply for each of its twin's?
void replies_match(Reading *twin, const AskBlock *english, const AskBlock *chinese);

/// The Chinese twin, if there is one: prose only.
void twin_read(Reading *r, const char *path, Lesson *lesson);

/// "lessons/03-forget.md" as number 3 and slug "forget".
void lesson_name(Arena *a, const char *path, int *number, const char **slug);

/// The English file of a .zh.md, if there is one; else the path itself.
const char *lesson_english(Arena *a, const char *path);

/// The Chinese file beside an English one; NULL if there is none.
const char *lesson_twin(Arena *a, const char *path);

/// Everything before the last '/', "." without one.
const char *path_folder(Arena *a, const char *path);

#endif
