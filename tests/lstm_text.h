/// The equations of an LSTM with a forget gate, for tests and measurements that want no file.
#ifndef TESTS_LSTM_TEXT_H
#define TESTS_LSTM_TEXT_H

#define LSTM_EQUATIONS                                                                             \
    "f = sigmoid(W_f @ [h[t-1]; x] + b_f)\n"                                                       \
    "i = sigmoid(W_i @ [h[t-1]; x] + b_i)\n"                                                       \
    "g = tanh(W_g @ [h[t-1]; x] + b_g)\n"                                                          \
    "c = f * c[t-1] + i * g\n"                                                                     \
    "o = sigmoid(W_o @ [h[t-1]; x] + b_o)\n"                                                       \
    "h = o * tanh(c)\n"
#define LSTM_CELL "cell lstm \"LSTM\"\n" LSTM_EQUATIONS

#endif
