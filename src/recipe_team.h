/// The processes that make the outputs of a recipe, one each, some at a time.
#ifndef RECIPE_TEAM_H
#define RECIPE_TEAM_H

#include "cmd_export.h"
#include "files/record.h"

enum { RECIPE_JOBS = 64 }; // most at a time

/// An output to be made.
typedef struct {
    ExportWords words; // paths seen from here
    const Source *source;
    Span span;     // of the entry in the recipe
    uint64_t hash; // of the words and the program
} RecipeEntry;

/// Makes those of n outputs that are not as the record says, `jobs` at a time; says which on
/// standard error, a line each, and keeps the record. Files of the record that an output no longer
/// has are removed, nothing else ever is.
///   errors  after messages, the code of the first output that could not be made, the others being
///           made all the same; an interrupt stops all. *why is NULL, or why there is no record
ExitCode recipe_make(Program *p, const RecipeEntry *entries, int n, int jobs, const char *record,
                     const char **why);

#endif
