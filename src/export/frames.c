// A run of frames is the walk seen at one grain. Names carry a running number, wide enough for the
// last one, then the step's address.
#include "export/frames.h"

#include "core/address.h"
#include "lesson/moment.h"

const char *const frame_by_names[BY_COUNT] = {"unit",     "operation", "equation",
                                              "timestep", "scene",     "optimizer-step"};

static const Grain grain_of[BY_COUNT] = {GRAIN_UNIT,     GRAIN_OPERATION, GRAIN_EQUATION,
                                         GRAIN_TIMESTEP, GRAIN_OPERATION, GRAIN_OPERATION};

int frame_order(Playhead a, Playhead b) {
    if (a.at != b.at) return a.at < b.at ? -1 : 1;
    int ua = a.unit ? a.unit : 1 << 30, ub = b.unit ? b.unit : 1 << 30;
    return ua < ub ? -1 : ua > ub;
}

static bool scene_opens_at(Arena *a, const Lesson *l, int scene, int *moment, Playhead *at) {
    const StepBlock *step = &l->scenes[LANG_EN][scene].step;
    const char *why;
    return step->given && step->at && moment_read(a, l, step->at, moment, at, &why);
}

// Before all scenes of its moment a step stands beside the first of them: the lesson's first scene
// may open in another moment, and tell of other numbers.
static int first_scene(Arena *a, const Lesson *lesson) {
    Playhead opens;
    for (int s = 0, moment; s < lesson->n_scenes; s++)
        if (!scene_opens_at(a, lesson, s, &moment, &opens) || moment == lesson->moment) return s;
    return 0;
}

int frame_scene(Arena *a, const Lesson *lesson, Playhead at) {
    int best = first_scene(a, lesson), moment;
    bool own = false; // the best so far is of the lesson's moment
    Playhead latest = {-1, 0}, opens;
    for (int s = 0; s < lesson->n_scenes; s++) {
        if (!scene_opens_at(a, lesson, s, &moment, &opens)) continue;
        bool same = moment == lesson->moment, better = same && !own;
        if (!same && moment != 0) continue;
        opens = moment_step(lesson, moment, lesson->moment, opens);
        if (frame_order(opens, at) > 0) continue;
        if (!better && (same < own || frame_order(opens, latest) < 0)) continue;
        latest = opens;
        best = s;
        own = same;
    }
    return best;
}

typedef struct {
    Frame *list;
    int count, cap;
} Frames;

static void add(Arena *a, Frames *frames, const Lesson *l, Playhead at, Grain grain, int scene) {
    Frame frame = {at, grain, scene >= 0 ? scene : frame_scene(a, l, at), NULL, l};
    ARENA_PUSH(a, frames->list, frames->count, frames->cap, frame);
}

bool frame_opening(Arena *a, const Lesson *l, int scene, Frame *out) {
    Playhead at;
    int moment;
    const char *why;
    if (!scene_opens_at(a, l, scene, &moment, &at)) return false;
    const Lesson *there = moment == l->moment ? l : moment_open(a, l, moment, NULL, NULL, &why);
    *out = (Frame){at, at.unit ? GRAIN_UNIT : GRAIN_OPERATION, scene, NULL, there};
    return there != NULL;
}

static void add_scenes(Arena *a, Frames *frames, const Lesson *l, Playhead from, Playhead to) {
    Frame f;
    for (int s = 0; s < l->n_scenes; s++) {
        if (!frame_opening(a, l, s, &f)) continue;
        Playhead at = moment_step(l, f.lesson->moment, l->moment, f.at);
        if (frame_order(from, at) <= 0 && frame_order(at, to) <= 0)
            ARENA_PUSH(a, frames->list, frames->count, frames->cap, f);
    }
}

static void add_steps(Arena *a, Frames *frames, const Lesson *l, Grain grain, Playhead from,
                      Playhead to) {
    for (Playhead at = from; frame_order(at, to) <= 0;) {
        add(a, frames, l, at, grain, -1);
        Playhead next = walk_next(l->walk, at, grain);
        if (frame_order(next, at) <= 0) break; // the end of the walk
        at = next;
    }
}

// Numbers that sort, as wide as the last one.
static Frame *name_all(Arena *a, const Frames *frames, int *count) {
    int width = 4;
    for (int n = 10000; n <= frames->count && width < 9; n *= 10) width++;
    for (int i = 0; i < frames->count; i++) {
        Frame *f = &frames->list[i];
        f->name = arena_printf(a, "%0*d-%s", width, i + 1,
                               address_file_name(a, f->lesson->walk, f->at, f->grain));
    }
    *count = frames->count;
    return frames->list;
}

Frame *frames_list(Arena *a, const Lesson *lesson, FrameBy by, Playhead from, Playhead to,
                   int *count) {
    Frames frames = {NULL, 0, 0};
    if (by == BY_SCENE)
        add_scenes(a, &frames, lesson, from, to);
    else
        add_steps(a, &frames, lesson, grain_of[by], from, to);
    return name_all(a, &frames, count);
}

Frame *frames_of_training(Arena *a, const Lesson *lesson, int first, int last, Playhead at,
                          Grain grain, int *count) {
    Frames frames = {NULL, 0, 0};
    const char *why;
    for (int t = first; t <= last; t++) {
        int moment = t > moment_count(lesson) ? 0 : t;
        const Lesson *there = moment_open(a, lesson, moment, NULL, NULL, &why);
        Playhead step = moment_step(lesson, first > moment_count(lesson) ? 0 : first, moment, at);
        if (there) add(a, &frames, there, step, grain, -1);
    }
    return name_all(a, &frames, count);
}
