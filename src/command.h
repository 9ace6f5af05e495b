/// The commands of the program, one row each, and what they share: options, places, exit codes.
#ifndef COMMAND_H
#define COMMAND_H

#include "lesson/lesson.h"

typedef enum {
    EXIT_DONE = 0,
    EXIT_WRONG = 1, // the input was wrong or the check failed
    EXIT_USAGE = 2,
    EXIT_MACHINE = 3, // disk full, output closed, no encoder, no display
    EXIT_INTERRUPTED = 130
} ExitCode;

/// What every command is given.
typedef struct {
    Arena *arena; // lives as long as the command
    Places places;
    const char *path; // of the program itself
} Program;

typedef struct {
    const char *name;
    const char *usage;                                  // the line of --help after the name
    const char *about;                                  // one sentence
    ExitCode (*run)(Program *p, int argc, char **argv); // argv[0] is the command's name
} Command;

/// The commands, ended by a row without a name. The window is the row named "".
extern const Command commands[];

/// One for each row: argv[0] is the command's name.
ExitCode cmd_check(Program *p, int argc, char **argv);
ExitCode cmd_list(Program *p, int argc, char **argv);
ExitCode cmd_trace(Program *p, int argc, char **argv);
ExitCode cmd_say(Program *p, int argc, char **argv);
ExitCode cmd_gradcheck(Program *p, int argc, char **argv);
ExitCode cmd_train(Program *p, int argc, char **argv);
ExitCode cmd_export(Program *p, int argc, char **argv);
ExitCode cmd_window(Program *p, int argc, char **argv);

/// An option: takes a value, or is a flag.
typedef struct {
    const char *name;   // "--format", "-o"
    const char **value; // where its value goes, or NULL
    bool *flag;         // for a flag
} Option;

/// Sorts argv[1..] into options and other words (at most `max`, moved into words).
///   options  ended by a row without a name
///   errors   false after a message and a hint at --help on standard error; *help is set (and true
///            returned) after --help has printed the command's usage
bool options_parse(int argc, char **argv, const Option *options, const char **words, int max,
                   int *count, bool *help);

/// Prints the usage of one command, or of all for NULL, to standard output.
void usage_print(const char *command);

/// One line on standard error; what cannot be shown in it stands as \xNN.
void say_wrong(const char *format, ...) __attribute__((format(printf, 1, 2)));

/// Says what is wrong with a call on standard error; always EXIT_USAGE.
ExitCode usage_error(const char *format, ...) __attribute__((format(printf, 1, 2)));

/// "en" or "zh"; a missing one is English.
///   errors  false after a message
bool option_lang(const char *text, Lang *out);

/// Finds and loads a lesson for a command, with a progress bar on a terminal while it trains.
///   errors  NULL after all messages on standard error, *code set: 2 if the word names nothing,
///           1 if the lesson is wrong, 130 if interrupted
///   alone   for commands that say nothing of the cells it compares: these are not run
Lesson *open_lesson(Program *p, const char *word, bool alone, ExitCode *code);

/// The file of a lesson, found as above; NULL after a message, a wrong usage.
const char *find_lesson(Program *p, const char *word);

/// Prints what was understood of the lesson's files to standard error, a line each.
void notes_print(const Lesson *lesson);

/// Writes a text to a file or standard output.
///   errors  EXIT_MACHINE after a message
ExitCode output(Program *p, const char *path, const Buf *text);

/// What a file with mistakes ends with: EXIT_WRONG, or EXIT_MACHINE after a message where the
/// program's own cells are not there to be named.
ExitCode wrong_or_incomplete(Program *p, const char *path);

/// The path of the running program, links resolved where the system tells.
///   owner   arena a
const char *program_find(Arena *a, const char *argv0);

/// Where assets and lessons are, seen from the running program: beside it when built, under
/// ../share/gatewalk when installed.
Places places_find(Arena *a, const char *program);

/// From here on an interrupt (Ctrl-C, SIGTERM) waits until it is asked for.
void interrupt_hold(void);

/// From here on an interrupt ends the program at once, with 130; a file being written
/// is finished first (files/write.h). For all that leaves nothing behind.
void interrupt_leaves(void);

/// Has one come?
bool interrupted(void);

/// A bar on a terminal's standard error; nothing elsewhere. done <= all; ends with done == all.
/// With GATEWALK_PROGRESS=lines in the environment a line each time instead, for other programs to
/// read (files/process.h: PROGRESS_LINE); with "none", nothing.
void progress_bar(const char *what, int done, int all, double loss);

#endif
