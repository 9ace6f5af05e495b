#include "peer.h"

#include <fcntl.h>
#include <glob.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

struct Peer {
    pid_t process;
    FILE *to, *from;
    char facts[400];
};

/// A peer, and one of the things it does.
typedef struct {
    Peer *peer;
    const char *kind;
} PeerKind;

static bool answer(Peer *p, char *line, int size) {
    if (fflush(p->to) != 0 || !fgets(line, size, p->from)) return false;
    line[strcspn(line, "\n")] = '\0';
    return true;
}

/// numpy and PyTorch take whichever libblas.so.3 is found first, and with the reference one they
/// would be several times as slow.
static void choose_openblas(void) {
    glob_t found;
    if (glob("/usr/lib/*/openblas-pthread/libblas.so.3", 0, NULL, &found) != 0) return;
    *strrchr(found.gl_pathv[0], '/') = '\0';
    setenv("LD_LIBRARY_PATH", found.gl_pathv[0], 1);
    globfree(&found);
}

static void become(const char *command, const int in[2], const int out[2]) {
    dup2(in[0], STDIN_FILENO);
    dup2(out[1], STDOUT_FILENO);
    if (!freopen("/dev/null", "w", stderr)) _exit(126);
    for (int k = 0; k < 2; k++) close(in[k]), close(out[k]);
    choose_openblas();
    setenv("OPENBLAS_NUM_THREADS", "1", 1);
    setenv("OMP_NUM_THREADS", "1", 1);
    execl("/bin/sh", "sh", "-c", command, (char *)NULL);
    _exit(127);
}

Peer *peer_start(Arena *a, const char *script, const char *words) {
    const char *command =
        arena_printf(a, "exec /usr/bin/python3 -B tests/bench/%s %s", script, words ? words : "");
    int in[2], out[2];
    Peer *p = ARENA_NEW(a, Peer);
    if (pipe(in) != 0 || pipe(out) != 0) return NULL;
    signal(SIGPIPE, SIG_IGN);
    p->process = fork();
    if (p->process == 0) become(command, in, out);
    close(in[0]);
    close(out[1]);
    fcntl(in[1], F_SETFD, FD_CLOEXEC); // or the next peer would keep this one's input open
    fcntl(out[0], F_SETFD, FD_CLOEXEC);
    p->to = fdopen(in[1], "w");
    p->from = fdopen(out[0], "r");
    char line[sizeof p->facts];
    if (p->process > 0 && answer(p, line, sizeof line) && strncmp(line, "ready ", 6) == 0) {
        strcpy(p->facts, line + 6);
        return p;
    }
    peer_stop(p);
    return NULL;
}

void peer_print(const Peer *p, const char *name, const char *package) {
    if (p)
        printf("%s\n", p->facts);
    else
        printf("%s is not there (package %s)\n", name, package);
}

static bool work(void *context, int items, Took *took) {
    const PeerKind *k = context;
    char line[128];
    fprintf(k->peer->to, "go %s %d\n", k->kind, items);
    return answer(k->peer, line, sizeof line) &&
           sscanf(line, "done %lf %lf", &took->on[ON_CLOCK], &took->on[ON_PROCESSOR]) == 2;
}

Turn peer_turn(Arena *a, Peer *p, const char *kind) {
    if (!p) return (Turn){0};
    PeerKind *k = ARENA_NEW(a, PeerKind);
    *k = (PeerKind){p, kind};
    return (Turn){.block = work, .context = k};
}

void peer_stop(Peer *p) {
    if (!p) return;
    fclose(p->to);
    fclose(p->from);
    if (p->process > 0) waitpid(p->process, NULL, 0);
}
