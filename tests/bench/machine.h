/// The machine that is measured on, and what else it does meanwhile.
#ifndef TESTS_BENCH_MACHINE_H
#define TESTS_BENCH_MACHINE_H

/// Prints the processor, which kernels the program chooses on it, and who compiled it.
void machine_print(void);

/// Processor seconds of all processors since the machine began.
typedef struct {
    double all, idle, stolen; // stolen: kept by the hypervisor for other machines
    double ours;              // this process and those that it has waited for
    double clock;
} MachineUse;

/// Now.
MachineUse machine_use(void);

/// Prints how long that is since, and how much of the processors others took.
void machine_print_use(MachineUse since);

#endif
