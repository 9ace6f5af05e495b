// Many numbers to one (sum, mean, variance, over all elements), and softmax, which is a sum over
// each column. Every sum runs from the first element to the last.
#include "core/op_rows.h"
#include "core/vmath.h"

static double sum_of(int n, const double *x) {
    double sum = x[0];
    for (int i = 1; i < n; i++) sum += x[i];
    return sum;
}

/// y[j] = the sum of the numbers of each of `some` sequences, which stand `width` apart.
static void sums(int n, int width, int some, const double *x, double *y) {
    for (int j = 0; j < some; j++) y[j] = x[j];
    for (int i = width; i < n; i += width)
        for (int j = 0; j < some; j++) y[j] += x[i + j];
}

void op_sum_forward(const OpCall *call, double *y) {
    int n = op_arg_count(call, 0), width = op_width(call);
    if (width == 1)
        y[0] = sum_of(n, call->arg[0]);
    else
        sums(n, width, width, call->arg[0], y);
}

void op_sum_backward(const OpCall *call, const double *y, const double *dy, int k, double *share) {
    (void)y, (void)k;
    int width = op_width(call);
    for (int i = 0; i < op_arg_count(call, 0); i += width)
        for (int j = 0; j < width; j++) share[i + j] = dy[j];
}

void op_mean_forward(const OpCall *call, double *y) {
    int width = op_width(call), n = op_arg_count(call, 0) / width;
    op_sum_forward(call, y);
    for (int j = 0; j < width; j++) y[j] /= n;
}

void op_mean_backward(const OpCall *call, const double *y, const double *dy, int k, double *share) {
    (void)y, (void)k;
    int width = op_width(call), n = op_arg_count(call, 0) / width;
    for (int i = 0; i < n; i++)
        for (int j = 0; j < width; j++) share[i * width + j] = dy[j] / n;
}

enum { SEQUENCES = 16 }; // whose variance is computed at a time

// Biased: divided by n. Two passes, so that a large mean costs no digits.
static void variances(int n, int width, int some, const double *x, double *mean, double *y) {
    sums(n * width, width, some, x, mean);
    for (int j = 0; j < some; j++) mean[j] /= n;
    for (int j = 0; j < some; j++) y[j] = (x[j] - mean[j]) * (x[j] - mean[j]);
    for (int i = 1; i < n; i++)
        for (int j = 0; j < some; j++) {
            double off = x[i * width + j] - mean[j];
            y[j] += off * off;
        }
    for (int j = 0; j < some; j++) y[j] /= n;
}

void op_var_forward(const OpCall *call, double *y) {
    int width = op_width(call), n = op_arg_count(call, 0) / width;
    double mean[SEQUENCES];
    for (int j = 0; j < width; j += SEQUENCES)
        variances(n, width, width - j < SEQUENCES ? width - j : SEQUENCES, call->arg[0] + j, mean,
                  y + j);
}

// d var / d x[i] = 2 (x[i] - mean) / n; the mean's own part cancels.
static void variance_shares(int n, int width, int some, const double *x, const double *dy,
                            double *share) {
    double mean[SEQUENCES];
    sums(n * width, width, some, x, mean);
    for (int j = 0; j < some; j++) mean[j] /= n;
    for (int i = 0; i < n * width; i += width)
        for (int j = 0; j < some; j++) share[i + j] = dy[j] * (2.0 * (x[i + j] - mean[j]) / n);
}

void op_var_backward(const OpCall *call, const double *y, const double *dy, int k, double *share) {
    (void)y, (void)k;
    int width = op_width(call), n = op_arg_count(call, 0) / width;
    for (int j = 0; j < width; j += SEQUENCES)
        variance_shares(n, width, width - j < SEQUENCES ? width - j : SEQUENCES, call->arg[0] + j,
                        dy + j, share + j);
}

// Each column, `cols` numbers apart, less its largest, whose e^0 = 1 then.
static void less_largest(int rows, int cols, const double *x, double *y) {
    double max = x[0];
    for (int i = 1; i < rows; i++)
        if (x[i * cols] > max) max = x[i * cols];
    for (int i = 0; i < rows; i++) y[i * cols] = x[i * cols] - max;
}

static void divide_by_sum(int rows, int cols, double *y) {
    double sum = 0.0;
    for (int i = 0; i < rows; i++) sum += y[i * cols];
    for (int i = 0; i < rows; i++) y[i * cols] /= sum;
}

// e^(x - max) over their sum.
void op_softmax_forward(const OpCall *call, double *y) {
    enum { AT_ONCE = 64 };
    int n = op_count(call), rows = call->dim.rows, cols = call->dim.cols;
    double part[AT_ONCE];
    for (int j = 0; j < cols; j++) less_largest(rows, cols, call->arg[0] + j, y + j);
    for (int i = 0; i < n; i += AT_ONCE) {
        int m = n - i < AT_ONCE ? n - i : AT_ONCE;
        vm_exp_n(m, y + i, part);
        for (int e = 0; e < m; e++) y[i + e] = part[e];
    }
    for (int j = 0; j < cols; j++) divide_by_sum(rows, cols, y + j);
}

// dx = y * (dy - sum of y dy); fused with cross-entropy, that is (y - target) times its gradient.
void op_softmax_backward(const OpCall *call, const double *y, const double *dy, int k,
                         double *share) {
    int n = op_count(call), cols = call->dim.cols;
    if (k > 0) { // the target is data
        for (int i = 0; i < n; i++) share[i] = 0.0;
        return;
    }
    if (call->fused) {
        for (int i = 0; i < n; i += cols)
            for (int j = 0; j < cols; j++)
                share[i + j] = (y[i + j] - call->arg[1][i + j]) * dy[op_width(call) > 1 ? j : 0];
        return;
    }
    for (int j = 0; j < cols; j++) {
        double along = y[j] * dy[j];
        for (int i = j + cols; i < n; i += cols) along += y[i] * dy[i];
        for (int i = j; i < n; i += cols) share[i] = y[i] * (dy[i] - along);
    }
}
