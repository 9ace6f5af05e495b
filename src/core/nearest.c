// "Did you mean": the edit distance of Damerau (1964) and Levenshtein (1966),
// with swaps of neighbours, over characters; a capital differs by nothing.
#include "core/diag.h"

#include <stdlib.h>
#include <string.h>

#include "core/unicode.h"

enum { WORD_MAX = 64 }; // characters; longer words are nobody's slip

// The characters of a word in small letters (ASCII); their count, or -1 if too many.
static int spell(const char *word, int32_t *letters) {
    int n = 0;
    size_t left = strlen(word);
    for (int32_t c; left > 0; n++) {
        if (n == WORD_MAX) return -1;
        size_t took = utf8_decode(word, left, &c);
        letters[n] = c >= 'A' && c <= 'Z' ? c + 32 : c;
        word += took;
        left -= took;
    }
    return n;
}

static int least(int a, int b) {
    return a < b ? a : b;
}

// Insertions, deletions, replacements and swaps of neighbours that lead from a to b.
static int distance(const int32_t *a, int n, const int32_t *b, int m) {
    int d[WORD_MAX + 1][WORD_MAX + 1];
    for (int i = 0; i <= n; i++) d[i][0] = i;
    for (int k = 0; k <= m; k++) d[0][k] = k;
    for (int i = 1; i <= n; i++)
        for (int k = 1; k <= m; k++) {
            int cost = a[i - 1] != b[k - 1];
            d[i][k] = least(d[i - 1][k - 1] + cost, least(d[i - 1][k], d[i][k - 1]) + 1);
            if (i > 1 && k > 1 && a[i - 1] == b[k - 2] && a[i - 2] == b[k - 1])
                d[i][k] = least(d[i][k], d[i - 2][k - 2] + 1);
        }
    return d[n][m];
}

const char *nearest_word(const char *word, const char *const *words) {
    int32_t mine[WORD_MAX], theirs[WORD_MAX];
    int n = spell(word, mine);
    if (n <= 0) return NULL;
    const char *best = NULL;
    int best_distance = WORD_MAX;
    for (; *words; words++) {
        int m = spell(*words, theirs);
        if (m <= 0 || 3 * abs(n - m) > (n > m ? n : m)) continue;
        int far = distance(mine, n, theirs, m);
        if (3 * far > (n > m ? n : m) || far >= best_distance) continue;
        best = *words;
        best_distance = far;
    }
    return best;
}
