// The FANN peer (libfann): its standard network, in float. It has sigmoid, tanh and identity, and the squared error.
#include "../workload.h"
#include <floatfann.h>

// Canonical order is [unit, input], then biases; FANN keeps each unit's weights with its bias behind them.
static void load(struct fann *network, const struct workload *w)
{
    const float *p = w->parameters;
    fann_type *to = network->weights;
    for (int l = 0, inputs = w->inputs; l < w->layers; inputs = w->units[l++]) {
        const float *biases = p + w->units[l] * inputs;
        for (int u = 0; u < w->units[l]; u++, p += inputs) {
            memcpy(to, p, sizeof(float) * inputs);
            to[inputs] = biases[u];
            to += inputs + 1;
        }
        p += w->units[l];
    }
}

static void save(const struct fann *network, const struct workload *w, float *p)
{
    const fann_type *from = network->weights;
    for (int l = 0, inputs = w->inputs; l < w->layers; inputs = w->units[l++]) {
        float *biases = p + w->units[l] * inputs;
        for (int u = 0; u < w->units[l]; u++, p += inputs) {
            memcpy(p, from, sizeof(float) * inputs);
            biases[u] = from[inputs];
            from += inputs + 1;
        }
        p += w->units[l];
    }
}

// FANN's gradient is half of the squared error's, of the mean over the outputs twice that over their number.
static void set_rate(struct fann *network, const struct workload *w, float rate)
{
    fann_set_learning_rate(network, w->loss == MEAN_SQUARED_ERROR ? rate * 2 / w->outputs : rate);
}

static struct fann *create(const struct workload *w)
{
    unsigned int sizes[MAX_LAYERS + 1] = {w->inputs};
    for (int l = 0; l < w->layers; l++)
        sizes[l + 1] = w->units[l];
    struct fann *network = fann_create_standard_array(w->layers + 1, sizes);
    for (int l = 0; l < w->layers; l++) { // Steepness s: 1/(1 + e^(−2sz)), tanh sz, sz.
        fann_set_activation_function_layer(
            network, w->activation[l] == SIGMOID ? FANN_SIGMOID : w->activation[l] == TANH ? FANN_SIGMOID_SYMMETRIC : FANN_LINEAR, l + 1);
        fann_set_activation_steepness_layer(network, w->activation[l] == SIGMOID ? 0.5f : 1, l + 1);
    }
    fann_set_train_error_function(network, FANN_ERRORFUNC_LINEAR);
    fann_set_training_algorithm(network, FANN_TRAIN_BATCH);
    load(network, w);
    return network;
}

static void forward_all(struct fann *network, const struct workload *w, float *y)
{
    for (int s = 0; s < w->samples; s++)
        memcpy(y + s * w->outputs, fann_run(network, w->x + s * w->inputs), sizeof(float) * w->outputs);
}

static void check(const struct workload *w, struct fann_train_data *batch)
{
    struct fann *network = create(w);
    float *p = malloc(sizeof(float) * w->parameter_count), *y = malloc(sizeof(float) * w->samples * w->outputs);
    require_close("outputs of one sample", fann_run(network, w->x), w->one.outputs, w->outputs);
    forward_all(network, w, y);
    require_close("outputs of a batch", y, w->all.outputs, w->samples * w->outputs);
    set_rate(network, w, check_rate);
    fann_train(network, w->x, w->t);
    save(network, w, p);
    require_close("parameters after a step on one sample", p, w->one.parameters, w->parameter_count);
    load(network, w);
    fann_train_epoch(network, batch);
    save(network, w, p);
    require_close("parameters after a step on a batch", p, w->all.parameters, w->parameter_count);
    fann_destroy(network);
    free(p), free(y);
}

// fann WORKLOAD check | fann WORKLOAD measure PEER
int main(int argc, char **argv)
{
    if (argc < 3)
        return 2;
    struct workload w = read_workload(argv[1]);
    for (int l = 0; l < w.layers; l++)
        if (w.loss == CROSS_ENTROPY || w.activation[l] == RELU || w.activation[l] == SOFTMAX)
            return 0; // A network that FANN cannot have is an empty cell.
    struct fann_train_data *batch = fann_create_train(w.samples, w.inputs, w.outputs);
    for (int s = 0; s < w.samples; s++) {
        memcpy(batch->input[s], w.x + s * w.inputs, sizeof(float) * w.inputs);
        memcpy(batch->output[s], w.t + s * w.outputs, sizeof(float) * w.outputs);
    }
    check(&w, batch);
    if (strcmp(argv[2], "measure") || argc < 4)
        return 0;

    struct fann *network = create(&w);
    float zero = zero_source, *x = malloc(sizeof(float) * w.inputs), *y = malloc(sizeof(float) * w.samples * w.outputs);
    memcpy(x, w.x, sizeof(float) * w.inputs);
    set_rate(network, &w, measure_rate);
    MEASURE(argv[3], w.name, "a", 1, fann_run(network, x));
    MEASURE(argv[3], w.name, "a'", 1, depend(x, w.x, w.inputs, *fann_run(network, x), zero));
    MEASURE(argv[3], w.name, "b", w.samples, forward_all(network, &w, y));
    MEASURE(argv[3], w.name, "c", 1, fann_train(network, w.x, w.t));
    load(network, &w);
    MEASURE(argv[3], w.name, "d", w.samples, fann_train_epoch(network, batch));
    return 0;
}
