/// A lesson: a Markdown file with YAML front matter, its Chinese twin, and the run it describes.
#ifndef LESSON_LESSON_H
#define LESSON_LESSON_H

#include "core/history.h"
#include "core/update.h"
#include "core/walk.h"
#include "lesson/prose.h"

typedef enum { LANG_EN, LANG_ZH, LANG_COUNT } Lang;

extern const char *const lang_names[LANG_COUNT]; // "en", "zh"

typedef enum { ASK_NUMBER, ASK_SIGN, ASK_LARGER, ASK_CHOICE, ASK_CLICK, ASK_ORDER } AskKind;

/// A ```step block: what the stage shows when its scene opens.
typedef struct {
    bool given;
    const char *at;            // a step address, checked; NULL keeps the playhead
    int unit;                  // 0: all
    const char *const *focus;  // "f", "c[t-1]"; NULL-terminated
    const char *const *panels; // NULL-terminated; NULL: those of the lesson
} StepBlock;

/// What the author says to a wrong answer.
typedef struct {
    const char *answer; // "below", "negative", "2" ...; NULL: to every wrong one
    const char *text;
    Span span; // of the answer in the source
} AskReply;

/// An ```ask block.
typedef struct {
    AskKind kind;
    const char *of; // "f[2] at forward:3"; several, for larger and order, are joined by "; "
    double tolerance;
    const char *hint, *after;
    const AskReply *replies;
    int n_replies;
    const char *const *options; // NULL-terminated or NULL
} AskBlock;

/// A ```try block.
typedef struct {
    const char *set;   // "b_f = -2"
    const char *watch; // "c"; several are joined by "; "; "" for none
} TryBlock;

/// A scene of the lesson: a heading of level 1 or 2 and what follows it.
typedef struct {
    const char *title;   // plain text
    const Block *blocks; // prose, the heading first; directive blocks stand in it by index
    int n_blocks;
    StepBlock step;
    const AskBlock *asks;
    int n_asks;
    const TryBlock *tries;
    int n_tries;
    const char *note; // for the presenter, or NULL
} LessonScene;

enum { COMPARE_MOST = 3 };

/// The run of the lesson with another cell in each of its layers, and all else the same. Its parts
/// are those of the lesson's own graph, in the same order.
typedef struct {
    const Graph *graph;
    const double *params; // after training
    Trace *trace;         // forward and backward done
} Compared;

typedef struct Lesson {
    const char *path;
    const char *slug; // file name without number and ending: "forget-gate"
    int number;       // of the file name; 0 without one
    const char *title[LANG_COUNT];
    const char *about[LANG_COUNT];
    const LessonScene *scenes[LANG_COUNT]; // [lang][n_scenes]; Chinese falls back to English
    int n_scenes;
    bool has_chinese;
    const CellAst *cell;        // of the first layer
    const char *const *symbols; // the alphabet, NULL-terminated; NULL for numbers
    const int *input_symbols;   // (T) index into symbols, -1 for none; NULL for numbers
    const int *target_classes;  // (T) class of the target, -1 where none; NULL if not classes
    int digits;                 // decimals shown
    const char *const *panels;  // NULL-terminated
    Grain grain;                // to step by when the lesson opens
    TrainSpec train;            // steps 0: none
    const char *const *watch;   // files whose change means a reload, NULL-terminated
    const char *const *notes;   // what the reader understood and the author should know, such as
                                // whose names a file of weights has; NULL-terminated
    // the run
    const Graph *graph;
    Sequence sequence;
    const double *params;  // after training
    double untrained;      // loss of the sequence before it; NaN without training or loss
    Score test;            // of the sequences that are held out; none without data.test
    Trace *trace;          // forward and backward done
    struct Proof *proof;   // of its gradients by two runs; NULL where that would take long
    struct Blame *blame;   // its gradients by the losses they come from; NULL also of one loss
    struct Shares *shares; // how its parameters' gradients grow on the way back; NULL likewise
    const Update *update;  // after training the next optimizer step, by this run's gradient; in a
                           // moment of training the step that it took, by its batch's; NULL if the
                           // lesson has no train block or no loss
    Walk *walk;
    const Compared *compared; // other cells on the same sequence, after training
    int n_compared;           // at most COMPARE_MOST
    bool compared_drawn; // their weights begin as the seed says, and those of the lesson's own cell
                         // are given
    // training (lesson/moment.h)
    const Graph *training_graph; // of its moments: with dropout the masks are in it; else `graph`
    const Walk *training_walk;   // likewise; of a lesson after training only
    const History *history;      // NULL if nothing was trained
    int moment; // the optimizer step that the weights stand before; 0: after training
    const struct Lesson *trained; // in a moment: the lesson after training; else NULL
} Lesson;

/// Where shipped things are found.
typedef struct {
    const char *assets;  // folder with cells/ and fonts/
    const char *lessons; // folder of shipped lessons
} Places;

/// Loads a lesson (or a .cell file, run as the command line's page says) and runs it: training,
/// forward, backward, walk.
///   owner   arena a
///   errors  all mistakes of the lesson, its twin, its cells and data in d; NULL if any
Lesson *lesson_load(Arena *a, const char *path, const Places *places, TrainProgress *progress,
                    void *progress_context, Diags *d);

enum { LESSON_MAX_OPTIMIZER_STEPS = 1000000 };

/// How the training of a lesson goes while it loads.
typedef struct {
    int steps;               // in place of the lesson's; -1: as it says
    TrainProgress *progress; // or NULL; a lesson whose training it stops has the weights so far
    void *context;
    int all;                // filled before the first step: how many there will be
    ScoreProgress *testing; // of the sequences that are held out, or NULL; false stops the test
    bool alone; // what the lesson compares with its own cell is read and checked, not run
    bool none;  // neither trains nor runs: the lesson is read, built, measured and checked
} Training;

/// As lesson_load, with a say in the training.
Lesson *lesson_load_trained(Arena *a, const char *path, const Places *places, Training *training,
                            Diags *d);

/// The file of a lesson given as a path, or as a shipped lesson's number or slug; NULL if there
/// is none.
const char *lesson_find(Arena *a, const char *word, const Places *places);

/// Front matter only, for the chooser.
typedef struct {
    const char *path, *slug;
    int number;
    const char *title[LANG_COUNT];
    const char *about[LANG_COUNT];
} LessonCard;

/// The shipped lessons in order of their numbers; those that cannot be read are left out.
const LessonCard *lesson_list(Arena *a, const Places *places, int *count);

/// Does the path name a cell file (.cell), not a lesson?
bool lesson_is_cell(const char *path);

/// A text of a cell in that language, in English where it has no Chinese; NULL without one.
///   shape   text: [LANG_COUNT]: a title, origin or note
const char *cell_wording(const char *const *text, Lang lang);

/// The names of the shipped cells ("lstm", "found/nested"), in order, NULL-terminated.
const char *const *lesson_cells(Arena *a, const Places *places);

#endif
