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
#include "export_jobs.h"
#include "files/process.h"
#include "files/write.h"

static bool go_on(void *context, int done, int all) {
    (void)context;
    progress_bar("film", done, all, NAN);
    return !interrupted();
}

/// A film on its way.
typedef struct {
    Program *p;
    Tools *tools;
    Export e;
    const Frame *frames;
    FilmStep *steps;
    int n;
} Film;

static bool film_open(Film *f, Program *p, const Export *e, Tools *tools) {
    *f = (Film){.p = p, .tools = tools, .e = *e};
    if (e->subtitles == SUBTITLES_BURN) f->e.look.caption = true;
    f->e.look.transparent = false;
    f->frames = frames_to_export(p, &f->e, &f->n);
    if (!f->frames) return false;
    f->steps = film_steps(p->arena, &f->e.look, f->frames, f->n, e->hold);
    return true;
}

// The sentences beside the film.
static ExitCode write_subtitles(const Film *f) {
    Subtitles kind = f->e.subtitles;
    if (kind != SUBTITLES_SRT && kind != SUBTITLES_VTT) return EXIT_DONE;
    const char *ending = kind == SUBTITLES_VTT ? "vtt" : "srt";
    Buf out = buf_new(f->p->arena);
    film_subtitles(f->steps, f->n, kind == SUBTITLES_VTT, &out);
    Export beside = f->e;
    beside.path = export_beside(f->p->arena, f->e.path, ending);
    const char *name = arena_printf(f->p->arena, "%s.%s", f->e.look.lesson->slug, ending);
    return export_file(f->p, &beside, &out, name);
}

static ExitCode write_animation(Program *p, const Export *e, Tools *tools, bool webp,
                                const char *ending) {
    Film f;
    if (!film_open(&f, p, e, tools)) return EXIT_USAGE;
    Buf out = buf_new(p->arena);
    const char *why;
    bool done = (webp ? film_webp : film_gif)(p->arena, tools->text, &f.e.look, f.frames, f.steps,
                                              f.n, go_on, &out, &why);
    progress_bar("film", f.n, f.n, NAN);
    if (!done) return why ? machine_error(why) : EXIT_INTERRUPTED;
    const char *name = arena_printf(p->arena, "%s.%s", e->look.lesson->slug, ending);
    ExitCode code = export_file(p, e, &out, name);
    return code == EXIT_DONE ? write_subtitles(&f) : code;
}

ExitCode export_gif(Program *p, const Export *e, Tools *tools) {
    return write_animation(p, e, tools, false, "gif");
}

ExitCode export_webp(Program *p, const Export *e, Tools *tools) {
    return write_animation(p, e, tools, true, "webp");
}

// --- with an encoder

typedef struct {
    const char *name;        // of the container, as ffmpeg calls it
    const char *options[16]; // ended by NULL
} Encoder;

// clang-format off
static const Encoder mp4 = {"mp4", {
    "-c:v", "libx264", "-preset", "medium", "-crf", "18", "-tune", "animation",
    "-movflags", "+faststart", NULL}};
static const Encoder webm = {"webm", {
    "-c:v", "libvpx-vp9", "-crf", "24", "-b:v", "0", "-deadline", "good", "-cpu-used", "4",
    "-row-mt", "1", NULL}};
// clang-format on

static Process *start_encoder(Arena *a, const char *ffmpeg, const Encoder *e, const char *path,
                              const char **why) {
    const char *argv[48] = {ffmpeg,
                            "-v",
                            "error",
                            "-nostdin",
                            "-y",
                            "-f",
                            "matroska",
                            "-i",
                            "pipe:0",
                            "-an",
                            "-fps_mode",
                            "vfr",
                            "-vf",
                            "scale=out_color_matrix=bt709:out_range=tv,format=yuv420p",
                            "-colorspace",
                            "bt709",
                            "-color_primaries",
                            "bt709",
                            "-color_trc",
                            "bt709",
                            "-color_range",
                            "tv",
                            "-threads",
                            "2",
                            "-fflags",
                            "+bitexact",
                            "-flags:v",
                            "+bitexact"};
    int n = 0;
    while (argv[n]) n++;
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

static ExitCode move_in_place(Arena *a, const char *part, const char *path, bool beside) {
    const char *why;
    if (beside) {
        if (rename(part, path) == 0) return EXIT_DONE;
        return machine_error(arena_printf(a, "cannot write %s: %s", path, strerror(errno)));
    }
    Diags d = diags_new(a);
    const Source *whole = source_read(a, part, (size_t)1 << 31, &d);
    if (!whole) return machine_error("the film cannot be read back");
    return write_file(a, path, whole->text, whole->len, &why) ? EXIT_DONE : machine_error(why);
}

static ExitCode encode(const Film *f, const char *ffmpeg, const Encoder *encoder,
                       const char *part) {
    Arena *a = f->p->arena;
    const char *why, *drawing;
    Process *process = start_encoder(a, ffmpeg, encoder, part, &why);
    if (!process) return machine_error(why);
    bool drawn = film_raw(a, f->tools->text, &f->e.look, f->frames, f->steps, f->n, go_on, process,
                          &drawing);
    progress_bar("film", f->n, f->n, NAN);
    bool stopped = interrupted() || (!drawn && drawing);
    bool done = process_end(process, stopped, &why);
    if (interrupted()) return EXIT_INTERRUPTED;
    if (!drawn && drawing) return machine_error(drawing);
    if (done && drawn) return EXIT_DONE;
    return machine_error(why ? why : "the encoder ended early");
}

static ExitCode write_film(Program *p, const Export *e, Tools *tools, const Encoder *encoder) {
    const char *ffmpeg = process_find(p->arena, "ffmpeg"), *why;
    if (!ffmpeg)
        return machine_error("MP4 and WebM need the program ffmpeg, which is not installed "
                             "(package ffmpeg); GIF and WebP need nothing");
    Film f;
    if (!film_open(&f, p, e, tools)) return EXIT_USAGE;
    struct stat there;
    const char *path = e->path;
    bool exists = strcmp(path, "-") != 0 && stat(path, &there) == 0;
    if (exists && S_ISDIR(there.st_mode))
        path = arena_printf(p->arena, "%s/%s.%s", path, e->look.lesson->slug, encoder->name);
    char *real = realpath(path, NULL); // through a symbolic link the file it points to is replaced
    if (real) path = arena_printf(p->arena, "%s", real);
    free(real);
    bool beside = export_is_file(path);
    const char *part = part_of(p->arena, path, beside, &why);
    if (!part) return machine_error(why);
    ExitCode code = encode(&f, ffmpeg, encoder, part);
    if (code == EXIT_DONE) code = move_in_place(p->arena, part, path, beside);
    if (code != EXIT_DONE || !beside) unlink(part);
    return code == EXIT_DONE ? write_subtitles(&f) : code;
}

ExitCode export_mp4(Program *p, const Export *e, Tools *tools) {
    return write_film(p, e, tools, &mp4);
}

ExitCode export_webm(Program *p, const Export *e, Tools *tools) {
    return write_film(p, e, tools, &webm);
}
