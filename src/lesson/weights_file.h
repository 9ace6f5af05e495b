/// Weights that a lesson takes from a file. Private to the lesson layer.
#ifndef LESSON_WEIGHTS_FILE_H
#define LESSON_WEIGHTS_FILE_H

#include "files/tensor.h"
#include "lesson/reading.h"

/// A file of weights on its way into a network.
typedef struct {
    Reading *reading;
    const Graph *graph;
    const Source *source; // the file, for mistakes
    const Tensors *tensors;
    double *params; // flat, filled by the init rules already
} WeightsFile;

/// Adds a mistake of the file. Always false.
#define WEIGHTS_ERROR(w, ...) diag_error((w)->reading->diags, (w)->source, NO_SPAN, __VA_ARGS__)

/// Tells in a note what has been understood of the file.
void weights_note(WeightsFile *w, const char *format, ...) __attribute__((format(printf, 2, 3)));

/// Reads the file at r->weights_path, in its own names or another framework's.
///   errors  a file that cannot be read, names and shapes that do not fit the network: in d; false
bool weights_file_read(Reading *r, const Graph *g, double *params);

/// Does the file have the names of PyTorch, Keras or ONNX?
bool weights_are_foreign(const WeightsFile *w);

/// Fills the parameters from such a file and tells so in a note. What the file's layers leave out
/// is 0 (biases); a head that the file does not have keeps its start.
///   source  the state_dict of torch.nn, keras.layers' variables, ONNX's operators LSTM, GRU, RNN
bool weights_foreign_read(WeightsFile *w);

#endif
