// The desktop's own folders are named in a file of lines such as XDG_PICTURES_DIR="$HOME/Bilder".
#include "app/folders.h"

#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/settings.h"
#include "core/diag.h"

enum { MAX_BYTES = 1 << 16 };

static bool can_be_used(const char *folder) {
    struct stat info;
    return folder && *folder && stat(folder, &info) == 0 && S_ISDIR(info.st_mode) &&
           access(folder, W_OK) == 0;
}

static const char *named_by_desktop(Arena *a, const char *home) {
    static const char key[] = "XDG_PICTURES_DIR=\"";
    const char *path = config_file(a, "user-dirs.dirs");
    Diags none = diags_new(a);
    const Source *file = path ? source_read(a, path, MAX_BYTES, &none) : NULL;
    const char *line = file ? strstr(file->text, key) : NULL;
    if (!line) return NULL;
    const char *value = line + strlen(key);
    value = arena_copy(a, value, strcspn(value, "\"\n"));
    return strncmp(value, "$HOME/", 6) == 0 ? arena_printf(a, "%s/%s", home, value + 6) : value;
}

const char *folder_for_pictures(Arena *a, const char *home, const char *here) {
    const char *const tries[] = {named_by_desktop(a, home), arena_printf(a, "%s/Pictures", home),
                                 here, home};
    for (size_t k = 0; k < sizeof tries / sizeof *tries; k++)
        if (can_be_used(tries[k])) return tries[k];
    return here;
}
