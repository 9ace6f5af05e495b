// Every shipped cell on the stage: each value has the role that it plays, names are never blank,
// and nothing ever stands on anything, in any panel, size or language.
#include <string.h>

#include "check.h"
#include "core/address.h"
#include "lesson/lesson.h"
#include "view/stage.h"
#include "view/text.h"

static const Places places = {"assets", "lessons"};

typedef struct {
    Arena *arena, *frame;
    TextEngine *text;
    View view;
} Fixture;

static Fixture begin(const char *cell) {
    Fixture f = {arena_new(), arena_new(), text_engine_fixed(), {0}};
    Diags d = diags_new(f.arena);
    const char *path = arena_printf(f.arena, "assets/cells/%s.cell", cell);
    f.view.lesson = lesson_load(f.arena, path, &places, NULL, NULL, &d);
    if (!f.view.lesson) fail_msg("%s: %s", cell, d.count ? d.list[0].message : "is not loaded");
    f.view.grain = GRAIN_EQUATION;
    return f;
}

static void end(Fixture *f) {
    text_engine_free(f->text);
    arena_free(f->frame);
    arena_free(f->arena);
}

static bool go(Fixture *f, const char *address) {
    const char *why = NULL;
    return address_parse(f->arena, f->view.lesson->walk, address, &f->view.at, &why);
}

// ---- roles

static char letter_of(const Graph *g, const char *name) {
    int q = graph_find_equation(g, name);
    if (q < 0) fail_msg("no %s", name);
    const char *word = view_role_word(view_graph_role(g, g->equations[q].node));
    return word ? word[0] : '-';
}

static void test_what_an_equation_does_decides_its_role(void **state) {
    (void)state;
    // pairs of a name and its role; - for none
    static const struct {
        const char *cell, *roles;
    } rows[] = {{"lstm", "f=f i=i g=g c=c o=o h=h"},
                {"gru", "r=o z=f n=g h=h"},
                {"greff/vanilla", "z=g i=i f=f c=c o=o y=h"},
                {"greff/cifg", "z=g i=i f=f c=c o=o y=h"},
                {"greff/niaf", "z=g i=i f=f c=c"},
                {"qrnn", "z=g f=f o=o c=c h=h"},
                {"slstm", "z=g i=i f=f c=c n=c m=c o=o h=h a=- l=-"},
                {"mlstm", "i=i f=f C=c n=c o=o h=h q=-"},
                {"lstm-coupled", "f=f g=g c=c o=o h=h"},
                {"mingru", "z=i n=g h=h"},
                {"ugrnn", "c=g g=f h=h"},
                {"minimal-rnn", "z=g u=f h=h"},
                {"star", "z=g k=i h=h"},
                {"cfn", "theta=f eta=i h=h"},
                {"sru", "f=f c=c r=o h=h"},
                {"janet", "g=g c=c h=h s=-"},
                {"lru", "u=c v=c y=h r=- lambda_re=-"},
                {"atr", "i=i f=f p=g h=h"},
                {"rnn", "h=h"}};
    for (size_t k = 0; k < sizeof rows / sizeof *rows; k++) {
        Fixture f = begin(rows[k].cell);
        for (const char *s = rows[k].roles; *s; s += strcspn(s, " "), s += *s == ' ') {
            const char *name = arena_copy(f.arena, s, strcspn(s, "="));
            char want = s[strlen(name) + 1], got = letter_of(f.view.lesson->graph, name);
            if (got != want) fail_msg("%s: %s is %c, not %c", rows[k].cell, name, got, want);
        }
        end(&f);
    }
}

// A z that a tanh made is no gate, wherever it stands.
static void check_roles(Fixture *f, const char *cell) {
    const Graph *g = f->view.lesson->graph;
    for (int q = 0; q < g->n_equations; q++) {
        const Equation *e = &g->equations[q];
        Role role = view_graph_role(g, e->node);
        OpKind op = g->nodes[e->node].op;
        if (g->parts[e->part].kind != PART_LAYER) continue;
        bool gate = role == ROLE_F || role == ROLE_I || (role == ROLE_O && e->name[0] != 'o');
        if (op == OP_TANH && gate) fail_msg("%s: tanh %s is drawn as a gate", cell, e->name);
        if (op == OP_SIGMOID && role == ROLE_G) fail_msg("%s: gate %s as candidate", cell, e->name);
    }
}

// ---- names

static bool has_head(const Scene *s, Ref ref) {
    for (int k = 0; k < s->count; k++) {
        const Shape *shape = &s->shapes[k];
        bool same = shape->ref.kind == ref.kind && shape->ref.node == ref.node &&
                    shape->ref.place == ref.place && shape->ref.unit == 0;
        if (shape->kind == SHAPE_FORMULA && same && shape->style.size >= 7) return true;
    }
    return false;
}

static bool has_square(const Scene *s, int node) {
    for (int k = 0; k < s->count; k++)
        if (s->shapes[k].ref.node == node && s->shapes[k].ref.unit > 0) return true;
    return false;
}

// Every column of the timeline has a name, and what is left out is counted.
static void check_heads(Fixture *f, const char *cell) {
    const Graph *g = f->view.lesson->graph;
    assert_true(go(f, "forward:2"));
    arena_reset(f->frame);
    Scene s = scene_new(f->frame, f->text, 1100, 250);
    stage_draw_panel(&s, &f->view, PANEL_TIMELINE, (Box){0, 0, 1100, 250});
    int left = 0;
    for (int q = 0; q < g->n_equations; q++) {
        int node = g->equations[q].node;
        if (g->parts[g->equations[q].part].kind != PART_LAYER) continue;
        left += !has_square(&s, node);
        if (has_square(&s, node) && !has_head(&s, ref_value(node, 2, 0)))
            fail_msg("%s: the column of %s has no name", cell, g->equations[q].name);
    }
    int output = g->parts[0].output;
    if (!has_square(&s, output)) fail_msg("%s: the output has no column", cell);
    const char *more = arena_printf(f->frame, "+%d", left);
    bool said = false;
    for (int k = 0; k < s.count; k++) said |= s.shapes[k].text && !strcmp(s.shapes[k].text, more);
    if (left > 0 && !said) fail_msg("%s: %d names are left out in silence", cell, left);
}

// ---- collisions

static int collisions(Fixture *f, const char *cell, const char *at) {
    static const double sizes[][2] = {{520, 230}, {900, 380}, {1500, 800}};
    int n = 0;
    for (int lang = 0; lang < LANG_COUNT; lang++)
        for (int panel = PANEL_TIMELINE; panel < PANEL_COUNT; panel++)
            for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
                arena_reset(f->frame);
                f->view.lang = (Lang)lang;
                Scene s = scene_new(f->frame, f->text, sizes[i][0], sizes[i][1]);
                stage_draw_panel(&s, &f->view, (PanelKind)panel,
                                 (Box){0, 0, sizes[i][0], sizes[i][1]});
                Buf out = buf_new(f->frame);
                int found = scene_collisions(&s, &out);
                if (found)
                    print_error("%s, %s, %s, %.0f x %.0f:\n%s", cell, at, panel_defs[panel].name,
                                sizes[i][0], sizes[i][1], buf_str(&out));
                n += found;
            }
    return n;
}

// A number that is not 0 never reads 0.00.
static void check_zeros(Fixture *f, const char *cell, const char *at) {
    arena_reset(f->frame);
    Scene s = scene_new(f->frame, f->text, 900, 380);
    stage_draw_panel(&s, &f->view, PANEL_CELL, (Box){0, 0, 900, 380});
    for (int k = 0; k < s.count; k++) {
        const char *text = s.shapes[k].kind == SHAPE_TEXT ? s.shapes[k].text : NULL;
        bool number = text && strchr(text, '.') && s.shapes[k].ref.unit > 0;
        if (number && !strpbrk(text, "123456789")) fail_msg("%s, %s: %s", cell, at, text);
    }
}

// What a function reads that no wire brings stands in its box.
static void test_boxes_name_their_operands(void **state) {
    (void)state;
    static const char *const rows[][2] = {
        {"lru", "\\mathrm{exp}(\\theta)"}, {"clockwork", "t \\,\\mathrm{mod}"},
        {"mlstm", "w_{i}\\,\\cdot"},       {"slstm", "\\log\\sigma"},
        {"phased-lstm", "k(\\phi)"},       {"lstm-1997", "4\\,\\sigma"},
        {"janet", "1 - \\sigma"},          {"lstm-layernorm", "n(c)"},
        {"sru", "\\times{\\alpha}"},       {"scrn", "U, V"}};
    for (size_t k = 0; k < sizeof rows / sizeof *rows; k++) {
        Fixture f = begin(rows[k][0]);
        assert_true(go(&f, "forward:2"));
        Scene s = scene_new(f.frame, f.text, 1500, 800);
        stage_draw_panel(&s, &f.view, PANEL_CELL, (Box){0, 0, 1500, 800});
        bool found = false;
        for (int i = 0; i < s.count; i++)
            found |= s.shapes[i].text && strstr(s.shapes[i].text, rows[k][1]);
        if (!found) fail_msg("%s: no box says %s", rows[k][0], rows[k][1]);
        end(&f);
    }
}

static int check_collisions(Fixture *f, const char *cell) {
    const Graph *g = f->view.lesson->graph;
    int n = 0;
    const char *at[4] = {"forward:2"};
    const Equation *last = NULL, *first = NULL;
    for (int q = 0; q < g->n_equations; q++)
        if (g->parts[g->equations[q].part].kind == PART_LAYER) {
            first = first ? first : &g->equations[q];
            if (g->equations[q].node == g->parts[g->equations[q].part].output)
                last = &g->equations[q];
        }
    assert_non_null(last);
    at[1] = arena_printf(f->arena, "forward:3:%s", last->full);
    at[2] = arena_printf(f->arena, "backward:2:%s", last->full);
    at[3] = arena_printf(f->arena, "backward:2:%s", first->full);
    for (int k = 0; k < 4; k++)
        if (go(f, at[k])) {
            n += collisions(f, cell, at[k]);
            check_zeros(f, cell, at[k]);
        }
    return n;
}

// ----

static void test_every_shipped_cell_is_drawn_well(void **state) {
    (void)state;
    Arena *names = arena_new();
    int n = 0, wrong = 0;
    for (const char *const *name = lesson_cells(names, &places); *name; name++, n++) {
        Fixture f = begin(*name);
        check_roles(&f, *name);
        check_heads(&f, *name);
        wrong += check_collisions(&f, *name);
        end(&f);
    }
    assert_in_range(n, 50, 1000);
    assert_int_equal(wrong, 0);
    arena_free(names);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        RUN(test_what_an_equation_does_decides_its_role),
        RUN(test_boxes_name_their_operands),
        RUN(test_every_shipped_cell_is_drawn_well),
    };
    return cmocka_run_group_tests_name("pictures", tests, NULL, NULL);
}
