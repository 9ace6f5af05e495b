// The beginning of a path: whole pieces as they are, the one that it ends in cut.
#include <math.h>

#include "view/motion_parts.h"

static double distance(double x0, double y0, double x1, double y1) {
    return sqrt((x1 - x0) * (x1 - x0) + (y1 - y0) * (y1 - y0));
}

static double mix(double a, double b, double t) {
    return a + (b - a) * t;
}

// The curve from (x, y) up to its parameter t.
// source  de Casteljau 1959
static PathStep curve_part(double x, double y, PathStep c, double t) {
    PathStep part = {.verb = PATH_CURVE, .x1 = mix(x, c.x1, t), .y1 = mix(y, c.y1, t)};
    double mx = mix(c.x1, c.x2, t), my = mix(c.y1, c.y2, t);
    double ex = mix(c.x2, c.x, t), ey = mix(c.y2, c.y, t);
    part.x2 = mix(part.x1, mx, t);
    part.y2 = mix(part.y1, my, t);
    part.x = mix(part.x2, mix(mx, ex, t), t);
    part.y = mix(part.y2, mix(my, ey, t), t);
    return part;
}

static double piece_length(double x, double y, PathStep p) {
    enum { CHORDS = 8 };
    if (p.verb != PATH_CURVE) return distance(x, y, p.x, p.y);
    double length = 0, px = x, py = y;
    for (int k = 1; k <= CHORDS; k++) {
        PathStep to = curve_part(x, y, p, (double)k / CHORDS);
        length += distance(px, py, to.x, to.y);
        px = to.x;
        py = to.y;
    }
    return length;
}

static PathStep *turn(Arena *a, const PathStep *path, int n) {
    PathStep *out = ARENA_ARRAY(a, PathStep, n);
    out[0] = (PathStep){.verb = PATH_MOVE, .x = path[n - 1].x, .y = path[n - 1].y};
    for (int k = 1; k < n; k++) {
        PathStep piece = path[n - k], end = path[n - k - 1];
        out[k] = (PathStep){piece.verb, end.x, end.y, piece.x2, piece.y2, piece.x1, piece.y1};
    }
    return out;
}

PathStep *path_part(Arena *a, const PathStep *path, int n, double share, bool turned, int *count) {
    PathStep *part = ARENA_ARRAY(a, PathStep, n + 1);
    const PathStep *way = turned ? turn(a, path, n) : path;
    double whole = 0;
    for (int k = 1; k < n; k++) whole += piece_length(way[k - 1].x, way[k - 1].y, way[k]);
    double left = whole * share;
    *count = 0;
    part[(*count)++] = way[0];
    for (int k = 1; k < n && left > 0; k++) {
        double x = way[k - 1].x, y = way[k - 1].y, length = piece_length(x, y, way[k]);
        double t = length > left ? left / length : 1;
        PathStep end = {.verb = PATH_LINE, .x = mix(x, way[k].x, t), .y = mix(y, way[k].y, t)};
        part[(*count)++] = t >= 1                      ? way[k]
                           : way[k].verb == PATH_CURVE ? curve_part(x, y, way[k], t)
                                                       : end;
        left -= length;
    }
    return part;
}
