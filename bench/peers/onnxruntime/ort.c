// The ONNX Runtime peer, through its C API. The npm package carries the library but no header, so the few entries used
// are called by their place in the API's table, which is append-only: microsoft/onnxruntime, onnxruntime_c_api.h.
#include "../workload.h"
#include <dlfcn.h>

struct api_base {
    void *const *(*get_api)(uint32_t version);
    const char *(*version)(void);
};

typedef void *status; // NULL on success

enum slot {
    GET_ERROR_MESSAGE = 2,
    CREATE_ENV = 3,
    CREATE_SESSION = 7,
    RUN = 9,
    CREATE_SESSION_OPTIONS = 10,
    SET_GRAPH_OPTIMIZATION_LEVEL = 23,
    SET_INTRA_OP_THREADS = 24,
    SET_INTER_OP_THREADS = 25,
    CREATE_TENSOR_WITH_DATA = 49,
    CREATE_CPU_MEMORY_INFO = 69,
};

static void *const *api;

static void require(status s)
{
    if (s) {
        fprintf(stderr, "%s\n", ((const char *(*)(status))api[GET_ERROR_MESSAGE])(s));
        exit(1);
    }
}

#define CALL(slot, types, ...) require(((status(*) types)api[slot])(__VA_ARGS__))

static void *tensor(void *memory, float *data, int64_t rows, int64_t columns)
{
    int64_t shape[] = {rows, columns};
    void *value;
    const int is_float = 1;
    CALL(CREATE_TENSOR_WITH_DATA, (void *, void *, size_t, const int64_t *, size_t, int, void **), memory, data,
         sizeof(float) * rows * columns, shape, 2, is_float, &value);
    return value;
}

// Both tensors stay bound to their buffers, so a call copies nothing.
static void run(void *session, void *x, void *y)
{
    static const char *inputs[] = {"x"}, *outputs[] = {"y"};
    CALL(RUN, (void *, void *, const char *const *, void *const *, size_t, const char *const *, size_t, void **), session, NULL,
         inputs, &x, 1, outputs, 1, &y);
}

// ort LIBRARY MODEL WORKLOAD check | ort LIBRARY MODEL WORKLOAD measure PEER
int main(int argc, char **argv)
{
    if (argc < 5)
        return 2;
    void *library = dlopen(argv[1], RTLD_NOW);
    struct api_base *(*get_base)(void) = library ? (struct api_base * (*)(void)) dlsym(library, "OrtGetApiBase") : NULL;
    if (!get_base) {
        fprintf(stderr, "cannot load %s: %s\n", argv[1], dlerror());
        return 2;
    }
    api = get_base()->get_api(1);
    struct workload w = read_workload(argv[3]);

    void *env, *options, *session, *memory;
    const int warning = 2, all_optimizations = 99, arena_allocator = 1, default_memory = 0;
    CALL(CREATE_ENV, (int, const char *, void **), warning, "peers", &env);
    CALL(CREATE_SESSION_OPTIONS, (void **), &options);
    CALL(SET_GRAPH_OPTIMIZATION_LEVEL, (void *, int), options, all_optimizations);
    CALL(SET_INTRA_OP_THREADS, (void *, int), options, 1);
    CALL(SET_INTER_OP_THREADS, (void *, int), options, 1);
    CALL(CREATE_SESSION, (void *, const char *, void *, void **), env, argv[2], options, &session);
    CALL(CREATE_CPU_MEMORY_INFO, (int, int, void **), arena_allocator, default_memory, &memory);

    float *y = aligned_alloc(64, (sizeof(float) * w.samples * w.outputs + 63) / 64 * 64);
    float *x = aligned_alloc(64, (sizeof(float) * w.inputs + 63) / 64 * 64);
    memcpy(x, w.x, sizeof(float) * w.inputs);
    void *x_one = tensor(memory, x, 1, w.inputs), *y_one = tensor(memory, y, 1, w.outputs);
    void *x_all = tensor(memory, w.x, w.samples, w.inputs), *y_all = tensor(memory, y, w.samples, w.outputs);

    run(session, x_one, y_one);
    require_close("outputs of one sample", y, w.one.outputs, w.outputs);
    run(session, x_all, y_all);
    require_close("outputs of a batch", y, w.all.outputs, w.samples * w.outputs);
    if (strcmp(argv[4], "measure") || argc < 6)
        return 0;

    float zero = zero_source;
    MEASURE(argv[5], w.name, "a", 1, run(session, x_one, y_one));
    MEASURE(argv[5], w.name, "a'", 1, (run(session, x_one, y_one), depend(x, w.x, w.inputs, y[0], zero)));
    MEASURE(argv[5], w.name, "b", w.samples, run(session, x_all, y_all));
    return 0;
}
