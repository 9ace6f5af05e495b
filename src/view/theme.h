/// Roles to paint. A theme is a row of a table.
#ifndef VIEW_THEME_H
#define VIEW_THEME_H

#include "view/scene.h"

typedef enum { THEME_LIGHT, THEME_DARK, THEME_CONTRAST, THEME_PRINT, THEME_COUNT } ThemeKind;

typedef struct {
    double r, g, b, a; // 0 .. 1, not premultiplied
} Color;

extern const char *const theme_names[THEME_COUNT]; // "light", "dark", "contrast", "print"

/// The paint of an ink in a theme; a = 0 for ROLE_NONE.
Color theme_color(ThemeKind theme, Ink ink);

#endif
