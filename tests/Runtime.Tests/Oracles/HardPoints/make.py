"""Writes hard-points.tsv: values of the vector functions, the activations and their derivatives at hard points, to 50 digits.

usage: make.py (needs mpmath; takes a minute)

A point is the bit pattern of a float. Hard are: zero and its neighbours, subnormals, powers of two, the points around
which a function's method changes (range reductions, clamps, branches) or its result over- or underflows, inflection points, and
points where the exact result lies almost halfway between two floats, found by search.
"""
import pathlib
import random
import struct

from mpmath import mp, mpf, e, erf, erfc, exp, expm1, floor, log, log1p, ncdf, npdf, pi, sech, sqrt, tanh

mp.dps = 60


def of_bits(bits):
    return struct.unpack("<f", struct.pack("<I", bits))[0]


def to_bits(value):
    return struct.unpack("<I", struct.pack("<f", value))[0]


def sigma(z):
    return 1 / (1 + exp(-z)) if z >= 0 else exp(z) / (1 + exp(z))


def softplus(z):
    return max(z, 0) + log1p(exp(-abs(z)))


C1, C3 = 2 * sqrt(2 / pi), 2 * sqrt(2 / pi) * mpf("0.044715")
LAMBDA, ALPHA = mpf("1.0507009873554804934193349852946"), mpf("1.6732632423543772848170429916717")


def gelu_tanh(z):
    return z * sigma(C1 * z + C3 * z**3)


def gelu_tanh_slope(z):
    w = C1 * z + C3 * z**3
    return sigma(w) + z * (C1 + 3 * C3 * z * z) * sigma(w) * sigma(-w)


def mish_slope(z):
    t = tanh(softplus(z))
    return t + z * sech(softplus(z))**2 * sigma(z)


# Each with the points at which its vector form changes its method.
LN2 = log(2)
HALVES = [(k + mpf(1) / 2) * LN2 for k in (0, 1, 2, 63, 126, 127)]      # where e^x's reduction takes another power of 2
EXP = [*HALVES, *(-x for x in HALVES), 88.7228391, 89, -87.3365448, -103.278929, -103.972077, -104]
SIGMOID = [*(-x for x in HALVES), *HALVES, 16.6355324, 17.32868, -87.3365, -103.97, 104, -104]
TANH = [0.34657359, 0.549306, 4.505, 8.05, 8.31777, 9.01]
FUNCTIONS = {
    "Exp": (exp, EXP),
    "Log": (log, [sqrt(mpf(1) / 2), sqrt(mpf(2)), 1, 2, 1.17549435e-38, 3.4028234e38, e]),
    "Log1p": (log1p, [-1, -0.99999994, -0.5, sqrt(mpf(1) / 2) - 1, sqrt(mpf(2)) - 1, 1, 5.9604645e-8, 16777216]),
    "Tanh": (tanh, TANH),
    "Sigmoid": (sigma, SIGMOID),
    "Erf": (erf, [3.92, 3.8325, 0.5, 1, 0.886226952]),
    "Softplus": (softplus, [*SIGMOID, log(sqrt(mpf(2)) - 1), -log(sqrt(mpf(2)) - 1)]),
    "Activation.Identity": (lambda z: z, []),
    "Activation.Sigmoid": (sigma, SIGMOID),
    "Activation.Tanh": (tanh, TANH),
    "Activation.ReLU": (lambda z: max(z, mpf(0)), []),
    "Activation.LeakyReLU": (lambda z: z if z > 0 else z / 100, []),
    "Activation.ELU": (lambda z: z if z > 0 else expm1(z), [-16.1, -17.4, -0.6931]),
    "Activation.SELU": (lambda z: LAMBDA * z if z > 0 else LAMBDA * ALPHA * expm1(z), [-16.1, -17.4, -0.6931]),
    "Activation.GELU": (lambda z: z * ncdf(z) if z > -8 else z * erfc(-z / sqrt(mpf(2))) / 2, [
        -14.5, 14.5, 4, -4, mpf(1) / 512, mpf(-1) / 512, mpf(1025) / 512, -13.2, -0.7518, 5.2, sqrt(mpf(2)), -sqrt(mpf(2))]),
    "Activation.GELUTanh": (gelu_tanh, [-12, 12, -10, -0.7525, 5.1, -5]),
    "Activation.SiLU": (lambda z: z * sigma(z), [*SIGMOID, -1.2784645]),
    "Activation.Softplus": (softplus, SIGMOID),
    "Activation.Mish": (lambda z: z * tanh(softplus(z)), [*SIGMOID, -1.1924]),
    "Activation.Softsign": (lambda z: z / (1 + abs(z)), [1, -1, 1.2676506e30, 16777216]),
    "Activation.HardSigmoid": (lambda z: min(max((z + 3) / 6, mpf(0)), mpf(1)), [3, -3]),
    "Activation.HardTanh": (lambda z: min(max(z, mpf(-1)), mpf(1)), [1, -1]),
    "Activation.HardSwish": (lambda z: z * min(max((z + 3) / 6, mpf(0)), mpf(1)), [3, -3, -1.5]),
    "Derivative.Identity": (lambda z: mpf(1), []),
    "Derivative.Sigmoid": (lambda z: sigma(z) * sigma(-z), SIGMOID),
    "Derivative.Tanh": (lambda z: sech(z)**2, TANH),
    "Derivative.ReLU": (lambda z: mpf(z > 0), []),
    "Derivative.LeakyReLU": (lambda z: mpf(1) if z > 0 else mpf(1) / 100, []),
    "Derivative.ELU": (lambda z: mpf(1) if z > 0 else exp(z), [-16.1, -17.4]),
    "Derivative.SELU": (lambda z: LAMBDA if z > 0 else LAMBDA * ALPHA * exp(z), [-16.1, -17.4]),
    "Derivative.GELU": (lambda z: ncdf(z) + z * npdf(z), [-14.5, 14.5, -0.7518, 4, -4, mpf(1) / 512, sqrt(mpf(2)), -sqrt(mpf(2))]),
    "Derivative.GELUTanh": (gelu_tanh_slope, [-12, 12, -0.7525, 1.4, -1.4]),
    "Derivative.SiLU": (lambda z: sigma(z) * (1 + z * sigma(-z)), [*SIGMOID, -1.2784645, 2.3994]),
    "Derivative.Softplus": (sigma, SIGMOID),
    "Derivative.Mish": (mish_slope, [*SIGMOID, -1.1924, 1.4906]),
    "Derivative.Softsign": (lambda z: 1 / (1 + abs(z))**2, [1, -1, 1.2676506e30, 16777216]),
    "Derivative.HardSigmoid": (lambda z: mpf(1) / 6 if abs(z) < 3 else mpf(0), [3, -3]),
    "Derivative.HardTanh": (lambda z: mpf(abs(z) < 1), [1, -1]),
    "Derivative.HardSwish": (lambda z: mpf(0) if z <= -3 else z / 3 + mpf(1) / 2 if z < 3 else mpf(1), [3, -3, -1.5]),
}

# Everywhere: zero, subnormals and their end, small, moderate and large numbers, of both signs.
COMMON = [0, 1, 2, 0x3FFFFF, 0x7FFFFF, 0x800000, 0x800001, to_bits(1e-30), to_bits(1e-20), to_bits(1e-10), to_bits(5.9604645e-8),
          to_bits(1.1920929e-7), to_bits(1e-5), to_bits(0.001), to_bits(0.1), to_bits(0.25), to_bits(0.5), 0x3F7FFFFF, 0x3F800000,
          0x3F800001, to_bits(2.0), to_bits(3.5), to_bits(6.0), to_bits(11.0), to_bits(20.0), to_bits(50.0), to_bits(100.0),
          to_bits(1000.0), to_bits(1e10), to_bits(1e30), 0x7F7FFFFF]
AROUND = 2          # neighbours on each side of a special point
SEARCHED = 20000     # draws for results near the middle between two floats
KEPT = 12


def defined(name, x):
    return not (name == "Log" and x <= 0) and not (name == "Log1p" and x <= -1)


def halfway(value):
    """How far a result is from the middle between two floats, in ULP; None for a result that is exact or not normal."""
    if value == 0 or not mpf(2)**-126 <= abs(value) < mpf(2)**127:
        return None
    scaled = abs(value) / mpf(2)**(int(mp.floor(mp.log(abs(value), 2))) - 23)
    distance = abs(scaled - floor(scaled) - mpf(1) / 2)
    return None if scaled == floor(scaled) or distance == 0 else distance


def points(name, function, special):
    bits = set()
    for common in COMMON:
        bits |= {common, common | 0x80000000}
    for value in special:
        centre = to_bits(float(value))
        bits |= {centre + d for d in range(-AROUND, AROUND + 1)}
    draw = random.Random(name)
    found = []
    mp.dps = 20
    for _ in range(SEARCHED):
        pattern = to_bits(draw.choice((-1, 1)) * 2.0**draw.uniform(-12, 6.5))
        x = mpf(of_bits(pattern))
        if defined(name, x):
            distance = halfway(function(x))
            if distance is not None:
                found.append((distance, pattern))
    mp.dps = 60
    bits |= {pattern for _, pattern in sorted(found)[:KEPT]}
    return [b for b in sorted(bits) if b & 0x7F800000 != 0x7F800000 and defined(name, of_bits(b))]


def value_of(function, x):
    # Beyond what a double can hold the number of digits does not matter.
    value = function(x)
    if abs(value) < mpf(10)**-330:
        return "0"
    return "1e400" if value > mpf(10)**310 else mp.nstr(value, 50, min_fixed=0, max_fixed=0)


def main():
    lines = ["function\tbits\tvalue"]
    for name, (function, special) in FUNCTIONS.items():
        for bits in points(name, function, special):
            lines.append(f"{name}\t{bits:08X}\t{value_of(function, mpf(of_bits(bits)))}")
    (pathlib.Path(__file__).parent / "hard-points.tsv").write_text("\n".join(lines) + "\n")
    print(len(lines) - 1, "values")


main()
