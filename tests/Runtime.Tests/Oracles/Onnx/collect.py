"""Writes the data of the ONNX operator tests: the models and tensors of those that concern the project, and the list of all.

usage: collect.py DATA, where DATA is /usr/share/libonnx-testdata/data of Debian's package libonnx-testdata.
"""
import pathlib
import shutil
import sys

# The operators of which the project has at least a form.
OPERATORS = set("""Gemm MatMul Identity Sigmoid Tanh Relu LeakyRelu Elu Selu Softplus Softsign HardSigmoid HardSwish Clip Celu PRelu
ThresholdedRelu Gelu Mish Softmax LogSoftmax SoftmaxCrossEntropyLoss NegativeLogLikelihoodLoss Erf Exp Log Adagrad Adam Momentum
Gradient""".split())

# Where the converter wrote one of them in other operators.
ALSO = {"pytorch-converted/test_Softsign"}


def varint(data, at):
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            return value, at


def fields(data):
    """The fields of a protobuf message: (number, value); messages and strings as bytes."""
    at = 0
    while at < len(data):
        key, at = varint(data, at)
        kind = key & 7
        if kind == 0:
            value, at = varint(data, at)
        else:
            length, at = varint(data, at) if kind == 2 else ({1: 8, 5: 4}[kind], at)
            value = data[at:at + length]
            at += length
        yield key >> 3, value


def operators(model):
    """The operators of a ModelProto: graph (7), node (1), op_type (4)."""
    graph = next(value for number, value in fields(model) if number == 7)
    nodes = [value for number, value in fields(graph) if number == 1]
    return [value.decode() for node in nodes for number, value in fields(node) if number == 4]


def main():
    source = pathlib.Path(sys.argv[1])
    here = pathlib.Path(__file__).parent
    not_run = {line.split("\t")[0] for line in (here / "not-run.tsv").read_text().splitlines()[1:]}
    shutil.rmtree(here / "Data", ignore_errors=True)
    rows = []
    for test in sorted(source.glob("*/*")):
        name = test.relative_to(source).as_posix()
        if not (test / "model.onnx").exists():
            continue
        used = operators((test / "model.onnx").read_bytes())
        if name not in ALSO and not OPERATORS.intersection(used):
            continue
        # Expanded tests have the vectors of the one that they are the expansion of.
        rows.append(f"{name}\t{' '.join(used)}")
        if name in not_run or name.endswith("_expanded"):
            continue
        target = here / "Data" / name
        target.mkdir(parents=True)
        shutil.copy(test / "model.onnx", target)
        for tensor in sorted((test / "test_data_set_0").glob("*.pb")):
            shutil.copy(tensor, target)
    (here / "tests.tsv").write_text("test\toperators\n" + "\n".join(rows) + "\n")


main()
