/// The window.
#ifndef APP_APP_H
#define APP_APP_H

#include "lesson/lesson.h"

typedef struct {
    const char *lesson;  // path; NULL: the lesson chooser
    const char *at;      // step address to open at, or NULL
    const char *script;  // file of actions, one a line, for tests; or NULL
    const char *program; // path of this program, which makes exports
    Places places;
} AppOptions;

/// Opens the window and runs until it is closed. Prints messages on standard error.
/// A script's lines are actions by their words (app/action.h: "step-forward", "goto
/// backward:2:c", "theme dark") and: "screenshot FILE.png", "print" (the state on standard
/// output), "clipboard" (its text on standard output), "wait MS", "exported" (waits until an
/// export is over), "point X Y" and "press X Y" (the mouse, logical pixels), "key NAME". It
/// begins without motion; after "motion 1", "pass MS" is motion's clock.
///   returns the exit code: 0 closed; 1 a script that cannot be read; 2 a bad step address;
///           3 no display, no fonts, or the window system failed
int app_run(const AppOptions *options);

#endif
