/// Scripts of actions for tests: what a line of one asks for.
#ifndef APP_SCRIPT_H
#define APP_SCRIPT_H

#include "app/action.h"
#include "core/diag.h"

typedef enum {
    LINE_ACTION,
    LINE_SCREENSHOT, // text: a file
    LINE_PRINT,      // the state on standard output
    LINE_CLIPBOARD,  // its text on standard output
    LINE_WAIT,       // x: milliseconds
    LINE_EXPORTED,   // waits until the export that runs is over
    LINE_POINT,      // x, y: logical pixels
    LINE_PRESS,
    LINE_KEY // text: SDL's name of a key
} LineKind;

typedef struct {
    LineKind kind;
    Action action;
    double x, y;
    const char *text;
} ScriptLine;

/// Reads a script; empty lines and those that begin with # are left out.
///   owner   arena a
///   errors  NULL, with every wrong line in d
const ScriptLine *script_read(Arena *a, const char *path, int *count, Diags *d);

#endif
