// One line, one rule. What a line says about a name is entered before the rest of
// the line is read, so that a mistake in it does not make the name unknown to the
// other lines. After a mistake the rest of the line is skipped.
#include "core/parser.h"

#include <math.h>
#include <string.h>

// --- tokens

bool parse_accept(Parser *p, TokenKind kind) {
    if (p->token->kind != kind) return false;
    p->token++;
    return true;
}

static bool is_word(const Token *t, const char *word) {
    return t->kind == TOKEN_NAME && strcmp(t->symbol->name, word) == 0;
}

// What is wrong with a token that stands where `wanted` should; NULL for nothing special.
static const char *special_complaint(const Parser *p) {
    const Token *t = p->token;
    bool first = t == p->tokens.list;
    bool after_value =
        p->in_expression && !first &&
        (t[-1].kind == TOKEN_NAME || t[-1].kind == TOKEN_NUMBER || t[-1].kind == TOKEN_RIGHT ||
         t[-1].kind == TOKEN_CLOSE || t[-1].kind == TOKEN_PRIME);
    if (t->kind >= TOKEN_LT && t->kind <= TOKEN_EQ)
        return "a comparison stands only in the condition of where: where(a > 0, b, c)";
    if (t->kind == TOKEN_ASSIGN && p->in_expression)
        return "a second = in one line; an equation has one name on its left";
    if (t->kind == TOKEN_RIGHT && after_value) return "this ) closes nothing";
    if (t->kind == TOKEN_CLOSE && after_value) return "this ] closes nothing";
    if (t->kind == TOKEN_SEMICOLON && p->text == TEXT_CELL)
        return "an equation ends with its line; stacks are written in [ ]";
    if (t->kind == TOKEN_COMMA) return "a comma stands only in [a, b] and f(a, b)";
    if (after_value && p->use != USE_SIZE &&
        (t->kind == TOKEN_NAME || t->kind == TOKEN_NUMBER || t->kind == TOKEN_LEFT))
        return "two values side by side; write * (element by element) or @ (matrix product) "
               "between them";
    return NULL;
}

bool parse_fail_unexpected(Parser *p, const char *wanted) {
    const Token *t = p->token;
    const char *special = t->kind == TOKEN_END ? NULL : special_complaint(p);
    if (special) return parse_fail(p, t->span, "%s", special);
    if (t->kind == TOKEN_END)
        return parse_fail(p, t->span, "the line ends, but %s is missing here", wanted);
    if (t->kind == TOKEN_STRING)
        return parse_fail(p, t->span, "a text in quotes, but %s is missing here", wanted);
    return parse_fail(p, t->span, "%s is missing before %.*s", wanted, TOKEN_TEXT(p, t));
}

// Nothing may follow.
static bool line_ends(Parser *p) {
    if (p->token->kind == TOKEN_END) return true;
    const char *special = special_complaint(p);
    if (special) return parse_fail(p, p->token->span, "%s", special);
    return parse_fail(p, p->token->span, "%.*s is too much; the line should end before it",
                      TOKEN_TEXT(p, p->token));
}

// A text in quotes.
static const char *string(Parser *p, const char *wanted) {
    const Token *t = p->token;
    if (parse_accept(p, TOKEN_STRING)) return t->text;
    parse_fail_unexpected(p, wanted);
    return NULL;
}

// --- names

static const char *const role_words[ROLE_COUNT] = {"assigned", "given a size", "given a shape",
                                                   "made a constant", "given a start value"};

static const char *builtin_meaning(Builtin b) {
    return b == BUILTIN_INPUT    ? "the input size"
           : b == BUILTIN_HIDDEN ? "the state size"
           : b == BUILTIN_T      ? "the timestep"
                                 : "the input at this timestep";
}

// Reserved names have no line of their own, except in texts of ours: an embedding assigns x.
static bool check_free(Parser *p, const Token *t) {
    const Symbol *s = t->symbol;
    if (s->builtin != BUILTIN_NONE && p->text != TEXT_BUILTIN)
        return parse_fail(p, t->span, "%s is reserved: it is %s; choose another name", s->name,
                          builtin_meaning(s->builtin));
    if (s->function != OP_COUNT && (p->text == TEXT_BUILTIN || !op_defs[s->function].is_internal))
        return parse_fail(p, t->span, "%s is a function; choose another name", s->name);
    if (p->text == TEXT_HEAD && strcmp(s->name, "h") == 0)
        return parse_fail(p, t->span,
                          "in a head, h is what the last layer hands on; choose another name");
    return true;
}

// Enters that this line gives the name that role: once each.
static bool declare(Parser *p, const Token *t, Role role) {
    Symbol *s = t->symbol;
    bool fine = check_free(p, t);
    int before = s->role[role].line;
    if (before && p->text == TEXT_CELL)
        return parse_fail(p, t->span, "%s is %s twice; the first is line %d", s->name,
                          role_words[role], before);
    if (before) return parse_fail(p, t->span, "%s is %s twice", s->name, role_words[role]);
    s->role[role].line = p->line;
    s->role[role].span = t->span;
    return fine;
}

// The name that a line is about.
static const Token *line_name(Parser *p, const char *wanted) {
    const Token *t = p->token;
    if (parse_accept(p, TOKEN_NAME)) return t;
    parse_fail_unexpected(p, wanted);
    return NULL;
}

static bool room_for(Parser *p, const Token *t, int count, const char *what) {
    if (count < CELL_MAX_EQUATIONS) return true;
    if (p->full != what)
        parse_fail(p, t->span, "a cell has at most %d %s", CELL_MAX_EQUATIONS, what);
    p->full = what; // said once
    return false;
}

// --- equations

// [ zh STRING ]
static void chinese(Parser *p, const char **text) {
    if (!is_word(p->token, "zh") || p->token[1].kind != TOKEN_STRING) return;
    *text = p->token[1].text;
    p->token += 2;
}

// labels = [ STRING ] [ zh STRING ]
static bool labels(Parser *p, const char *label[2]) {
    if (p->token->kind == TOKEN_STRING) label[0] = p->token++->text;
    chinese(p, &label[1]);
    if (label[1] && p->token->kind == TOKEN_STRING)
        return parse_fail(p, p->token->span, "the English label stands before zh");
    return true;
}

// equation = NAME = expression labels
bool parse_equation(Parser *p) {
    const Token *t = line_name(p, "NAME = EXPRESSION");
    if (!t) return false;
    bool fine = declare(p, t, ROLE_ASSIGNED);
    if (p->token->kind == TOKEN_OPEN)
        return parse_fail(p, p->token->span, "the left side of = is a bare name: %s = ...",
                          t->symbol->name);
    if (!parse_accept(p, TOKEN_ASSIGN)) return parse_fail_unexpected(p, "=");
    EquationAst eq = {.name = t->symbol->name, .name_span = t->span};
    eq.value = parse_expression(p, USE_EQUATION);
    if (!eq.value || !labels(p, eq.label)) return false;
    bool ends = p->text == TEXT_HEAD && p->token->kind == TOKEN_SEMICOLON;
    if (!ends && !line_ends(p)) return false;
    CellAst *c = p->cell;
    if (fine && room_for(p, t, c->n_equations, "equations"))
        ARENA_PUSH(p->arena, c->equations, c->n_equations, p->equations_cap, eq);
    return fine;
}

// --- lines of words

// cell NAME STRING
static void cell_line(Parser *p, const Token *word) {
    bool again = p->cell->name != NULL;
    p->has_cell_line = true;
    const Token *t = p->token;
    if (again) {
        parse_fail(p, word->span, "a second cell line; one file is one cell");
        return;
    }
    if (!parse_accept(p, TOKEN_CELL_NAME)) {
        parse_fail(p, t->span, "the cell's name is missing: cell NAME \"Title\"");
        return;
    }
    p->cell->name = t->text;
    if ((p->cell->title[0] = string(p, "the title in quotes"))) line_ends(p);
}

// A line that is one text, given once.
static void text_line(Parser *p, const Token *word, const char **text) {
    const char *given = string(p, "a text in quotes");
    if (!given || !line_ends(p)) return;
    if (*text)
        parse_fail(p, word->span, "a second %.*s line", TOKEN_TEXT(p, word));
    else
        *text = given;
}

// zh STRING
static void zh_line(Parser *p, const Token *word) {
    text_line(p, word, &p->cell->title[1]);
}

// texts = labels, at least one
static bool texts(Parser *p, const char *text[2]) {
    if (!labels(p, text)) return false;
    if (!text[0] && !text[1]) return string(p, "a text in quotes") != NULL;
    return line_ends(p);
}

// source texts
static void source_line(Parser *p, const Token *word) {
    const char *now[2] = {NULL, NULL}, **origin = p->cell->origin;
    if (!texts(p, now)) return;
    if ((now[0] && origin[0]) || (now[1] && origin[1])) {
        parse_fail(p, word->span, "a second %.*s line", TOKEN_TEXT(p, word));
        return;
    }
    for (int k = 0; k < 2; k++)
        if (now[k]) origin[k] = now[k];
}

// note texts; several notes are one
static void note_line(Parser *p, const Token *word) {
    (void)word;
    const char *now[2] = {NULL, NULL};
    if (!texts(p, now)) return;
    static const char *const between[2] = {" ", ""};
    for (int k = 0; k < 2; k++) {
        if (!now[k]) continue;
        if (p->cell->note[k]) buf_puts(&p->note[k], between[k]);
        buf_puts(&p->note[k], now[k]);
        p->cell->note[k] = buf_str(&p->note[k]);
    }
}

// output NAME
static void output_line(Parser *p, const Token *word) {
    const Token *t = line_name(p, "the name of what the layer hands on");
    if (!t || !line_ends(p)) return;
    if (p->cell->output_span.len) {
        parse_fail(p, word->span, "a second output line; a layer hands on one value");
        return;
    }
    p->cell->output = t->symbol->name;
    p->cell->output_span = t->span;
}

// dims = size [ x size ]
static bool dims(Parser *p, SizeAst *size) {
    Span start = p->token->span;
    if (!(size->rows = parse_size(p))) return false;
    if (p->token->kind == TOKEN_NAME && p->token->symbol->builtin == BUILTIN_X) {
        p->token++;
        if (!(size->cols = parse_size(p))) return false;
    }
    size->dims_span = span_join(start, (size->cols ? size->cols : size->rows)->span);
    if (is_word(p->token, "X") || is_word(p->token, "by"))
        return parse_fail(p, p->token->span, "between rows and columns stands a small x: 4 x 7");
    return line_ends(p);
}

// size NAME = dims
static void size_line(Parser *p, const Token *word) {
    (void)word;
    const Token *t = line_name(p, "a name");
    if (!t) return;
    bool fine = declare(p, t, ROLE_SIZE);
    if (!parse_accept(p, TOKEN_ASSIGN)) {
        parse_fail_unexpected(p, "=");
        return;
    }
    SizeAst size = {.name = t->symbol->name, .name_span = t->span};
    CellAst *c = p->cell;
    if (dims(p, &size) && fine && room_for(p, t, c->n_sizes, "size lines"))
        ARENA_PUSH(p->arena, c->sizes, c->n_sizes, p->sizes_cap, size);
}

// param NAME : dims
static void param_line(Parser *p, const Token *word) {
    (void)word;
    const Token *t = line_name(p, "a parameter's name");
    if (!t) return;
    bool fine = declare(p, t, ROLE_PARAM);
    if (p->token->kind == TOKEN_ASSIGN) {
        parse_fail(p, p->token->span, "a shape follows a colon: param %s : ROWS or ROWS x COLS",
                   t->symbol->name);
        return;
    }
    if (!parse_accept(p, TOKEN_COLON)) {
        parse_fail_unexpected(p, ":");
        return;
    }
    SizeAst size = {.name = t->symbol->name, .name_span = t->span};
    CellAst *c = p->cell;
    if (dims(p, &size) && fine && room_for(p, t, c->n_params, "param lines"))
        ARENA_PUSH(p->arena, c->params, c->n_params, p->params_cap, size);
}

// [+ | -] NUMBER, as an expression over both
static Expr *signed_number(Parser *p, const char *wanted) {
    const Token *sign = p->token;
    bool negative = parse_accept(p, TOKEN_MINUS);
    if (!negative) parse_accept(p, TOKEN_PLUS);
    const Token *t = p->token;
    if (is_word(t, "nan") || is_word(t, "inf"))
        return parse_fail(p, t->span, "%s is not a number", t->symbol->name), NULL;
    if (!parse_accept(p, TOKEN_NUMBER)) return parse_fail_unexpected(p, wanted), NULL;
    Expr *e = ARENA_NEW(p->arena, Expr);
    *e = (Expr){.kind = EXPR_NUMBER, .number = negative ? -t->number : t->number};
    e->span = e->op_span = span_join(sign->span, t->span);
    return e;
}

// const NAME = signed number
static void const_line(Parser *p, const Token *word) {
    (void)word;
    const Token *t = line_name(p, "a name");
    if (!t) return;
    bool fine = declare(p, t, ROLE_CONST);
    if (!parse_accept(p, TOKEN_ASSIGN)) {
        parse_fail_unexpected(p, "=");
        return;
    }
    ValueAst value = {.name = t->symbol->name, .name_span = t->span};
    value.value = signed_number(p, "a number");
    if (value.value && p->token->kind >= TOKEN_PLUS && p->token->kind <= TOKEN_PRIME) {
        parse_fail(p, p->token->span, "a constant is one number, not an expression");
        return;
    }
    CellAst *c = p->cell;
    if (value.value && line_ends(p) && fine && room_for(p, t, c->n_consts, "const lines"))
        ARENA_PUSH(p->arena, c->consts, c->n_consts, p->consts_cap, value);
}

// start NAME = expression
static void start_line(Parser *p, const Token *word) {
    (void)word;
    const Token *t = line_name(p, "an assigned name");
    if (!t) return;
    bool fine = declare(p, t, ROLE_START);
    if (!parse_accept(p, TOKEN_ASSIGN)) {
        parse_fail_unexpected(p, "=");
        return;
    }
    ValueAst value = {.name = t->symbol->name, .name_span = t->span};
    value.value = parse_expression(p, USE_START);
    CellAst *c = p->cell;
    if (value.value && line_ends(p) && fine && room_for(p, t, c->n_starts, "start lines"))
        ARENA_PUSH(p->arena, c->starts, c->n_starts, p->starts_cap, value);
}

// --- init lines

// clang-format off
static const struct {
    const char *word;
    InitKind kind;
    bool may_have, must_have; // a number in brackets
    double least;             // that the number may be
    const char *wanted;
} rules[] = {
    {"uniform",    INIT_UNIFORM,    true,  false, 0, "uniform, or uniform(a) with a of 0 or more"},
    {"glorot",     INIT_GLOROT,     false, false, 0, "glorot, without a number"},
    {"orthogonal", INIT_ORTHOGONAL, false, false, 0, "orthogonal, without a number"},
    {"identity",   INIT_IDENTITY,   false, false, 0, "identity, without a number"},
    {"normal",     INIT_NORMAL,     true,  true,  0, "normal(s) with a standard deviation of 0 or more"},
    {"chrono",     INIT_CHRONO,     true,  true,  2, "chrono(T) with T of 2 or more"},
};
// clang-format on
enum { N_RULES = sizeof rules / sizeof *rules };

static bool fail_rule(Parser *p, const Token *t) {
    const char *words[N_RULES + 1] = {0};
    for (int k = 0; k < N_RULES; k++) words[k] = rules[k].word;
    const char *near = nearest_word(t->symbol->name, words);
    return parse_fail(p, t->span, "there is no rule %s; %s%s%s", t->symbol->name,
                      near ? "did you mean " : "rules are a number, ",
                      near ? near : "uniform, glorot, orthogonal, identity, normal(s), chrono(T)",
                      near ? "?" : "");
}

// rule = signed number | WORD [ ( signed number ) ]
static bool init_rule(Parser *p, InitRule *rule) {
    const Token *t = p->token;
    if (t->kind != TOKEN_NAME || is_word(t, "nan") || is_word(t, "inf")) {
        Expr *e = signed_number(p, "a rule (a number, uniform, glorot, ...)");
        if (e) *rule = (InitRule){INIT_CONSTANT, e->number};
        return e != NULL;
    }
    int k = 0;
    while (k < N_RULES && strcmp(rules[k].word, t->symbol->name) != 0) k++;
    if (k == N_RULES) return fail_rule(p, t);
    p->token++;
    *rule = (InitRule){.kind = rules[k].kind};
    const Token *open = p->token;
    if (!parse_accept(p, TOKEN_LEFT))
        return !rules[k].must_have || parse_fail(p, t->span, "write %s", rules[k].wanted);
    if (!rules[k].may_have) return parse_fail(p, open->span, "write %s", rules[k].wanted);
    Expr *e = signed_number(p, "a number");
    if (!e) return false;
    if (e->number < rules[k].least) return parse_fail(p, e->span, "write %s", rules[k].wanted);
    rule->a = e->number;
    // in the tree, uniform with 0 is the rule without a number
    if (rule->kind == INIT_UNIFORM && rule->a == 0) rule->kind = INIT_CONSTANT;
    if (parse_accept(p, TOKEN_RIGHT)) return true;
    return p->token->kind == TOKEN_END ? parse_fail(p, open->span, "this ( is never closed")
                                       : parse_fail_unexpected(p, ")");
}

// pattern = NAME [*] | *      where the star follows without a blank
static bool init_pattern(Parser *p, InitAst *init) {
    const Token *t = p->token;
    Span span = t->span;
    const char *name = "";
    if (parse_accept(p, TOKEN_NAME)) name = t->symbol->name;
    const Token *star = p->token;
    bool stars = star->kind == TOKEN_STAR && star->span.len == 1;
    if (!stars && !*name) return parse_fail_unexpected(p, "a parameter's name, or its start and *");
    if (stars) {
        if (*name && star->span.at != span.at + span.len)
            return parse_fail(p, star->span, "* follows the start of a name without a blank");
        p->token++;
        span = span_join(span, star->span);
        if (p->token->kind == TOKEN_NAME || p->token->kind == TOKEN_STAR)
            return parse_fail(p, star->span, "* matches the rest of a name and stands at its end");
    }
    init->pattern = stars ? arena_printf(p->arena, "%s*", name) : name;
    init->span = span;
    return stars || check_free(p, t);
}

// init pattern = rule
static void init_line(Parser *p, const Token *word) {
    (void)word;
    InitAst init = {0};
    const Token *t = p->token;
    if (!init_pattern(p, &init)) return;
    if (!parse_accept(p, TOKEN_ASSIGN)) {
        parse_fail_unexpected(p, "=");
        return;
    }
    CellAst *c = p->cell;
    if (init_rule(p, &init.rule) && line_ends(p) && room_for(p, t, c->n_inits, "init lines"))
        ARENA_PUSH(p->arena, c->inits, c->n_inits, p->inits_cap, init);
}

// --- any line

// clang-format off
static const struct { const char *word; void (*parse)(Parser *p, const Token *word); } words[] = {
    {"cell", cell_line},   {"zh", zh_line},       {"source", source_line}, {"note", note_line},
    {"output", output_line}, {"size", size_line}, {"param", param_line},   {"const", const_line},
    {"start", start_line}, {"init", init_line},
};
// clang-format on
enum { N_WORDS = sizeof words / sizeof *words };

static void fail_line(Parser *p, const Token *t) {
    const char *known[N_WORDS + 1] = {0};
    for (int k = 0; k < N_WORDS; k++) known[k] = words[k].word;
    const char *near = nearest_word(t->symbol->name, known);
    if (t[1].kind == TOKEN_OPEN)
        parse_fail(p, t[1].span, "the left side of = is a bare name: %s = ...", t->symbol->name);
    else if (near)
        parse_fail(p, t->span, "no line begins with %s; did you mean %s?", t->symbol->name, near);
    else
        parse_fail(
            p, t->span,
            "a line is NAME = EXPRESSION, or begins with cell, zh, source, note, output, size, "
            "param, const, start or init");
    // it may have been meant as an equation: do not call the name unknown elsewhere
    if (!t->symbol->role[ROLE_ASSIGNED].line && t->symbol->builtin == BUILTIN_NONE)
        t->symbol->role[ROLE_ASSIGNED].line = p->line;
}

// line = equation | WORD ...     a word counts as one only where no = follows
void parse_line(Parser *p) {
    const Token *t = p->token;
    p->use = USE_EQUATION;
    p->in_expression = false;
    if (t->kind == TOKEN_END) return;
    if (t->kind != TOKEN_NAME) {
        parse_fail(p, t->span,
                   "a line begins with a name (NAME = EXPRESSION) or a word such as output");
        return;
    }
    if (t[1].kind == TOKEN_ASSIGN) {
        parse_equation(p);
        return;
    }
    for (int k = 0; k < N_WORDS; k++)
        if (is_word(t, words[k].word)) {
            p->token++;
            words[k].parse(p, t);
            return;
        }
    fail_line(p, t);
}
