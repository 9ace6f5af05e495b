// Measures from the start of a program to its first frame on the screen: watches the frame buffer
// that Xvfb keeps in a file (-fbdir), so that nothing of the program has to tell and its way out
// is not counted. Prints the median, the worst, and how much of the median the program waited for a
// processor that was busy with others, in ms: three numbers. usage: start FRAMEBUFFER WIDTH HEIGHT
// ROUNDS PROGRAM [ARGUMENT...]
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "timing.h"

enum { ROUNDS_MAX = 101, PATIENCE = 20, SAMPLES = 16 }; // rounds, seconds, points a side

static double now(void) {
    return seconds_on(CLOCK_MONOTONIC);
}

// Is there a picture: are points spread over the middle of the screen all lit? The screen and a
// window without content are black; no theme of the program is, but the one for high contrast.
static int is_painted(const volatile uint32_t *pixels, int width, int height) {
    for (int i = 0; i < SAMPLES * SAMPLES; i++) {
        int x = width / 4 + width / 2 * (i % SAMPLES) / SAMPLES;
        int y = height / 4 + height / 2 * (i / SAMPLES) / SAMPLES;
        if ((pixels[y * width + x] & 0xFFFFFF) == 0) return 0;
    }
    return 1;
}

static double wait_until(int painted, const volatile uint32_t *pixels, int width, int height) {
    double begin = now();
    while (is_painted(pixels, width, height) != painted) {
        nanosleep(&(struct timespec){0, 100000}, NULL);
        if (now() - begin > PATIENCE) return -1;
    }
    return now();
}

static const volatile uint32_t *screen(const char *path, int width, int height) {
    int file = open(path, O_RDONLY);
    struct stat info;
    if (file < 0 || fstat(file, &info) != 0) return NULL;
    void *bytes = mmap(NULL, (size_t)info.st_size, PROT_READ, MAP_SHARED, file, 0);
    if (bytes == MAP_FAILED) return NULL;
    return (const uint32_t *)((const char *)bytes + info.st_size) - (size_t)width * (size_t)height;
}

// Milliseconds that a process could have run and had no processor; 0 if the system does not tell.
static double waited(pid_t child) {
    char path[64];
    long long ran, queued = 0;
    snprintf(path, sizeof path, "/proc/%d/schedstat", (int)child);
    FILE *f = fopen(path, "r");
    if (f && fscanf(f, "%lld %lld", &ran, &queued) != 2) queued = 0;
    if (f) fclose(f);
    return 1e-6 * (double)queued;
}

int main(int argc, char **argv) {
    if (argc < 6) return fprintf(stderr, "start FRAMEBUFFER WIDTH HEIGHT ROUNDS PROGRAM...\n"), 2;
    int width = atoi(argv[2]), height = atoi(argv[3]), rounds = atoi(argv[4]);
    const volatile uint32_t *pixels = screen(argv[1], width, height);
    if (!pixels || rounds < 1 || rounds > ROUNDS_MAX) return fprintf(stderr, "no screen\n"), 1;
    double ms[ROUNDS_MAX], wait_ms[ROUNDS_MAX];
    for (int i = -1; i < rounds; i++) { // the first warms the caches of the file system
        if (wait_until(0, pixels, width, height) < 0) return 1;
        double begin = now();
        pid_t child = fork();
        if (child == 0) {
            execv(argv[5], argv + 5);
            _exit(127);
        }
        double end = wait_until(1, pixels, width, height);
        double queued = waited(child);
        kill(child, SIGTERM);
        waitpid(child, NULL, 0);
        if (end < 0) return fprintf(stderr, "no picture in %d s\n", PATIENCE), 1;
        if (i < 0) continue;
        ms[i] = 1e3 * (end - begin);
        wait_ms[i] = queued;
    }
    qsort(ms, (size_t)rounds, sizeof *ms, ascending);
    qsort(wait_ms, (size_t)rounds, sizeof *wait_ms, ascending);
    printf("%.0f %.0f %.0f\n", ms[rounds / 2], ms[rounds - 1], wait_ms[rounds / 2]);
    return 0;
}
