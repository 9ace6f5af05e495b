// Every command that the mathematics engine knows, one row each, and the letters' alphabets.
// A new sign is a new row. Characters typed as themselves are looked up in the same table by
// their code point, so that `⊙` and `\odot` cannot differ.
#include "view/math_tree.h"

#include <string.h>

#define SYM(name, code, cls)                                                                       \
    { name, COMMAND_SYMBOL, code, cls }
#define LETTER(name, code)                                                                         \
    { name, COMMAND_LETTER, code, MATH_ORD }
#define NAME(name)                                                                                 \
    { name, COMMAND_NAME, 0, MATH_OP }
#define LIMIT(name)                                                                                \
    { name, COMMAND_LIMIT_NAME, 0, MATH_OP }
#define LARGE(name, code)                                                                          \
    { name, COMMAND_LARGE, code, MATH_OP }
#define ACCENT(name, code)                                                                         \
    { name, COMMAND_ACCENT, code, MATH_ORD }
#define WIDE(name, code)                                                                           \
    { name, COMMAND_WIDE, code, MATH_ORD }
#define SPACE(name, mu)                                                                            \
    { name, COMMAND_SPACE, mu, MATH_ORD }

// clang-format off
const MathCommand math_commands[] = {
    LETTER("alpha", 0x3B1),   LETTER("beta", 0x3B2),     LETTER("gamma", 0x3B3),
    LETTER("delta", 0x3B4),   LETTER("epsilon", 0x3F5),  LETTER("varepsilon", 0x3B5),
    LETTER("zeta", 0x3B6),    LETTER("eta", 0x3B7),      LETTER("theta", 0x3B8),
    LETTER("vartheta", 0x3D1), LETTER("iota", 0x3B9),    LETTER("kappa", 0x3BA),
    LETTER("lambda", 0x3BB),  LETTER("mu", 0x3BC),       LETTER("nu", 0x3BD),
    LETTER("xi", 0x3BE),      LETTER("omicron", 0x3BF),  LETTER("pi", 0x3C0),
    LETTER("varpi", 0x3D6),   LETTER("rho", 0x3C1),      LETTER("varrho", 0x3F1),
    LETTER("sigma", 0x3C3),   LETTER("varsigma", 0x3C2), LETTER("tau", 0x3C4),
    LETTER("upsilon", 0x3C5), LETTER("phi", 0x3D5),      LETTER("varphi", 0x3C6),
    LETTER("chi", 0x3C7),     LETTER("psi", 0x3C8),      LETTER("omega", 0x3C9),
    LETTER("Gamma", 0x393),   LETTER("Delta", 0x394),    LETTER("Theta", 0x398),
    LETTER("Lambda", 0x39B),  LETTER("Xi", 0x39E),       LETTER("Pi", 0x3A0),
    LETTER("Sigma", 0x3A3),   LETTER("Upsilon", 0x3A5),  LETTER("Phi", 0x3A6),
    LETTER("Psi", 0x3A8),     LETTER("Omega", 0x3A9),    LETTER("partial", 0x2202),

    SYM("ell", 0x2113, MATH_ORD),    SYM("hbar", 0x210F, MATH_ORD),
    SYM("nabla", 0x2207, MATH_ORD),  SYM("infty", 0x221E, MATH_ORD),
    SYM("forall", 0x2200, MATH_ORD), SYM("exists", 0x2203, MATH_ORD),
    SYM("emptyset", 0x2205, MATH_ORD), SYM("top", 0x22A4, MATH_ORD),
    SYM("bot", 0x22A5, MATH_ORD),    SYM("prime", 0x2032, MATH_ORD),
    SYM("Re", 0x211C, MATH_ORD),     SYM("Im", 0x2111, MATH_ORD),
    SYM("neg", 0xAC, MATH_ORD),      SYM("lnot", 0xAC, MATH_ORD),
    SYM("vert", 0x7C, MATH_ORD),     SYM("Vert", 0x2016, MATH_ORD),
    SYM("|", 0x2016, MATH_ORD),      SYM("backslash", 0x5C, MATH_ORD),
    SYM("degree", 0xB0, MATH_ORD),   SYM("checkmark", 0x2713, MATH_ORD),
    SYM("#", '#', MATH_ORD),         SYM("%", '%', MATH_ORD),
    SYM("$", '$', MATH_ORD),         SYM("&", '&', MATH_ORD),
    SYM("_", '_', MATH_ORD),         SYM("ldots", 0x2026, MATH_INNER),
    SYM("dots", 0x2026, MATH_INNER), SYM("cdots", 0x22EF, MATH_INNER),
    SYM("vdots", 0x22EE, MATH_ORD),  SYM("ddots", 0x22F1, MATH_INNER),

    SYM("cdot", 0x22C5, MATH_BIN),   SYM("times", 0xD7, MATH_BIN),
    SYM("odot", 0x2299, MATH_BIN),   SYM("oplus", 0x2295, MATH_BIN),
    SYM("otimes", 0x2297, MATH_BIN), SYM("ominus", 0x2296, MATH_BIN),
    SYM("pm", 0xB1, MATH_BIN),       SYM("mp", 0x2213, MATH_BIN),
    SYM("div", 0xF7, MATH_BIN),      SYM("ast", 0x2217, MATH_BIN),
    SYM("star", 0x22C6, MATH_BIN),   SYM("circ", 0x2218, MATH_BIN),
    SYM("bullet", 0x2219, MATH_BIN), SYM("cup", 0x222A, MATH_BIN),
    SYM("cap", 0x2229, MATH_BIN),    SYM("setminus", 0x2216, MATH_BIN),
    SYM("wedge", 0x2227, MATH_BIN),  SYM("land", 0x2227, MATH_BIN),
    SYM("vee", 0x2228, MATH_BIN),    SYM("lor", 0x2228, MATH_BIN),
    {"bmod", COMMAND_NAME, 0, MATH_BIN},

    SYM("leq", 0x2264, MATH_REL),    SYM("le", 0x2264, MATH_REL),
    SYM("geq", 0x2265, MATH_REL),    SYM("ge", 0x2265, MATH_REL),
    SYM("lt", '<', MATH_REL),        SYM("gt", '>', MATH_REL),
    SYM("neq", 0x2260, MATH_REL),    SYM("ne", 0x2260, MATH_REL),
    SYM("equiv", 0x2261, MATH_REL),  SYM("approx", 0x2248, MATH_REL),
    SYM("sim", 0x223C, MATH_REL),    SYM("simeq", 0x2243, MATH_REL),
    SYM("cong", 0x2245, MATH_REL),   SYM("propto", 0x221D, MATH_REL),
    SYM("ll", 0x226A, MATH_REL),     SYM("gg", 0x226B, MATH_REL),
    SYM("in", 0x2208, MATH_REL),     SYM("notin", 0x2209, MATH_REL),
    SYM("ni", 0x220B, MATH_REL),     SYM("subset", 0x2282, MATH_REL),
    SYM("subseteq", 0x2286, MATH_REL), SYM("supset", 0x2283, MATH_REL),
    SYM("mid", 0x2223, MATH_REL),    SYM("parallel", 0x2225, MATH_REL),
    SYM("perp", 0x27C2, MATH_REL),   SYM("coloneqq", 0x2254, MATH_REL),
    SYM("to", 0x2192, MATH_REL),     SYM("rightarrow", 0x2192, MATH_REL),
    SYM("leftarrow", 0x2190, MATH_REL), SYM("gets", 0x2190, MATH_REL),
    SYM("leftrightarrow", 0x2194, MATH_REL), SYM("mapsto", 0x21A6, MATH_REL),
    SYM("uparrow", 0x2191, MATH_REL), SYM("downarrow", 0x2193, MATH_REL),
    SYM("Rightarrow", 0x21D2, MATH_REL), SYM("Leftarrow", 0x21D0, MATH_REL),
    SYM("implies", 0x27F9, MATH_REL), SYM("iff", 0x27FA, MATH_REL),
    SYM("Leftrightarrow", 0x21D4, MATH_REL), SYM("longrightarrow", 0x27F6, MATH_REL),
    SYM("longleftarrow", 0x27F5, MATH_REL),

    SYM("lvert", 0x7C, MATH_OPEN),   SYM("rvert", 0x7C, MATH_CLOSE),
    SYM("lVert", 0x2016, MATH_OPEN), SYM("rVert", 0x2016, MATH_CLOSE),
    SYM("{", '{', MATH_OPEN),        SYM("}", '}', MATH_CLOSE),
    SYM("lbrace", '{', MATH_OPEN),   SYM("rbrace", '}', MATH_CLOSE),
    SYM("lbrack", '[', MATH_OPEN),   SYM("rbrack", ']', MATH_CLOSE),
    SYM("langle", 0x27E8, MATH_OPEN), SYM("rangle", 0x27E9, MATH_CLOSE),
    SYM("lfloor", 0x230A, MATH_OPEN), SYM("rfloor", 0x230B, MATH_CLOSE),
    SYM("lceil", 0x2308, MATH_OPEN), SYM("rceil", 0x2309, MATH_CLOSE),
    SYM("colon", ':', MATH_PUNCT),

    LARGE("sum", 0x2211), LARGE("prod", 0x220F), LARGE("coprod", 0x2210),
    LARGE("bigcup", 0x22C3), LARGE("bigcap", 0x22C2), LARGE("bigoplus", 0x2A01),
    LARGE("bigotimes", 0x2A02), LARGE("bigodot", 0x2A00), LARGE("bigvee", 0x22C1),
    LARGE("bigwedge", 0x22C0),
    {"int", COMMAND_INTEGRAL, 0x222B, MATH_OP}, {"oint", COMMAND_INTEGRAL, 0x222E, MATH_OP},

    NAME("tanh"), NAME("sinh"), NAME("cosh"), NAME("sin"), NAME("cos"), NAME("tan"),
    NAME("arctan"), NAME("arcsin"), NAME("arccos"), NAME("coth"), NAME("exp"), NAME("log"),
    NAME("ln"), NAME("lg"), NAME("arg"), NAME("deg"), NAME("dim"), NAME("ker"), NAME("hom"),
    LIMIT("max"), LIMIT("min"), LIMIT("sup"), LIMIT("inf"), LIMIT("lim"), LIMIT("det"),
    LIMIT("Pr"), LIMIT("gcd"),

    ACCENT("hat", 0x302), ACCENT("tilde", 0x303), ACCENT("bar", 0x304), ACCENT("breve", 0x306),
    ACCENT("dot", 0x307), ACCENT("ddot", 0x308), ACCENT("check", 0x30C), ACCENT("acute", 0x301),
    ACCENT("grave", 0x300), ACCENT("mathring", 0x30A), ACCENT("vec", 0x20D7),
    WIDE("widehat", 0x302), WIDE("widetilde", 0x303), WIDE("overrightarrow", 0x20D7),
    WIDE("overleftarrow", 0x20D6),

    SPACE(",", 3), SPACE("thinspace", 3), SPACE(":", 4), SPACE(">", 4), SPACE("medspace", 4),
    SPACE(";", 5), SPACE("thickspace", 5), SPACE("!", (uint32_t)-3), SPACE(" ", 6),
    SPACE("enspace", 9), SPACE("quad", 18), SPACE("qquad", 36),

    {"mathrm", COMMAND_ALPHABET, ALPHABET_ROMAN, MATH_ORD},
    {"mathit", COMMAND_ALPHABET, ALPHABET_ITALIC, MATH_ORD},
    {"mathbf", COMMAND_ALPHABET, ALPHABET_BOLD, MATH_ORD},
    {"boldsymbol", COMMAND_ALPHABET, ALPHABET_BOLD_ITALIC, MATH_ORD},
    {"mathbb", COMMAND_ALPHABET, ALPHABET_BLACKBOARD, MATH_ORD},
    {"mathcal", COMMAND_ALPHABET, ALPHABET_SCRIPT, MATH_ORD},
    {"mathscr", COMMAND_ALPHABET, ALPHABET_SCRIPT, MATH_ORD},
    {"mathsf", COMMAND_ALPHABET, ALPHABET_SANS, MATH_ORD},
    {"mathtt", COMMAND_ALPHABET, ALPHABET_MONO, MATH_ORD},

    {"displaystyle", COMMAND_STYLE, 0, MATH_ORD}, {"textstyle", COMMAND_STYLE, 1, MATH_ORD},
    {"scriptstyle", COMMAND_STYLE, 2, MATH_ORD},
    {"scriptscriptstyle", COMMAND_STYLE, 3, MATH_ORD},

    {"big", COMMAND_BIG, 1, MATH_ORD},   {"bigl", COMMAND_BIG, 1, MATH_OPEN},
    {"bigm", COMMAND_BIG, 1, MATH_REL},  {"bigr", COMMAND_BIG, 1, MATH_CLOSE},
    {"Big", COMMAND_BIG, 2, MATH_ORD},   {"Bigl", COMMAND_BIG, 2, MATH_OPEN},
    {"Bigm", COMMAND_BIG, 2, MATH_REL},  {"Bigr", COMMAND_BIG, 2, MATH_CLOSE},
    {"bigg", COMMAND_BIG, 3, MATH_ORD},  {"biggl", COMMAND_BIG, 3, MATH_OPEN},
    {"biggm", COMMAND_BIG, 3, MATH_REL}, {"biggr", COMMAND_BIG, 3, MATH_CLOSE},
    {"Bigg", COMMAND_BIG, 4, MATH_ORD},  {"Biggl", COMMAND_BIG, 4, MATH_OPEN},
    {"Biggm", COMMAND_BIG, 4, MATH_REL}, {"Biggr", COMMAND_BIG, 4, MATH_CLOSE},

    {"overline", COMMAND_LINE, 1, MATH_ORD},      {"underline", COMMAND_LINE, 2, MATH_ORD},
    {"overbrace", COMMAND_BRACE, 0x23DE, MATH_OPEN},
    {"underbrace", COMMAND_BRACE, 0x23DF, MATH_CLOSE},
    {"frac", COMMAND_FRAC, 0, MATH_ORD},          {"dfrac", COMMAND_FRAC, 1, MATH_ORD},
    {"tfrac", COMMAND_FRAC, 2, MATH_ORD},         {"sqrt", COMMAND_SQRT, 0, MATH_ORD},
    {"text", COMMAND_TEXT, 0, MATH_ORD},          {"textrm", COMMAND_TEXT, 0, MATH_ORD},
    {"mbox", COMMAND_TEXT, 0, MATH_ORD},
    {"operatorname", COMMAND_OPERATORNAME, 0, MATH_OP},
    {"left", COMMAND_LEFT, 0, MATH_INNER},        {"right", COMMAND_STRAY, 0, MATH_ORD},
    {"middle", COMMAND_STRAY, 0, MATH_ORD},       {"begin", COMMAND_BEGIN, 0, MATH_ORD},
    {"end", COMMAND_STRAY, 0, MATH_ORD},          {"limits", COMMAND_STRAY, 0, MATH_ORD},
    {"nolimits", COMMAND_STRAY, 0, MATH_ORD},
    {"overset", COMMAND_OVERSET, 1, MATH_ORD},    {"underset", COMMAND_OVERSET, 2, MATH_ORD},
    {"color", COMMAND_COLOR, 0, MATH_ORD},        {"term", COMMAND_TERM, 0, MATH_ORD},
    {"not", COMMAND_NOT, 0, MATH_REL},
};

static const MathCommand plain[] = {
    SYM("+", '+', MATH_BIN), SYM("-", 0x2212, MATH_BIN), SYM("-", 0x2013, MATH_BIN),
    SYM("*", 0x2217, MATH_BIN), SYM("=", '=', MATH_REL), SYM("<", '<', MATH_REL),
    SYM(">", '>', MATH_REL), SYM(":", ':', MATH_REL), SYM("(", '(', MATH_OPEN),
    SYM(")", ')', MATH_CLOSE), SYM("[", '[', MATH_OPEN), SYM("]", ']', MATH_CLOSE),
    SYM("|", 0x7C, MATH_ORD), SYM("/", '/', MATH_ORD), SYM(".", '.', MATH_ORD),
    SYM(",", ',', MATH_PUNCT), SYM(";", ';', MATH_PUNCT), SYM("!", '!', MATH_CLOSE),
    SYM("?", '?', MATH_CLOSE), SYM("@", '@', MATH_ORD), SYM("\"", '"', MATH_ORD),
    SYM("`", '`', MATH_ORD),
};

static const struct {
    const char *name;
    Role role;
} roles[] = {
    {"text", ROLE_TEXT}, {"muted", ROLE_MUTED}, {"faint", ROLE_FAINT}, {"accent", ROLE_ACCENT},
    {"f", ROLE_F}, {"i", ROLE_I}, {"g", ROLE_G}, {"o", ROLE_O}, {"c", ROLE_C}, {"h", ROLE_H},
    {"x", ROLE_X}, {"y", ROLE_Y}, {"value", ROLE_VALUE}, {"grad", ROLE_GRAD},
    {"backward", ROLE_BACKWARD}, {"warn", ROLE_WARN}, {"good", ROLE_GOOD},
};
// clang-format on

enum { PLAIN_COUNT = sizeof plain / sizeof plain[0] };

const int math_command_count = sizeof math_commands / sizeof math_commands[0];

static bool named(const char *name, const char *word, size_t len) {
    return strncmp(name, word, len) == 0 && name[len] == '\0';
}

const MathCommand *math_command(const char *name, size_t len) {
    for (int i = 0; i < math_command_count; i++)
        if (named(math_commands[i].name, name, len)) return &math_commands[i];
    return NULL;
}

const MathCommand *math_character(uint32_t code) {
    for (int i = 0; i < PLAIN_COUNT; i++)
        if (plain[i].code == code || (code < 128 && (uint32_t)plain[i].name[0] == code))
            return &plain[i];
    if (code < 128) return NULL;
    for (int i = 0; i < math_command_count; i++) {
        const MathCommand *c = &math_commands[i];
        if (c->code == code && (c->kind == COMMAND_SYMBOL || c->kind == COMMAND_LETTER ||
                                c->kind == COMMAND_LARGE || c->kind == COMMAND_INTEGRAL))
            return c;
    }
    return NULL;
}

Role math_role(const char *name, size_t len) {
    for (size_t i = 0; i < sizeof roles / sizeof roles[0]; i++)
        if (named(roles[i].name, name, len)) return roles[i].role;
    return ROLE_NONE;
}

/// Where an alphabet's letters begin; 0 where Unicode has none.
typedef struct {
    uint32_t upper, lower, digit, greek_upper, greek_lower;
} AlphabetRow;

static const AlphabetRow alphabet_rows[] = {
    [ALPHABET_ITALIC] = {0x1D434, 0x1D44E, 0, 0, 0x1D6FC},
    [ALPHABET_ROMAN] = {0, 0, 0, 0, 0},
    [ALPHABET_BOLD] = {0x1D400, 0x1D41A, 0x1D7CE, 0x1D6A8, 0x1D6C2},
    [ALPHABET_BOLD_ITALIC] = {0x1D468, 0x1D482, 0x1D7CE, 0x1D71C, 0x1D736},
    [ALPHABET_BLACKBOARD] = {0x1D538, 0x1D552, 0x1D7D8, 0, 0},
    [ALPHABET_SCRIPT] = {0x1D49C, 0x1D4B6, 0, 0, 0},
    [ALPHABET_SANS] = {0x1D5A0, 0x1D5BA, 0x1D7E2, 0, 0},
    [ALPHABET_MONO] = {0x1D670, 0x1D68A, 0x1D7F6, 0, 0},
};

/// Letters that Unicode had before its mathematical alphabets, and keeps elsewhere.
static uint32_t exception(MathAlphabet alphabet, uint32_t code) {
    static const struct {
        MathAlphabet alphabet;
        uint32_t code, at;
    } rows[] = {
        {ALPHABET_ITALIC, 'h', 0x210E},     {ALPHABET_BLACKBOARD, 'C', 0x2102},
        {ALPHABET_BLACKBOARD, 'H', 0x210D}, {ALPHABET_BLACKBOARD, 'N', 0x2115},
        {ALPHABET_BLACKBOARD, 'P', 0x2119}, {ALPHABET_BLACKBOARD, 'Q', 0x211A},
        {ALPHABET_BLACKBOARD, 'R', 0x211D}, {ALPHABET_BLACKBOARD, 'Z', 0x2124},
        {ALPHABET_SCRIPT, 'B', 0x212C},     {ALPHABET_SCRIPT, 'E', 0x2130},
        {ALPHABET_SCRIPT, 'F', 0x2131},     {ALPHABET_SCRIPT, 'H', 0x210B},
        {ALPHABET_SCRIPT, 'I', 0x2110},     {ALPHABET_SCRIPT, 'L', 0x2112},
        {ALPHABET_SCRIPT, 'M', 0x2133},     {ALPHABET_SCRIPT, 'R', 0x211B},
        {ALPHABET_SCRIPT, 'e', 0x212F},     {ALPHABET_SCRIPT, 'g', 0x210A},
        {ALPHABET_SCRIPT, 'o', 0x2134},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (rows[i].alphabet == alphabet && rows[i].code == code) return rows[i].at;
    return 0;
}

/// Greek variant letters stand after ω in each Greek alphabet, in this order.
static uint32_t greek_variant(uint32_t code) {
    static const uint32_t order[] = {0x2202, 0x3F5, 0x3D1, 0x3F0, 0x3D5, 0x3F1, 0x3D6};
    for (uint32_t i = 0; i < sizeof order / sizeof order[0]; i++)
        if (order[i] == code) return i + 1;
    return 0;
}

uint32_t math_letter(MathAlphabet alphabet, uint32_t code) {
    uint32_t special = exception(alphabet, code);
    if (special) return special;
    const AlphabetRow *row = &alphabet_rows[alphabet];
    if (code >= 'A' && code <= 'Z' && row->upper) return row->upper + code - 'A';
    if (code >= 'a' && code <= 'z' && row->lower) return row->lower + code - 'a';
    if (code >= '0' && code <= '9' && row->digit) return row->digit + code - '0';
    if (code >= 0x391 && code <= 0x3A9 && row->greek_upper) return row->greek_upper + code - 0x391;
    if (!row->greek_lower) return code;
    if (code >= 0x3B1 && code <= 0x3C9) return row->greek_lower + code - 0x3B1;
    uint32_t variant = greek_variant(code);
    return variant ? row->greek_lower + 24 + variant : code;
}

int math_encode(uint32_t code, char out[4]) {
    if (code < 0x80) return out[0] = (char)code, 1;
    int n = code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    for (int i = n - 1; i > 0; i--, code >>= 6) out[i] = (char)(0x80 | (code & 0x3F));
    out[0] = (char)((0xF00 >> n & 0xFF) | code);
    return n;
}
