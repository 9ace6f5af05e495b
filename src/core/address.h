/// Step addresses: [@N/]PHASE[:T[:NAME[.OP]]][unit], as lessons, the command line and file names
/// use.
#ifndef CORE_ADDRESS_H
#define CORE_ADDRESS_H

#include "core/walk.h"

/// Splits the prefix "@N/" of training off an address: "@40/backward:2:c" is that step before
/// optimizer step 40 is taken. *moment is 0 without one, and *rest what follows it: all of it, or
/// "" for "@40" alone.
///   owner   *why: arena a; *rest points into text
///   errors  false, with *why set, if the prefix is none
bool address_moment(Arena *a, const char *text, int *moment, const char **rest, const char **why);

/// The playhead at an address: "forward:3:f" is when f at t = 3 is done, "forward:3" when all of
/// timestep 3 is, "backward" when the phase is, "forward:3:f.2[1]" at element 1 of operation 2,
/// "forward:0" before anything. A parameter's name and x stand for their backward steps; in the
/// update T is 1 and only parameters have steps: "update:1:W_f", "update:1:W_f[3]", "update" for
/// them all. An address with a prefix must be of the walk's own moment, and one without of a walk
/// after training; lesson_find_step (lesson/moment.h) opens others.
///   owner   *why: arena a
///   errors  false, with *why set to one clear sentence naming what is near
bool address_parse(Arena *a, const Walk *w, const char *text, Playhead *out, const char **why);

/// The shortest address that leads back to the playhead at this grain: GRAIN_TIMESTEP gives
/// "forward:3", GRAIN_EQUATION "forward:3:f", finer ones "forward:3:f.2" and "forward:3:f.2[1]".
const char *address_format(Arena *a, const Walk *w, Playhead p, Grain grain);

/// The address as part of a file name: "forward-3-f.2", "step-40-backward-2-c".
const char *address_file_name(Arena *a, const Walk *w, Playhead p, Grain grain);

extern const char *const phase_names[PHASE_COUNT]; // "forward", "loss", ...
extern const char *const grain_names[GRAIN_COUNT]; // "unit", "operation", ...

#endif
