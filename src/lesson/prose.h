/// Markdown as a flat list of blocks of inline runs; what the prose panel sets.
#ifndef LESSON_PROSE_H
#define LESSON_PROSE_H

#include "core/diag.h"

typedef enum {
    BLOCK_HEADING,
    BLOCK_PARAGRAPH,
    BLOCK_ITEM,      // of a list; level is the depth, number 0 for a bullet, -1 for a
                     // further paragraph of the same item
    BLOCK_QUOTE,     // a paragraph of a quotation
    BLOCK_CODE,      // text in runs[0]; info says the language; directive blocks too
    BLOCK_MATH,      // display mathematics, TeX in runs[0]
    BLOCK_TABLE_ROW, // cells are runs separated by RUN_CELL
    BLOCK_RULE
} BlockKind;

typedef enum {
    RUN_TEXT,
    RUN_MATH, // TeX
    RUN_CODE,
    RUN_BREAK, // a hard line break
    RUN_CELL   // begins the next cell of a table row
} RunKind;

typedef struct {
    RunKind kind;
    bool strong, emphasis;
    const char *link; // target, or NULL
    const char *text;
    Span span; // in the source
} ProseRun;

typedef struct {
    BlockKind kind;
    int level;        // heading 1..6, list depth from 1
    int number;       // of an ordered list's item
    bool header;      // a table's head row
    const char *info; // of a code block
    const ProseRun *runs;
    int n_runs;
    Span span;
} Block;

/// Reads Markdown (CommonMark with $mathematics$ and tables) from `from` to the end of a source.
///   owner   arena a
Block *prose_parse(Arena *a, const Source *source, size_t from, int *count, Diags *d);

#endif
