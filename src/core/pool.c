// Threads that wait for work. The caller works too; a round is over when its last job is. Who waits
// looks for a moment before it sleeps: the steps of a small training follow each other faster than
// a sleeping processor wakes.
#include "core/pool.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <unistd.h>

typedef struct {
    Pool *pool;
    int thread;
} Worker;

struct Pool {
    Arena *arena; // of the pool itself
    pthread_t threads[POOL_MAX];
    Worker workers[POOL_MAX];
    int size;
    pthread_mutex_t lock;
    pthread_cond_t begin, end;
    // changed under the lock, and looked at without it
    atomic_long round; // counts rounds, so that no worker takes part in one twice
    atomic_long open;  // jobs of this round that are not done yet
    bool over;
    int jobs, next; // of this round: all, the next to be taken
    PoolJob *job;
    void *context;
};

/// Lets others run for a moment, while a number stays as it is.
static void linger(atomic_long *number, long as_it_is) {
    enum { LOOKS = 400 };
    for (int i = 0; i < LOOKS && atomic_load(number) == as_it_is; i++) sched_yield();
}

/// Takes jobs until there are none; the lock is held on entry and on return.
static void work(Pool *p, int thread) {
    while (p->next < p->jobs) {
        int job = p->next++;
        pthread_mutex_unlock(&p->lock);
        p->job(p->context, job, thread);
        pthread_mutex_lock(&p->lock);
        if (atomic_fetch_sub(&p->open, 1) == 1) pthread_cond_signal(&p->end);
    }
}

static void *worker_main(void *context) {
    Worker *w = context;
    Pool *p = w->pool;
    long seen = 0;
    pthread_mutex_lock(&p->lock);
    while (!p->over) {
        if (p->round == seen) {
            pthread_cond_wait(&p->begin, &p->lock);
            continue;
        }
        seen = p->round;
        work(p, w->thread);
        pthread_mutex_unlock(&p->lock);
        linger(&p->round, seen);
        pthread_mutex_lock(&p->lock);
    }
    pthread_mutex_unlock(&p->lock);
    return NULL;
}

static int wanted_size(int threads) {
    long n = threads > 0 ? threads : sysconf(_SC_NPROCESSORS_ONLN);
    return n < 1 ? 1 : n > POOL_MAX ? POOL_MAX : (int)n;
}

Pool *pool_new(int threads) {
    Arena *a = arena_new();
    Pool *p = ARENA_NEW(a, Pool);
    p->arena = a;
    p->size = 1;
    pthread_mutex_init(&p->lock, NULL);
    pthread_cond_init(&p->begin, NULL);
    pthread_cond_init(&p->end, NULL);
    for (int n = wanted_size(threads); p->size < n; p->size++) {
        Worker *w = &p->workers[p->size];
        *w = (Worker){p, p->size};
        if (pthread_create(&p->threads[p->size], NULL, worker_main, w) != 0) break;
    }
    return p;
}

int pool_size(const Pool *p) {
    return p->size;
}

void pool_run(Pool *p, int jobs, PoolJob *job, void *context) {
    if (p->size == 1 || jobs <= 1) {
        for (int i = 0; i < jobs; i++) job(context, i, 0);
        return;
    }
    pthread_mutex_lock(&p->lock);
    p->jobs = jobs;
    p->open = jobs;
    p->next = 0;
    p->job = job;
    p->context = context;
    p->round++;
    pthread_cond_broadcast(&p->begin);
    work(p, 0);
    pthread_mutex_unlock(&p->lock);
    for (long open; (open = p->open) > 0;) {
        linger(&p->open, open);
        if (p->open == open) break;
    }
    pthread_mutex_lock(&p->lock);
    while (p->open > 0) pthread_cond_wait(&p->end, &p->lock);
    pthread_mutex_unlock(&p->lock);
}

void pool_free(Pool *p) {
    pthread_mutex_lock(&p->lock);
    p->over = true;
    pthread_cond_broadcast(&p->begin);
    pthread_mutex_unlock(&p->lock);
    for (int i = 1; i < p->size; i++) pthread_join(p->threads[i], NULL);
    pthread_mutex_destroy(&p->lock);
    pthread_cond_destroy(&p->begin);
    pthread_cond_destroy(&p->end);
    arena_free(p->arena);
}
