// The Chinese twin: prose, a title and a line about it. Scenes are matched by their order; what
// directs the stage comes from the English file, with the texts of its questions and the
// presenter's notes replaced where the twin has them.
#include <string.h>

#include "lesson/reading.h"

static const Field twin_fields[] = {
    {"title", FIELD_TEXT, .required = true}, {"about", .type = FIELD_TEXT}, {.name = NULL}};

/// Unknown keys of a twin are known keys of a lesson more often than not: say where they belong.
static void check_front(Reading *r) {
    for (int i = 0; i < r->root->n; i++)
        if (strcmp(r->root->keys[i]->text, "title") != 0 &&
            strcmp(r->root->keys[i]->text, "about") != 0) {
            READING_ERROR(r, r->root->keys[i],
                          "a twin has only title and about; '%s' comes from the English file",
                          r->root->keys[i]->text);
            return;
        }
    schema_check(r->arena, r->source, r->root, "", twin_fields, r->diags);
}

static bool read_front(Reading *r) {
    size_t first_bad;
    Span yaml;
    text_check(r->source, &first_bad, r->diags);
    if (!front_split(r->source, &yaml, &r->body, r->diags)) return false;
    if (first_bad < yaml.at + yaml.len) return false;
    r->root = yaml_parse(r->arena, r->source, yaml, r->diags);
    if (!r->root) return false;
    if (r->root->kind != ITEM_MAP)
        return diag_error(r->diags, r->source, r->root->span, "a twin needs a line `title: ...`");
    check_front(r);
    return true;
}

static bool same_questions(Reading *r, const LessonScene *english, const LessonScene *chinese) {
    if (chinese->n_asks == 0 || chinese->n_asks == english->n_asks) return true;
    return diag_error(r->diags, r->source, chinese->blocks[0].span,
                      "this scene has %d ask blocks, its English one has %d", chinese->n_asks,
                      english->n_asks);
}

static LessonScene merge(Reading *r, const LessonScene *english, const LessonScene *chinese) {
    LessonScene scene = *english;
    scene.title = chinese->title;
    scene.blocks = chinese->blocks;
    scene.n_blocks = chinese->n_blocks;
    if (chinese->note) scene.note = chinese->note;
    if (!same_questions(r, english, chinese) || chinese->n_asks == 0) return scene;
    AskBlock *asks = ARENA_ARRAY(r->arena, AskBlock, english->n_asks);
    for (int i = 0; i < english->n_asks; i++) {
        asks[i] = english->asks[i];
        if (chinese->asks[i].hint) asks[i].hint = chinese->asks[i].hint;
        if (chinese->asks[i].after) asks[i].after = chinese->asks[i].after;
        replies_match(r, &english->asks[i], &chinese->asks[i]);
        if (chinese->asks[i].n_replies) {
            asks[i].replies = chinese->asks[i].replies;
            asks[i].n_replies = chinese->asks[i].n_replies;
        }
        if (chinese->asks[i].options) asks[i].options = chinese->asks[i].options;
    }
    scene.asks = asks;
    return scene;
}

static void merge_scenes(Reading *twin, const LessonScene *chinese, int n, Lesson *lesson) {
    if (n != lesson->n_scenes) {
        Span place = n ? chinese[n - 1].blocks ? chinese[n - 1].blocks[0].span : NO_SPAN : NO_SPAN;
        diag_error(twin->diags, twin->source, place,
                   "the twin has %d scene%s, and the English lesson has %d; a heading of level 1 "
                   "or 2 begins a scene",
                   n, n == 1 ? "" : "s", lesson->n_scenes);
        return;
    }
    LessonScene *scenes = ARENA_ARRAY(twin->arena, LessonScene, n);
    for (int i = 0; i < n; i++) scenes[i] = merge(twin, &lesson->scenes[LANG_EN][i], &chinese[i]);
    lesson->scenes[LANG_ZH] = scenes;
    lesson->has_chinese = true;
}

void twin_read(Reading *r, const char *path, Lesson *lesson) {
    lesson->scenes[LANG_ZH] = lesson->scenes[LANG_EN];
    const char *twin_path = lesson_twin(r->arena, path);
    if (!twin_path) return;
    ARENA_PUSH(r->arena, r->watch, r->n_watch, r->cap_watch, twin_path);
    Reading twin = {.arena = r->arena, .diags = r->diags, .is_twin = true};
    twin.source = source_read(r->arena, twin_path, LESSON_MAX_BYTES, r->diags);
    if (!twin.source || !read_front(&twin)) return;
    lesson->title[LANG_ZH] = schema_text(twin.root, "title", lesson->title[LANG_EN]);
    lesson->about[LANG_ZH] = schema_text(twin.root, "about", lesson->about[LANG_EN]);
    int n;
    const LessonScene *scenes = scenes_read(&twin, lesson->title[LANG_ZH], &n);
    merge_scenes(&twin, scenes, n, lesson);
}
