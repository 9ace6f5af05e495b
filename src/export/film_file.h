/// Films as the bytes of files, and as raw pictures for an encoder.
#ifndef EXPORT_FILM_FILE_H
#define EXPORT_FILM_FILE_H

#include "export/film.h"
#include "files/process.h"

/// A film as GIF, to a sink.
///   errors  false, with *why (arena a), or *why NULL if it was stopped or the sink failed
bool film_gif(Arena *a, const FilmPlan *film, ByteSink *sink, void *to, const char **why);

/// A film as WebP, to a sink.
///   errors  as film_gif
bool film_webp(Arena *a, const FilmPlan *film, ByteSink *sink, void *to, const char **why);

/// Sends a film to an encoder as Matroska.
///   errors  as film_gif; *why also NULL if the encoder does not listen any more
bool film_raw(Arena *a, const FilmPlan *film, Process *encoder, const char **why);

#endif
