/// What the export dialog is set to, and its settings as rows of a table: drawing, keys, scripts
/// and the file of settings all read the rows.
#ifndef APP_EXPORT_CHOICE_H
#define APP_EXPORT_CHOICE_H

#include "export/options.h"

typedef enum {
    SET_FORMAT,
    SET_STEPS,
    SET_FROM,
    SET_TO,
    SET_BY,
    SET_LAYOUT,
    SET_PER_PAGE,
    SET_PANELS,
    SET_SIZE,
    SET_PIXELS,
    SET_WIDTH,
    SET_FONT,
    SET_SCALE,
    SET_THEME,
    SET_LANG,
    SET_DETAILS,
    SET_SUBTITLES,
    SET_HOLD,
    SET_FPS,
    SET_FOLDER,
    SET_NAME,
    SET_COUNT
} ExportSetting;

typedef enum { STEPS_ONE, STEPS_SCENE, STEPS_RANGE, STEPS_ALL, STEPS_COUNT } ExportSteps;
typedef enum { SIZE_USUAL, SIZE_HD, SIZE_4K, SIZE_PIXELS, SIZE_FIGURE, SIZE_COUNT } ExportSize;
typedef enum {
    DETAIL_CAPTION,
    DETAIL_GROUND,
    DETAIL_OUTLINES,
    DETAIL_LEGEND,
    DETAIL_STILL,
    DETAIL_COUNT
} ExportDetail;

enum { CHOICE_BYTES = 64, CHOICE_PATH_BYTES = 1024 };

/// Plain values: copying it is keeping it. A text may be empty: the usual one is meant.
typedef struct {
    bool used;           // something was chosen; until then theme and language are the window's
    int pick[SET_COUNT]; // which of its words; bits, where several can be chosen
    char field[SET_COUNT][CHOICE_BYTES]; // what is typed
    char folder[CHOICE_PATH_BYTES], name[CHOICE_PATH_BYTES];
} ExportChoice;

typedef enum {
    ROW_PICK, // one of its words
    ROW_BITS, // any of its words
    ROW_FIELD // a text
} RowKind;

typedef struct {
    const char *id; // in scripts and in the file of settings
    RowKind kind;
    const char *label[LANG_COUNT];
    int n;                      // how many words it has
    const char *(*word)(int k); // as the command line writes them
    const char *const (
        *said)[LANG_COUNT];        // as the dialog writes them; NULL, or a NULL in it: the word
    const char *after[LANG_COUNT]; // what is said after a field, or NULL
    const char *usual[LANG_COUNT]; // what an empty field stands for
    int wide;                      // of a field, logical pixels
    ExportSetting beside; // the row on whose line it stands, where that applies; SET_COUNT: none
    bool kept;            // from one start to the next
} ExportRow;

extern const ExportRow export_rows[SET_COUNT];

/// The choices of a first start.
ExportChoice export_choice_new(void);

/// Does a row, or one of its words, apply to what is chosen?
bool export_row_applies(const ExportChoice *c, ExportSetting row);
bool export_word_applies(const ExportChoice *c, ExportSetting row, int k);

/// Is a word chosen? With a row of bits, word 0 stands for none of the others, if it has_none.
bool export_is_picked(const ExportChoice *c, ExportSetting row, int k);

/// Chooses a word, or turns it on and off where several can be.
void export_pick(ExportChoice *c, ExportSetting row, int k);

/// The word of a row as the dialog says it.
const char *export_said(ExportSetting row, int k, Lang lang);

/// The text of a ROW_FIELD, to be changed in place, and its room in bytes.
char *export_text(ExportChoice *c, ExportSetting row, size_t *size);

/// The row of that id, or SET_COUNT.
ExportSetting export_row_find(const char *id);

/// The index of a row's word, or -1.
int export_word_find(ExportSetting row, const char *word);

/// One frame, not a run of them?
bool export_is_one(const ExportChoice *c);

/// Does the export make a folder of files?
bool export_is_folder(const ExportChoice *c);

#endif
