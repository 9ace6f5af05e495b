// Looks at the files' stamps twice a second: a few microseconds, works on every system and network
// drive, and sees editors that save by renaming, which inotify on the file itself does not.
#include "app/watch.h"

#include <string.h>
#include <sys/stat.h>

typedef struct FileStamp {
    struct timespec changed;
    off_t size;
    ino_t inode;
} FileStamp;

static FileStamp stamp(const char *path) {
    struct stat st;
    if (stat(path, &st) != 0) return (FileStamp){.size = -1};
    return (FileStamp){st.st_mtim, st.st_size, st.st_ino};
}

static bool same(FileStamp a, FileStamp b) {
    return a.changed.tv_sec == b.changed.tv_sec && a.changed.tv_nsec == b.changed.tv_nsec &&
           a.size == b.size && a.inode == b.inode;
}

Watch watch_new(Arena *a, const char *const *paths) {
    int n = 0;
    while (paths && paths[n]) n++;
    Watch w = {paths, ARENA_ARRAY(a, FileStamp, n + 1)};
    for (int i = 0; i < n; i++) w.stamps[i] = stamp(paths[i]);
    return w;
}

bool watch_changed(Watch *w) {
    bool changed = false;
    for (int i = 0; w->paths && w->paths[i]; i++) {
        FileStamp now = stamp(w->paths[i]);
        if (!same(now, w->stamps[i])) changed = true;
        w->stamps[i] = now;
    }
    return changed;
}
