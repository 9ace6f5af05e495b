/// What an exported picture is: the stage, or panels of it, at a size, with or without a caption.
/// Every format draws it from here.
#ifndef EXPORT_PICTURE_H
#define EXPORT_PICTURE_H

#include "export/frames.h"
#include "view/stage.h"
#include "view/text.h"

/// All that decides what the pictures of an export look like.
typedef struct {
    const Lesson *lesson;
    PanelKind panel;      // one panel alone; PANEL_COUNT for the stage
    double width, height; // logical pixels, the caption included
    double scale;         // pixels per logical pixel
    double millimetres;   // width on paper; 0: a logical pixel is 1/96 inch
    ThemeKind theme;
    Lang lang;
    double caption_size;   // of its letters, logical pixels; 0: as usual
    double caption_height; // room for it at least; 0: as much as it takes
    bool caption;          // the step's address and sentence below
    bool legend;           // what colours and marks mean, below
    bool transparent;      // no ground
    bool outlines;         // letters as paths
} Look;

/// The look of one frame: of its moment of training.
Look picture_look(const Look *look, const Frame *frame);

/// What a frame shows.
View picture_view(const Look *look, const Frame *frame);

/// Settles what stands below the pictures of a run: in all of them the caption has the room of the
/// longest one, so that nothing jumps; a figure, whose height is not asked for, grows with its
/// caption and its legend.
void picture_settle(TextEngine *text, Look *look, const Frame *frames, int n);

/// The scene of one frame.
///   owner   arena a
Scene picture_scene(Arena *a, TextEngine *text, const Look *look, const Frame *frame);

/// The sentence of a frame's step.
///   owner   arena a
const char *picture_sentence(Arena *a, const Look *look, const Frame *frame);

/// The address of a frame's step.
///   owner   arena a
const char *picture_address(Arena *a, const Look *look, const Frame *frame);

/// The title of the scene a frame belongs to, "" if it has none.
const char *picture_title(const Look *look, const Frame *frame);

/// What a shape stands for, in words: "the forget gate f, unit 2, at t = 3: 0.42"; NULL if nothing.
///   owner   arena a, or the lesson
const char *picture_meaning(Arena *a, const View *v, const Shape *s);

/// A paragraph in lines of at most `width`, at most max of them, the last one cut with an
/// ellipsis; returns the height. With draw false it only measures.
double picture_lines(Scene *s, const char *words, Box area, TextStyle style, double leading,
                     Ink paint, int max, bool draw);

/// Is only one panel asked for? Panels are bits; sets look->panel and look->lesson.
///   owner   arena a
void picture_panels(Arena *a, Look *look, unsigned panels);

/// Points (1/72 inch) on paper per logical pixel.
double picture_points(const Look *look);

#endif
