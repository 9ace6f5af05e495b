/// The export that the dialog stands for: as words for the export layer, as a command line.
#ifndef APP_EXPORT_TASK_H
#define APP_EXPORT_TASK_H

#include "app/state.h"
#include "export/options.h"

/// The words of the command that makes what the dialog shows; those that are the usual ones are
/// left out.
///   owner   arena a
ExportWords export_task_words(Arena *a, const AppState *s, const World *w);

/// The name, without folder and ending, that is taken where none is typed.
///   owner   arena a
const char *export_task_name(Arena *a, const AppState *s, const World *w);

/// The folder that is taken where none is typed, and the one that is meant, whole.
///   owner   arena a
const char *export_task_folder(Arena *a, const AppState *s, const World *w);

/// Where the export goes: a file, or a folder of files.
///   owner   arena a
const char *export_task_path(Arena *a, const AppState *s, const World *w);

/// The words of the process that makes it, the program's path first, ended by NULL.
///   owner   arena a
const char **export_task_argv(Arena *a, const char *program, const ExportWords *words);

/// The same as a line for a shell: "gatewalk export ...".
///   owner   arena a
const char *export_task_line(Arena *a, const ExportWords *words);

/// A word as a shell reads it back: quoted where it must be.
///   owner   arena a
const char *shell_word(Arena *a, const char *word);

#endif
