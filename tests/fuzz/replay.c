// Runs a fuzz target over the files named on the command line, or over those in the folders named,
// without a fuzzer: plain tests replay what fuzzing has found. Link it with one target.
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int replay_file(const char *path) {
    FILE *file = fopen(path, "rb");
    if (!file) return perror(path), 1;
    size_t len = 0, cap = 1 << 16;
    uint8_t *data = malloc(cap);
    while (data) {
        len += fread(data + len, 1, cap - len, file);
        if (len < cap) break;
        uint8_t *wider = realloc(data, cap *= 2);
        if (!wider) free(data);
        data = wider;
    }
    fclose(file);
    if (!data) return fprintf(stderr, "%s: too large\n", path), 1;
    LLVMFuzzerTestOneInput(data, len);
    free(data);
    return 0;
}

static int replay(const char *path, int *count) {
    struct stat st;
    if (stat(path, &st) != 0) return perror(path), 1;
    if (!S_ISDIR(st.st_mode)) return ++*count, replay_file(path);
    DIR *folder = opendir(path);
    if (!folder) return perror(path), 1;
    int failures = 0;
    for (struct dirent *entry; (entry = readdir(folder));) {
        char inner[4096];
        if (entry->d_name[0] == '.') continue;
        int n = snprintf(inner, sizeof inner, "%s/%s", path, entry->d_name);
        if (n > 0 && (size_t)n < sizeof inner) failures += replay(inner, count);
    }
    closedir(folder);
    return failures;
}

int main(int argc, char **argv) {
    int failures = 0, count = 0;
    for (int i = 1; i < argc; i++) failures += replay(argv[i], &count);
    printf("%d files replayed, %d unreadable\n", count, failures);
    return failures > 0 || count == 0;
}
