// The RTNeural peer, by its compile-time API, with Eigen (-DRTNEURAL_USE_EIGEN=1) or xsimd (-DRTNEURAL_USE_XSIMD=1). Sizes
// come from the header that the C# side writes for a workload and the compiler force-includes. RTNeural runs one sample.
#include <RTNeural.h>

#include "../workload.h"

#if RTNEURAL_USE_XSIMD
constexpr int width = xsimd::simd_type<float>::size;
// Beyond a whole vector of inputs, its dense layer reads weights that it does not have.
#define WHOLE(l, n, m, activation) static_assert(n < width || n % width == 0, "inputs of a layer must fill xsimd's vectors");
EACH_LAYER(WHOLE)
#else
constexpr int width = 1;
#endif

// xsimd's softmax sums its padding too, so that one gets units of e^(−10³⁰) = 0 up to a whole vector.
constexpr int padded(int units, activation a) { return a == SOFTMAX ? (units + width - 1) / width * width : units; }

#define LAYER_IDENTITY(m)
#define LAYER_SIGMOID(m) , RTNeural::SigmoidActivationT<float, m>
#define LAYER_TANH(m) , RTNeural::TanhActivationT<float, m>
#define LAYER_RELU(m) , RTNeural::ReLuActivationT<float, m>
#define LAYER_SOFTMAX(m) , RTNeural::SoftmaxActivationT<float, padded(m, SOFTMAX)>
#define LAYER(l, n, m, activation) , RTNeural::DenseT<float, n, padded(m, activation)> LAYER_##activation(m)
#define COUNT(l, n, m, activation) +1 + (activation != IDENTITY)

constexpr int layers = 0 EACH_LAYER(COUNT);
static RTNeural::ModelT<float, INPUTS, padded(OUTPUTS, LAST_ACTIVATION) EACH_LAYER(LAYER)> model;

// Canonical order: for each dense layer weights [unit, input], then biases.
template <int index> void load(const workload &w, int layer, const float *p)
{
    if constexpr (index < layers) {
        auto &target = model.template get<index>();
        if constexpr (requires { target.setBias(p); } || requires(float *b) { target.setBias(b); }) {
            const int units = w.units[layer], inputs = target.in_size;
            std::vector<std::vector<float>> weights(target.out_size, std::vector<float>(inputs));
            std::vector<float> biases(target.out_size, -1e30f);
            for (int u = 0; u < units; u++)
                weights[u].assign(p + u * inputs, p + (u + 1) * inputs);
            p += units * inputs;
            std::copy(p, p + units, biases.begin());
            target.setWeights(weights);
            target.setBias(biases.data());
            load<index + 1>(w, layer + 1, p + units);
        } else {
            load<index + 1>(w, layer, p);
        }
    }
}

static __attribute__((noinline)) void forward_one(const float *x, float *y)
{
    model.forward(x);
    memcpy(y, model.getOutputs(), sizeof(float) * OUTPUTS);
}

// rtneural WORKLOAD check | rtneural WORKLOAD measure PEER
int main(int argc, char **argv)
{
    if (argc < 3)
        return 2;
    workload w = read_workload(argv[1]);
    if (w.inputs != INPUTS || w.outputs != OUTPUTS)
        return 2;
    alignas(64) static float x[(INPUTS + 15) / 16 * 16], y[OUTPUTS];
    memcpy(x, w.x, sizeof(float) * INPUTS);
    load<0>(w, 0, w.parameters);
    forward_one(x, y);
    require_close("outputs of one sample", y, w.one.outputs, OUTPUTS);
    if (strcmp(argv[2], "measure") || argc < 4)
        return 0;

    float zero = zero_source;
    MEASURE(argv[3], w.name, "a", 1, forward_one(x, y));
    MEASURE(argv[3], w.name, "a'", 1, (forward_one(x, y), depend(x, w.x, INPUTS, y[0], zero)));
    return 0;
}
