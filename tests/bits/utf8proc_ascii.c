// What the core asks of utf8proc, for ASCII alone: where a cross compiler has no utf8proc. The
// texts of bits.c are ASCII.
#include <utf8proc.h>

utf8proc_ssize_t utf8proc_iterate(const utf8proc_uint8_t *text, utf8proc_ssize_t n,
                                  utf8proc_int32_t *code) {
    if (n <= 0 || *text >= 128) return UTF8PROC_ERROR_INVALIDUTF8;
    *code = *text;
    return 1;
}

utf8proc_category_t utf8proc_category(utf8proc_int32_t code) {
    int lower = code | 32;
    return lower >= 'a' && lower <= 'z' ? UTF8PROC_CATEGORY_LL : UTF8PROC_CATEGORY_PO;
}

int utf8proc_charwidth(utf8proc_int32_t code) {
    return code >= ' ';
}

utf8proc_ssize_t utf8proc_map(const utf8proc_uint8_t *text, utf8proc_ssize_t n,
                              utf8proc_uint8_t **out, utf8proc_option_t options) {
    (void)text, (void)n, (void)options;
    *out = NULL;
    return UTF8PROC_ERROR_NOTASSIGNED;
}
