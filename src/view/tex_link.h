/// Formulas of lessons, tied to the run: letters of the cell take their colour and can be hovered.
#ifndef VIEW_TEX_LINK_H
#define VIEW_TEX_LINK_H

#include "view/tex.h"

/// The TeX of an author with every name that the cell assigns, and x, coloured by its role where it
/// stands with a timestep: c_t, h_{t-1}, f_{3,2}. What is not such a name stays as it is.
///   owner   arena a
const char *tex_linked(Arena *a, const View *v, const char *tex);

/// A formula cut after each relation and operator that stands in no bracket, for lines that are too
/// narrow for the whole: "a =", "b +", "c". A part that ends a line wants " {}" after it, without
/// which its last sign would be taken for an ordinary one.
///   owner   arena a; *count parts
const char *const *tex_parts(Arena *a, const char *tex, int *count);

/// The quantities of an ask block ("f[2] at forward:3; c[1] at backward:2") as TeX, with commas.
///   owner   arena a
const char *tex_asked(Arena *a, const View *v, const char *of);

#endif
