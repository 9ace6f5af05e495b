/// The commands of export among themselves: what each format is written by.
#ifndef EXPORT_JOBS_H
#define EXPORT_JOBS_H

#include "command.h"
#include "export/fonts.h"
#include "export/options.h"

/// What drawing needs, opened once for an export.
typedef struct {
    TextEngine *text;
    Fonts *fonts;
} Tools;

/// The frames asked for: one, or the run.
///   owner   the program's arena; *count frames
///   errors  NULL after a message
Frame *frames_to_export(Program *p, const Export *e, int *count);

/// One frame as the bytes of a file.
///   errors  false, with *why one sentence
typedef bool FrameBytes(Arena *a, Tools *tools, const Look *look, const Frame *frame, Buf *out,
                        const char **why);

/// Writes one frame to e->path, or each of a run into the folder e->path, `jobs` at a time.
/// An interrupt, or a failure, leaves only whole frames.
ExitCode export_pictures(Program *p, const Export *e, Tools *tools, FrameBytes *bytes,
                         const char *ending);

/// Writes bytes to e->path, or under `name` into it if it is a folder.
ExitCode export_file(Program *p, const Export *e, const Buf *bytes, const char *name);

/// The same path with another ending: "a/b.pdf" as "a/b.srt".
///   owner   arena a
const char *export_beside(Arena *a, const char *path, const char *ending);

/// Is (or becomes) the path a file, not standard output, a folder or a device?
bool export_is_file(const char *path);

/// Writes the pages of a PDF in the layout asked for.
ExitCode export_pdf(Program *p, const Export *e, Tools *tools);

/// Writes the page for a browser.
ExitCode export_html(Program *p, const Export *e, Tools *tools);

/// Each writes a film, with its subtitles beside it.
ExitCode export_gif(Program *p, const Export *e, Tools *tools);
ExitCode export_webp(Program *p, const Export *e, Tools *tools);
ExitCode export_mp4(Program *p, const Export *e, Tools *tools);
ExitCode export_webm(Program *p, const Export *e, Tools *tools);

/// One export; what the command line and each picture of a recipe come to.
ExitCode export_run(Program *p, const ExportWords *w);

/// Makes what a recipe lists and what has changed of it.
///   errors  after messages, the code of the first picture that could not be made
ExitCode export_recipe(Program *p, const char *path);

/// Says what went wrong; EXIT_MACHINE.
ExitCode machine_error(const char *why);

#endif
