// The libtorch peer: eager float tensors on one thread, the update written by hand, as its SGD does without momentum.
#include <torch/torch.h>
extern "C" {
#include "../workload.h"
}

struct network {
    const workload &spec;
    std::vector<torch::Tensor> parameters;

    explicit network(const workload &w) : spec(w)
    {
        int64_t inputs = w.inputs;
        const float *p = w.parameters;
        for (int l = 0; l < w.layers; l++) {
            int64_t units = w.units[l];
            parameters.push_back(torch::from_blob((void *)p, {units, inputs}).clone().set_requires_grad(true));
            p += units * inputs;
            parameters.push_back(torch::from_blob((void *)p, {units}).clone().set_requires_grad(true));
            p += units;
            inputs = units;
        }
    }

    // The last layer's outputs; before softmax where the loss takes logits.
    torch::Tensor forward(torch::Tensor a, bool logits) const
    {
        for (int l = 0; l < spec.layers; l++) {
            a = torch::linear(a, parameters[2 * l], parameters[2 * l + 1]);
            switch (spec.activation[l]) {
            case SIGMOID: a = torch::sigmoid(a); break;
            case TANH: a = torch::tanh(a); break;
            case RELU: a = torch::relu(a); break;
            case SOFTMAX: a = logits ? a : torch::softmax(a, 1); break;
            }
        }
        return a;
    }

    torch::Tensor loss(const torch::Tensor &x, const torch::Tensor &t) const
    {
        switch (spec.loss) {
        case CROSS_ENTROPY: return torch::cross_entropy_loss(forward(x, true), t);
        case MEAN_SQUARED_ERROR: return torch::mse_loss(forward(x, false), t);
        default: return torch::mse_loss(forward(x, false), t, at::Reduction::Sum) / (2 * x.size(0));
        }
    }

    torch::Tensor step(const torch::Tensor &x, const torch::Tensor &t, float rate)
    {
        torch::Tensor cost = loss(x, t);
        auto gradients = torch::autograd::grad({cost}, parameters);
        torch::NoGradGuard no_grad;
        for (size_t i = 0; i < parameters.size(); i++)
            parameters[i].add_(gradients[i], -rate);
        return cost;
    }

    void require_parameters(const char *what, const float *expected) const
    {
        for (const torch::Tensor &p : parameters) {
            require_close(what, p.data_ptr<float>(), expected, (int)p.numel());
            expected += p.numel();
        }
    }
};

// torch WORKLOAD check | torch WORKLOAD measure PEER
int main(int argc, char **argv)
{
    if (argc < 3)
        return 2;
    at::set_num_threads(1);
    workload w = read_workload(argv[1]);
    torch::Tensor all_x = torch::from_blob(w.x, {w.samples, w.inputs}).clone();
    torch::Tensor all_t = torch::from_blob(w.t, {w.samples, w.outputs}).clone();
    torch::Tensor x = all_x.narrow(0, 0, 1).clone(), t = all_t.narrow(0, 0, 1).clone();
    {
        torch::NoGradGuard no_grad;
        network n(w);
        require_close("outputs of one sample", n.forward(x, false).data_ptr<float>(), w.one.outputs, w.outputs);
        require_close("outputs of a batch", n.forward(all_x, false).data_ptr<float>(), w.all.outputs, w.samples * w.outputs);
    }
    network one(w), all(w);
    float loss = one.step(x, t, check_rate).item<float>();
    require_close("loss of one sample", &loss, &w.one.loss, 1);
    one.require_parameters("parameters after a step on one sample", w.one.parameters);
    loss = all.step(all_x, all_t, check_rate).item<float>();
    require_close("loss of a batch", &loss, &w.all.loss, 1);
    all.require_parameters("parameters after a step on a batch", w.all.parameters);
    if (strcmp(argv[2], "measure") || argc < 4)
        return 0;

    {
        torch::InferenceMode inference;
        network n(w);
        torch::Tensor input = x.clone(), y;
        float zero = zero_source;
        MEASURE(argv[3], w.name, "a", 1, y = n.forward(input, false));
        MEASURE(argv[3], w.name, "a'", 1,
                (y = n.forward(input, false), depend(input.data_ptr<float>(), w.x, w.inputs, *y.data_ptr<float>(), zero)));
        MEASURE(argv[3], w.name, "b", w.samples, y = n.forward(all_x, false));
    }
    network single(w), batch(w);
    MEASURE(argv[3], w.name, "c", 1, single.step(x, t, measure_rate));
    MEASURE(argv[3], w.name, "d", w.samples, batch.step(all_x, all_t, measure_rate));
}
