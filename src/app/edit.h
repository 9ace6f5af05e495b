/// Editing one line of text: what typing, erasing and moving do to it. The text is UTF-8; places in
/// it are bytes, always between two characters.
#ifndef APP_EDIT_H
#define APP_EDIT_H

#include <stdbool.h>
#include <stddef.h>

/// Where the typing is, and the other end of what is selected: equal where nothing is.
typedef struct {
    int caret, mark;
} Edit;

typedef enum { CARET_LEFT, CARET_RIGHT, CARET_START, CARET_END, CARET_ALL } CaretMove;

/// All of a text selected, so that typing replaces it.
Edit edit_all(const char *text);

/// At the end of a text, nothing selected.
Edit edit_end(const char *text);

/// Puts typed text in place of what is selected. What does not fit into `size` bytes is cut at a
/// whole character; control characters are left out.
void edit_type(Edit *e, char *text, size_t size, const char *typed);

/// Takes out what is selected, or else the character before the caret (after it: `forward`).
void edit_erase(Edit *e, char *text, bool forward);

/// Moves the caret; with `select` the other end of the selection stays.
void edit_move(Edit *e, const char *text, CaretMove move, bool select);

#endif
