/// The words on a question's card as runs of prose. Private to view/ask_card.c.
#ifndef VIEW_ASK_TEXT_H
#define VIEW_ASK_TEXT_H

#include "view/prose_flow.h"

/// A hint or an explanation, Markdown with mathematics, as one paragraph.
///   owner   arena a; *n runs
ProseRun *ask_author_runs(Arena *a, const char *text, int *n);

/// What is asked.
ProseRun *ask_question_runs(Arena *a, const View *v, const AskBlock *ask, const Question *q,
                            int *n);

/// What option k is.
ProseRun *ask_option_runs(Arena *a, const View *v, const Question *q, int k, int *n);

/// What was clicked.
ProseRun *ask_chosen_runs(Arena *a, const View *v, const Asked *clicked, int *n);

/// How good the guess was, and what is true.
ProseRun *ask_verdict_runs(Arena *a, const View *v, const Question *q, const Guess *guess, int *n);

#endif
