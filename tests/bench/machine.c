#include "machine.h"

#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "core/vector.h"
#include "timing.h"

/// The widest vectors of those that core/vector.h chooses among.
static const char *kernels(void) {
#ifdef VECTOR_CHOICE
    if (__builtin_cpu_supports("avx512f"))
        return __builtin_cpu_is("amdfam19h") ? "AVX-512, narrow products AVX2" : "AVX-512";
    if (__builtin_cpu_supports("avx2")) return "AVX2";
#endif
    return "those of the compiler's own choice";
}

void machine_print(void) {
    char line[256], model[256] = "unknown processor";
    FILE *f = fopen("/proc/cpuinfo", "r");
    while (f && fgets(line, sizeof line, f)) {
        char *value = strchr(line, ':');
        if (strncmp(line, "model name", 10) != 0 || !value) continue;
        snprintf(model, sizeof model, "%s", value + 2);
        model[strcspn(model, "\n")] = '\0';
        break;
    }
    if (f) fclose(f);
    double load = 0;
    f = fopen("/proc/loadavg", "r");
    if (f && fscanf(f, "%lf", &load) != 1) load = 0;
    if (f) fclose(f);
    printf("%s, %ld processors; load before the run %.2f\nkernels: %s; compiler: %s\n", model,
           sysconf(_SC_NPROCESSORS_ONLN), load, kernels(), __VERSION__);
}

static double seconds_of(int who) {
    struct rusage use;
    if (getrusage(who, &use) != 0) return 0;
    return (double)use.ru_utime.tv_sec + (double)use.ru_stime.tv_sec +
           1e-6 * (double)(use.ru_utime.tv_usec + use.ru_stime.tv_usec);
}

MachineUse machine_use(void) {
    enum { USER, NICE, SYSTEM, IDLE, WAITING, IRQ, SOFT, STOLEN, KINDS };
    long long ticks[KINDS] = {0};
    FILE *f = fopen("/proc/stat", "r");
    if (f && fscanf(f, "cpu %lld %lld %lld %lld %lld %lld %lld %lld", &ticks[USER], &ticks[NICE],
                    &ticks[SYSTEM], &ticks[IDLE], &ticks[WAITING], &ticks[IRQ], &ticks[SOFT],
                    &ticks[STOLEN]) != KINDS)
        memset(ticks, 0, sizeof ticks);
    if (f) fclose(f);
    double second = (double)sysconf(_SC_CLK_TCK);
    MachineUse use = {.clock = seconds_on(CLOCK_MONOTONIC),
                      .ours = seconds_of(RUSAGE_SELF) + seconds_of(RUSAGE_CHILDREN)};
    for (int k = 0; k < KINDS; k++) use.all += (double)ticks[k] / second;
    use.idle = (double)(ticks[IDLE] + ticks[WAITING]) / second;
    use.stolen = (double)ticks[STOLEN] / second;
    return use;
}

void machine_print_use(MachineUse since) {
    MachineUse now = machine_use();
    double all = now.all - since.all, stolen = now.stolen - since.stolen;
    double others = all - (now.idle - since.idle) - stolen - (now.ours - since.ours);
    printf("\n%.0f s", now.clock - since.clock);
    if (all > 0)
        printf("; meanwhile others used %.0f%% of the processors, the hypervisor kept %.0f%%",
               100 * (others > 0 ? others : 0) / all, 100 * stolen / all);
    printf("\n\n");
    fflush(stdout);
}
