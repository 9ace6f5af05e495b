/// Folders of the user.
#ifndef APP_FOLDERS_H
#define APP_FOLDERS_H

#include "core/arena.h"

/// Where pictures go if nothing else is said: the desktop's folder of pictures
/// ($XDG_CONFIG_HOME/user-dirs.dirs, or Pictures in the home folder), else the folder the program
/// was started in, else the home folder; the first that can be written to.
///   owner   arena a
const char *folder_for_pictures(Arena *a, const char *home, const char *here);

#endif
