/// Runs of frames: which playheads an export draws, and what the files are called.
#ifndef EXPORT_FRAMES_H
#define EXPORT_FRAMES_H

#include "lesson/lesson.h"

/// What one frame stands for.
typedef enum {
    BY_UNIT,
    BY_OPERATION,
    BY_EQUATION,
    BY_TIMESTEP,
    BY_SCENE,
    BY_OPTIMIZER, // the same step of the walk in one optimizer step after the other
    BY_COUNT
} FrameBy;

extern const char *const frame_by_names[BY_COUNT]; // "unit", "operation", ...

typedef struct {
    Playhead at;
    Grain grain;
    int scene;            // of the lesson, from 0: whose prose stands beside it
    const char *name;     // "0007-forward-3-f", sorts in the order of the walk
    const Lesson *lesson; // in the frame's moment of training; NULL: that of the export
} Frame;

/// The frames from one playhead to another, both included, in the lesson's moment; by scene: the
/// openings of the scenes between them, each in its own moment of training.
///   owner   arena a; *count frames
Frame *frames_list(Arena *a, const Lesson *lesson, FrameBy by, Playhead from, Playhead to,
                   int *count);

/// One step of the walk in the optimizer steps from one to another, both included; number
/// moment_count + 1 is after training.
///   grain   of the step
///   owner   arena a; *count frames
Frame *frames_of_training(Arena *a, const Lesson *lesson, int first, int last, Playhead at,
                          Grain grain, int *count);

/// The scene whose opening is the last one at or before a playhead in the lesson's moment of
/// training, else after training; if none is, the first that opens in that moment, or 0.
int frame_scene(Arena *a, const Lesson *lesson, Playhead at);

/// The frame that a scene opens with, in its moment of training; false if it does not say so.
bool frame_opening(Arena *a, const Lesson *lesson, int scene, Frame *out);

/// Which of two places comes first in the walk: below 0 if a does, 0 if they are the same. Within a
/// step the whole (unit 0) comes after its units.
int frame_order(Playhead a, Playhead b);

#endif
