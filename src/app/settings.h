/// What is kept between two starts, in $XDG_CONFIG_HOME/gatewalk/settings.json.
#ifndef APP_SETTINGS_H
#define APP_SETTINGS_H

#include "app/state.h"

/// The part of the state that is kept.
typedef struct {
    char lesson[MAX_PATH_BYTES]; // "" for none
    char address[MAX_FIELD_BYTES];
    int scene;
    Grain grain;
    int speed;
    bool motion;
    ThemeKind theme;
    Lang lang;
    int zoom;
    int width, height;   // pixels
    ExportChoice export; // the last choices of the export dialog
} Settings;

/// Settings of a first start.
Settings settings_default(void);

/// A file in the user's folder for settings of all programs; NULL if there is no home for one.
///   owner   arena a
const char *config_file(Arena *a, const char *name);

/// The file that settings are kept in; NULL if there is no home for it.
///   owner   arena a
const char *settings_path(Arena *a);

/// Reads settings. No file is no mistake: the defaults, without motion if the desktop wants none.
///   errors  a damaged file is renamed to NAME.damaged, the defaults are given, and *message says
///           so in one sentence (arena a); else *message is NULL
Settings settings_load(Arena *a, const char *path, const char **message);

/// Writes settings, whole or not at all; makes the folder.
///   errors  false, with *why one sentence in arena a
bool settings_save(Arena *a, const char *path, const Settings *s, const char **why);

#endif
