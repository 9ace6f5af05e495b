/// A session: the state, what it is about, and the doing of what an update wants done.
#ifndef APP_SESSION_H
#define APP_SESSION_H

#include "app/app.h"
#include "app/exporter.h"
#include "app/frame.h"
#include "app/settings.h"
#include "app/watch.h"
#include "view/motion.h"

/// Shows how far the training of a lesson is, or the replay of some of it; false stops it.
typedef bool SessionProgress(void *context, int step, double loss);

typedef struct {
    Places places;
    const char *program; // this one
    AppState state;
    World world;
    AppFrame frame;
    bool stale;      // the frame is not that of the state
    bool unpainted;  // the frame has not been on the window yet
    bool over;       // the learner has quit
    AppFrame before; // what a motion leads over from
    Motion *motion;  // from it to the frame; NULL while nothing moves
    Scene moving;    // of its last phase
    TextEngine *text;
    Arena *app;    // whole session
    Arena *lesson; // the lesson shown, as it is after training
    Arena *moment; // the moment of its training that is shown; NULL after training
    Arena *report_arena;
    Arena *frame_arena;
    Arena *before_arena;
    Arena *motion_arena;
    Arena *moving_arena;
    Arena *scratch;     // one update
    const char *report; // mistakes of the lesson that could not be opened, or ""
    Watch watch;
    Settings kept;  // as they are to be saved
    Settings saved; // as they are on disk
    const char *settings_path;
    Arena *preview_arena;    // of world.preview, and of:
    const char *preview_key; // what it was made from; NULL: nothing
    Exporter *exporter;      // the export that is being made, or NULL
    SessionProgress *progress;
    void *progress_context;
    bool work_begins; // progress has not been told of this work yet
} Session;

/// Fills a session: settings, the list of lessons.
///   message  to show at the start, or NULL (owner: s->app)
void session_begin(Session *s, TextEngine *text, const AppOptions *options, const char **message);

/// Saves the settings and frees all.
void session_end(Session *s);

/// Runs one action through app_update and does what it wants done.
void session_do(Session *s, Action a);

/// Opens a lesson; on mistakes the state shows them.
///   address  where to go in it, or NULL
void session_open(Session *s, const char *path, int scene, const char *address);

/// Opens a lesson where it was left, if it is the one that was left last; else at its beginning.
void session_resume(Session *s, const char *path);

/// Builds the frame if it is not that of the state.
void session_frame(Session *s);

/// What is on the window: the frame's scene, or while something moves what leads over to it.
///   owner   the session; until the next action
const Scene *session_scene(Session *s);

/// What exports need to know of this machine: folders, processors.
void session_look_around(Session *s);

/// What the export dialog shows, if it is open: world.preview, and whether it can be made.
void session_look_at_dialog(Session *s);

/// Starts making what the dialog is set to.
void session_start_export(Session *s);

/// Puts what the state wants on the clipboard, and tells of it.
void session_copy(Session *s);

/// Looks how far the export is that is being made, `seconds` after it began; tells the state.
void session_look_at_export(Session *s, double seconds);

/// Tells the settings where the learner is and what the window looks like; saves them if they
/// changed and `write`.
void session_keep(Session *s, bool write);

#endif
