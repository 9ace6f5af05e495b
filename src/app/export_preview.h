/// What the export dialog shows of the export it is set to: whether it can be made, how much it
/// will be, and its first picture.
#ifndef APP_EXPORT_PREVIEW_H
#define APP_EXPORT_PREVIEW_H

#include "app/export_task.h"

typedef struct ExportPreview {
    bool ok;
    const char *why; // it cannot be made, one sentence; "" if it can
    ExportWords words;
    Export export;
    int frames;           // how many; 1 if it is not made of frames
    double seconds;       // a film's length; 0 for others
    double width, height; // of a picture in pixels; 0 for what is not made of pixels
    bool has_picture;
    Look look;             // of the pictures
    Frame frame;           // the first
    Page page;             // what is shown: its picture, or the first page; in points
    const char *beginning; // of a file of text; NULL for others
} ExportPreview;

/// Reads what the dialog is set to, as the command will. It depends on the words of that command,
/// the lesson, and the language shown.
///   owner   arena a; valid as long as the lesson
const ExportPreview *export_preview(Arena *a, TextEngine *text, const AppState *s, const World *w);

#endif
