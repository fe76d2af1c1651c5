// The hand-written C peer: constant sizes (from the header that the C# side writes for a workload and the compiler
// force-includes), one matrix product whose loops the compiler can hold in registers, activations in loops of their own.
//
// A layer's weights are [input][unit], units padded to whole vectors where there are more than 8, so that every loop
// runs over units. With -DSAMPLE_LANES a batch is held [unit][sample] instead, and every loop runs over samples: that
// suits layers that are narrower than a vector. One sample is always handled the first way.
#include "../workload.h"

#define INLINE static inline __attribute__((always_inline))
#define NOINLINE __attribute__((noinline))
#define ALIGNED __attribute__((aligned(64)))
#define PAD(m) ((m) > 8 ? ((m) + 15) / 16 * 16 : (m))

enum { BATCH = 64, TILE_ROWS = 6, TILE_COLUMNS = 64 };
enum init { FROM_ZERO, FROM_COLUMN_BIAS, FROM_ROW_BIAS };

// One register tile of C = init + Σₖ A(·, k) B(k, ·), or of C += scale · Σₖ A(·, k) B(k, ·) where scale is not 1.
INLINE void tile(int rows, int columns, int depth, const float *restrict a, int a_row, int a_column, const float *restrict b,
                 int b_row, enum init init, const float *restrict bias, float *restrict c, int c_row, int update, float scale)
{
    float sum[TILE_ROWS][TILE_COLUMNS];
    for (int r = 0; r < rows; r++)
        for (int j = 0; j < columns; j++)
            sum[r][j] = init == FROM_COLUMN_BIAS ? bias[j] : init == FROM_ROW_BIAS ? bias[r] : 0;
    for (int k = 0; k < depth; k++)
        for (int r = 0; r < rows; r++)
            for (int j = 0; j < columns; j++)
                sum[r][j] += a[r * a_row + k * a_column] * b[k * b_row + j];
    for (int r = 0; r < rows; r++)
        for (int j = 0; j < columns; j++)
            c[r * c_row + j] = update ? c[r * c_row + j] + scale * sum[r][j] : sum[r][j];
}

INLINE void tile_column(int rows, int columns, int depth, const float *restrict a, int a_row, int a_column,
                        const float *restrict b, int b_row, enum init init, const float *restrict bias, float *restrict c,
                        int c_row, int update, float scale)
{
    int r = 0;
    for (; r + TILE_ROWS <= rows; r += TILE_ROWS)
        tile(TILE_ROWS, columns, depth, a + r * a_row, a_row, a_column, b, b_row, init, init == FROM_ROW_BIAS ? bias + r : bias,
             c + r * c_row, c_row, update, scale);
    if (rows % TILE_ROWS)
        tile(rows % TILE_ROWS, columns, depth, a + r * a_row, a_row, a_column, b, b_row, init,
             init == FROM_ROW_BIAS ? bias + r : bias, c + r * c_row, c_row, update, scale);
}

INLINE void product(int rows, int columns, int depth, const float *restrict a, int a_row, int a_column, const float *restrict b,
                    int b_row, enum init init, const float *restrict bias, float *restrict c, int c_row, int update, float scale)
{
    int j = 0;
    for (; j + TILE_COLUMNS <= columns; j += TILE_COLUMNS)
        tile_column(rows, TILE_COLUMNS, depth, a, a_row, a_column, b + j, b_row, init, init == FROM_COLUMN_BIAS ? bias + j : bias,
                    c + j, c_row, update, scale);
    if (columns % TILE_COLUMNS)
        tile_column(rows, columns % TILE_COLUMNS, depth, a, a_row, a_column, b + j, b_row, init,
                    init == FROM_COLUMN_BIAS ? bias + j : bias, c + j, c_row, update, scale);
}

// a = φ(z), in place.
INLINE void activate(enum activation activation, int count, float *restrict z)
{
    if (activation == SIGMOID)
        for (int k = 0; k < count; k++)
            z[k] = 1 / (1 + expf(-z[k]));
    else if (activation == TANH)
        for (int k = 0; k < count; k++)
            z[k] = 1 - 2 / (1 + expf(2 * z[k]));
    else if (activation == RELU)
        for (int k = 0; k < count; k++)
            z[k] = z[k] > 0 ? z[k] : 0;
}

// Softmax over `units` values that lie `step` apart, for each of `lanes` neighbours.
INLINE void softmax(int units, int step, int lanes, float *restrict z)
{
    float max[BATCH], sum[BATCH];
    for (int s = 0; s < lanes; s++)
        max[s] = z[s], sum[s] = 0;
    for (int k = 1; k < units; k++)
        for (int s = 0; s < lanes; s++)
            max[s] = max[s] > z[k * step + s] ? max[s] : z[k * step + s];
    if (lanes > 1)
        for (int k = 0; k < units; k++)
            for (int s = 0; s < lanes; s++)
                z[k * step + s] = expf(z[k * step + s] - max[s]);
    else
        for (int k = 0; k < units; k++)
            z[k] = expf(z[k] - max[0]);
    for (int k = 0; k < units; k++)
        for (int s = 0; s < lanes; s++)
            sum[s] += z[k * step + s];
    for (int s = 0; s < lanes; s++)
        sum[s] = 1 / sum[s];
    for (int k = 0; k < units; k++)
        for (int s = 0; s < lanes; s++)
            z[k * step + s] *= sum[s];
}

// δ ← δ ∘ φ′(z), in terms of a = φ(z).
INLINE void derivative(enum activation activation, int count, const float *restrict a, float *restrict d)
{
    for (int k = 0; k < count; k++)
        d[k] *= activation == SIGMOID ? a[k] * (1 - a[k]) : activation == TANH ? 1 - a[k] * a[k] : activation == RELU ? a[k] > 0 : 1;
}

// δ of the last layer, and the loss, for `count` outputs.
INLINE float output_delta(enum activation activation, int count, const float *restrict y, const float *restrict t, float *restrict d)
{
    float loss = 0;
    if (LOSS == CROSS_ENTROPY) {
        for (int k = 0; k < count; k++)
            d[k] = y[k] - t[k];
        for (int k = 0; k < count; k++)
            loss -= t[k] * logf(y[k] + 1e-30f);
        return loss;
    }
    for (int k = 0; k < count; k++) {
        d[k] = y[k] - t[k];
        loss += d[k] * d[k];
    }
    if (LOSS == MEAN_SQUARED_ERROR)
        for (int k = 0; k < count; k++)
            d[k] *= 2.0f / OUTPUTS;
    derivative(activation, count, y, d);
    return LOSS == MEAN_SQUARED_ERROR ? loss / OUTPUTS : loss / 2;
}

// Layer l of n inputs and m units: weights, biases, activations and δ. Padding is 0 and stays 0.
#define DECLARE(l, n, m, activation)                                                                                     \
    static ALIGNED float w##l[(n) * PAD(m)], b##l[PAD(m)], a##l[BATCH * PAD(m)], d##l[BATCH * PAD(m)], v##l[(n) * (m)];
EACH_LAYER(DECLARE)

#define JOIN_(a, b) a##b
#define JOIN(a, b) JOIN_(a, b)
#define LAST(array) JOIN(array, LAST_LAYER)

// One sample: z = b + Σᵢ xᵢ wᵢ, the units of a tile in registers.
#define FORWARD_ONE(l, n, m, activation)                                                                                 \
    product(1, PAD(m), n, x, n, 1, w##l, PAD(m), FROM_COLUMN_BIAS, b##l, a##l, PAD(m), 0, 1);                            \
    if ((activation) == SOFTMAX)                                                                                         \
        softmax(m, 1, 1, a##l);                                                                                          \
    else                                                                                                                 \
        activate(activation, PAD(m), a##l);                                                                              \
    x = a##l;

INLINE void run_one(const float *restrict x) { EACH_LAYER(FORWARD_ONE) }

NOINLINE void forward_one(const float *restrict x, float *restrict y)
{
    run_one(x);
    memcpy(y, LAST(a), sizeof(float) * OUTPUTS);
}

// w ← w − η x δ, b ← b − η δ; before that δ of the layer below, each a dot product of a weight row and δ.
#define UPDATE_ONE(l, n, m, x)                                                                                           \
    {                                                                                                                    \
        float step[PAD(m)];                                                                                              \
        for (int o = 0; o < PAD(m); o++)                                                                                 \
            step[o] = -rate * d##l[o];                                                                                   \
        for (int i = 0; i < (n); i++)                                                                                    \
            for (int o = 0; o < PAD(m); o++)                                                                             \
                w##l[i * PAD(m) + o] += (x)[i] * step[o];                                                                \
        for (int o = 0; o < PAD(m); o++)                                                                                 \
            b##l[o] += step[o];                                                                                          \
    }
#define BACKWARD_ONE(l, below, n, m, activation)                                                                         \
    for (int i = 0; i < (n); i++) {                                                                                      \
        float sum = 0;                                                                                                   \
        for (int o = 0; o < PAD(m); o++)                                                                                 \
            sum += w##l[i * PAD(m) + o] * d##l[o];                                                                       \
        d##below[i] = sum;                                                                                               \
    }                                                                                                                    \
    derivative(activation, n, a##below, d##below);                                                                       \
    UPDATE_ONE(l, n, m, a##below)

NOINLINE float step_one(const float *restrict x, const float *restrict t, float rate)
{
    run_one(x);
    float loss = output_delta(LAST_ACTIVATION, OUTPUTS, LAST(a), t, LAST(d));
    EACH_BACKWARDS(BACKWARD_ONE)
    UPDATE_ONE(0, INPUTS, FIRST_UNITS, x)
    return loss;
}

#ifndef SAMPLE_LANES

#define FORWARD_ALL(l, n, m, activation)                                                                                 \
    product(BATCH, PAD(m), n, x, x_row, 1, w##l, PAD(m), FROM_COLUMN_BIAS, b##l, a##l, PAD(m), 0, 1);                    \
    if ((activation) == SOFTMAX)                                                                                         \
        for (int s = 0; s < BATCH; s++)                                                                                  \
            softmax(m, 1, 1, a##l + s * PAD(m));                                                                         \
    else                                                                                                                 \
        activate(activation, BATCH * PAD(m), a##l);                                                                      \
    x = a##l, x_row = PAD(m);

INLINE void run_all(const float *restrict x)
{
    int x_row = INPUTS;
    EACH_LAYER(FORWARD_ALL)
}

NOINLINE void forward_all(const float *restrict x, float *restrict y)
{
    run_all(x);
    for (int s = 0; s < BATCH; s++)
        memcpy(y + s * OUTPUTS, LAST(a) + s * PAD(OUTPUTS), sizeof(float) * OUTPUTS);
}

// w ← w − η/N xᵀ·δ, b ← b − η/N Σ δ; before that δ of the layer below, by a transposed copy of the weights.
#define UPDATE_ALL(l, n, m, x, x_row)                                                                                    \
    product(n, PAD(m), BATCH, x, 1, x_row, d##l, PAD(m), FROM_ZERO, 0, w##l, PAD(m), 1, -rate / BATCH);                  \
    for (int s = 0; s < BATCH; s++)                                                                                      \
        for (int o = 0; o < PAD(m); o++)                                                                                 \
            b##l[o] -= rate / BATCH * d##l[s * PAD(m) + o];
#define BACKWARD_ALL(l, below, n, m, activation)                                                                         \
    for (int o = 0; o < (m); o++)                                                                                        \
        for (int i = 0; i < (n); i++)                                                                                    \
            v##l[o * (n) + i] = w##l[i * PAD(m) + o];                                                                    \
    product(BATCH, n, m, d##l, PAD(m), 1, v##l, n, FROM_ZERO, 0, d##below, PAD(n), 0, 1);                                \
    derivative(activation, BATCH * PAD(n), a##below, d##below);                                                          \
    UPDATE_ALL(l, n, m, a##below, PAD(n))

NOINLINE float step_all(const float *restrict x, const float *restrict t, float rate)
{
    run_all(x);
    float loss = 0;
    for (int s = 0; s < BATCH; s++)
        loss += output_delta(LAST_ACTIVATION, OUTPUTS, LAST(a) + s * PAD(OUTPUTS), t + s * OUTPUTS, LAST(d) + s * PAD(OUTPUTS));
    EACH_BACKWARDS(BACKWARD_ALL)
    UPDATE_ALL(0, INPUTS, FIRST_UNITS, x, INPUTS)
    return loss / BATCH;
}

#else

static ALIGNED float x_lanes[INPUTS * BATCH], t_lanes[OUTPUTS * BATCH];

INLINE void transpose(int rows, int columns, const float *restrict from, float *restrict to)
{
    for (int c = 0; c < columns; c++)
        for (int r = 0; r < rows; r++)
            to[c * rows + r] = from[r * columns + c];
}

#define FORWARD_ALL(l, n, m, activation)                                                                                 \
    product(m, BATCH, n, w##l, 1, PAD(m), x, BATCH, FROM_ROW_BIAS, b##l, a##l, BATCH, 0, 1);                             \
    if ((activation) == SOFTMAX)                                                                                         \
        softmax(m, BATCH, BATCH, a##l);                                                                                  \
    else                                                                                                                 \
        activate(activation, BATCH * (m), a##l);                                                                         \
    x = a##l;

INLINE void run_all(const float *restrict inputs)
{
    transpose(BATCH, INPUTS, inputs, x_lanes);
    const float *restrict x = x_lanes;
    EACH_LAYER(FORWARD_ALL)
}

NOINLINE void forward_all(const float *restrict x, float *restrict y)
{
    run_all(x);
    transpose(OUTPUTS, BATCH, LAST(a), y);
}

#define UPDATE_ALL(l, n, m, x)                                                                                           \
    for (int i = 0; i < (n); i++)                                                                                        \
        for (int o = 0; o < (m); o++) {                                                                                  \
            float sum = 0;                                                                                               \
            for (int s = 0; s < BATCH; s++)                                                                              \
                sum += (x)[i * BATCH + s] * d##l[o * BATCH + s];                                                         \
            w##l[i * PAD(m) + o] -= rate / BATCH * sum;                                                                  \
        }                                                                                                                \
    for (int o = 0; o < (m); o++) {                                                                                      \
        float sum = 0;                                                                                                   \
        for (int s = 0; s < BATCH; s++)                                                                                  \
            sum += d##l[o * BATCH + s];                                                                                  \
        b##l[o] -= rate / BATCH * sum;                                                                                   \
    }
#define BACKWARD_ALL(l, below, n, m, activation)                                                                         \
    product(n, BATCH, m, w##l, PAD(m), 1, d##l, BATCH, FROM_ZERO, 0, d##below, BATCH, 0, 1);                             \
    derivative(activation, BATCH * (n), a##below, d##below);                                                             \
    UPDATE_ALL(l, n, m, a##below)

NOINLINE float step_all(const float *restrict x, const float *restrict t, float rate)
{
    run_all(x);
    transpose(BATCH, OUTPUTS, t, t_lanes);
    float loss = output_delta(LAST_ACTIVATION, OUTPUTS * BATCH, LAST(a), t_lanes, LAST(d));
    EACH_BACKWARDS(BACKWARD_ALL)
    UPDATE_ALL(0, INPUTS, FIRST_UNITS, x_lanes)
    return loss / BATCH;
}

#endif

// Canonical order (weights [unit, input], then biases) to [input][padded unit], and back.
static void load(const float *p)
{
#define LOAD(l, n, m, activation)                                                                                        \
    for (int o = 0; o < (m); o++)                                                                                        \
        for (int i = 0; i < (n); i++)                                                                                    \
            w##l[i * PAD(m) + o] = *p++;                                                                                 \
    for (int o = 0; o < (m); o++)                                                                                        \
        b##l[o] = *p++;                                                                                                  \
    memset(d##l, 0, sizeof d##l);
    EACH_LAYER(LOAD)
}

static void save(float *p)
{
#define SAVE(l, n, m, activation)                                                                                        \
    for (int o = 0; o < (m); o++)                                                                                        \
        for (int i = 0; i < (n); i++)                                                                                    \
            *p++ = w##l[i * PAD(m) + o];                                                                                 \
    for (int o = 0; o < (m); o++)                                                                                        \
        *p++ = b##l[o];
    EACH_LAYER(SAVE)
}

static void check(const struct workload *w)
{
    static ALIGNED float y[BATCH * OUTPUTS];
    float *p = malloc(sizeof(float) * w->parameter_count);
    load(w->parameters);
    forward_one(w->x, y);
    require_close("outputs of one sample", y, w->one.outputs, OUTPUTS);
    forward_all(w->x, y);
    require_close("outputs of a batch", y, w->all.outputs, BATCH * OUTPUTS);
    float loss = step_one(w->x, w->t, check_rate);
    require_close("loss of one sample", &loss, &w->one.loss, 1);
    save(p);
    require_close("parameters after a step on one sample", p, w->one.parameters, w->parameter_count);
    load(w->parameters);
    loss = step_all(w->x, w->t, check_rate);
    require_close("loss of a batch", &loss, &w->all.loss, 1);
    save(p);
    require_close("parameters after a step on a batch", p, w->all.parameters, w->parameter_count);
    free(p);
}

// mlp WORKLOAD check | mlp WORKLOAD measure PEER
int main(int argc, char **argv)
{
    if (argc < 3)
        return 2;
    struct workload w = read_workload(argv[1]);
    if (w.inputs != INPUTS || w.outputs != OUTPUTS || w.samples != BATCH)
        return 2;
    check(&w);
    if (strcmp(argv[2], "measure") || argc < 4)
        return 0;

    static ALIGNED float x[INPUTS], y[BATCH * OUTPUTS];
    float zero = zero_source;
    load(w.parameters);
    memcpy(x, w.x, sizeof x);
#ifndef SAMPLE_LANES
    MEASURE(argv[3], w.name, "a", 1, forward_one(x, y));
    MEASURE(argv[3], w.name, "a'", 1, (forward_one(x, y), depend(x, w.x, INPUTS, y[0], zero)));
    MEASURE(argv[3], w.name, "c", 1, step_one(w.x, w.t, measure_rate));
    load(w.parameters);
#endif
    MEASURE(argv[3], w.name, "b", BATCH, forward_all(w.x, y));
    MEASURE(argv[3], w.name, "d", BATCH, step_all(w.x, w.t, measure_rate));
    return 0;
}
