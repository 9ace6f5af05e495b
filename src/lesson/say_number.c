// Numbers as a reader wants them: plain decimals, a real minus, never a 0 that is not one. Below
// TINY and above HUGE plain decimals stop being readable, and the size is said in another way.
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "lesson/say_words.h"

#define TINY 1e-12
#define HUGE_FROM 1e15
#define NO_DECIMALS 1e9
#define MINUS "\xe2\x88\x92"

static const char *const not_a_number[LANG_COUNT] = {"not a number", "非数"};
static const char *const infinity[2][LANG_COUNT] = {{"infinity", "正无穷"},
                                                    {"minus infinity", "负无穷"}};

static const char *no_digits(double value, bool words, Lang lang) {
    if (isnan(value)) return words ? not_a_number[lang] : "NaN";
    if (words) return infinity[value < 0][lang];
    return value < 0 ? MINUS "∞" : "∞";
}

int say_decimals(double size, int digits, int kept) {
    double least = 0.5; // the smallest size that rounds to a digit in the place of `kept`
    for (int i = 0; i < digits - kept + 1; i++) least /= 10;
    for (int i = digits - kept + 1; i < 0; i++) least *= 10;
    while (size < least && size > 0 && digits < 15) {
        least /= 10;
        digits++;
    }
    return digits;
}

/// 1.23 × 10¹⁸.
static const char *power(Arena *a, double value) {
    static const char *const raised[] = {"⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"};
    char text[40];
    snprintf(text, sizeof text, "%.2e", value);
    char *e = strchr(text, 'e');
    Buf out = buf_new(a);
    buf_put(&out, text, (size_t)(e - text));
    buf_puts(&out, " × 10");
    for (e += 2; *e == '0' && e[1]; e++) {
    }
    for (; *e; e++) buf_puts(&out, raised[*e - '0']);
    return buf_str(&out);
}

const char *say_number(Arena *a, double value, int digits, bool words, Lang lang) {
    if (!isfinite(value)) return no_digits(value, words, lang);
    double size = fabs(value);
    if (size == 0) return "0";
    const char *sign = value < 0 ? MINUS : "";
    if (size < TINY) {
        return words && lang == LANG_EN ? "almost 0" : "≈0";
    }
    if (size >= HUGE_FROM) return arena_printf(a, "%s%s", sign, power(a, size));
    digits = digits < 0 ? 0 : digits > 15 ? 15 : digits;
    digits = size >= NO_DECIMALS ? 0 : say_decimals(size, digits, 1);
    return arena_printf(a, "%s%.*f", sign, digits, size);
}

const char *say_value(const Say *s, double value) {
    return say_number(s->arena, value, s->digits, true, s->lang);
}

const char *say_count(const Say *s, int n) {
    return arena_printf(s->arena, "%d", n);
}

/// Are they n times the same number?
static bool all_same(const double *values, int n) {
    for (int i = 1; i < n; i++)
        if (values[i] != values[0] && !(isnan(values[i]) && isnan(values[0]))) return false;
    return true;
}

const char *say_values(const Say *s, const double *values, int n) {
    enum { SHOWN = 4 };
    Buf out = buf_new(s->arena);
    int shown = n <= SHOWN ? n : SHOWN;
    bool zh = s->lang == LANG_ZH;
    if (n > 2 && all_same(values, n)) {
        buf_puts(&out, say_value(s, values[0]));
        buf_printf(&out, zh ? "（%d 个数都相同）" : " in all %d places", n);
        return buf_str(&out);
    }
    for (int i = 0; i < shown; i++) {
        bool last = i == n - 1;
        if (i) buf_puts(&out, zh ? "、" : last ? " and " : ", ");
        buf_puts(&out, say_value(s, values[i]));
    }
    if (n > shown) buf_printf(&out, zh ? " 等 %d 个数" : " and %d more", zh ? n : n - shown);
    return buf_str(&out);
}
