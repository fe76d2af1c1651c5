// A workload file as the C# side writes it, the agreement check and the stopwatch: what every native peer shares.
#pragma once
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum activation { IDENTITY, SIGMOID, TANH, RELU, SOFTMAX };
enum loss { MEAN_SQUARED_ERROR, HALF_SQUARED_ERROR, CROSS_ENTROPY };
enum { MAX_LAYERS = 16 };

static const float check_rate = 0.5f;    // learning rate of the compared step
static const float measure_rate = 1e-3f; // learning rate of the measured steps

struct expectation {
    float *outputs;    // [samples, outputs]
    float *parameters; // after one step, canonical order
    float loss;        // before the step
};

struct workload {
    char name[8];
    int inputs, outputs, layers, loss, samples, parameter_count;
    int units[MAX_LAYERS], activation[MAX_LAYERS];
    float *parameters, *x, *t; // canonical order; [samples, inputs]; [samples, outputs]
    struct expectation one, all;
};

static inline float *read_floats(FILE *file, size_t count)
{
    size_t bytes = (count * sizeof(float) + 63) / 64 * 64;
    float *values = (float *)aligned_alloc(64, bytes);
    if (!values || fread(values, sizeof(float), count, file) != count) {
        fprintf(stderr, "the workload file ends early\n");
        exit(2);
    }
    return values;
}

static inline struct expectation read_expectation(FILE *file, const struct workload *w, int samples)
{
    struct expectation e;
    e.outputs = read_floats(file, (size_t)samples * w->outputs);
    e.parameters = read_floats(file, w->parameter_count);
    e.loss = *read_floats(file, 1);
    return e;
}

static inline struct workload read_workload(const char *path)
{
    struct workload w;
    int32_t header[6], layer[2];
    FILE *file = fopen(path, "rb");
    if (!file || fread(w.name, 1, 8, file) != 8 || fread(header, 4, 6, file) != 6 || header[2] > MAX_LAYERS) {
        fprintf(stderr, "cannot read %s\n", path);
        exit(2);
    }
    w.inputs = header[0], w.outputs = header[1], w.layers = header[2];
    w.loss = header[3], w.samples = header[4], w.parameter_count = header[5];
    for (int l = 0; l < w.layers; l++) {
        if (fread(layer, 4, 2, file) != 2)
            exit(2);
        w.units[l] = layer[0], w.activation[l] = layer[1];
    }
    w.parameters = read_floats(file, w.parameter_count);
    w.x = read_floats(file, (size_t)w.samples * w.inputs);
    w.t = read_floats(file, (size_t)w.samples * w.outputs);
    w.one = read_expectation(file, &w, 1);
    w.all = read_expectation(file, &w, w.samples);
    fclose(file);
    return w;
}

// Ends the program where values differ by more than float's rounding may cause.
static inline void require_close(const char *what, const float *actual, const float *expected, int count)
{
    float scale = 1;
    for (int i = 0; i < count; i++)
        scale = fmaxf(scale, fabsf(expected[i]));
    for (int i = 0; i < count; i++) {
        float difference = fabsf(actual[i] - expected[i]);
        uint32_t bits; // -ffast-math removes isnan, so NaN and infinity are found by their exponent.
        memcpy(&bits, &actual[i], 4);
        if ((bits & 0x7f800000) == 0x7f800000 || difference > 1e-4f * scale) {
            fprintf(stderr, "%s: [%d] is %g, expected %g\n", what, i, actual[i], expected[i]);
            exit(1);
        }
    }
}

static inline double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec + 1e-9 * t.tv_nsec;
}

static inline int compare_doubles(const void *a, const void *b)
{
    return (*(const double *)a > *(const double *)b) - (*(const double *)a < *(const double *)b);
}

static inline void report(const char *peer, const char *workload, const char *measure, double seconds, int samples)
{
    printf("{\"peer\":\"%s\",\"workload\":\"%s\",\"measure\":\"%s\",\"ns\":%.3f}\n", peer, workload, measure, seconds * 1e9 / samples);
    fflush(stdout);
}

// Times a statement that handles `samples` samples: doubles the number of calls until a block lasts long enough (twice, as
// another process may have got between), then takes the median of nine blocks.
#define BLOCK(calls, seconds, statement)                                                                                 \
    do {                                                                                                                 \
        double start_ = now();                                                                                           \
        for (long call_ = 0; call_ < (calls); call_++) {                                                                 \
            statement;                                                                                                   \
        }                                                                                                                \
        (seconds) = now() - start_;                                                                                      \
    } while (0)
#define MEASURE(peer, workload, measure, samples, statement)                                                             \
    do {                                                                                                                 \
        long calls_ = 1;                                                                                                 \
        double blocks_[9];                                                                                               \
        for (int enough_ = 0; enough_ < 2;) {                                                                            \
            BLOCK(calls_, blocks_[0], statement);                                                                        \
            if (blocks_[0] > block_seconds())                                                                            \
                enough_++;                                                                                               \
            else                                                                                                         \
                calls_ *= 2, enough_ = 0;                                                                                \
        }                                                                                                                \
        for (int block_ = 0; block_ < 9; block_++)                                                                       \
            BLOCK(calls_, blocks_[block_], statement);                                                                   \
        qsort(blocks_, 9, sizeof(double), compare_doubles);                                                              \
        report(peer, workload, measure, blocks_[4] / calls_, samples);                                                   \
    } while (0)

static inline double block_seconds(void)
{
    const char *text = getenv("PEERS_BLOCK_SECONDS");
    return text ? atof(text) : 0.01;
}

// Makes every input of the next call wait for the last output, without changing it: `zero` is 0, unknown to the compiler.
static volatile float zero_source = 0;
static inline void depend(float *x, const float *base, int count, float output, float zero)
{
    float nothing = output * zero;
    for (int i = 0; i < count; i++)
        x[i] = base[i] + nothing;
}
