/// LaTeX: equations in symbols and in numbers, tables of values, and pictures as TikZ.
#ifndef EXPORT_LATEX_H
#define EXPORT_LATEX_H

#include "export/picture.h"

/// Commands of our formulas that LaTeX's own packages do not define.
#define LATEX_COMMANDS                                                                             \
    "\\providecommand\\coloneqq{:=}\\providecommand\\degree{{}^\\circ}"                            \
    "\\providecommand\\omicron{o}\n"

/// A document: for each frame its sentence, its equation in symbols and with its numbers; then a
/// table of values for each name.
void latex_document(Arena *a, const Look *look, const Frame *frames, int n, Buf *out);

/// The equation that a frame's step belongs to, to be put into another document: in symbols alone,
/// as a formula without an environment; or with its numbers below it, as align*.
///   errors  false: it belongs to none
bool latex_equation(Arena *a, const Look *look, const Frame *frame, bool numbers, Buf *out);

/// A scene as a TikZ picture: a document of its own (class standalone), which another document can
/// \input.
void latex_tikz(Arena *a, const Scene *s, const Look *look, Buf *out);

/// Appends the definitions of the colours that formulas name: gwf, gwi ...
void latex_roles(const Look *look, Buf *out);

/// Appends text with what TeX reserves escaped, and signs that pdfTeX does not know as commands.
void latex_text(Buf *out, const char *text);

/// Appends a formula of ours as LaTeX: \term{id}{x} becomes x, \color{role}{x} a group in that
/// colour, if roles are wanted.
void latex_formula(Buf *out, const char *tex, bool roles);

#endif
