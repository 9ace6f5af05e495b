// Films. GIF and WebP are made here; for MP4 and WebM ffmpeg is found when it is needed, fed with
// the pictures through a pipe, and writes to a file beside the one asked for, which is renamed when
// it is whole.
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/diag.h"
#include "export/film_file.h"
#include "export/make_with.h"
#include "files/process.h"
#include "files/write.h"

static bool go_on(void *context, int done, int all) {
    return maker_goes_on(context, "film", done, all);
}

/// A film on its way.
typedef struct {
    Maker *m;
    Export e;
    Frame *frames;
    FilmStep *steps;
    FilmPlan plan;
} Film;

static bool film_open(Film *f, Maker *m, const Export *e) {
    FilmPace pace = {e->hold, e->fps, e->still};
    *f = (Film){.m = m, .e = *e};
    f->e.look = film_look(&e->look, e->subtitles == SUBTITLES_BURN);
    f->frames = maker_frames(m, &f->e, &f->plan.n);
    if (!f->frames) return false;
    picture_settle(m->text, &f->e.look, f->frames, f->plan.n);
    f->steps = film_steps(m->arena, &f->e.look, f->frames, f->plan.n, &pace);
    f->plan = (FilmPlan){.text = m->text,
                         .look = &f->e.look,
                         .frames = f->frames,
                         .steps = f->steps,
                         .n = f->plan.n,
                         .fps = e->fps,
                         .progress = go_on,
                         .context = m};
    return true;
}

// The sentences beside the film.
static ExportEnd write_subtitles(const Film *f) {
    Subtitles kind = f->e.subtitles;
    if (kind != SUBTITLES_SRT && kind != SUBTITLES_VTT) return EXPORT_DONE;
    const char *ending = kind == SUBTITLES_VTT ? "vtt" : "srt";
    Buf out = buf_new(f->m->arena);
    film_subtitles(f->steps, f->plan.n, kind == SUBTITLES_VTT, &out);
    Export beside = f->e;
    beside.path = export_beside(f->m->arena, f->e.path, ending);
    const char *name = arena_printf(f->m->arena, "%s.%s", f->e.look.lesson->slug, ending);
    return make_file(f->m, &beside, &out, name);
}

static ExportEnd write_animation(Maker *m, const Export *e, bool webp, const char *ending) {
    Film f;
    if (!film_open(&f, m, e)) return EXPORT_MISUSED;
    const char *path =
        make_path(m, e, arena_printf(m->arena, "%s.%s", e->look.lesson->slug, ending));
    const char *why;
    Writing *out = write_begin(m->arena, path, &m->why);
    if (!out) return EXPORT_FAILED;
    bool done = (webp ? film_webp : film_gif)(m->arena, &f.plan, write_bytes, out, &why);
    bool drawn = done || !why;
    if (!write_end(out, drawn && !m->stopped, &m->why)) return EXPORT_FAILED;
    if (!done) return maker_ends(m, why);
    return write_subtitles(&f);
}

ExportEnd make_gif(Maker *m, const Export *e) {
    return write_animation(m, e, false, "gif");
}

ExportEnd make_webp(Maker *m, const Export *e) {
    return write_animation(m, e, true, "webp");
}

// --- with an encoder

typedef struct {
    const char *name;        // of the container, as ffmpeg calls it
    const char *options[20]; // ended by NULL
} Encoder;

// Pictures come with times of their own, in milliseconds, and stand as long as they are to. One
// thread, or a fixed number where the encoder then gives the same bytes on every run.
// clang-format off
static const char *const input[] = {
    "-v", "error", "-nostdin", "-y", "-f", "matroska", "-i", "pipe:0", "-an",
    "-fps_mode", "vfr", "-enc_time_base", "1/1000",
    "-vf", "scale=out_color_matrix=bt709:out_range=tv,format=yuv420p",
    "-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709",
    "-color_range", "tv", "-fflags", "+bitexact", "-flags:v", "+bitexact", "-threads", "2"};
static const Encoder mp4 = {"mp4", {
    "-c:v", "libx264", "-preset", "medium", "-crf", "18", "-tune", "animation",
    "-movflags", "+faststart", NULL}};
// as good as the slow settings to the eye, and seven times as fast
static const Encoder webm = {"webm", {
    "-c:v", "libvpx-vp9", "-crf", "24", "-b:v", "0", "-deadline", "realtime", "-cpu-used", "6",
    "-row-mt", "1", NULL}};
// clang-format on

static Process *start_encoder(Arena *a, const char *ffmpeg, const Encoder *e, const char *path,
                              const char **why) {
    enum { INPUT = sizeof input / sizeof *input };
    const char *argv[INPUT + 32] = {ffmpeg};
    int n = 1;
    for (int k = 0; k < INPUT; k++) argv[n++] = input[k];
    for (int k = 0; e->options[k]; k++) argv[n++] = e->options[k];
    argv[n++] = "-f";
    argv[n++] = e->name;
    argv[n++] = arena_printf(a, "file:%s", path);
    return process_start(a, argv, why);
}

// Where the encoder writes: beside the file, or, where that is not to be replaced, among temporary
// files. Made empty, so that a folder that cannot be written to is told at once.
static const char *part_of(Arena *a, const char *path, bool beside, const char **why) {
    const char *folder = getenv("TMPDIR");
    const char *part = beside ? arena_printf(a, "%s.%ld.part", path, (long)getpid())
                              : arena_printf(a, "%s/gatewalk.%ld.part",
                                             folder && *folder ? folder : "/tmp", (long)getpid());
    int fd = open(part, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (fd >= 0) close(fd);
    if (fd >= 0) return part;
    *why = arena_printf(a, "cannot write %s: %s", beside ? path : part, strerror(errno));
    return NULL;
}

static ExportEnd move_in_place(Maker *m, const char *part, const char *path, bool beside) {
    Arena *a = m->arena;
    const char *why;
    if (beside) {
        if (rename(part, path) == 0) return EXPORT_DONE;
        return maker_fails(m, arena_printf(a, "cannot write %s: %s", path, strerror(errno)));
    }
    Diags d = diags_new(a);
    const Source *whole = source_read(a, part, (size_t)1 << 31, &d);
    if (!whole) return maker_fails(m, "the film cannot be read back");
    return write_file(a, path, whole->text, whole->len, &why) ? EXPORT_DONE : maker_fails(m, why);
}

static ExportEnd encode(const Film *f, const char *ffmpeg, const Encoder *encoder,
                        const char *part) {
    Arena *a = f->m->arena;
    const char *why, *drawing;
    Process *process = start_encoder(a, ffmpeg, encoder, part, &why);
    if (!process) return maker_fails(f->m, why);
    bool drawn = film_raw(a, &f->plan, process, &drawing);
    bool stopped = !go_on(f->m, f->plan.n, f->plan.n + 1) || (!drawn && drawing);
    bool done = process_end(process, stopped, &why);
    if (!go_on(f->m, f->plan.n, f->plan.n + 1)) return EXPORT_STOPPED;
    if (!drawn && drawing) return maker_fails(f->m, drawing);
    const char *said = process_said(process); // it ends well on a full disk, but it complains
    if (done && drawn && !*said) return EXPORT_DONE;
    if (done && *said) why = arena_printf(a, "ffmpeg failed: %s", said);
    return maker_fails(f->m, why ? why : "the encoder ended early");
}

static ExportEnd write_film(Maker *m, const Export *e, const Encoder *encoder) {
    const char *ffmpeg = process_find(m->arena, "ffmpeg"), *why;
    if (!ffmpeg)
        return maker_fails(m, "MP4 and WebM need the program ffmpeg, which is not installed "
                              "(package ffmpeg); GIF and WebP need nothing");
    Film f;
    if (!film_open(&f, m, e)) return EXPORT_MISUSED;
    struct stat there;
    const char *path = e->path;
    bool exists = strcmp(path, "-") != 0 && stat(path, &there) == 0;
    if (exists && S_ISDIR(there.st_mode))
        path = arena_printf(m->arena, "%s/%s.%s", path, e->look.lesson->slug, encoder->name);
    char *real = realpath(path, NULL); // through a symbolic link the file it points to is replaced
    if (real) path = arena_printf(m->arena, "%s", real);
    free(real);
    bool beside = export_is_file(path);
    const char *part = part_of(m->arena, path, beside, &why);
    if (!part) return maker_fails(m, why);
    ExportEnd code = encode(&f, ffmpeg, encoder, part);
    if (code == EXPORT_DONE) code = move_in_place(m, part, path, beside);
    if (code != EXPORT_DONE || !beside) unlink(part);
    return code == EXPORT_DONE ? write_subtitles(&f) : code;
}

ExportEnd make_mp4(Maker *m, const Export *e) {
    return write_film(m, e, &mp4);
}

ExportEnd make_webm(Maker *m, const Export *e) {
    return write_film(m, e, &webm);
}
