// A caret and a mark over a text that the caller keeps. Both are held inside the text whatever
// became of it meanwhile.
#include "app/edit.h"

#include <string.h>

static bool inside_char(const char *text, int at) {
    return ((unsigned char)text[at] & 0xC0) == 0x80;
}

static int before(const char *text, int at) {
    if (at > 0) at--;
    while (at > 0 && inside_char(text, at)) at--;
    return at;
}

static int after(const char *text, int at) {
    if (text[at]) at++;
    while (inside_char(text, at)) at++;
    return at;
}

static int held(const char *text, int at) {
    int n = (int)strlen(text);
    at = at < 0 ? 0 : at > n ? n : at;
    while (at > 0 && inside_char(text, at)) at--;
    return at;
}

static void hold(Edit *e, const char *text) {
    e->caret = held(text, e->caret);
    e->mark = held(text, e->mark);
}

Edit edit_all(const char *text) {
    return (Edit){(int)strlen(text), 0};
}

Edit edit_end(const char *text) {
    return (Edit){(int)strlen(text), (int)strlen(text)};
}

static void take_out(Edit *e, char *text, int from, int to) {
    memmove(text + from, text + to, strlen(text + to) + 1);
    e->caret = e->mark = from;
}

// Takes out what is selected; false if nothing is.
static bool take_selected(Edit *e, char *text) {
    int from = e->caret < e->mark ? e->caret : e->mark;
    int to = e->caret < e->mark ? e->mark : e->caret;
    if (from == to) return false;
    take_out(e, text, from, to);
    return true;
}

void edit_type(Edit *e, char *text, size_t size, const char *typed) {
    hold(e, text);
    take_selected(e, text);
    while (*typed) {
        size_t n = 1, len = strlen(text);
        while (((unsigned char)typed[n] & 0xC0) == 0x80) n++;
        if (len + n >= size) return;
        if ((unsigned char)*typed >= ' ' && *typed != 0x7F) {
            memmove(text + e->caret + n, text + e->caret, len - (size_t)e->caret + 1);
            memcpy(text + e->caret, typed, n);
            e->mark = e->caret += (int)n;
        }
        typed += n;
    }
}

void edit_erase(Edit *e, char *text, bool forward) {
    hold(e, text);
    if (take_selected(e, text)) return;
    if (forward)
        take_out(e, text, e->caret, after(text, e->caret));
    else
        take_out(e, text, before(text, e->caret), e->caret);
}

void edit_move(Edit *e, const char *text, CaretMove move, bool select) {
    hold(e, text);
    int low = e->caret < e->mark ? e->caret : e->mark, high = e->caret + e->mark - low;
    bool leave = !select && low != high; // an arrow leads to the end of what was selected
    switch (move) {
    case CARET_LEFT: e->caret = leave ? low : before(text, e->caret); break;
    case CARET_RIGHT: e->caret = leave ? high : after(text, e->caret); break;
    case CARET_START: e->caret = 0; break;
    case CARET_END: e->caret = (int)strlen(text); break;
    case CARET_ALL: *e = edit_all(text); return;
    }
    if (!select) e->mark = e->caret;
}
