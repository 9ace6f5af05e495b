/// Exports among the commands: one, or all of a recipe.
#ifndef CMD_EXPORT_H
#define CMD_EXPORT_H

#include "command.h"
#include "export/make.h"

/// Makes what a recipe lists and what has changed of it, `jobs` (a word, or NULL for one) outputs
/// at a time.
///   errors  after messages, the code of the first output that could not be made
ExitCode export_recipe(Program *p, const char *path, const char *jobs);

#endif
