/// The makers of exports among themselves: what each format is written by.
#ifndef EXPORT_MAKE_WITH_H
#define EXPORT_MAKE_WITH_H

#include "export/fonts.h"
#include "export/make.h"

/// Why it cannot be made; EXPORT_FAILED.
ExportEnd maker_fails(Maker *m, const char *why);

/// Tells the watch; false when the export is to stop.
bool maker_goes_on(Maker *m, const char *what, int done, int all);

/// What an export ends with that could not be finished: stopped, or failed for that reason.
ExportEnd maker_ends(Maker *m, const char *why);

/// The frames asked for; NULL with m->why if there are none.
Frame *maker_frames(Maker *m, const Export *e, int *count);

/// One frame as the bytes of a file.
///   errors  false, with *why one sentence
typedef bool FrameBytes(Arena *a, const Maker *m, const Look *look, const Frame *frame, Buf *out,
                        const char **why);

/// Writes one frame to e->path, or each of a run into the folder e->path, `jobs` at a time. When it
/// is stopped, or fails, only whole frames are left.
ExportEnd make_pictures(Maker *m, const Export *e, FrameBytes *bytes, const char *ending);

/// One page as the bytes of a file.
///   errors  false, with *why one sentence
typedef bool PageBytes(Arena *a, struct Fonts *fonts, const Look *look, const Page *page, Buf *out,
                       const char **why);

/// Writes a contact sheet to e->path; several ones into the folder e->path.
ExportEnd make_sheets(Maker *m, const Export *e, PageBytes *bytes, const char *ending);

/// e->path, or `name` in it if it is a folder.
const char *make_path(Maker *m, const Export *e, const char *name);

/// Writes bytes to e->path, or under `name` into it if it is a folder.
ExportEnd make_file(Maker *m, const Export *e, const Buf *bytes, const char *name);

/// The same path with another ending: "a/b.pdf" as "a/b.srt".
///   owner   arena a
const char *export_beside(Arena *a, const char *path, const char *ending);

/// Is (or becomes) the path a file, not standard output, a folder or a device?
bool export_is_file(const char *path);

/// Writes the pages of a PDF in the layout asked for.
ExportEnd make_pdf(Maker *m, const Export *e);

/// Writes the page for a browser.
ExportEnd make_html(Maker *m, const Export *e);

/// Each writes a film, with its subtitles beside it.
ExportEnd make_gif(Maker *m, const Export *e);
ExportEnd make_webp(Maker *m, const Export *e);
ExportEnd make_mp4(Maker *m, const Export *e);
ExportEnd make_webm(Maker *m, const Export *e);

#endif
