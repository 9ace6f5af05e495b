// Options by table: long ones as `--name value` or `--name=value`, short ones as `-o value`.
#include <stdio.h>
#include <string.h>

#include "command.h"
#include "core/diag.h"

enum { MESSAGE_MOST = 2000 }; // characters

// What a user wrote must not be able to steer the terminal.
static void print_message(const char *format, va_list args) {
    Arena *a = arena_new();
    Buf line = buf_new(a);
    put_shown(&line, arena_vprintf(a, format, args), MESSAGE_MOST);
    fprintf(stderr, "gatewalk: %s\n", buf_str(&line));
    arena_free(a);
}

void say_wrong(const char *format, ...) {
    va_list args;
    va_start(args, format);
    print_message(format, args);
    va_end(args);
}

ExitCode usage_error(const char *format, ...) {
    va_list args;
    va_start(args, format);
    print_message(format, args);
    va_end(args);
    fputs("gatewalk: see gatewalk --help\n", stderr);
    return EXIT_USAGE;
}

void usage_print(const char *command) {
    if (!command) puts("Gatewalk shows how a recurrent network works, one operation at a time.\n");
    for (const Command *c = commands; c->name; c++) {
        if (command && strcmp(command, c->name) != 0) continue;
        printf("gatewalk %s%s%s\n    %s\n", c->name, *c->name ? " " : "", c->usage, c->about);
    }
    if (command) return;
    puts(
        "gatewalk --help, --version, COMMAND --help\n\n"
        "LESSON is a path, a shipped lesson's number or slug, or a .cell file. STEP is an address\n"
        "such as forward:3:f, loss, backward:2:c.1 or forward:3:f[2].");
}

// The option that a word names; *value is what stands after '=' in it.
static const Option *find_option(const Option *options, const char *word, const char **value) {
    const char *equals = word[1] == '-' ? strchr(word, '=') : NULL;
    size_t n = equals ? (size_t)(equals - word) : strlen(word);
    *value = equals ? equals + 1 : NULL;
    for (; options->name; options++)
        if (strlen(options->name) == n && strncmp(options->name, word, n) == 0) return options;
    return NULL;
}

static ExitCode unknown_option(const Option *options, const char *word) {
    const char *names[64];
    size_t n = 0;
    for (; options[n].name && n + 2 < sizeof names / sizeof *names; n++) names[n] = options[n].name;
    names[n++] = "--help";
    names[n] = NULL;
    const char *near = nearest_word(word, names);
    return near ? usage_error("unknown option %s; did you mean %s?", word, near)
                : usage_error("unknown option %s", word);
}

// Reads the option at argv[*i], and its value.
static bool take_option(int argc, char **argv, int *i, const Option *options) {
    const char *word = argv[*i], *value;
    const Option *o = find_option(options, word, &value);
    if (!o) return unknown_option(options, word), false;
    if (o->flag) {
        if (value) return usage_error("%s takes no value", o->name), false;
        return *o->flag = true;
    }
    if (!value && *i + 1 < argc) value = argv[++*i];
    if (!value) return usage_error("%s needs a value", o->name), false;
    *o->value = value;
    return true;
}

bool options_parse(int argc, char **argv, const Option *options, const char **words, int max,
                   int *count, bool *help) {
    bool only_words = false;
    *count = 0;
    *help = false;
    for (int i = 1; i < argc; i++) {
        if (!only_words && strcmp(argv[i], "--help") == 0) {
            usage_print(argv[0]);
            return *help = true;
        }
        if (!only_words && strcmp(argv[i], "--") == 0) {
            only_words = true;
        } else if (!only_words && argv[i][0] == '-' && argv[i][1]) {
            if (!take_option(argc, argv, &i, options)) return false;
        } else if (*count < max) {
            words[(*count)++] = argv[i];
        } else {
            return usage_error("one word too many: %s", argv[i]), false;
        }
    }
    return true;
}

bool option_lang(const char *text, Lang *out) {
    *out = text && strcmp(text, lang_names[LANG_ZH]) == 0 ? LANG_ZH : LANG_EN;
    if (!text || strcmp(text, lang_names[*out]) == 0) return true;
    usage_error("--lang takes en or zh, not %s", text);
    return false;
}
