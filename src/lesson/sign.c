// Words that are written as one sign. What a name consists of is parted by underscores; an accent
// stands at its end and belongs over its first letter.
#include "lesson/sign.h"

#include <string.h>

#include "core/buf.h"
#include "core/unicode.h"

// clang-format off
static const char *const greek[][2] = {
    {"alpha", "α"}, {"beta", "β"}, {"gamma", "γ"}, {"delta", "δ"}, {"epsilon", "ε"},
    {"zeta", "ζ"}, {"eta", "η"}, {"theta", "θ"}, {"iota", "ι"}, {"kappa", "κ"},
    {"lambda", "λ"}, {"mu", "μ"}, {"nu", "ν"}, {"xi", "ξ"}, {"pi", "π"}, {"rho", "ρ"},
    {"sigma", "σ"}, {"tau", "τ"}, {"upsilon", "υ"}, {"phi", "φ"}, {"chi", "χ"}, {"psi", "ψ"},
    {"omega", "ω"}, {"Gamma", "Γ"}, {"Delta", "Δ"}, {"Theta", "Θ"}, {"Lambda", "Λ"},
    {"Xi", "Ξ"}, {"Pi", "Π"}, {"Sigma", "Σ"}, {"Upsilon", "Υ"}, {"Phi", "Φ"}, {"Psi", "Ψ"},
    {"Omega", "Ω"}, {"ell", "ℓ"}};
static const Accent accents[] = {
    {"tilde", "\\tilde", "\u0303"}, {"hat", "\\hat", "\u0302"},
    {"bar", "\\bar", "\u0304"},     {"dot", "\\dot", "\u0307"}};
// clang-format on

const char *sign_greek(const char *word, size_t n) {
    for (size_t i = 0; i < sizeof greek / sizeof greek[0]; i++)
        if (strlen(greek[i][0]) == n && strncmp(greek[i][0], word, n) == 0) return greek[i][1];
    return NULL;
}

bool sign_is_pair(const char *base, size_t base_len, const char *word, size_t n) {
    bool weight = base_len == 1 || (base_len == 2 && (unsigned char)base[0] >= 0xC0);
    return weight && n == 2 && strchr("xhcysz", word[0]) && strchr("figochxyznrkm", word[1]);
}

const Accent *sign_accent(const char *name, size_t *n) {
    for (size_t i = 0; i < sizeof accents / sizeof accents[0]; i++) {
        size_t word = strlen(accents[i].word);
        if (*n <= word + 1 || name[*n - word - 1] != '_') continue;
        if (strncmp(name + *n - word, accents[i].word, word) != 0) continue;
        *n -= word + 1;
        return &accents[i];
    }
    return NULL;
}

/// One word between underscores; the accent, if any, is put over its first letter.
static void put_word(Buf *out, const char *word, size_t n, const Accent *accent) {
    const char *letter = sign_greek(word, n);
    int32_t c;
    size_t first = letter ? 0 : utf8_decode(word, n, &c);
    if (letter)
        buf_puts(out, letter);
    else
        buf_put(out, word, first);
    if (accent) buf_puts(out, accent->mark);
    if (!letter) buf_put(out, word + first, n - first);
}

const char *sign_name(Arena *a, const char *name) {
    const char *dot = strrchr(name, '.'), *base = dot ? dot + 1 : name;
    size_t n = strlen(base), first = 0;
    const Accent *accent = sign_accent(base, &n);
    Buf out = buf_new(a);
    buf_put(&out, name, (size_t)(base - name));
    for (size_t i = 0; i < n;) {
        const char *bar = memchr(base + i, '_', n - i);
        size_t word = bar ? (size_t)(bar - base) - i : n - i;
        bool pair = i > 0 && sign_is_pair(base, first, base + i, word);
        if (pair)
            buf_put(&out, base + i, word);
        else if (word)
            put_word(&out, base + i, word, i ? NULL : accent);
        if (i == 0) first = word;
        if (bar) buf_puts(&out, "_");
        i += word + (bar != NULL);
    }
    return buf_str(&out);
}
