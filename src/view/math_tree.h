/// The parts of the mathematics engine among themselves: the tree that the parser makes and the
/// layout reads, and what the font says. Others include view/math.h.
#ifndef VIEW_MATH_TREE_H
#define VIEW_MATH_TREE_H

#include "core/arena.h"
#include "view/math.h"

/// How an atom keeps its distance from its neighbours (The TeXbook, chapter 18).
typedef enum {
    MATH_ORD,
    MATH_OP,
    MATH_BIN,
    MATH_REL,
    MATH_OPEN,
    MATH_CLOSE,
    MATH_PUNCT,
    MATH_INNER,
    MATH_CLASS_COUNT
} MathClass;

typedef enum {
    NODE_SYMBOL,  // code
    NODE_NAME,    // an upright operator name: text
    NODE_TEXT,    // \text: text
    NODE_GROUP,   // {a}
    NODE_SCRIPTS, // a with subscript b, superscript c and n primes
    NODE_FRAC,    // a over b
    NODE_SQRT,    // a, with degree b or NULL
    NODE_ACCENT,  // code over a; wide ones stretch
    NODE_LINE,    // n = 1: a rule over a; -1: under it
    NODE_BRACE,   // code over (n = 1) or under (n = -1) a; scripts become limits
    NODE_FENCE,   // code ... code2, their height that of a
    NODE_MIDDLE,  // code, inside a fence, as high as the fence
    NODE_BIG,     // code, n = 1..4 times larger
    NODE_MATRIX,  // cells
    NODE_STACK,   // a with b small above, c small below
    NODE_SPACE,   // mu / 18 em
    NODE_STYLE,   // n: the level for the rest of the list
    NODE_COLOR,   // role, a
    NODE_TERM     // text (the id), a
} MathNodeKind;

typedef enum { LIMITS_AUTO, LIMITS_ALWAYS, LIMITS_NEVER } MathLimits;

typedef enum { MATRIX_CENTERED, MATRIX_CASES, MATRIX_ALIGNED } MathMatrixKind;

typedef struct MathNode MathNode;

typedef struct {
    MathMatrixKind kind;
    int rows, cols;
    MathNode **cells; // [rows * cols], lists; NULL for empty ones
} MathMatrix;

struct MathNode {
    MathNodeKind kind;
    MathClass cls;
    MathLimits limits; // of operators
    uint32_t code, code2;
    const char *text;
    MathNode *next; // in its list
    MathNode *a, *b, *c;
    const MathMatrix *matrix;
    Role role;
    double mu;
    int n;
    bool large; // an operator that grows in display style
    bool wide;  // an accent that stretches
};

/// The UTF-8 bytes of a code point; how many.
int math_encode(uint32_t code, char out[4]);

/// What \mathbf and its like do to letters.
typedef enum {
    ALPHABET_ITALIC, // as variables are set
    ALPHABET_ROMAN,
    ALPHABET_BOLD,
    ALPHABET_BOLD_ITALIC,
    ALPHABET_BLACKBOARD,
    ALPHABET_SCRIPT,
    ALPHABET_SANS,
    ALPHABET_MONO
} MathAlphabet;

/// The code point of a letter in an alphabet (Unicode's mathematical alphanumeric symbols).
uint32_t math_letter(MathAlphabet alphabet, uint32_t code);

typedef enum {
    COMMAND_SYMBOL,     // code, cls
    COMMAND_LETTER,     // code, a letter: takes the alphabet
    COMMAND_LARGE,      // code: big operator with limits
    COMMAND_INTEGRAL,   // code: big operator without
    COMMAND_NAME,       // an upright name: \tanh
    COMMAND_LIMIT_NAME, // an upright name with limits: \max
    COMMAND_ACCENT,     // code
    COMMAND_WIDE,       // code: accent that stretches
    COMMAND_SPACE,      // code: mu
    COMMAND_ALPHABET,   // code: a MathAlphabet
    COMMAND_STYLE,      // code: level
    COMMAND_BIG,        // code: 1..4, cls
    COMMAND_LINE,       // code: 1 over, 2 under
    COMMAND_BRACE,      // code; cls tells over (MATH_OPEN) from under (MATH_CLOSE)
    COMMAND_FRAC,       // code: 0, or the level it is set in + 1
    COMMAND_SQRT,
    COMMAND_TEXT,
    COMMAND_OPERATORNAME,
    COMMAND_LEFT,
    COMMAND_BEGIN,
    COMMAND_OVERSET, // code: 1 over, 2 under
    COMMAND_COLOR,
    COMMAND_TERM,
    COMMAND_NOT,
    COMMAND_STRAY // \right, \end ...: only where their opening is
} MathCommandKind;

typedef struct {
    const char *name; // without the backslash
    MathCommandKind kind;
    uint32_t code;
    MathClass cls;
} MathCommand;

extern const MathCommand math_commands[];
extern const int math_command_count;

/// The command with that name, or NULL.
const MathCommand *math_command(const char *name, size_t len);

/// The command for a character written as itself (σ, ⊙, ≤), or NULL.
const MathCommand *math_character(uint32_t code);

/// The role that \color{name} stands for, or ROLE_NONE.
Role math_role(const char *name, size_t len);

enum { MATH_MAX_BYTES = 32 * 1024, MATH_MAX_DEPTH = 48, MATH_MAX_CELLS = 4096 };

/// TeX to a list of nodes.
///   owner   arena a
///   errors  false; *at is the byte offset and *why one sentence. An empty text is an empty list.
bool math_parse(Arena *a, const char *tex, MathNode **out, size_t *at, const char **why);

/// One thing to draw.
typedef enum { ITEM_GLYPH, ITEM_RULE, ITEM_TEXT } MathItemKind;

typedef struct {
    MathItemKind kind;
    Role role;        // ROLE_NONE: the ink of the whole
    bool is_piece;    // glyphs of a built sign, drawn as one shape so that no joints show
    double x, y;      // the pen on the baseline; of a rule the top left corner
    double w, h;      // of a rule
    double size;      // pixels an em
    uint32_t glyph;   // in the font
    uint32_t code;    // what it says, for copying out of a page; 0 for parts of a larger sign
    const char *text; // ITEM_TEXT
} MathItem;

struct MathBox {
    double width, ascent, descent;
    TextEngine *engine; // borrowed
    const MathItem *items;
    int n_items;
    const MathTerm *terms;
    int n_terms;
};

#endif
