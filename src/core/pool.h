/// Threads that share out numbered jobs. Which thread does which job, and when, changes no result:
/// every job writes to memory of its own.
#ifndef CORE_POOL_H
#define CORE_POOL_H

#include "core/arena.h"

typedef struct Pool Pool;

/// One job; `thread` is from 0 to the pool's size - 1, and no two jobs run on one at once.
typedef void PoolJob(void *context, int job, int thread);

enum { POOL_MAX = 64 };

/// A pool of so many threads, the caller's being one of them; 0: as many as there are processors.
/// Fewer if the system refuses.
///   owner   pool_free, which ends its threads
Pool *pool_new(int threads);
void pool_free(Pool *p);

/// How many threads there are.
int pool_size(const Pool *p);

/// Runs jobs 0 .. jobs - 1 and comes back when all are done.
void pool_run(Pool *p, int jobs, PoolJob *job, void *context);

#endif
