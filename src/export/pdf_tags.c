// The elements of a page are collected while it is drawn, and written when it ends. Of a page only
// its number is kept.
#include "export/pdf_tags.h"

#include <string.h>

/// What belongs to an element: content of the page, or an annotation.
typedef struct {
    int element;
    int object; // 0: content
    int next;   // of the same element; -1 for none
} Mark;

typedef struct {
    const char *type, *title, *alt;
    int parent;      // -1: the page
    int first, last; // marks, or elements of a group; -1 for none
    int next;        // of the same parent; -1 for none
} Element;

struct PdfTags {
    Arena *keep, *page; // page: reset for each
    PdfFile *file;
    int root, document;
    int n_keys;  // of the tree of parents
    Buf parents; // its entries
    Buf pages;   // the sections of the pages
    const char *title;
    Element *elements;
    int n_elements, cap_elements;
    Mark *marks;
    int n_marks, cap_marks, n_content;
    int group; // -1 for none
    int first_group, last_group;
};

PdfTags *pdf_tags_new(Arena *a, PdfFile *file) {
    PdfTags *t = ARENA_NEW(a, PdfTags);
    *t = (PdfTags){.keep = a,
                   .page = arena_new(),
                   .file = file,
                   .root = pdf_file_take(file, 2),
                   .parents = buf_new(a),
                   .pages = buf_new(a)};
    t->document = t->root + 1;
    return t;
}

void pdf_tags_page(PdfTags *t, const char *title) {
    arena_reset(t->page);
    t->title = arena_printf(t->page, "%s", title);
    t->elements = NULL;
    t->marks = NULL;
    t->n_elements = t->cap_elements = t->n_marks = t->cap_marks = t->n_content = 0;
    t->group = t->first_group = t->last_group = -1;
}

static int add(PdfTags *t, Element e) {
    ARENA_PUSH(t->page, t->elements, t->n_elements, t->cap_elements, e);
    int *first = e.parent < 0 ? &t->first_group : &t->elements[e.parent].first;
    int *last = e.parent < 0 ? &t->last_group : &t->elements[e.parent].last;
    if (*last >= 0)
        t->elements[*last].next = t->n_elements - 1;
    else
        *first = t->n_elements - 1;
    return *last = t->n_elements - 1;
}

void pdf_tags_group(PdfTags *t, const char *title) {
    if (title) title = arena_printf(t->page, "%s", title);
    t->group = add(t, (Element){"Sect", title, NULL, -1, -1, -1, -1});
}

int pdf_tags_element(PdfTags *t, const char *type, const char *alt) {
    if (t->group < 0) pdf_tags_group(t, NULL);
    if (alt) alt = arena_printf(t->page, "%s", alt);
    return add(t, (Element){type, NULL, alt, t->group, -1, -1, -1});
}

static void mark(PdfTags *t, int element, int object) {
    Element *e = &t->elements[element];
    int k = t->n_marks;
    ARENA_PUSH(t->page, t->marks, t->n_marks, t->cap_marks, ((Mark){element, object, -1}));
    if (e->last >= 0)
        t->marks[e->last].next = k;
    else
        e->first = k;
    e->last = k;
}

int pdf_tags_mark(PdfTags *t, int element) {
    mark(t, element, 0);
    return t->n_content++;
}

int pdf_tags_annotation(PdfTags *t, int element, int object) {
    mark(t, element, object);
    return t->n_keys++;
}

// --- writing

static void put_children(const PdfTags *t, int child, int first, Buf *out) {
    for (; child >= 0; child = t->elements[child].next) pdf_put_ref(out, first + child);
}

// Content is numbered in the order it was marked.
static void put_marks(const PdfTags *t, const Element *e, const int *number, int page, Buf *out) {
    for (int k = e->first; k >= 0; k = t->marks[k].next) {
        if (t->marks[k].object)
            buf_printf(out, "<</Type /OBJR /Pg %d 0 R /Obj %d 0 R>>", page, t->marks[k].object);
        else
            buf_fixed(out, number[k]), buf_puts(out, " ");
    }
}

static void write_element(PdfTags *t, int k, int first, int section, const int *number, int page,
                          Buf *out) {
    const Element *e = &t->elements[k];
    out->len = 0;
    buf_puts(out, "<</S /");
    buf_puts(out, e->type);
    buf_puts(out, " /P ");
    pdf_put_ref(out, e->parent < 0 ? section : first + e->parent);
    if (e->title) buf_puts(out, "/T "), pdf_put_text(out, e->title);
    if (e->alt) buf_puts(out, "/Alt "), pdf_put_text(out, e->alt);
    if (e->parent >= 0) buf_puts(out, "/Pg "), pdf_put_ref(out, page);
    buf_puts(out, "/K [");
    if (e->parent < 0)
        put_children(t, e->first, first, out);
    else
        put_marks(t, e, number, page, out);
    buf_puts(out, "]>>");
    pdf_file_object(t->file, first + k, out);
}

// Who each piece of content, and each annotation, belongs to.
static void write_parents(PdfTags *t, int first, int key, Buf *out) {
    int annotation = key - (t->n_marks - t->n_content);
    out->len = 0;
    buf_puts(out, "[");
    for (int k = 0; k < t->n_marks; k++) {
        if (t->marks[k].object)
            buf_printf(&t->parents, "%d %d 0 R ", annotation++, first + t->marks[k].element);
        else
            pdf_put_ref(out, first + t->marks[k].element);
    }
    buf_puts(out, "]");
    int number = pdf_file_take(t->file, 1);
    pdf_file_object(t->file, number, out);
    buf_printf(&t->parents, "%d %d 0 R ", key, number);
}

int pdf_tags_end_page(PdfTags *t, int page) {
    int section = pdf_file_take(t->file, 1 + t->n_elements), first = section + 1, n = 0;
    int *number = ARENA_ARRAY(t->page, int, t->n_marks + 1);
    for (int k = 0; k < t->n_marks; k++)
        if (!t->marks[k].object) number[k] = n++;
    Buf out = buf_new(t->page);
    buf_printf(&out, "<</S /Sect /P %d 0 R /T ", t->document);
    pdf_put_text(&out, t->title);
    buf_puts(&out, " /K [");
    put_children(t, t->first_group, first, &out);
    buf_puts(&out, "]>>");
    pdf_file_object(t->file, section, &out);
    for (int k = 0; k < t->n_elements; k++) write_element(t, k, first, section, number, page, &out);
    pdf_put_ref(&t->pages, section);
    int key = t->n_keys++;
    write_parents(t, first, key, &out);
    return key;
}

int pdf_tags_write(PdfTags *t) {
    Buf out = buf_new(t->keep);
    buf_printf(&out, "<</S /Document /P %d 0 R /K [%s]>>", t->root, buf_str(&t->pages));
    pdf_file_object(t->file, t->document, &out);
    out.len = 0;
    buf_printf(&out,
               "<</Type /StructTreeRoot /K %d 0 R /ParentTree <</Nums [%s]>> "
               "/ParentTreeNextKey %d>>",
               t->document, buf_str(&t->parents), t->n_keys);
    pdf_file_object(t->file, t->root, &out);
    arena_free(t->page);
    return t->root;
}
