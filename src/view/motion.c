// A motion is a list of moves, one for each shape or pair of shapes, in the order of painting: when
// it begins and ends, and how the shape comes or goes meanwhile. The list is made once; a scene of
// it is a copy of the shapes with strengths, boxes, paths or clips changed.
//
// In time: what was at work before goes, the words of the step come, colour runs along its wires,
// its result fills its boxes. So the eye is led from text to operands to result.
#include "view/motion.h"

#include <math.h>
#include <string.h>

#include "view/motion_parts.h"

typedef enum {
    MOVE_FADE,  // comes or goes by its strength
    MOVE_STAY,  // goes at once when it ends: something covers it
    MOVE_DRAW,  // a line, from one end to the other
    MOVE_WIPE,  // a filled path, uncovered from one side to the other
    MOVE_GROW,  // a box, from its middle, in its full colour
    MOVE_GLIDE, // from one box to another
    MOVE_NONE   // in both pictures
} MoveKind;

typedef struct {
    int from, to; // the shape of either picture that is painted; -1
    bool boxed;   // MOVE_GROW: an empty box stands there until it is full
    int beside;   // MOVE_NONE, MOVE_GLIDE: the shape of the first picture that belongs to `to`
    MoveKind kind;
    bool turned;       // MOVE_DRAW, MOVE_WIPE: against the path
    double begin, end; // shares of the motion
} Move;

struct Motion {
    const Scene *from, *to;
    const View *before, *after;
    bool dissolves;
    Move *moves;
    int count, cap;
    Box *clips; // those of both pictures
    int n_clips;
};

// Shares of a motion.
#define CLEARED 0.14      // what was at work before is gone
#define SAID 0.28         // the words of the step are there
#define RUN_BEGIN 0.16    // colour runs along wires
#define RUN_END 0.72      //
#define FILL 0.24         // a result fills its box in this time
#define GLIDE_END 0.4     //
#define DISSOLVE_OUT 0.45 // texts go before others come in their place

enum { GROW_LEAST = 6 }; // pixels of a box's edge below which it fades

int motion_length(Grain grain, bool back) {
    static const int lengths[GRAIN_COUNT] = {[GRAIN_UNIT] = 300,
                                             [GRAIN_OPERATION] = 600,
                                             [GRAIN_EQUATION] = 800,
                                             [GRAIN_TIMESTEP] = 1000};
    enum { BACK = 240 };
    return lengths[grain] && back ? BACK : lengths[grain];
}

// ---- when each shape comes or goes

// Texts, and the boxes without ink that stand for their parts.
static bool is_text(const Shape *s) {
    bool inked = s->fill.role != ROLE_NONE || s->stroke.role != ROLE_NONE;
    return s->kind == SHAPE_TEXT || s->kind == SHAPE_FORMULA || (s->kind == SHAPE_BOX && !inked);
}

// The window's bars are not in the picture: what they say is said at once.
static bool is_bar(const Shape *s) {
    return s->panel > PANEL_COUNT;
}

static bool is_number(Ref ref) {
    return ref.kind == REF_VALUE || ref.kind == REF_GRAD;
}

// Is it of a number that the step makes known? A box of a whole node is an operation's, not a
// number's.
static bool is_new(const Motion *m, const Shape *shape) {
    Ref ref = shape->ref;
    if (!is_number(ref) || (ref.unit == 0 && shape->kind == SHAPE_BOX)) return false;
    return view_known(m->after, ref) && !view_known(m->before, ref);
}

static bool contains(Box a, Box b) {
    return b.x >= a.x - 1 && b.y >= a.y - 1 && b.x + b.w <= a.x + a.w + 1 &&
           b.y + b.h <= a.y + a.h + 1;
}

// Is a formula a line that ends in the number which the step makes known? The boxes of its parts
// follow it. A name alone, as in a heading, is said at once.
static bool tells_result(const Motion *m, int formula) {
    enum { SLACK = 3 };
    const Shape *whole = &m->to->shapes[formula];
    if (whole->kind != SHAPE_FORMULA || !strchr(whole->text, '=')) return false;
    for (int k = formula + 1; k < m->to->count; k++) {
        const Shape *part = &m->to->shapes[k];
        if (part->kind != SHAPE_BOX || !is_text(part) || !contains(whole->box, part->box)) break;
        if (part->box.x + part->box.w < whole->box.x + whole->box.w - SLACK) continue;
        if (is_new(m, part)) return true;
    }
    return false;
}

static double run(double share) {
    return RUN_BEGIN + (RUN_END - RUN_BEGIN) * share;
}

static void span(Move *move, MoveKind kind, double begin, double end) {
    move->kind = kind;
    move->begin = begin;
    move->end = end;
}

// A square grows, which keeps its colour true; a bar fades, which keeps its length true.
static void time_result(Move *move, const Shape *shape, double begin) {
    bool box = shape->kind == SHAPE_BOX && fmin(shape->box.w, shape->box.h) >= GROW_LEAST;
    bool square = box && shape->beat.kind == BEAT_VALUE && shape->fill.role != ROLE_NONE;
    span(move, square ? MOVE_GROW : MOVE_FADE, begin, begin + FILL);
}

static void time_line(Move *move, const Shape *shape, bool fresh) {
    const Beat *beat = &shape->beat;
    bool line = shape->fill.role == ROLE_NONE;
    move->turned = beat->kind == BEAT_AGAINST;
    if (line || fresh)
        span(move, line ? MOVE_DRAW : MOVE_WIPE, run((double)beat->begin), run((double)beat->end));
}

// When a shape of the second picture comes.
static void time_coming(const Motion *m, Move *move) {
    const Shape *shape = &m->to->shapes[move->to];
    const Beat *beat = &shape->beat;
    bool text = is_text(shape), fresh = is_new(m, shape) || tells_result(m, move->to);
    span(move, MOVE_FADE, 0.8 * CLEARED, text ? SAID : 1.8 * CLEARED);
    if (m->dissolves) span(move, MOVE_FADE, text ? DISSOLVE_OUT : 0, 1);
    if (is_bar(shape)) span(move, MOVE_FADE, 0, 0);
    if (m->dissolves || is_bar(shape)) return;
    double arrival = beat->kind == BEAT_VALUE ? run((double)beat->end) : RUN_END;
    switch (beat->kind) {
    case BEAT_ALONG:
    case BEAT_AGAINST: time_line(move, shape, fresh); break;
    case BEAT_TIP:
        arrival = run((double)beat->end);
        span(move, MOVE_FADE, arrival - 0.04, arrival + 0.02);
        break;
    case BEAT_NONE:
    case BEAT_VALUE:
    case BEAT_GLIDE:
        if (fresh) time_result(move, shape, arrival);
        break;
    }
}

// When a shape of the first picture goes whose place nothing takes.
static void time_going(const Motion *m, Move *move) {
    const Shape *shape = &m->from->shapes[move->from];
    double end = !m->dissolves ? CLEARED : is_text(shape) ? DISSOLVE_OUT : 1;
    span(move, MOVE_FADE, 0, is_bar(shape) ? 0 : end);
}

static bool same_ref(Ref a, Ref b) {
    return a.kind == b.kind && a.node == b.node && a.place == b.place && a.unit == b.unit;
}

// What stands where the other comes: under what covers it, it stays, but not in the way of a run or
// of a result.
static void time_replaced(const Motion *m, Move *move, Move *coming) {
    const Shape *over = &m->to->shapes[coming->to], *under = &m->from->shapes[move->from];
    coming->boxed = coming->kind == MOVE_GROW && !same_ref(over->ref, under->ref);
    if (coming->boxed || beat_runs(under->beat.kind)) {
        time_going(m, move);
        return;
    }
    bool covered = over->kind == SHAPE_BOX && over->fill.role != ROLE_NONE;
    covered |= coming->kind == MOVE_DRAW || coming->kind == MOVE_GROW;
    if (is_text(over) && coming->begin > 0) covered = false;
    span(move, covered ? MOVE_STAY : MOVE_FADE, coming->begin, coming->end);
}

// ---- the list

static void put(Arena *a, Motion *m, Move move) {
    ARENA_PUSH(a, m->moves, m->count, m->cap, move);
}

// A mark without a number of its own comes with the box it stands in.
static void follow_box(const Motion *m, Move *move) {
    const Shape *shape = &m->to->shapes[move->to];
    bool quiet = shape->ref.kind == REF_NONE && shape->beat.kind != BEAT_TIP;
    if (!quiet || move->to == 0 || m->count == 0) return;
    const Move *last = &m->moves[m->count - 1];
    if (last->to != move->to - 1 || last->kind != MOVE_GROW) return;
    if (contains(m->to->shapes[last->to].box, shape->box))
        span(move, MOVE_FADE, (last->begin + last->end) / 2, last->end);
}

static void put_pair(Arena *a, Motion *m, int to, Pair pair) {
    Move move = {.from = -1, .to = to, .beside = pair.other};
    if (pair.kind == PAIR_SAME)
        span(&move, MOVE_NONE, 0, CLEARED);
    else if (pair.kind == PAIR_GLIDE)
        span(&move, MOVE_GLIDE, 0, m->dissolves ? 1 : GLIDE_END);
    else
        time_coming(m, &move);
    if (pair.kind == PAIR_NONE) move.boxed = move.kind == MOVE_GROW;
    if (pair.kind == PAIR_NONE) follow_box(m, &move);
    if (pair.kind == PAIR_PLACE) {
        Move old = {.from = pair.other, .to = -1};
        time_replaced(m, &old, &move);
        put(a, m, old);
    }
    put(a, m, move);
}

static void put_going(Arena *a, Motion *m, int from) {
    Move move = {.from = from, .to = -1};
    time_going(m, &move);
    put(a, m, move);
}

// One panel: what both have in the order of the second picture, what only the first has before the
// next shape that it stood under.
static void list_panel(Arena *a, Motion *m, int panel, const Pair *of_from, const Pair *of_to) {
    int next = 0;
    for (int k = 0; k <= m->to->count; k++) {
        bool end = k == m->to->count;
        if (!end && m->to->shapes[k].panel != panel) continue;
        bool anchor = !end && of_to[k].kind == PAIR_SAME;
        int until = end ? m->from->count : anchor ? of_to[k].other : next;
        for (; next < until; next++)
            if (m->from->shapes[next].panel == panel && of_from[next].kind == PAIR_NONE)
                put_going(a, m, next);
        if (!end) put_pair(a, m, k, of_to[k]);
    }
}

static void list_panels(Arena *a, Motion *m, const Pair *of_from, const Pair *of_to) {
    enum { PANELS = 32 };
    uint32_t seen = 0;
    const Scene *both[] = {m->to, m->from};
    for (int s = 0; s < 2; s++)
        for (int k = 0; k < both[s]->count; k++) {
            int panel = both[s]->shapes[k].panel;
            if (panel < 0 || panel >= PANELS || seen & 1u << panel) continue;
            seen |= 1u << panel;
            list_panel(a, m, panel, of_from, of_to);
        }
}

bool motion_is_step(const View *before, const View *after) {
    if (before->lesson != after->lesson) return false;
    Playhead next = walk_next(after->lesson->walk, before->at, after->grain);
    return next.at == after->at.at && next.unit == after->at.unit;
}

Motion *motion_new(Arena *a, const Scene *from, const View *before, const Scene *to,
                   const View *after) {
    Motion *m = ARENA_NEW(a, Motion);
    *m = (Motion){.from = from, .to = to, .before = before, .after = after};
    m->dissolves = after->grain >= GRAIN_PHASE || !motion_is_step(before, after);
    Pair *of_from = ARENA_ARRAY(a, Pair, from->count + 1);
    Pair *of_to = ARENA_ARRAY(a, Pair, to->count + 1);
    motion_pair(a, from, to, of_from, of_to);
    list_panels(a, m, of_from, of_to);
    m->n_clips = to->n_clips + from->n_clips;
    m->clips = ARENA_ARRAY(a, Box, m->n_clips);
    memcpy(m->clips, to->clips, (size_t)to->n_clips * sizeof *m->clips);
    memcpy(m->clips + to->n_clips, from->clips, (size_t)from->n_clips * sizeof *m->clips);
    return m;
}

// ---- the scene of a phase

static double progress(const Move *move, double phase) {
    if (move->end <= move->begin) return 1;
    double x = (phase - move->begin) / (move->end - move->begin);
    x = fmin(1, fmax(0, x));
    return x * x * (3 - 2 * x);
}

static void weaken(Shape *shape, double share) {
    shape->fill.strength *= (float)share;
    shape->stroke.strength *= (float)share;
}

static Shape *append(Scene *out, const Shape *shape) {
    ARENA_PUSH(out->arena, out->shapes, out->count, out->cap, *shape);
    return &out->shapes[out->count - 1];
}

static Shape *append_old(Scene *out, const Motion *m, int from) {
    Shape *shape = append(out, &m->from->shapes[from]);
    if (shape->clip) shape->clip += m->to->n_clips;
    return shape;
}

static void wipe(Scene *out, Shape *shape, bool turned, double share) {
    Box b = box_inset(shape->box, -2, -2);
    bool rightward = shape->path[0].x < b.x + b.w / 2;
    if (turned) rightward = !rightward;
    double hidden = b.w * (1 - share);
    if (shape->clip) { // within what clips it already
        Box c = out->clips[shape->clip];
        double right = fmin(b.x + b.w, c.x + c.w);
        b.y = fmax(b.y, c.y);
        b.h = fmin(b.h, c.y + c.h - b.y);
        b.x = fmax(b.x, c.x);
        b.w = right - b.x;
    }
    b.w = fmax(0, b.w - hidden);
    if (!rightward) b.x += hidden;
    scene_clip(out, b);
    shape->clip = out->clip;
    scene_unclip(out);
}

static Box mix_boxes(Box a, Box b, double t) {
    return (Box){a.x + (b.x - a.x) * t, a.y + (b.y - a.y) * t, a.w + (b.w - a.w) * t,
                 a.h + (b.h - a.h) * t};
}

static void add_gliding(Scene *out, const Motion *m, const Move *move, double share) {
    Shape now = m->to->shapes[move->to];
    if (share >= 1) {
        append(out, &now);
        return;
    }
    Box box = mix_boxes(m->from->shapes[move->beside].box, now.box, share);
    Shape *old = append_old(out, m, move->beside);
    bool opaque = old->fill.strength >= 1; // then the other covers it
    old->box = box;
    if (!opaque) weaken(old, 1 - share);
    now.box = box;
    weaken(&now, share);
    append(out, &now);
}

// Not computed yet.
static void add_empty(Scene *out, const Shape *full, double phase) {
    double share = fmin(1, phase / CLEARED);
    Shape empty = *full;
    empty.fill = NO_INK;
    empty.stroke = ink_soft(ROLE_FAINT, share * share);
    empty.line_width = 1;
    empty.dash = DASH_DOTTED;
    empty.hot = false;
    append(out, &empty);
}

static void add_coming(Scene *out, const Motion *m, const Move *move, double share) {
    Shape shape = m->to->shapes[move->to];
    Box b = shape.box;
    if (share >= 1) {
        append(out, &shape);
        return;
    }
    switch (move->kind) {
    case MOVE_DRAW:
        shape.path =
            path_part(out->arena, shape.path, shape.n_path, share, move->turned, &shape.n_path);
        break;
    case MOVE_WIPE: wipe(out, &shape, move->turned, share); break;
    case MOVE_GROW: shape.box = box_inset(b, b.w * (1 - share) / 2, b.h * (1 - share) / 2); break;
    case MOVE_FADE: weaken(&shape, share); break;
    case MOVE_STAY:
    case MOVE_GLIDE:
    case MOVE_NONE: break;
    }
    if (share < 0.5) shape.hot = false;
    append(out, &shape);
}

static void add(Scene *out, const Motion *m, const Move *move, double phase) {
    double share = progress(move, phase);
    if (move->kind == MOVE_NONE) {
        Shape *shape = append(out, &m->to->shapes[move->to]);
        if (share < 1) shape->hot = m->from->shapes[move->beside].hot;
    } else if (move->kind == MOVE_GLIDE) {
        add_gliding(out, m, move, share);
    } else if (move->to >= 0) {
        if (move->boxed && share < 1) add_empty(out, &m->to->shapes[move->to], phase);
        if (share > 0) add_coming(out, m, move, share);
    } else if (share < 1) {
        Shape *shape = append_old(out, m, move->from);
        if (move->kind == MOVE_FADE) weaken(shape, 1 - share);
        if (share > 0.5 && move->kind == MOVE_FADE) shape->hot = false;
    }
}

Scene motion_scene(Arena *a, const Motion *m, double phase) {
    if (phase <= 0) return *m->from;
    if (phase >= 1) return *m->to;
    Scene out = *m->to;
    out.arena = a;
    out.count = 0;
    out.cap = m->count + 64;
    out.shapes = ARENA_ARRAY(a, Shape, out.cap);
    out.n_clips = m->n_clips;
    out.cap_clips = m->n_clips + 64;
    out.clips = ARENA_ARRAY(a, Box, out.cap_clips);
    memcpy(out.clips, m->clips, (size_t)m->n_clips * sizeof *out.clips);
    for (int k = 0; k < m->count; k++) add(&out, m, &m->moves[k], phase);
    return out;
}
