// Threads that share out jobs.
#include "core/pool.h"

#include "check.h"

enum { JOBS = 200 };

typedef struct {
    int done[JOBS];     // by job: only its own thread writes there
    int busy[POOL_MAX]; // by thread
} Work;

static void do_job(void *context, int job, int thread) {
    Work *w = context;
    w->busy[thread]++; // no two jobs run on one thread at once
    w->done[job] += job;
}

static void test_every_job_is_done_once_a_round_whatever_the_threads(void **state) {
    (void)state;
    for (int threads = 0; threads <= 5; threads++) {
        Work w = {0};
        Pool *p = pool_new(threads);
        assert_in_range(pool_size(p), 1, threads ? threads : POOL_MAX);
        for (int round = 0; round < 50; round++) pool_run(p, JOBS, do_job, &w);
        pool_run(p, 0, do_job, &w);
        pool_run(p, 1, do_job, &w);
        int busy = 0;
        for (int t = 0; t < POOL_MAX; t++) busy += w.busy[t];
        assert_int_equal(busy, 50 * JOBS + 1);
        for (int i = 0; i < JOBS; i++) assert_int_equal(w.done[i], 50 * i);
        pool_free(p);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        RUN(test_every_job_is_done_once_a_round_whatever_the_threads),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
